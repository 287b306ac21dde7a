//! Events arrive, whatever happens to those who listen.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use blockhouse_events::{Consumer, Delivery, JsonLines, Pace, Webhook};
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use blockhouse_state::{Commit, Event, EventKind, Outbox, SqliteStore, StateStore};
use serde_json::Value;
use tempfile::TempDir;

const PACE: Pace = Pace {
    poll: Duration::from_millis(1),
    lease: Duration::from_millis(200),
    first_pause: Duration::from_millis(1),
    longest_pause: Duration::from_millis(20),
    whole: Duration::from_millis(50),
};

fn clock() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    now.as_millis() as u64
}

struct Platform {
    store: Arc<SqliteStore>,
    directory: TempDir,
}

impl Platform {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&directory.path().join("state.sqlite")).await.unwrap();
        Self { store: Arc::new(store), directory }
    }

    async fn publish(&self, learner: i64, names: impl Iterator<Item = String>) {
        let usage: UsageKey = "lb:Org:lib:poll:1".parse().unwrap();
        for name in names {
            let kind = EventKind::Other(name, "{}".into());
            let events = vec![Event { usage: usage.clone(), kind }];
            let user = UserId::Learner(learner);
            let commit = Commit { user, reads: vec![], writes: vec![], events, now_ms: clock() };
            self.store.commit(commit).await.unwrap();
        }
    }

    fn deliver(&self, consumers: Vec<Arc<dyn Consumer>>) -> Delivery {
        Delivery::start(self.store.clone(), consumers, clock, PACE)
    }

    /// Waits until the outbox is empty: everybody has everything.
    async fn emptied(&self) {
        while !self.store.undelivered("nobody", 0, 1).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    }
}

/// A receiver that can be out of order.
#[derive(Default)]
struct Receiver {
    down: AtomicBool,
    refused: AtomicBool,
    requests: Mutex<Vec<(HeaderMap, String)>>,
}

impl Receiver {
    async fn listen(self: &Arc<Self>) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", post(receive)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/")
    }

    fn events(&self) -> Vec<Value> {
        let requests = self.requests.lock().unwrap();
        let bodies = requests.iter().map(|(_, body)| serde_json::from_str::<Value>(body).unwrap());
        bodies.flat_map(|body| body["events"].as_array().unwrap().clone()).collect()
    }
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, Json<Value>) {
    if receiver.down.load(Ordering::SeqCst) {
        receiver.refused.store(true, Ordering::SeqCst);
        return (StatusCode::SERVICE_UNAVAILABLE, Json(Value::Null));
    }
    receiver.requests.lock().unwrap().push((headers, body));
    (StatusCode::OK, Json(Value::Null))
}

fn names(events: &[Value], learner: i64) -> Vec<String> {
    let own = events.iter().filter(|event| event["context"]["user_id"] == learner);
    own.map(|event| event["event_type"].as_str().unwrap().to_owned()).collect()
}

fn numbered(count: usize) -> impl Iterator<Item = String> + Clone {
    (0..count).map(|n| format!("event-{n}"))
}

#[tokio::test]
async fn a_webhook_that_was_down_gets_everything_in_order_when_it_is_back() {
    let platform = Platform::new().await;
    let receiver = Arc::new(Receiver { down: true.into(), ..Receiver::default() });
    let webhook = Webhook::new(&receiver.listen().await, b"key").unwrap();
    let _delivery = platform.deliver(vec![Arc::new(webhook)]);
    platform.publish(1, numbered(150)).await;
    platform.publish(2, numbered(5)).await;
    while !receiver.refused.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    receiver.down.store(false, Ordering::SeqCst);
    platform.emptied().await;
    let events = receiver.events();
    assert_eq!(names(&events, 1), numbered(150).collect::<Vec<_>>());
    assert_eq!(names(&events, 2), numbered(5).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_request_is_signed() {
    let platform = Platform::new().await;
    let receiver = Arc::new(Receiver::default());
    let webhook = Webhook::new(&receiver.listen().await, b"key").unwrap();
    platform.publish(1, numbered(1)).await;
    let _delivery = platform.deliver(vec![Arc::new(webhook)]);
    platform.emptied().await;
    let (headers, body) = receiver.requests.lock().unwrap()[0].clone();
    let timestamp = headers["blockhouse-timestamp"].to_str().unwrap();
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"key").unwrap();
    mac.update(format!("{timestamp}.{body}").as_bytes());
    let expected: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(headers["blockhouse-signature"], format!("sha256={expected}"));
}

#[tokio::test]
async fn a_consumer_that_is_down_does_not_keep_the_others_waiting() {
    let platform = Platform::new().await;
    let path = platform.directory.path().join("events.jsonl");
    let away = Webhook::new("http://127.0.0.1:1/", b"key").unwrap();
    let _delivery = platform.deliver(vec![Arc::new(away), Arc::new(JsonLines::new(path.clone()))]);
    platform.publish(1, numbered(3)).await;
    while !platform.store.undelivered("file", 0, 1).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let lines = std::fs::read_to_string(path).unwrap();
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(names(&events, 1), ["event-0", "event-1", "event-2"]);
    assert_eq!(platform.store.undelivered("webhook", 0, 10).await.unwrap().len(), 3, "nothing is lost");
}

#[tokio::test]
async fn a_file_that_was_renamed_goes_on_under_its_old_name() {
    let platform = Platform::new().await;
    let path = platform.directory.path().join("events.jsonl");
    let _delivery = platform.deliver(vec![Arc::new(JsonLines::new(path.clone()))]);
    platform.publish(1, ["before".to_owned()].into_iter()).await;
    platform.emptied().await;
    std::fs::rename(&path, path.with_extension("old")).unwrap();
    platform.publish(1, ["after".to_owned()].into_iter()).await;
    platform.emptied().await;
    let lines = std::fs::read_to_string(path).unwrap();
    assert!(lines.contains("after") && !lines.contains("before"), "{lines}");
}

#[tokio::test]
async fn two_hosts_deliver_each_event_once_while_both_are_well() {
    let platform = Platform::new().await;
    let path = platform.directory.path().join("events.jsonl");
    let file = || -> Vec<Arc<dyn Consumer>> { vec![Arc::new(JsonLines::new(path.clone()))] };
    let (_one, _two) = (platform.deliver(file()), platform.deliver(file()));
    platform.publish(1, numbered(50)).await;
    platform.emptied().await;
    let lines = std::fs::read_to_string(&path).unwrap();
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(names(&events, 1), numbered(50).collect::<Vec<_>>());
}

#[tokio::test]
async fn when_one_host_goes_the_other_takes_over() {
    let platform = Platform::new().await;
    let path = platform.directory.path().join("events.jsonl");
    let file = || -> Vec<Arc<dyn Consumer>> { vec![Arc::new(JsonLines::new(path.clone()))] };
    let one = platform.deliver(file());
    platform.publish(1, ["first".to_owned()].into_iter()).await;
    platform.emptied().await;
    let _two = platform.deliver(file());
    drop(one);
    platform.publish(1, ["second".to_owned()].into_iter()).await;
    platform.emptied().await;
    assert!(std::fs::read_to_string(path).unwrap().contains("second"));
}

#[test]
fn an_address_that_is_none_is_refused() {
    assert!(Webhook::new("not an address", b"key").is_err());
}
