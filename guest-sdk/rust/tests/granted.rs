//! Capabilities, as a block meets them in a test.

use blockhouse_sdk::prelude::*;
use blockhouse_sdk::testing::{Details, TestHost};
use blockhouse_sdk::{secrets, user_details};

#[derive(Fields)]
struct Clerk;

#[block(name = "clerk", display_name = "Clerk", capabilities = ["user-details", "secrets"])]
impl Clerk {
    #[handler]
    fn who(&self, _request: &Request) -> Result<Response> {
        let names = [user_details::display_name()?, user_details::username()?, user_details::email()?];
        Response::json(json!({"names": names, "has_key": secrets::get("KEY")?.is_some()}))
    }
}

#[derive(Fields)]
struct Sneak;

#[block(name = "sneak", display_name = "Sneak")]
impl Sneak {
    #[handler]
    fn who(&self, _request: &Request) -> Result<Response> {
        Response::json(json!(user_details::email()?))
    }
}

#[test]
fn a_block_learns_what_the_test_says_of_its_learner() {
    let mut host = TestHost::<Clerk>::new();
    let email = Some("alice@example.org".to_owned());
    host.known("alice", Details { email, ..Details::default() }).secret("KEY", "1234");
    let answer = host.learner("alice").get("who").body_json();
    assert_eq!(answer, json!({"names": [null, null, "alice@example.org"], "has_key": true}));
}

#[test]
fn nobody_knows_a_visitor_without_an_account() {
    let mut host = TestHost::<Clerk>::new();
    let username = Some("alice".to_owned());
    host.known("alice", Details { username, ..Details::default() });
    let answer = host.anonymous("alice").get("who").body_json();
    assert_eq!(answer, json!({"names": [null, null, null], "has_key": false}));
}

#[test]
fn a_block_that_does_not_ask_for_a_capability_does_not_have_it() {
    let mut host = TestHost::<Sneak>::new();
    let error = host.learner("alice").try_request("who", Request::default()).unwrap_err();
    assert!(error.contains("capabilities = [\"user-details\"]"), "{error}");
}
