//! Who is the operator, and who is not.

use crate::support::{Answer, House, OPERATOR, ORIGIN};
use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

const ADDRESS: &str = "/api/admin/host";

fn basic(password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("anybody:{password}")))
}

async fn ask(authorization: &str) -> Answer {
    let house = House::in_production().await;
    house
        .send(Request::get(ADDRESS).header("authorization", authorization).body(Body::empty()).unwrap())
        .await
}

#[tokio::test]
async fn a_program_is_the_operator_by_the_token() {
    let answer = ask(&format!("Bearer {OPERATOR}")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["public_url"], ORIGIN);
}

#[tokio::test]
async fn a_browser_is_the_operator_by_the_token_as_a_password() {
    assert_eq!(ask(&basic(OPERATOR)).await.status, 200);
}

#[tokio::test]
async fn nobody_else_is_the_operator_and_a_browser_asks_for_the_token() {
    for authorization in ["Bearer x", "Bearer ", "Token x", &basic("x"), &basic(""), "rubbish"] {
        let answer = ask(authorization).await;
        assert_eq!(answer.status, 401, "{authorization}");
        assert_eq!(answer.header("www-authenticate"), r#"Basic realm="operator""#);
        assert!(answer.json()["detail"].as_str().unwrap().contains("operator-token"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_learner_of_development_mode_is_not_the_operator() {
    let house = House::whoami().await;
    let session = house.session("alice").await;
    assert_eq!(house.get_with(ADDRESS, &session).await.status, 401);
}
