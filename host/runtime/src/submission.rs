//! A submission that arrives twice is carried out once.
//!
//! A browser that lost its connection cannot know whether its answer arrived, so it sends it again under the same key.
//! Beside what a handler writes, the same commit writes a receipt: the key, and what was answered. Whoever comes with
//! a key that has a receipt gets that answer, and the block is not run. Two that come at once conflict on the receipt,
//! and the loser finds the winner's.

use std::sync::Arc;

use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::{Request, Response};
use blockhouse_state::{Revision, Snapshot};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::changes::Changes;
use crate::{Runtime, RuntimeError};

/// How many receipts are kept per person and block; the oldest one goes first. A browser sends one at a time.
const KEPT: usize = 8;

/// The largest answer that is kept, in bytes. Of a larger one it is only known that it was given.
const LARGEST_ANSWER: usize = 16 * 1024;

/// How long the receipts for a block are kept after its last one. No browser tries for longer.
const LIFETIME_MS: u64 = 30 * 24 * 3600 * 1000;

/// What a browser calls one submission: 8 to 64 letters, digits, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionKey(String);

impl SubmissionKey {
    /// `None` for a text of another form.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        ((8..=64).contains(&text.len()) && is_plain).then(|| Self(text.to_owned()))
    }
}

/// One submission of one person to one block.
pub(crate) struct Submission {
    key: SubmissionKey,
    /// Of what was sent, so that a key that is used for something else is noticed.
    fingerprint: String,
    /// Where the receipts are.
    place: StoreKey,
}

/// What was answered to a submission.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Receipt {
    key: String,
    fingerprint: String,
    status: u16,
    headers: Vec<(String, String)>,
    /// None when it was too large to keep, or no text.
    body: Option<String>,
}

/// The receipts as they were before the call.
pub(crate) struct Receipts {
    found: Revision,
    kept: Vec<Receipt>,
}

impl Submission {
    pub(crate) fn new(
        key: SubmissionKey,
        user: &UserId,
        usage: &UsageKey,
        handler: &str,
        request: &Request,
    ) -> Self {
        let Request { method, suffix, query, body, .. } = request;
        let parts = [handler.as_bytes(), method.as_bytes(), suffix.as_bytes(), query.as_bytes(), body];
        let digest = parts.iter().fold(Sha256::new(), |digest, part| {
            digest.chain_update((part.len() as u64).to_be_bytes()).chain_update(part)
        });
        Self {
            key,
            fingerprint: hex(&digest.finalize()),
            place: StoreKey::Receipts(user.clone(), usage.clone()),
        }
    }

    /// The receipts that this person has for this block.
    pub(crate) fn receipts(&self, snapshot: &Snapshot) -> Receipts {
        let found = snapshot.values.get(&self.place).map(|stored| Arc::clone(&stored.json));
        let kept = found.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
        Receipts { found: Revision(found), kept }
    }

    /// What was answered when this submission was carried out; `None` when it never was.
    ///
    /// # Errors
    /// The key belongs to another submission, or the answer was too large to be kept.
    pub(crate) fn earlier_answer(&self, receipts: &Receipts) -> Result<Option<Response>, RuntimeError> {
        let Some(receipt) = receipts.kept.iter().find(|receipt| receipt.key == self.key.0) else {
            return Ok(None);
        };
        if receipt.fingerprint != self.fingerprint {
            return Err(RuntimeError::SubmissionKeyReused);
        }
        let body = receipt.body.clone().ok_or(RuntimeError::AlreadySubmitted)?;
        let headers = receipt.headers.clone();
        Ok(Some(Response { status: receipt.status, headers, body: body.into_bytes() }))
    }

    /// Adds the receipt to what the call changed. A call that changed nothing may as well be repeated.
    pub(crate) fn sign(&self, receipts: Receipts, answer: &Response, changes: &mut Changes) {
        if changes.is_empty() {
            return;
        }
        let Receipts { found, mut kept } = receipts;
        let body = String::from_utf8(answer.body.clone()).ok().filter(|body| body.len() <= LARGEST_ANSWER);
        kept.insert(
            0,
            Receipt {
                key: self.key.0.clone(),
                fingerprint: self.fingerprint.clone(),
                status: answer.status,
                headers: answer.headers.clone(),
                body,
            },
        );
        kept.truncate(KEPT);
        if let Ok(json) = serde_json::to_string(&kept) {
            changes.reads.insert(self.place.clone(), found);
            changes.writes.insert(self.place.clone(), Some(json.into()));
        }
    }
}

