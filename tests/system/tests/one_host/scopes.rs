//! Whose state it is, over HTTP: a block with a text in each scope, and another type whose fields have the same names.

use std::time::Duration;

use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::Package;
use blockhouse_state::EphemeralConfig;
use blockhouse_system_tests::{Host, Reply, Site, anonymous, handler_url, learner, usage};
use serde_json::{Value, json};

use crate::guest;

/// A field of each scope, in the order in which the spec names them: U, A, P, I.
const FIELDS: [(&str, &str); 4] = [
    ("mine", "user_state"),
    ("ours", "user_state_summary"),
    ("taste", "preferences"),
    ("about_me", "user_info"),
];

/// A second field beside `mine`.
const BESIDE: &str = "mine_too";

const UNSET: &str = "default value";

const UNIT: &str = r#"<scopes url_name="one"/><scopes url_name="two"/><others url_name="three"/>"#;

/// The guest under one of its names.
pub(crate) fn package(block_type: &str) -> Package {
    let fields = FIELDS.into_iter().chain([(BESIDE, "user_state")]);
    let fields: Vec<_> =
        fields.map(|(name, scope)| json!({ "name": name, "type": "string", "scope": scope })).collect();
    let definition =
        json!({ "name": block_type, "version": "1.0.0", "display_name": "Scopes", "fields": fields });
    guest::saying("scopes", &definition)
}

fn installed(host: Host) -> Host {
    for block_type in ["scopes", "others"] {
        host.runtime.install(&package(block_type)).unwrap();
    }
    host
}

async fn site() -> Site {
    installed(Host::with_unit(UNIT).await).site()
}

fn alice() -> UserId {
    learner(1).user
}

fn bob() -> UserId {
    learner(2).user
}

fn visitor(number: u32) -> UserId {
    anonymous(number).user
}

fn one() -> UsageKey {
    usage("scopes", "one")
}

async fn set(site: &Site, user: &UserId, block: &UsageKey, field: &str, text: &str) -> Reply {
    site.stranger().json("POST", &handler_url(user, block, field), json!(text)).await
}

async fn get(site: &Site, user: &UserId, block: &UsageKey, field: &str) -> Value {
    site.stranger().get(&handler_url(user, block, field)).await.good()
}

/// Sets the four fields to one text.
async fn set_all(site: &Site, user: &UserId, block: &UsageKey, text: &str) {
    for (field, _) in FIELDS {
        assert_eq!(set(site, user, block, field, text).await.good(), text, "{field}");
    }
}

/// What somebody finds in the four fields.
async fn all(site: &Site, user: &UserId, block: &UsageKey) -> Vec<Value> {
    let mut found = Vec::new();
    for (field, _) in FIELDS {
        found.push(get(site, user, block, field).await);
    }
    found
}

#[tokio::test]
async fn row_060_a_fresh_block_has_its_defaults() {
    let site = site().await;
    for user in [alice(), visitor(1)] {
        assert_eq!(all(&site, &user, &one()).await, [UNSET; 4], "{user}");
    }
}

#[tokio::test]
async fn row_061_a_learner_finds_all_four_scopes_again() {
    let site = site().await;
    set_all(&site, &alice(), &one(), "hers").await;
    assert_eq!(all(&site, &alice(), &one()).await, ["hers"; 4]);
}

#[tokio::test]
async fn row_062_another_block_of_the_type_shares_what_belongs_to_its_learner() {
    let site = site().await;
    set_all(&site, &alice(), &one(), "hers").await;
    assert_eq!(all(&site, &alice(), &usage("scopes", "two")).await, [UNSET, UNSET, "hers", "hers"]);
}

#[tokio::test]
async fn row_063_another_learner_finds_what_all_share() {
    let site = site().await;
    set_all(&site, &alice(), &one(), "hers").await;
    assert_eq!(all(&site, &bob(), &one()).await, [UNSET, "hers", UNSET, UNSET]);
}

