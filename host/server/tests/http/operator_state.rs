//! What the operator sees and changes of learners' state.

use crate::support::{Answer, COURSE, House, block};
use axum::body::Body;
use axum::http::{Method, Request};
use blockhouse_fields::UserId;
use serde_json::{Value, json};

async fn get(house: &House, path: &str) -> Answer {
    house.operate(Method::GET, path, None).await
}

async fn put(house: &House, path: &str, body: Value) -> Answer {
    house.operate(Method::PUT, path, Some(body)).await
}

async fn delete(house: &House, path: &str) -> Answer {
    house.operate(Method::DELETE, path, None).await
}

/// The address of what a learner has in the block.
fn of(learner: i64, what: &str) -> String {
    format!("/api/admin/learners/{learner}/blocks/{}{what}", block())
}

/// A learner calls the handler, which sets a field.
async fn act(house: &House, learner: i64) {
    let path = house.handler(&UserId::Learner(learner), &block(), "echo");
    let answer = house.send(Request::post(path).body(Body::from("hello")).unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn a_learners_state_is_shown_and_taken_away() {
    let house = House::with("polite").await;
    assert_eq!(get(&house, &of(1, "")).await.status, 404);
    act(&house, 1).await;
    let shown = get(&house, &of(1, "")).await.json();
    assert_eq!((&shown["state"], &shown["learner"]), (&json!({"note": "seen"}), &json!(1)));
    assert_eq!(shown["history"], json!([]));

    let taken = delete(&house, &of(1, "?what=fields")).await.json();
    assert_eq!(taken, json!({"taken": "fields", "block": "not-wanted", "failure": null}));
    assert_eq!(get(&house, &of(1, "")).await.json()["state"], json!({}));
    assert_eq!(delete(&house, &of(1, "")).await.json()["taken"], "everything");
    assert_eq!(get(&house, &of(1, "")).await.status, 404);
    assert_eq!(delete(&house, &of(1, "")).await.status, 404);
}

#[tokio::test]
async fn a_score_is_given_kept_if_higher_and_taken_away() {
    let house = House::with("polite").await;
    let address = of(1, "/score");
    assert_eq!(get(&house, &address).await.status, 404);
    let given = put(&house, &address, json!({"earned": 2, "possible": 3})).await;
    assert_eq!(given.json(), json!({"earned": 2.0, "possible": 3.0}));
    let lower = json!({"earned": 1, "possible": 3, "only_if_higher": true});
    assert_eq!(put(&house, &address, lower).await.json()["earned"], 2.0);
    assert_eq!(put(&house, &address, json!({"earned": 1, "possible": 3})).await.json()["earned"], 1.0);
    assert_eq!(delete(&house, &address).await.json()["taken"], "score");
    assert_eq!(get(&house, &address).await.status, 404);
    assert_eq!(delete(&house, &address).await.status, 404);
}

#[tokio::test]
async fn completion_is_set_and_read_and_may_go_down() {
    let house = House::with("polite").await;
    let address = of(1, "/completion");
    assert_eq!(get(&house, &address).await.status, 404);
    for fraction in [1.0, 0.25] {
        assert_eq!(
            put(&house, &address, json!({"completion": fraction})).await.json()["completion"],
            fraction
        );
        assert_eq!(get(&house, &address).await.json()["completion"], fraction);
    }
    let list = get(&house, &format!("/api/admin/learners/1/completion/{COURSE}")).await.json();
    assert_eq!(list["results"][0]["usage"], block().as_str());
    let others = get(&house, &format!("/api/admin/learners/2/completion/{COURSE}")).await.json();
    assert_eq!(others, json!({"results": []}));
}

#[tokio::test]
async fn states_are_exported_as_lines_of_json() {
    let house = House::with("polite").await;
    for learner in 1..=3 {
        act(&house, learner).await;
    }
    for (query, lines) in [
        (format!("context={}", COURSE.replace('+', "%2B")), 3),
        (format!("block={}", block().as_str().replace('+', "%2B")), 3),
        ("learner=2".to_owned(), 1),
        ("learner=9".to_owned(), 0),
    ] {
        let answer = get(&house, &format!("/api/admin/states?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/jsonl"));
        let rows: Vec<Value> = answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), lines, "{query}");
        assert!(rows.iter().all(|row| row["state"] == json!({"note": "seen"})), "{rows:?}");
    }
}

