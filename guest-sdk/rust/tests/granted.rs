//! Capabilities, as a block meets them in a test.

use blockhouse_sdk::prelude::*;
use blockhouse_sdk::testing::{Details, TestHost};
use blockhouse_sdk::{http, secrets, user_details};

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

#[derive(Fields)]
struct Courier;

#[block(name = "courier", display_name = "Courier", capabilities = ["http"])]
impl Courier {
    fn student_view(&self) -> Result<Fragment> {
        http::Request::get("https://api.example.org").send()?;
        Ok(Fragment::new(""))
    }

    #[handler]
    fn bring(&self, request: &Request) -> Result<Response> {
        let answer = http::Request::get("https://api.example.org").with_header("x-mark", "5").send()?;
        if request.body.is_empty() { Ok(answer) } else { Err(Error::failure("dropped on the way")) }
    }
}

#[test]
fn a_test_answers_for_other_servers_and_sees_what_was_sent() {
    let mut host = TestHost::<Courier>::new();
    host.other_servers(|request| Ok(Response::error(404, &request.url)));
    let answer = host.learner("alice").get("bring");
    assert_eq!((answer.status, answer.body_json()), (404, json!({"error": "https://api.example.org"})));
    // What was sent stays sent, also by a call that fails.
    let dropped = Request { body: b"x".into(), ..Request::default() };
    assert!(host.learner("alice").try_request("bring", dropped).is_err());
    let sent = http::Request::get("https://api.example.org").with_header("x-mark", "5");
    assert_eq!(host.take_requests(), [sent.clone(), sent]);
}

#[test]
fn without_other_servers_and_in_a_view_nothing_is_sent() {
    let mut host = TestHost::<Courier>::new();
    let error = host.learner("alice").try_request("bring", Request::default()).unwrap_err();
    assert!(error.contains("TestHost::other_servers"), "{error}");
    host.take_requests();
    let error = host.learner("alice").try_student_view(json!({})).unwrap_err();
    assert!(error.contains("only a handler can") && host.take_requests().is_empty(), "{error}");
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