#[tokio::test]
async fn row_064_preferences_belong_to_a_type_and_user_info_to_all_of_them() {
    let site = site().await;
    set_all(&site, &alice(), &one(), "hers").await;
    set_all(&site, &bob(), &one(), "his").await;
    let other_type = usage("others", "three");
    assert_eq!(all(&site, &alice(), &other_type).await, [UNSET, UNSET, UNSET, "hers"]);
    assert_eq!(all(&site, &bob(), &other_type).await, [UNSET, UNSET, UNSET, "his"]);
}

#[tokio::test]
async fn row_066_a_visitor_finds_all_four_scopes_again() {
    let site = site().await;
    set_all(&site, &visitor(1), &one(), "hers").await;
    assert_eq!(all(&site, &visitor(1), &one()).await, ["hers"; 4]);
}

#[tokio::test]
async fn row_067_another_visitor_finds_what_visitors_share() {
    let site = site().await;
    set_all(&site, &visitor(1), &one(), "hers").await;
    assert_eq!(all(&site, &visitor(2), &one()).await, [UNSET, "hers", UNSET, UNSET]);
}

#[tokio::test]
async fn row_068_a_learner_finds_nothing_of_visitors() {
    let site = site().await;
    set_all(&site, &visitor(1), &one(), "a visitor's").await;
    assert_eq!(all(&site, &alice(), &one()).await, [UNSET; 4]);
}

#[tokio::test]
async fn row_069_a_visitor_finds_nothing_of_learners() {
    let site = site().await;
    set_all(&site, &visitor(1), &one(), "a visitor's").await;
    set_all(&site, &alice(), &one(), "hers").await;
    assert_eq!(all(&site, &visitor(1), &one()).await, ["a visitor's"; 4]);
    assert_eq!(all(&site, &visitor(2), &one()).await, [UNSET, "a visitor's", UNSET, UNSET]);
}

#[tokio::test]
async fn row_072_what_has_expired_has_its_default_again() {
    let bounds = EphemeralConfig { ttl: Duration::from_secs(2), ..EphemeralConfig::default() };
    let site = installed(Host::forgetting(UNIT, bounds).await).site();
    set_all(&site, &visitor(1), &one(), "hers").await;
    assert_eq!(get(&site, &visitor(1), &one(), "about_me").await, "hers");
    let expired = async {
        while all(&site, &visitor(1), &one()).await != [UNSET; 4] {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), expired).await.unwrap();
}

#[tokio::test]
async fn row_072_what_has_been_evicted_has_its_default_again() {
    let bounds = EphemeralConfig { entries: 2, ..EphemeralConfig::default() };
    let site = installed(Host::forgetting(UNIT, bounds).await).site();
    for number in 1..=3 {
        set(&site, &visitor(number), &one(), "mine", "hers").await.good();
        assert_eq!(get(&site, &visitor(number), &one(), "mine").await, "hers");
    }
    assert_eq!(get(&site, &visitor(1), &one(), "mine").await, UNSET);
    assert_eq!(get(&site, &visitor(3), &one(), "mine").await, "hers");
}

#[tokio::test]
async fn row_078_two_fields_that_a_learner_sets_at_once_are_both_kept() {
    let site = site().await;
    for round in 0..20 {
        let (first, second) = (format!("first {round}"), format!("second {round}"));
        let (one, alice) = (one(), alice());
        let (mine, beside) =
            tokio::join!(set(&site, &alice, &one, "mine", &first), set(&site, &alice, &one, BESIDE, &second));
        assert_eq!((mine.good(), beside.good()), (json!(first), json!(second)));
        let found = (get(&site, &alice, &one, "mine").await, get(&site, &alice, &one, BESIDE).await);
        assert_eq!(found, (json!(first), json!(second)));
    }
}

#[tokio::test]
async fn row_104_a_learner_and_a_visitor_of_the_same_digits_are_two() {
    let site = site().await;
    let account = learner(12).user;
    set_all(&site, &account, &one(), "the learner's").await;
    for visitor in [visitor(12), UserId::Anonymous("anon12".into())] {
        assert_eq!(all(&site, &visitor, &one()).await, [UNSET; 4], "{visitor}");
        let other = handler_url(&account, &one(), "mine").replace("/12-", &format!("/{visitor}-"));
        assert_eq!(site.stranger().get(&other).await.status, 403, "{visitor}");
    }
}