#[tokio::test]
async fn bad_input_is_told_and_changes_nothing() {
    let house = House::with("polite").await;
    act(&house, 1).await;
    let before = get(&house, &of(1, "")).await.body;
    let learner = |text: &str| format!("/api/admin/learners/{text}/blocks/{}", block());
    for path in [learner("x"), learner("-1"), learner("2147483648"), learner("1.0"), learner("+1")] {
        assert_eq!(get(&house, &path).await.status, 400, "{path}");
        assert_eq!(delete(&house, &path).await.status, 400, "{path}");
    }
    for path in ["?what=nothing", "?what", "?else=1"] {
        assert_eq!(delete(&house, &of(1, path)).await.status, 400, "{path}");
    }
    for body in [
        json!({}),
        json!({"earned": 2, "possible": 1}),
        json!({"earned": -1, "possible": 1}),
        json!({"earned": "1", "possible": 1}),
        json!({"earned": 1, "possible": 1, "more": 1}),
        json!(null),
    ] {
        let answer = put(&house, &of(1, "/score"), body.clone()).await;
        assert!(answer.status.is_client_error(), "{body}: {}", answer.status);
        assert!(answer.json()["detail"].is_string());
    }
    for body in [json!({}), json!({"completion": 1.5}), json!({"completion": -1}), json!({"completion": "1"})]
    {
        assert!(put(&house, &of(1, "/completion"), body.clone()).await.status.is_client_error(), "{body}");
    }
    for query in ["", "?learner=x", "?learner=1&block=x", "?who=1"] {
        assert_eq!(get(&house, &format!("/api/admin/states{query}")).await.status, 400, "{query}");
    }
    for path in ["/api/admin/learners/1/blocks/nonsense", "/api/admin/states?context=nonsense"] {
        assert_eq!(get(&house, path).await.status, 404, "{path}");
    }
    let long = format!("/api/admin/learners/1/blocks/lb:O:L:html:{}/score", "x".repeat(300));
    assert_eq!(put(&house, &long, json!({"earned": 1, "possible": 1})).await.status, 422);
    assert_eq!(get(&house, &of(1, "")).await.body, before);
}

#[tokio::test]
async fn nobody_but_the_operator_sees_or_changes_anything() {
    let house = House::with("polite").await;
    act(&house, 1).await;
    let session = house.session("alice").await;
    for (method, path) in [
        (Method::GET, of(1, "")),
        (Method::DELETE, of(1, "")),
        (Method::PUT, of(1, "/score")),
        (Method::GET, of(1, "/completion")),
        (Method::GET, "/api/admin/states?learner=1".to_owned()),
    ] {
        let request = Request::builder().method(method).uri(&path).header("cookie", &session);
        assert_eq!(house.send(request.body(Body::empty()).unwrap()).await.status, 401, "{path}");
    }
    assert_eq!(get(&house, &of(1, "")).await.status, 200);
}

#[tokio::test]
async fn row_161_where_completion_is_off_its_calls_are_not_there() {
    let house = House::without_completion().await;
    let set = put(&house, &of(1, "/completion"), json!({"completion": 1})).await;
    assert_eq!(set.status, 404);
    let text = "Completion tracking is not enabled and API calls are unexpected";
    assert_eq!(set.json()["detail"], text);
    let path = house.handler(&UserId::Learner(1), &block(), "publish_completion");
    let answer = house.send(Request::post(path).body(Body::from(r#"{"completion": 1}"#)).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.json()["error"].as_str()), (404, Some(text)));
    assert_eq!(get(&house, &of(1, "/completion")).await.status, 404);
}