impl Runtime {
    /// Forgets the receipts of registered learners that nobody can ask for any more, and says how many. A host does so
    /// now and then; visitors' and authors' receipts end with their state.
    ///
    /// # Errors
    /// The store is not available.
    pub async fn forget_old_receipts(&self) -> Result<u64, RuntimeError> {
        let before_ms = (self.inner.parts.clock)().saturating_sub(LIFETIME_MS);
        Ok(self.learners().forget_receipts(before_ms).await?)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use blockhouse_state::Event;
    use blockhouse_state::EventKind;

    use super::*;

    fn usage() -> UsageKey {
        "block-v1:A+B+C+type@poll+block@x".parse().unwrap()
    }

    fn submission(key: &str, body: &str) -> Submission {
        let request = Request { body: body.into(), ..Request::default() };
        let key = SubmissionKey::parse(key).unwrap();
        Submission::new(key, &UserId::Learner(1), &usage(), "vote", &request)
    }

    fn signed(submission: &Submission, receipts: Receipts, answer: &Response) -> Receipts {
        let event = Event { usage: usage(), kind: EventKind::Completion(1.0) };
        let mut changes = Changes { events: vec![event], ..Changes::default() };
        submission.sign(receipts, answer, &mut changes);
        let json = changes.writes[&submission.place].clone().unwrap();
        Receipts { kept: serde_json::from_str(&json).unwrap(), found: Revision(Some(json)) }
    }

    fn none() -> Receipts {
        Receipts { found: Revision(None), kept: Vec::new() }
    }

    fn answer(body: &str) -> Response {
        Response { status: 200, body: body.into(), ..Response::default() }
    }

    #[test]
    fn a_submission_key_is_a_plain_word() {
        assert!(SubmissionKey::parse("0b9f2c1e-7d2b-4a5e-9a53-1f2f3f4f5f6f").is_some());
        for text in ["", "short", "with space", "ümlaut-ümlaut", &"a".repeat(65)] {
            assert!(SubmissionKey::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_same_submission_gets_the_same_answer() {
        let first = submission("key-number-1", "up");
        assert!(first.earlier_answer(&none()).unwrap().is_none());
        let receipts = signed(&first, none(), &answer("one"));
        assert_eq!(first.earlier_answer(&receipts).unwrap().unwrap().body, b"one");
        assert!(submission("key-number-2", "up").earlier_answer(&receipts).unwrap().is_none());
    }

    #[test]
    fn a_key_of_another_submission_is_refused() {
        let receipts = signed(&submission("key-number-1", "up"), none(), &answer("one"));
        let error = submission("key-number-1", "down").earlier_answer(&receipts).unwrap_err();
        assert!(matches!(error, RuntimeError::SubmissionKeyReused));
    }

    #[test]
    fn an_answer_too_large_to_keep_is_still_known_to_have_been_given() {
        let first = submission("key-number-1", "up");
        let receipts = signed(&first, none(), &answer(&"x".repeat(LARGEST_ANSWER + 1)));
        assert!(matches!(first.earlier_answer(&receipts), Err(RuntimeError::AlreadySubmitted)));
    }

    #[test]
    fn only_the_latest_receipts_are_kept() {
        let key = |number| format!("key-number-{number}");
        let receipts = (0..=KEPT)
            .fold(none(), |receipts, number| signed(&submission(&key(number), "up"), receipts, &answer("x")));
        assert_eq!(receipts.kept.len(), KEPT);
        assert!(submission(&key(0), "up").earlier_answer(&receipts).unwrap().is_none());
    }

    #[test]
    fn a_call_that_changed_nothing_leaves_no_receipt() {
        let mut changes = Changes::default();
        submission("key-number-1", "up").sign(none(), &answer("x"), &mut changes);
        assert!(changes.is_empty());
    }
}
