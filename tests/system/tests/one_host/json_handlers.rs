//! What a handler is sent and what comes back (spec 2.9), over HTTP: a standard block, and a guest that answers in
//! every way.

use axum::body::Body;
use axum::http::Request;
use blockhouse_system_tests::{Host, Reply, Site, handler_url, learner, usage};
use serde_json::{Value, json};

async fn site() -> Site {
    let unit = r#"<thumbs url_name="t"/><answers url_name="a"/>"#;
    Host::with_unit(unit).await.with_guest("answers").site()
}

/// A learner's address of a handler of the standard block.
fn thumbs(handler: &str) -> String {
    handler_url(&learner(1).user, &usage("thumbs", "t"), handler)
}

/// The same of the guest.
fn answers(handler: &str) -> String {
    handler_url(&learner(1).user, &usage("answers", "a"), handler)
}

async fn post(site: &Site, address: &str, body: impl Into<Body>) -> Reply {
    site.stranger().send(Request::post(address).body(body.into()).unwrap()).await
}

/// How many calls the guest has kept something of.
async fn kept(site: &Site) -> Value {
    site.stranger().json("POST", &answers("kept"), Value::Null).await.good()
}

#[tokio::test]
async fn row_037_a_json_handler_takes_nothing_but_post() {
    let site = site().await;
    for method in ["GET", "PUT", "DELETE"] {
        let reply = site.stranger().ask(method, &thumbs("vote")).await;
        assert_eq!((reply.status.as_u16(), &reply.headers["allow"]), (405, &"POST".parse().unwrap()));
        assert_eq!(reply.value(), json!({ "error": "Method must be POST" }));
    }
}

#[tokio::test]
async fn row_038_a_body_that_is_no_json_is_refused() {
    let site = site().await;
    for body in ["", "not json", "{\"voteType\": "] {
        let reply = post(&site, &thumbs("vote"), body).await;
        assert_eq!(
            (reply.status.as_u16(), reply.value()),
            (400, json!({ "error": "Invalid JSON" })),
            "{body:?}"
        );
    }
}

#[tokio::test]
async fn row_039_a_handler_that_refuses_says_so_and_its_fields_are_saved() {
    let site = site().await;
    for count in 1..=2 {
        let reply = post(&site, &answers("refuse"), "{}").await;
        assert_eq!((reply.status.as_u16(), reply.value()), (418, json!({ "error": "short and stout" })));
        assert_eq!(kept(&site).await, count);
    }
}

#[tokio::test]
async fn row_040_of_a_handler_that_fails_nothing_is_saved() {
    let site = site().await;
    post(&site, &answers("refuse"), "{}").await;
    let reply = post(&site, &answers("fail"), "{}").await;
    assert_eq!(reply.status, 500);
    assert_eq!(kept(&site).await, 1, "what was there before");
}

#[tokio::test]
async fn row_041_null_a_list_and_a_text_are_answers() {
    let site = site().await;
    for value in [Value::Null, json!([1, [2]]), json!("text"), json!(1.5), json!(false), json!({ "a": {} })] {
        let reply = site.stranger().json("POST", &answers("echo"), value.clone()).await;
        let kind = reply.headers["content-type"].to_str().unwrap().to_owned();
        assert!(kind.starts_with("application/json"), "{kind}");
        assert_eq!((reply.status.as_u16(), reply.text()), (200, value.to_string()));
    }
}

#[tokio::test]
async fn row_042_a_handler_gets_the_request_as_it_is_and_answers_as_it_wants() {
    let site = site().await;
    let body = [0, 255, b'"', b'\n'];
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}a/b%20c?d=e%20f&d", answers("mirror")))
            .header("content-type", "application/x-own")
            .body(Body::from(body.to_vec()));
        let reply = site.stranger().send(request.unwrap()).await;
        assert_eq!(reply.status, 203, "{method}");
        assert_eq!(reply.headers["content-type"], "application/vnd.mirror+json");
        assert_eq!(reply.headers["content-language"], "eo");
        let seen = json!({ "method": method, "suffix": "a/b c", "query": "d=e%20f&d", "type": "application/x-own", "body": body });
        assert_eq!(reply.value(), seen);
    }
}

#[tokio::test]
async fn row_043_a_method_that_is_no_handler_cannot_be_called() {
    let site = site().await;
    for name in ["student_view", "public_view", "definition", "voted", "no_such"] {
        let reply = post(&site, &thumbs(name), "{}").await;
        assert_eq!(reply.status, 404, "{name}");
        assert!(reply.value()["error"].as_str().unwrap().contains(name), "{}", reply.text());
    }
}

#[tokio::test]
async fn row_044_the_fallback_handler_is_called_for_names_that_a_block_does_not_have() {
    let site = site().await;
    for name in ["student_view", "no_such"] {
        let reply = post(&site, &format!("{}a/b", answers(name)), "{}").await;
        assert_eq!(reply.good(), json!({ "name": name, "suffix": "a/b" }));
    }
    assert_eq!(kept(&site).await, 0, "a handler that there is has its own name");
}
