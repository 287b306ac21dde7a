//! Files that a block keeps, on a whole server: whose they are, what becomes of them, and when there are too many.

use crate::support::{Answer, COURSE, House, block, visitor};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use blockhouse_fields::UserId;
use blockhouse_runtime::Granted;

const ALICE: UserId = UserId::Learner(1);
const BOB: UserId = UserId::Learner(2);

async fn house() -> House {
    House::granted("keeper", "storage", Granted::default()).await
}

/// Calls a handler of the guest about a file.
async fn call(house: &House, user: &UserId, handler: &str, name: &str, body: &str) -> Answer {
    house.call(user, &block(), handler, name, body).await
}

async fn kept(house: &House, user: &UserId, name: &str, body: &str) {
    let answer = call(house, user, "keep", name, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

async fn read(house: &House, user: &UserId, name: &str) -> Option<String> {
    let answer = call(house, user, "read", name, "").await;
    (answer.status == StatusCode::OK).then_some(answer.body)
}

async fn refused(house: &House, handler: &str, name: &str, body: &str) -> String {
    let answer = call(house, &ALICE, handler, name, body).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    answer.body
}

/// How many files somebody has.
async fn count(house: &House, user: &UserId) -> u16 {
    call(house, user, "count", "", "").await.status.as_u16() - 200
}

#[tokio::test]
async fn a_file_is_its_owners_and_nobody_elses() {
    let house = house().await;
    for (user, text) in [(&ALICE, "hers"), (&BOB, "his"), (&visitor(), "a visitor's")] {
        kept(&house, user, "essay", text).await;
    }
    assert_eq!(read(&house, &ALICE, "essay").await.as_deref(), Some("hers"));
    assert_eq!(read(&house, &visitor(), "essay").await.as_deref(), Some("a visitor's"));
    call(&house, &ALICE, "drop", "essay", "").await;
    assert_eq!((count(&house, &ALICE).await, count(&house, &BOB).await), (0, 1));
    assert_eq!(read(&house, &ALICE, "essay").await, None);
    assert_eq!(read(&house, &BOB, "essay").await.as_deref(), Some("his"));
}

#[tokio::test]
async fn a_shared_file_is_every_learners_and_no_visitors() {
    let house = house().await;
    call(&house, &ALICE, "show", "rules", "be kind").await;
    assert_eq!(call(&house, &BOB, "look", "rules", "").await.body, "be kind");
    assert_eq!(call(&house, &visitor(), "look", "rules", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(read(&house, &ALICE, "rules").await, None);
}

#[tokio::test]
async fn bytes_come_back_as_they_were_and_a_later_file_takes_the_place_of_an_earlier_one() {
    let house = house().await;
    kept(&house, &ALICE, "essay", "first").await;
    kept(&house, &ALICE, "essay", "\u{0}\u{7f}ü\"\\").await;
    assert_eq!(read(&house, &ALICE, "essay").await.as_deref(), Some("\u{0}\u{7f}ü\"\\"));
    kept(&house, &ALICE, "empty", "").await;
    assert_eq!(read(&house, &ALICE, "empty").await.as_deref(), Some(""));
    assert_eq!(count(&house, &ALICE).await, 2);
}

#[tokio::test]
async fn a_handler_that_fails_keeps_no_file() {
    let house = house().await;
    let broken = call(&house, &ALICE, "break", "essay", "lost").await;
    assert!(broken.status.is_server_error(), "{}", broken.status);
    assert_eq!(count(&house, &ALICE).await, 0);
}

#[tokio::test]
async fn files_without_end_stop_at_their_number_and_those_before_are_kept() {
    let house = house().await;
    assert_eq!(refused(&house, "fill", "", "x").await, "full");
    assert_eq!(count(&house, &ALICE).await, 4);
    assert_eq!(read(&house, &ALICE, "D").await.as_deref(), Some("x"));
    assert_eq!(refused(&house, "keep", "more", "x").await, "full");
    call(&house, &ALICE, "drop", "A", "").await;
    kept(&house, &ALICE, "more", "x").await;
    kept(&house, &BOB, "his", "x").await;
}

#[tokio::test]
async fn files_stop_at_their_bytes_and_one_of_them_at_its_own() {
    let house = house().await;
    assert_eq!(refused(&house, "keep", "huge", &"x".repeat(301)).await, "too-large");
    kept(&house, &ALICE, "one", &"x".repeat(300)).await;
    kept(&house, &ALICE, "two", &"x".repeat(300)).await;
    assert_eq!(refused(&house, "keep", "three", "x").await, "full");
    // In the place of the larger one, there is room.
    kept(&house, &ALICE, "two", "x").await;
    kept(&house, &ALICE, "three", "x").await;
}

#[tokio::test]
async fn what_is_no_name_of_a_file_is_refused() {
    let house = house().await;
    for name in ["", &"n".repeat(65), "a%0Ab"] {
        assert_eq!(refused(&house, "keep", name, "x").await, "invalid-name", "{name:?}");
    }
    kept(&house, &ALICE, "..%2F..%2Fetc", "x").await;
    assert_eq!(read(&house, &ALICE, "..%2F..%2Fetc").await.as_deref(), Some("x"));
}

#[tokio::test]
async fn a_view_keeps_no_file() {
    let house = house().await;
    let page = house.get(&house.frame("1", &block(), "student_view")).await;
    assert!(page.body.contains("not-in-a-handler"), "{}", page.body);
    assert_eq!(count(&house, &ALICE).await, 0);
}

#[tokio::test]
async fn no_file_is_kept_in_a_course_where_it_was_not_granted() {
    let contexts = ["course-v1:Some+Other+Course".parse().unwrap()].into();
    let house = House::granted("keeper", "storage", Granted { contexts, ..Granted::default() }).await;
    let message = refused(&house, "keep", "essay", "x").await;
    assert!(message.contains(&format!("do not hold in {COURSE}")), "{message}");
    assert!(refused(&house, "read", "essay", "").await.contains("do not hold"), "{message}");
}

#[tokio::test]
async fn a_reset_takes_the_learners_files_away_and_leaves_those_of_others() {
    let house = house().await;
    for user in [&ALICE, &BOB] {
        kept(&house, user, "essay", "x").await;
    }
    call(&house, &ALICE, "show", "rules", "be kind").await;
    let path = format!("/api/admin/learners/1/blocks/{}", block());
    let answer = house.operate(Method::DELETE, &path, None).await;
    assert!(answer.status.is_success(), "{}", answer.body);
    assert_eq!((count(&house, &ALICE).await, count(&house, &BOB).await), (0, 1));
    assert_eq!(read(&house, &ALICE, "essay").await, None);
    assert_eq!(call(&house, &ALICE, "look", "rules", "").await.body, "be kind");
}

#[tokio::test]
async fn the_operator_sees_which_files_a_learner_has_and_reads_them() {
    let house = house().await;
    kept(&house, &ALICE, "my%20essay", "\u{0}hers").await;
    let row = format!("/api/admin/learners/1/blocks/{}", block());
    let ask = async |path: String| house.operate(Method::GET, &path, None).await;
    assert_eq!(ask(row.clone()).await.json()["files"], serde_json::json!({ "my essay": 5 }));
    let file = ask(format!("{row}/files/my%20essay")).await;
    assert_eq!((file.status, file.body.as_str()), (StatusCode::OK, "\u{0}hers"));
    assert_eq!(
        (file.header("content-disposition"), file.header("x-content-type-options")),
        ("attachment", "nosniff")
    );
    let stranger = Request::get(format!("{row}/files/my%20essay")).header("authorization", "Bearer no token");
    let refused = house.send(stranger.body(Body::empty()).unwrap()).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    for (path, status) in [
        (format!("{row}/files/other"), StatusCode::NOT_FOUND),
        (format!("{row}/files/a%0Ab"), StatusCode::NOT_FOUND),
        (format!("/api/admin/learners/2/blocks/{}/files/my%20essay", block()), StatusCode::NOT_FOUND),
        (format!("/api/admin/learners/x/blocks/{}/files/my%20essay", block()), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(ask(path.clone()).await.status, status, "{path}");
    }
}
