//! Repeats the handler calls of a recorded session and compares what comes of them. Shared by the tests of blocks.
//!
//! A recorded exception is a refusal here: an answer of 4xx that stores and publishes nothing.

use std::collections::BTreeMap;

use blockhouse_sdk::block::Handlers;
use blockhouse_sdk::serde_json::{Value, json};
use blockhouse_sdk::testing::TestHost;
use blockhouse_sdk::{Request, Response};

/// Repeats a handler call or an author's edit, and compares answer, stored values and events. Says whether it was one.
pub fn repeat<B: Handlers>(host: &mut TestHost<B>, row: &Value) -> bool {
    let step = &row["step"];
    if let Some(fields) = step["set"].as_object() {
        fields.iter().for_each(|(field, value)| _ = host.author(field, value));
        return true;
    }
    let Some(handler) = step["handler"].as_str() else {
        return false;
    };
    let response = call(host, handler, step);
    if row["exception"].is_object() {
        assert!((400..500).contains(&response.status), "{step}: {}", response.status);
    } else {
        assert_eq!(Value::from(response.status), row["result"]["status"], "{step}");
        assert_eq!(response.body_json(), row["result"]["json"], "{step}");
    }
    assert_eq!(stored(host), row["store_changes"], "{step}");
    assert_eq!(
        published(host),
        row["published"].as_array().unwrap().iter().map(event).collect::<Vec<_>>(),
        "{step}"
    );
    true
}

fn call<B: Handlers>(host: &mut TestHost<B>, handler: &str, step: &Value) -> Response {
    let body = match (&step["raw"], &step["json"]) {
        (Value::String(raw), _) => raw.clone(),
        (_, Value::Null) => String::new(),
        (_, json) => json.to_string(),
    };
    let request = Request {
        method: step["method"].as_str().unwrap_or("POST").to_owned(),
        body: body.into_bytes(),
        ..Request::default()
    };
    match &step["user"] {
        Value::String(anonymous) => host.anonymous(anonymous).request(handler, request),
        learner => host.learner(&learner.to_string()).request(handler, request),
    }
}

/// What the call stored, in the form of the recording: `scope|user=…|block=…|field` to value.
fn stored<B: Handlers>(host: &mut TestHost<B>) -> Value {
    let key = host.usage_key().to_owned();
    let writes = host.take_writes().into_iter();
    let last: BTreeMap<String, Value> = writes
        .map(|write| {
            let place = format!("{}|user={}|block={key}|{}", write.scope, write.user, write.field);
            (place, write.value.unwrap_or_default())
        })
        .collect();
    json!(last)
}

fn published<B: Handlers>(host: &mut TestHost<B>) -> Vec<(String, String, Value)> {
    host.take_events().into_iter().map(|event| (event.user, event.name, event.data)).collect()
}

fn event(recorded: &Value) -> (String, String, Value) {
    let name = recorded["type"].as_str().unwrap().to_owned();
    (recorded["user"].to_string(), name, recorded["data"].clone())
}
