//! Handler calls: the address is the only authority (spec 3.6, rows 97 to 104).

use crate::support::{BODY_LIMIT, COURSE, House, block, token, usage, visitor};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use blockhouse_fields::UserId;

fn post(path: &str) -> Request<Body> {
    Request::post(path).body(Body::from("{}")).unwrap()
}

#[tokio::test]
async fn row_097_a_call_without_cookies_runs_as_the_learner_of_the_address() {
    let house = House::whoami().await;
    let [one, again, other] = [1, 1, 2].map(|id| house.handler(&UserId::Learner(id), &block(), "who"));
    let one = house.send(post(&one)).await;
    assert_eq!(one.status, StatusCode::OK);
    assert_eq!(one.body, house.send(post(&again)).await.body);
    assert_ne!(one.body, house.send(post(&other)).await.body);
}

#[tokio::test]
async fn row_098_a_session_of_somebody_else_is_a_conflict() {
    let house = House::whoami().await;
    let bob = house.session("bob").await;
    for user in [UserId::Learner(1), visitor()] {
        let path = house.handler(&user, &block(), "who");
        let answer =
            house.send(Request::post(path).header("cookie", &bob).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.json()["detail"], "Authentication conflict.");
    }
    let own = house.handler(&UserId::Learner(2), &block(), "who");
    let answer = house.send(Request::post(own).header("cookie", &bob).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn row_099_a_bad_token_is_refused() {
    let house = House::whoami().await;
    let path = house.handler(&UserId::Learner(1), &block(), "who");
    let tampered = path.replace("/1-", "/2-");
    for path in [tampered, path.replace("block@one", "block@two")] {
        let answer = house.send(post(&path)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer.json()["detail"], "Invalid/expired auth token.");
        assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
    }
}

#[tokio::test]
async fn row_100_an_anonymous_id_in_the_address_supersedes_the_session() {
    let house = House::whoami().await;
    let somebody = house.get("/").await.cookie().to_owned();
    let path = house.handler(&visitor(), &block(), "who");
    let answer =
        house.send(Request::post(path).header("cookie", somebody).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.body, visitor().to_string());
}

#[tokio::test]
async fn row_047_of_a_visitor_a_block_knows_the_id_that_belongs_to_no_account() {
    let house = House::whoami().await;
    let seen = house.send(post(&house.handler(&visitor(), &block(), "who"))).await.body;
    assert_eq!(seen, visitor().to_string());
    let learner = house.send(post(&house.handler(&UserId::Learner(1), &block(), "who"))).await.body;
    assert!(!learner.starts_with("anon") && learner.len() == 32, "a pseudonym: {learner}");
}

/// The id of the visitor whom the server tells to call here, the address, and the session.
async fn told(house: &House, cookie: &str) -> (String, String, String) {
    let path = format!("/api/xblock/v2/xblocks/{}/handler_url/who/", block());
    let answer = house.get_with(&path, cookie).await;
    let address = answer.json()["handler_url"].as_str().unwrap().to_owned();
    let (_, credential) = address.split_once("/handler/").unwrap();
    let id = credential.split_once('-').unwrap().0.to_owned();
    let kept = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    (id, address, if kept.is_empty() { cookie.to_owned() } else { kept })
}

#[tokio::test]
async fn row_070_a_visitors_id_lasts_as_long_as_the_session() {
    let house = House::whoami().await;
    let (id, address, session) = told(&house, "").await;
    let digits = id.strip_prefix("anon").unwrap();
    assert!(
        digits.len() == 20 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
        "{id}"
    );
    assert_eq!(house.send(post(&address)).await.body, id, "the block knows the visitor by the same id");
    let (again, _, session) = told(&house, &session).await;
    assert_eq!(again, id);
    let page = house.get_with(&format!("/learn/{COURSE}/{}", usage("vertical", "v1")), &session).await;
    assert!(page.body.replace("&#x2f;", "/").contains(&format!("/{id}-")), "{}", page.body);
    let (other, ..) = told(&house, "").await;
    assert_ne!(other, id);
}

#[tokio::test]
async fn row_101_a_user_id_that_is_neither_digits_nor_anon_is_refused() {
    let house = House::whoami().await;
    let path = format!("/api/xblock/v2/xblocks/{}/handler/bob-{}/who/", block(), token("bob", &block()));
    let answer = house.send(post(&path)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.json()["detail"], "Invalid user ID format.");
}

#[tokio::test]
async fn row_102_another_origin_may_call_handlers_and_nothing_else() {
    let house = House::whoami().await;
    let path = house.handler(&UserId::Learner(1), &block(), "who");
    let preflight = Request::options(&path)
        .header("origin", "null")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .body(Body::empty())
        .unwrap();
    let answer = house.send(preflight).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-headers"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");

    let call = Request::post(&path).header("origin", "null").body(Body::empty()).unwrap();
    let answer = house.send(call).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::OK, "*"));

    for path in [format!("/api/xblock/v2/xblocks/{}/", block()), "/".to_owned()] {
        let answer =
            house.send(Request::get(path).header("origin", "null").body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::OK, ""));
    }
}

