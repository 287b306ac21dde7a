//! Handler tokens: what lets a cookie-less frame act as one person on one block, for two to four days (spec 3.6.4).
//!
//! A token is the only authority of a handler call, so whoever holds the address acts as that person on that block
//! until it expires, and on nothing else. This module never reads a clock: the caller says what time it is.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How long one period lasts, in seconds. A token is good in the period that it was made in and in the next.
const PERIOD_S: u64 = 172_800;

/// Bytes of the MAC that a token shows, as two hex digits each.
const TOKEN_BYTES: usize = 10;

/// The keys of handler tokens. The first one signs and all of them validate, so a key is rotated by putting the new
/// one in front and taking the old one away four days later.
#[derive(Clone)]
pub struct HandlerTokens {
    /// One prepared MAC per key: hashing the key is done once, not per token.
    keys: Vec<Hmac<Sha256>>,
}

impl HandlerTokens {
    /// From raw keys of any length; `None` when there is none, because nothing could be signed.
    pub fn new(keys: &[Vec<u8>]) -> Option<Self> {
        let keys: Vec<_> = keys.iter().filter_map(|key| Hmac::new_from_slice(key).ok()).collect();
        if keys.is_empty() { None } else { Some(Self { keys }) }
    }

    /// The token with which `user` calls handlers of `usage`: 20 lower-case hex digits. `now_s` is in seconds since
    /// 1970.
    pub fn mint(&self, user: &str, usage: &str, now_s: u64) -> String {
        self.keys.first().map(|key| hex(&mac(key, now_s / PERIOD_S, user, usage))).unwrap_or_default()
    }

    /// Whether `token` was minted under one of the keys for this user and block, in this period or the one before.
    ///
    /// Takes the same time whichever key matched, and however much of a wrong token is right.
    pub fn is_valid(&self, token: &str, user: &str, usage: &str, now_s: u64) -> bool {
        let Some(tag) = unhex(token) else {
            return false;
        };
        let period = now_s / PERIOD_S;
        let mut valid = false;
        for key in &self.keys {
            for period in [Some(period), period.checked_sub(1)].into_iter().flatten() {
                valid |= message(key, period, user, usage).verify_truncated_left(&tag).is_ok();
            }
        }
        valid
    }
}

fn message(key: &Hmac<Sha256>, period: u64, user: &str, usage: &str) -> Hmac<Sha256> {
    key.clone().chain_update(format!("{period}:{user}:{usage}"))
}

