//! What the operator sees of blocks and their costs.

use crate::support::{Answer, House, block};
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

/// More than enough failures in a row.
const MANY: usize = 15;

async fn report(house: &House) -> Value {
    let answer = house.operate(Method::GET, "/api/admin/blocks", None).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["blocks"][0].clone()
}

async fn frame(house: &House) -> Answer {
    house.get(&house.frame("1", &block(), "student_view")).await
}

#[tokio::test]
async fn row_209_what_each_version_costs_is_seen_by_the_operator() {
    let house = House::with("polite").await;
    for _ in 0..3 {
        assert_eq!(frame(&house).await.status, 200);
    }
    let report = report(&house).await;
    assert_eq!((&report["block_type"], &report["installed"]), (&json!("guest"), &json!(true)));
    let costs = &report["costs"];
    assert_eq!((&costs["calls"], &costs["outcomes"]["ok"]), (&json!(3), &json!(3)));
    assert_eq!(costs["host_calls"], 3);
    assert!(costs["cpu_ms"].as_f64().unwrap() > 0.0);
    assert!(costs["memory_bytes_most"].as_u64().unwrap() >= 65_536);
    let page = house.operate(Method::GET, "/admin/blocks", None).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("guest"), "{}", page.body);
    let metrics = house.get("/metrics").await.body;
    assert!(metrics.contains("blockhouse_block_cpu_microseconds_total{block_type=\"guest\""), "{metrics}");
}

#[tokio::test]
async fn a_block_that_keeps_failing_is_set_aside_until_the_operator_releases_it() {
    let house = House::with("trap-after-write").await;
    for _ in 0..MANY {
        assert!(frame(&house).await.status.is_server_error());
    }
    let answer = frame(&house).await;
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("Set aside for now"), "{}", answer.body);
    assert_eq!(answer.header("retry-after"), "30");

    let shown = report(&house).await;
    assert_eq!(shown["standing"]["state"], "set_aside");
    assert_eq!(shown["costs"]["calls"], 10, "set aside, it costs nothing");
    let error = shown["costs"]["last_errors"][0]["error"].as_str().unwrap();
    assert!(error.contains("the block stopped"), "{error}");

    let version = json!({ "block_type": shown["block_type"], "digest": shown["digest"] });
    let released = house.operate(Method::POST, "/api/admin/blocks/release", Some(version)).await;
    assert_eq!(released.json(), json!({ "released": true }));
    assert_eq!(report(&house).await["standing"]["state"], "good");
    assert_eq!(frame(&house).await.status, 500, "it is tried again");
}

#[tokio::test]
async fn nobody_else_sees_or_releases_blocks() {
    let house = House::with("polite").await;
    for path in ["/api/admin/blocks", "/admin/blocks"] {
        assert_eq!(house.get(path).await.status, 401, "{path}");
    }
    let release = Request::post("/api/admin/blocks/release").header("content-type", "application/json");
    let body = Body::from(r#"{"block_type":"guest","digest":"x"}"#);
    assert_eq!(house.send(release.body(body).unwrap()).await.status, 401);
}

#[tokio::test]
async fn the_operator_has_the_next_calls_recorded() {
    let house = House::with("polite").await;
    let order = |order: Value| house.operate(Method::POST, "/api/admin/recordings", Some(order));
    frame(&house).await;
    assert!(house.recordings().is_empty(), "nothing is recorded unasked");
    let ordered = order(json!({ "block_type": "guest", "calls": 2 })).await;
    assert_eq!((ordered.status.as_u16(), &ordered.json()["redacted"]), (200, &json!(true)));
    for _ in 0..3 {
        frame(&house).await;
    }
    let recordings = house.recordings();
    assert_eq!(recordings.len(), 2);
    assert_eq!(recordings[0]["told"][0]["function"], "fields.get");
    assert_eq!(recordings[0]["outcome"], Value::Null, "learners' data is taken out unless it is wanted");
    order(json!({ "block_type": "guest", "calls": 1, "redacted": false })).await;
    frame(&house).await;
    assert!(house.recordings().iter().any(|recording| recording["outcome"]["answered"].is_object()));
}

#[tokio::test]
async fn what_cannot_be_recorded_is_said() {
    let house = House::with("polite").await;
    for (order, status) in [
        (json!({ "block_type": "nothing", "calls": 1 }), 404),
        (json!({ "block_type": "guest", "calls": 101 }), 400),
        (json!({ "block_type": "guest" }), 422),
        (json!({ "block_type": "guest", "calls": 1, "who": "me" }), 422),
    ] {
        let answer = house.operate(Method::POST, "/api/admin/recordings", Some(order)).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    let nobody = Request::post("/api/admin/recordings").header("content-type", "application/json");
    assert_eq!(house.send(nobody.body(Body::from("{}")).unwrap()).await.status, 401);
}
