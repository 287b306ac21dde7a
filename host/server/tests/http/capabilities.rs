//! Capabilities on a whole server: what the operator gave reaches the block, and nobody else.

use crate::support::{COURSE, House, OPERATOR, block, visitor};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use blockhouse_fields::UserId;
use blockhouse_runtime::{Granted, Secret};

async fn ask(house: &House, user: &UserId) -> String {
    let path = house.handler(user, &block(), "ask");
    let answer = house.send(Request::post(path).body(Body::from("{}")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

fn with_key(contexts: &[&str]) -> Granted {
    Granted {
        contexts: contexts.iter().map(|key| key.parse().unwrap()).collect(),
        secrets: [("KEY".to_owned(), Secret::new("hunter2".to_owned()))].into(),
        ..Granted::default()
    }
}

#[tokio::test]
async fn a_block_gets_the_secret_that_its_operator_gave_it() {
    let house = House::granted("vault", "secrets", with_key(&[COURSE])).await;
    assert_eq!(ask(&house, &UserId::Learner(1)).await, "hunter2");
}

#[tokio::test]
async fn row_045_a_block_that_wants_a_secret_which_it_was_not_given_gets_none() {
    let house = House::granted("vault", "secrets", Granted::default()).await;
    assert_eq!(ask(&house, &UserId::Learner(1)).await, "");
}

#[tokio::test]
async fn a_capability_is_refused_in_a_course_where_it_was_not_granted() {
    for (guest, capability) in [("vault", "secrets"), ("nosy", "user-details")] {
        let house = House::granted(guest, capability, with_key(&["course-v1:Some+Other+Course"])).await;
        let refused = ask(&house, &UserId::Learner(1)).await;
        assert!(refused.contains("do not hold in course-v1:Test+Http+1"), "{refused}");
        assert!(refused.contains("[grants_of.guest]") && !refused.contains("hunter2"), "{refused}");
    }
}

#[tokio::test]
async fn only_a_learner_whom_the_platform_knows_has_details() {
    let house = House::granted("nosy", "user-details", Granted::default()).await;
    assert_eq!(ask(&house, &UserId::Learner(1)).await, "alice@example.org");
    assert_eq!(ask(&house, &UserId::Learner(2)).await, "");
    assert_eq!(ask(&house, &visitor()).await, "");
}

#[tokio::test]
async fn the_operators_page_shows_what_was_granted_and_no_secret() {
    let house = House::granted("vault", "secrets", with_key(&[])).await;
    let request = Request::get("/admin/blocks").header("authorization", format!("Bearer {OPERATOR}"));
    let page = house.send(request.body(Body::empty()).unwrap()).await;
    assert!(page.body.contains("publish, user-details, secrets"), "{}", page.body);
    assert!(!page.body.contains("hunter2"));
}
