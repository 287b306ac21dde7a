//! Handlers of names that a block does not declare.

use blockhouse_sdk::prelude::*;
use blockhouse_sdk::testing::TestHost;

/// A block that answers to every name.
#[derive(Fields)]
struct Any {}

#[block(name = "any", display_name = "Any")]
impl Any {
    #[handler]
    fn known(&self) -> Result<&'static str> {
        Ok("known")
    }

    fn fallback_handler(&mut self, name: &str, request: &Request) -> Result<Response> {
        Response::json(json!([name, request.suffix]))
    }
}

#[test]
fn row_044_the_fallback_handler_is_called_for_unknown_names() {
    let mut host = TestHost::<Any>::new();
    let request = Request { suffix: "a/b".to_owned(), ..Request::default() };
    let answer = host.learner("alice").request("whatever", request);
    assert_eq!((answer.status, answer.body_json()), (200, json!(["whatever", "a/b"])));
    assert_eq!(host.learner("alice").post("known", json!({})).body_json(), "known");
}