fn mac(key: &Hmac<Sha256>, period: u64, user: &str, usage: &str) -> [u8; TOKEN_BYTES] {
    let whole = message(key, period, user, usage).finalize().into_bytes();
    let mut tag = [0; TOKEN_BYTES];
    tag.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    tag
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Only what `hex` writes: a second spelling of the same token would be a second token.
fn unhex(token: &str) -> Option<[u8; TOKEN_BYTES]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = token.as_bytes().as_chunks::<2>();
    if pairs.len() != TOKEN_BYTES || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; TOKEN_BYTES];
    for (to, [high, low]) in bytes.iter_mut().zip(pairs) {
        *to = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::Value;

    use super::*;

    const USER: &str = "12345";
    const BLOCK: &str = "lb:MITx:reallyhardproblems:problem:problem1";
    const HOUR: u64 = 3600;
    const DAY: u64 = 24 * HOUR;
    /// The beginning of a period.
    const START: u64 = 9000 * PERIOD_S;

    fn tokens(keys: &[&str]) -> HandlerTokens {
        HandlerTokens::new(&keys.iter().map(|key| key.as_bytes().to_vec()).collect::<Vec<_>>()).unwrap()
    }

    /// Whether a token minted at one time is valid at another.
    fn holds(minted: u64, checked: u64) -> bool {
        let tokens = tokens(&["key"]);
        tokens.is_valid(&tokens.mint(USER, BLOCK, minted), USER, BLOCK, checked)
    }

    fn vectors() -> Value {
        let ours = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
        let directory = std::env::var_os("BLOCKHOUSE_VECTORS").map_or(ours, PathBuf::from);
        serde_json::from_slice(&std::fs::read(directory.join("handler_tokens.json")).unwrap()).unwrap()
    }

    #[test]
    fn row_090_golden_tokens_are_minted_and_valid() {
        let vectors = vectors();
        let rows = vectors["rows"].as_array().unwrap();
        assert_eq!(vectors["period_seconds"], PERIOD_S);
        assert!(!rows.is_empty());
        for row in rows {
            let user = match &row["user_id"] {
                Value::String(text) => text.clone(),
                number => number.to_string(),
            };
            let block = row["block_key"].as_str().unwrap();
            let expected = row["token"].as_str().unwrap();
            let tokens = tokens(&[row["hashing_key"].as_str().unwrap()]);
            let now = row["unix_time"].as_u64().unwrap();
            // The index counts periods from `unix_time`, so a row with -1 is the token of the period before.
            let minted = now.checked_add_signed(row["time_idx"].as_i64().unwrap() * PERIOD_S as i64).unwrap();
            assert_eq!(tokens.mint(&user, block, minted), expected, "{row}");
            assert!(tokens.is_valid(expected, &user, block, now), "{row}");
        }
    }

    #[test]
    fn row_091_a_token_is_valid_within_an_hour_and_a_day() {
        for start in [START, START + DAY, START + 2 * DAY - 1] {
            assert!(holds(start, start));
            assert!(holds(start, start + HOUR));
            assert!(holds(start, start + DAY));
        }
    }

    #[test]
    fn row_092_a_token_is_invalid_five_days_later_and_earlier() {
        assert!(!holds(START, START + 5 * DAY));
        assert!(!holds(START, START - 5 * DAY));
    }

    #[test]
    fn row_093_a_token_made_early_in_a_period_lives_almost_four_days() {
        let minted = START + 20;
        assert!(holds(minted, minted + 4 * DAY - 21));
        assert!(!holds(minted, minted + 4 * DAY - 19));
    }

    #[test]
    fn row_094_a_token_made_late_in_a_period_lives_just_over_two_days() {
        let minted = START + PERIOD_S - 20;
        assert!(holds(minted, minted + 2 * DAY + 19));
        assert!(!holds(minted, minted + 2 * DAY + 21));
    }

    #[test]
    fn row_095_a_token_is_invalid_for_another_user_or_block() {
        let tokens = tokens(&["key"]);
        let token = tokens.mint(USER, BLOCK, START);
        assert!(!tokens.is_valid(&token, "12346", BLOCK, START));
        assert!(!tokens.is_valid(&token, USER, "lb:MITx:reallyhardproblems:problem:problem2", START));
    }

    #[test]
    fn row_096_the_first_key_signs_and_every_listed_key_validates() {
        let old = tokens(&["old"]).mint(USER, BLOCK, START);
        let rotated = tokens(&["new", "old"]);
        assert!(rotated.is_valid(&old, USER, BLOCK, START));
        assert_eq!(rotated.mint(USER, BLOCK, START), tokens(&["new"]).mint(USER, BLOCK, START));
        assert!(!tokens(&["new"]).is_valid(&old, USER, BLOCK, START));
    }

    #[test]
    fn a_token_in_another_spelling_is_invalid() {
        let tokens = tokens(&["key"]);
        let token = tokens.mint(USER, BLOCK, START);
        for other in [token.to_uppercase(), format!("{token}00"), token[..18].to_owned(), String::new()] {
            assert!(!tokens.is_valid(&other, USER, BLOCK, START), "{other}");
        }
    }

    #[test]
    fn the_first_period_of_all_has_no_period_before_it() {
        assert!(holds(0, 0));
    }

    #[test]
    fn without_a_key_there_are_no_tokens() {
        assert!(HandlerTokens::new(&[]).is_none());
    }
}
