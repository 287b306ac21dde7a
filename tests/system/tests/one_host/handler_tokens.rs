//! How long the address of a handler is good, and for whom (spec 3.6.4). The server's clock stands where a test puts it.

use std::cell::Cell;
use std::collections::BTreeMap;

use axum::http::StatusCode;
use blockhouse_keys::UsageKey;
use blockhouse_server::ServerConfig;
use blockhouse_system_tests::{Browser, Host, Site, config, project, usage};
use serde_json::{Value, json};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const PERIOD: u64 = 2 * DAY;
/// The beginning of a period.
const START: u64 = 9_900 * PERIOD;

thread_local! {
    /// Seconds since 1970. A test and its server share a thread, and no two tests do.
    static NOW: Cell<u64> = const { Cell::new(START) };
}

/// A server of this host that signs with the first of these keys.
fn site(host: &Host, keys: &[&str]) -> Site {
    let handler_token_keys = keys.iter().map(|key| key.as_bytes().to_vec()).collect();
    host.site_with(ServerConfig { clock: || NOW.get() * 1000, handler_token_keys, ..config() })
}

async fn host() -> Host {
    Host::with_unit(r#"<thumbs url_name="one"/><thumbs url_name="two"/>"#).await
}

/// Where the server tells Alice to call a handler.
async fn address(site: &Site) -> String {
    let path = format!("/api/xblock/v2/xblocks/{}/handler_url/vote/", usage("thumbs", "one"));
    let told = site.browser("alice").await.get(&path).await.good();
    told["handler_url"].as_str().unwrap().to_owned()
}

/// What comes of a call without a session.
async fn call(site: &Site, address: &str) -> StatusCode {
    let reply = site.stranger().json("POST", address, json!({ "voteType": "up" })).await;
    if reply.status == 403 {
        assert_eq!(reply.value()["detail"], "Invalid/expired auth token.");
    }
    reply.status
}

/// What comes of a call at one time to an address that was given at another.
async fn issued_and_called(issued: u64, called: u64) -> StatusCode {
    let host = host().await;
    let site = site(&host, &["a key"]);
    NOW.set(issued);
    let address = address(&site).await;
    NOW.set(called);
    call(&site, &address).await
}

#[tokio::test]
async fn row_091_an_address_is_good_within_an_hour_and_a_day() {
    for issued in [START, START + DAY, START + PERIOD - 1] {
        for later in [0, HOUR, DAY] {
            assert_eq!(issued_and_called(issued, issued + later).await, 200, "{issued} and {later}");
        }
    }
}

#[tokio::test]
async fn row_092_an_address_is_no_good_five_days_later_or_earlier() {
    assert_eq!(issued_and_called(START, START + 5 * DAY).await, 403);
    assert_eq!(issued_and_called(START, START - 5 * DAY).await, 403);
}

#[tokio::test]
async fn row_093_an_address_from_early_in_a_period_is_good_for_almost_four_days() {
    let issued = START + 20;
    assert_eq!(issued_and_called(issued, issued + 4 * DAY - 21).await, 200);
    assert_eq!(issued_and_called(issued, issued + 4 * DAY - 19).await, 403);
}

#[tokio::test]
async fn row_094_an_address_from_late_in_a_period_is_good_for_just_over_two_days() {
    let issued = START + PERIOD - 20;
    assert_eq!(issued_and_called(issued, issued + 2 * DAY + 19).await, 200);
    assert_eq!(issued_and_called(issued, issued + 2 * DAY + 21).await, 403);
}

#[tokio::test]
async fn row_095_an_address_is_good_for_its_own_learner_and_block_only() {
    let host = host().await;
    let site = site(&host, &["a key"]);
    let address = address(&site).await;
    for other in [address.replace("/1-", "/2-"), address.replace("block@one", "block@two")] {
        assert_ne!(other, address);
        assert_eq!(call(&site, &other).await, 403, "{other}");
    }
    assert_eq!(call(&site, &address).await, 200);
}

#[tokio::test]
async fn row_096_the_first_key_signs_and_every_listed_key_is_accepted() {
    let host = host().await;
    let before = site(&host, &["old"]);
    let during = site(&host, &["new", "old"]);
    let after = site(&host, &["new"]);
    let (old, new) = (address(&before).await, address(&during).await);
    assert_ne!(old, new);
    assert_eq!(new, address(&after).await);
    for (site, address, expected) in
        [(&before, &old, 200), (&during, &old, 200), (&during, &new, 200), (&after, &new, 200)]
            .into_iter()
            .chain([(&after, &old, 403), (&before, &new, 403)])
    {
        assert_eq!(call(site, address).await, expected, "{address}");
    }
}

/// A row of the vectors: a token, and whose and when it is.
struct Recorded {
    user: String,
    block: UsageKey,
    token: String,
    now: u64,
    /// The period that it was made in.
    period: u64,
}

/// The rows whose block can be there: some have a text in its place that is no key. All have the same secret.
fn recorded() -> (String, Vec<Recorded>) {
    let ours = || project().join("tests/vectors");
    let directory = std::env::var_os("BLOCKHOUSE_VECTORS").map_or_else(ours, Into::into);
    let text = std::fs::read(directory.join("handler_tokens.json")).unwrap();
    let file: Value = serde_json::from_slice(&text).unwrap();
    let rows = file["rows"].as_array().unwrap();
    let key = rows[0]["hashing_key"].as_str().unwrap();
    let read = |row: &Value| {
        assert_eq!(row["hashing_key"], key);
        let now = row["unix_time"].as_u64().unwrap();
        Some(Recorded {
            user: row["user_id"].as_str().map_or_else(|| row["user_id"].to_string(), str::to_owned),
            block: row["block_key"].as_str().unwrap().parse().ok()?,
            token: row["token"].as_str().unwrap().to_owned(),
            now,
            period: (now / PERIOD).checked_add_signed(row["time_idx"].as_i64().unwrap()).unwrap(),
        })
    };
    (key.to_owned(), rows.iter().filter_map(read).collect())
}

/// A library with a block of this key.
async fn author(ann: &Browser<'_>, block: &UsageKey) {
    let UsageKey::Library(key) = block else { unreachable!("{block} is not in a library") };
    let library = key.library_key();
    let new = json!({ "org": library.org(), "slug": library.slug(), "title": "Recorded", "allow_public_learning": true });
    ann.json("POST", "/api/libraries/v2/", new).await.good();
    let path = format!("/api/libraries/v2/{library}/");
    let new = json!({ "block_type": key.block_type(), "definition_id": key.block_id() });
    ann.json("POST", &format!("{path}blocks/"), new).await.good();
    ann.ask("POST", &format!("{path}commit/")).await.good();
}

#[tokio::test]
async fn row_090_golden_tokens_and_no_others_are_accepted() {
    let (key, rows) = recorded();
    let host = host().await;
    let site = site(&host, &[&key]);
    let ann = site.browser("ann").await;
    let blocks: BTreeMap<String, &UsageKey> =
        rows.iter().map(|row| (row.block.to_string(), &row.block)).collect();
    for block in blocks.into_values() {
        author(&ann, block).await;
    }
    let mut accepted = 0;
    for here in &rows {
        NOW.set(here.now);
        for other in &rows {
            let periods = [here.now / PERIOD, here.now / PERIOD - 1];
            let ours =
                (&here.user, &here.block) == (&other.user, &other.block) && periods.contains(&other.period);
            let (block, user, token) = (&here.block, &here.user, &other.token);
            let address = format!("/api/xblock/v2/xblocks/{block}/handler/{user}-{token}/nothing/");
            let status = call(&site, &address).await;
            // A block that was called says that it has no such handler.
            assert_eq!(status, if ours { 404 } else { 403 }, "{address} at {}", here.now);
            accepted += usize::from(ours);
        }
    }
    assert!(accepted >= rows.len(), "{accepted}");
}