#[tokio::test]
async fn a_refusal_can_be_read_by_the_frame_that_called() {
    let house = House::whoami().await;
    let path = house.handler(&UserId::Learner(1), &block(), "who").replace("/1-", "/2-");
    let answer = house.send(Request::post(path).header("origin", "null").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::FORBIDDEN, "*"));
}

#[tokio::test]
async fn row_103_another_handlers_name_in_a_valid_address_is_valid() {
    let house = House::whoami().await;
    let path = house.handler(&UserId::Learner(1), &block(), "handler_name").replace("handler_name", "other");
    for path in [path.clone(), path.trim_end_matches('/').to_owned(), format!("{path}a/b%20c?d=e")] {
        assert_eq!(house.send(post(&path)).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_body_comes_back_as_it_went_in() {
    let house = House::with("polite").await;
    let path = house.handler(&visitor(), &block(), "echo");
    let body = "x".repeat(BODY_LIMIT);
    let answer = house.send(Request::put(path).body(Body::from(body.clone())).unwrap()).await;
    assert_eq!((answer.status, answer.body), (StatusCode::OK, body));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let house = House::with("polite").await;
    let path = house.handler(&visitor(), &block(), "echo");
    let answer = house.send(Request::post(path).body(Body::from("x".repeat(BODY_LIMIT + 1))).unwrap()).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.json()["detail"].as_str().unwrap().contains("1000 bytes"));
}

#[tokio::test]
async fn a_usage_key_that_is_none_is_not_found_before_the_token_is_looked_at() {
    let house = House::whoami().await;
    for key in ["nonsense", "block-v1:x", "%ff"] {
        let answer = house.send(post(&format!("/api/xblock/v2/xblocks/{key}/handler/1-abc/who/"))).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{key}");
        assert!(answer.json()["detail"].is_string());
    }
}

#[tokio::test]
async fn a_block_that_does_not_exist_is_not_found() {
    let house = House::whoami().await;
    let path = house.handler(&UserId::Learner(1), &usage("guest", "none"), "who");
    assert_eq!(house.send(post(&path)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_block_answers_cannot_act_as_a_page_of_this_site() {
    let house = House::whoami().await;
    let answer = house.send(post(&house.handler(&visitor(), &block(), "who"))).await;
    assert!(answer.header("content-security-policy").contains("sandbox"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn a_submission_key_of_another_form_is_refused() {
    let house = House::whoami().await;
    let path = house.handler(&UserId::Learner(1), &block(), "who");
    let with_key =
        |key: &str| Request::post(&path).header("idempotency-key", key).body(Body::empty()).unwrap();
    assert_eq!(house.send(with_key("0123456789abcdef")).await.status, StatusCode::OK);
    for key in ["short", "with spaces in it", &"x".repeat(65)] {
        assert_eq!(house.send(with_key(key)).await.status, StatusCode::BAD_REQUEST, "{key}");
    }
}
