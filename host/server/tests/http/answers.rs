//! The offer to keep the answers from before, as a browser meets it.

use crate::support::{Answer, COURSE, House, block, platform_token, usage};
use axum::body::Body;
use axum::http::{Method, Request};
use blockhouse_fields::UserId;

const OFFER: &str = "action=\"/answers\"";

fn unit() -> String {
    format!("/learn/{COURSE}/{}", usage("vertical", "v1"))
}

/// Opens a unit as a visitor: who that is, and the session's cookie.
async fn visit(house: &House) -> (UserId, String) {
    let page = house.get(&unit()).await;
    // The frame's address says who the visitor is.
    let mut ids = page.body.match_indices("anon").filter_map(|(at, _)| page.body.get(at..at + 24));
    let id = ids.find(|id| id[4..].bytes().all(|byte| byte.is_ascii_hexdigit())).unwrap();
    (UserId::Anonymous(id.into()), page.cookie().to_owned())
}

/// Opens a unit as a visitor and answers; gives the session's cookie.
async fn answer_as_a_visitor(house: &House) -> String {
    let (id, cookie) = visit(house).await;
    let answer = house.call(&id, &block(), "echo", "", "hello").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    cookie
}

async fn post(house: &House, path: &str, cookie: &str, form: String) -> Answer {
    let request = Request::post(path)
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    house.send(request.body(Body::from(form)).unwrap()).await
}

async fn sign_in(house: &House, cookie: &str, name: &str) -> String {
    post(house, "/dev/identity", cookie, format!("identity={name}&next=/")).await.cookie().to_owned()
}

async fn decide(house: &House, cookie: &str, answers: &str) -> String {
    let answer =
        post(house, "/answers", cookie, format!("answers={answers}&next={}", unit().replace('+', "%2B")))
            .await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, unit().as_str()));
    answer.cookie().to_owned()
}

/// What the learner has in the block, as the operator sees it.
async fn state(house: &House, learner: i64) -> u16 {
    let path = format!("/api/admin/learners/{learner}/blocks/{}", block());
    house.operate(Method::GET, &path, None).await.status.as_u16()
}

#[tokio::test]
async fn whoever_has_signed_in_is_offered_to_keep_the_answers_once() {
    let house = House::keeping_answers().await;
    let cookie = answer_as_a_visitor(&house).await;
    assert!(!house.get_with(&unit(), &cookie).await.body.contains(OFFER), "a visitor has nothing to decide");
    let cookie = sign_in(&house, &cookie, "alice").await;
    for page in [unit(), format!("/learn/{COURSE}")] {
        assert!(house.get_with(&page, &cookie).await.body.contains(OFFER), "{page}");
    }
    assert_eq!(state(&house, 1).await, 404);
    let cookie = decide(&house, &cookie, "keep").await;
    assert_eq!(state(&house, 1).await, 200);
    assert!(!house.get_with(&unit(), &cookie).await.body.contains(OFFER));
}

/// A platform's page signs its learner in with a token, and the browser still has the visitor's cookie.
#[tokio::test]
async fn a_learner_of_the_platform_keeps_the_answers_that_the_browser_gave_before() {
    let house = House::keeping_answers().await;
    let cookie = answer_as_a_visitor(&house).await;
    let decide = |token: String| {
        let request = Request::post("/answers")
            .header("cookie", &cookie)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/x-www-form-urlencoded");
        house.send(request.body(Body::from("answers=keep&next=/")).unwrap())
    };
    assert_eq!(decide("no.token.at.all".to_owned()).await.status, 401);
    assert_eq!(state(&house, 42).await, 404);
    let answer = decide(platform_token(42)).await;
    assert_eq!((answer.status.as_u16(), state(&house, 42).await), (303, 200), "{}", answer.body);
    let after = house.get_with(&unit(), answer.cookie()).await;
    assert!(!after.body.contains(OFFER), "the browser is that visitor no more");
}

#[tokio::test]
async fn whoever_leaves_the_answers_behind_is_not_asked_again() {
    let house = House::keeping_answers().await;
    let cookie = sign_in(&house, &answer_as_a_visitor(&house).await, "alice").await;
    let cookie = decide(&house, &cookie, "leave").await;
    assert_eq!(state(&house, 1).await, 404);
    let cookie = sign_in(&house, &cookie, "bob").await;
    assert!(!house.get_with(&unit(), &cookie).await.body.contains(OFFER));
}

#[tokio::test]
async fn row_071_by_default_nothing_is_offered() {
    let house = House::with("polite").await;
    let cookie = sign_in(&house, &answer_as_a_visitor(&house).await, "alice").await;
    assert!(!house.get_with(&unit(), &cookie).await.body.contains(OFFER));
    decide(&house, &cookie, "keep").await;
    assert_eq!(state(&house, 1).await, 404);
}

#[tokio::test]
async fn only_a_page_of_this_server_and_somebody_with_an_account_decides() {
    let house = House::keeping_answers().await;
    let visitor = answer_as_a_visitor(&house).await;
    assert_eq!(post(&house, "/answers", &visitor, "answers=keep&next=/".to_owned()).await.status, 401);
    let cookie = sign_in(&house, &visitor, "alice").await;
    let elsewhere = Request::post("/answers")
        .header("cookie", &cookie)
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(house.send(elsewhere.body(Body::from("answers=keep&next=/")).unwrap()).await.status, 403);
    for form in ["answers=else&next=/", "next=/", ""] {
        assert!(post(&house, "/answers", &cookie, form.to_owned()).await.status.is_client_error(), "{form}");
    }
    assert_eq!(state(&house, 1).await, 404);
}

/// A block's files belong together, so whoever has some in it keeps those.
#[tokio::test]
async fn files_of_a_visitor_become_those_of_a_learner_who_has_none_in_that_block() {
    let house = House::keeping_answers_and_files().await;
    let (bob, kept) = (UserId::Learner(2), "keep");
    assert_eq!(house.call(&bob, &block(), kept, "notes", "bob's").await.status, 200);
    for (name, learner, essay, count) in [("alice", 1, Some("a visitor's"), 1), ("bob", 2, None, 1)] {
        let (visitor, cookie) = visit(&house).await;
        assert_eq!(house.call(&visitor, &block(), kept, "essay", "a visitor's").await.status, 200);
        let cookie = sign_in(&house, &cookie, name).await;
        decide(&house, &cookie, "keep").await;
        let learner = UserId::Learner(learner);
        let read = house.call(&learner, &block(), "read", "essay", "").await;
        assert_eq!((read.status == 200).then_some(read.body.as_str()), essay, "{name}");
        assert_eq!(
            house.call(&learner, &block(), "count", "", "").await.status.as_u16() - 200,
            count,
            "{name}"
        );
        assert_eq!(
            house.call(&visitor, &block(), "count", "", "").await.status,
            200,
            "the visitor has none any more"
        );
    }
    assert_eq!(house.call(&bob, &block(), "read", "notes", "").await.body, "bob's");
}
