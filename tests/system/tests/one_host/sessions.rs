//! The recorded sessions of `tests/vectors/block_sessions.json` whose block exists here, replayed over HTTP: an author
//! makes the block in a library, learners and visitors call it at the addresses that the server gives.
//!
//! What differs from the recording, and why: the recording kept everybody's state in one dictionary, so that visitors'
//! answers are compared by their status only; a recorded exception is an answer of 4xx or words for the learner here;
//! long HTML was masked when it was recorded, and ours is our own.

use axum::body::Body;
use axum::http::Request;
use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;
use blockhouse_state::BlockRef;
use blockhouse_system_tests::{Browser, Host, Reply, Site, handler_url, project};
use serde_json::{Value, json};

const LIBRARIES: &str = "/api/libraries/v2/";
const BLOCKS: &str = "/api/xblock/v2/xblocks/";

/// What the recording stored at once and ours stores when the learner has done something (spec row 208); and the moment,
/// which is its own in each run.
const NOT_COMPARED: [&str; 4] = ["input_state", "seed", "score", "last_submission_time"];

/// A session on its way.
struct Session<'s> {
    host: &'s Host,
    site: &'s Site,
    ann: Browser<'s>,
    usage: UsageKey,
}

fn sessions() -> Vec<Value> {
    let directory =
        std::env::var("BLOCKHOUSE_VECTORS").map_or_else(|_| project().join("tests/vectors"), Into::into);
    let text = std::fs::read_to_string(directory.join("block_sessions.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    file["sessions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn golden_recorded_sessions_are_replayed_over_http() {
    let mut replayed = Vec::new();
    for recorded in sessions() {
        let usage: UsageKey = recorded["block"].as_str().unwrap().parse().unwrap();
        let host = Host::with_unit("<html/>").await;
        if !host.runtime.installed().iter().any(|definition| definition.name == usage.block_type()) {
            continue;
        }
        let site = host.site();
        let session = Session { host: &host, site: &site, ann: site.browser("ann").await, usage };
        session.begin(&recorded).await;
        for row in recorded["steps"].as_array().unwrap() {
            session.step(row).await;
        }
        replayed.push(recorded["name"].clone());
    }
    assert!(replayed.len() >= 5, "{replayed:?}");
}

impl Session<'_> {
    /// A library with the block in it, as it was authored.
    async fn begin(&self, recorded: &Value) {
        let UsageKey::Library(usage) = &self.usage else {
            unreachable!("the recordings were made in libraries")
        };
        let library = usage.library_key();
        let new = json!({ "org": library.org(), "slug": library.slug(), "title": "Recorded", "description": "", "allow_public_learning": true });
        self.ann.json("POST", LIBRARIES, new).await.good();
        let block = json!({ "block_type": usage.block_type(), "definition_id": usage.block_id() });
        self.ann.json("POST", &format!("{LIBRARIES}{library}/blocks/"), block).await.good();
        let authored = recorded["authored_fields"].as_object().unwrap();
        let authored = || authored.iter().map(|(key, value)| (key.rsplit('|').next().unwrap(), value));
        match self.usage.block_type() {
            "problem" => self.write_problem(authored()).await,
            _ => self.author(authored()).await,
        }
    }

    /// A problem is its OLX, so that is what its author writes: the recorded element, with the settings as attributes.
    async fn write_problem(&self, fields: impl Iterator<Item = (&str, &Value)>) {
        let (mut olx, mut attributes) = (String::new(), String::new());
        for (name, value) in fields {
            match (name, value.as_str()) {
                ("data", text) => olx = text.unwrap().to_owned(),
                (name, Some(text)) => attributes.push_str(&format!(" {name}=\"{text}\"")),
                (name, None) => attributes.push_str(&format!(" {name}=\"{value}\"")),
            }
        }
        // The recording read no field from the element.
        let olx = olx.replacen("<problem display_name=\"MC\"", &format!("<problem{attributes}"), 1);
        let path = format!("{LIBRARIES}blocks/{}/olx/", self.usage);
        self.ann.json("POST", &path, json!({ "olx": olx })).await.good();
        self.publish().await;
    }

    async fn publish(&self) {
        let library = self.usage.context_key();
        self.ann.ask("POST", &format!("{LIBRARIES}{library}/commit/")).await.good();
    }

    /// An author's edit, and its publication.
    async fn author(&self, fields: impl Iterator<Item = (&str, &Value)>) {
        let (mut data, mut metadata) = (Value::Null, json!({}));
        for (name, value) in fields {
            match name {
                "data" => data = value.clone(),
                name => metadata[name] = value.clone(),
            }
        }
        let changes = json!({ "data": data, "metadata": metadata });
        self.ann.json("POST", &format!("{BLOCKS}{}/fields/", self.usage), changes).await.good();
        self.publish().await;
    }

    async fn step(&self, row: &Value) {
        let step = &row["step"];
        if let Some(fields) = step["set"].as_object() {
            self.author(fields.iter().map(|(name, value)| (name.as_str(), value))).await;
        } else if let Some(handler) = step["handler"].as_str() {
            self.compare(row, &self.call(handler, step).await).await;
        } else if let Some(view) = step["view"].as_str() {
            let reply = self.alice().await.get(&format!("{BLOCKS}{}/view/{view}/", self.usage)).await;
            assert_eq!(reply.status.is_success(), row["result"].is_object(), "{step}: {}", reply.text());
        } else if let Some(what @ ("student_view_data" | "index_dictionary")) = step["call"].as_str() {
            if row["result"]["enabled"] == false {
                // Switched off on the platform of the recording.
                return;
            }
            let path = format!("{BLOCKS}{}/?include={what}", self.usage);
            assert_like(&row["result"], &self.alice().await.get(&path).await.good()[what], step);
        }
    }

    /// The first learner of the recordings.
    async fn alice(&self) -> Browser<'_> {
        self.site.browser("alice").await
    }

    async fn call(&self, handler: &str, step: &Value) -> Reply {
        let address = handler_url(&user(step), &self.usage, handler);
        let (kind, body) = match (&step["raw"], &step["form"], &step["json"]) {
            (Value::String(raw), ..) => ("text/plain", raw.clone()),
            (_, Value::Object(form), _) => {
                let pairs = form.iter().map(|(name, value)| (name, value.as_str().unwrap()));
                let body = pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
                ("application/x-www-form-urlencoded", body)
            }
            (.., Value::Null) => ("application/json", String::new()),
            (.., json) => ("application/json", json.to_string()),
        };
        let request = Request::builder()
            .method(step["method"].as_str().unwrap_or("POST"))
            .uri(format!("{address}{}", step["suffix"].as_str().unwrap_or_default().replace(' ', "%20")))
            .header("content-type", kind)
            .body(Body::from(body));
        self.site.stranger().send(request.unwrap()).await
    }

    async fn compare(&self, row: &Value, reply: &Reply) {
        let step = &row["step"];
        let visitor = matches!(user(step), UserId::Anonymous(_));
        if row["exception"].is_object() {
            let explained = reply.value()["success"].is_string();
            assert!(reply.status.is_client_error() || explained, "{step}: {} {}", reply.status, reply.text());
            return;
        }
        assert_eq!(Value::from(reply.status.as_u16()), row["result"]["status"], "{step}: {}", reply.text());
        if visitor {
            return;
        }
        match row["result"]["text"].as_str() {
            Some(text) => assert_eq!(reply.text(), text, "{step}"),
            None => assert_like(&row["result"]["json"], &reply.value(), step),
        }
        for (place, value) in row["store_changes"].as_object().unwrap() {
            let field = place.rsplit('|').next().unwrap();
            if !NOT_COMPARED.contains(&field) {
                assert_like(value, &self.stored(&user(step), field).await, step);
            }
        }
        for event in row["published"].as_array().unwrap() {
            self.published(&user(step), event).await;
        }
    }

    /// A field's value in the learners' store.
    async fn stored(&self, user: &UserId, field: &str) -> Value {
        let block = BlockRef::whole(self.usage.clone(), vec![field.into()]);
        let snapshot = self.host.runtime.learners().load(user, &[block]).await.unwrap();
        let is_it = |key: &&StoreKey| match key {
            StoreKey::UserState(_, _, name)
            | StoreKey::UserStateSummary(_, name)
            | StoreKey::Preferences(_, _, name)
            | StoreKey::UserInfo(_, name) => **name == *field,
            StoreKey::Receipts(..) | StoreKey::File(..) => false,
        };
        let value = snapshot.values.keys().find(is_it).map(|key| &snapshot.values[key]);
        value.map_or(Value::Null, |stored| serde_json::from_str(&stored.json).unwrap())
    }

    /// What a grade and a completion leave behind.
    async fn published(&self, user: &UserId, event: &Value) {
        let learners = self.host.runtime.learners();
        match event["type"].as_str() {
            Some("grade") => {
                let score = learners.record(user, &self.usage).await.unwrap().unwrap().score.unwrap();
                assert_like(&event["data"]["value"], &json!(score.earned), event);
                assert_like(&event["data"]["max_value"], &json!(score.possible), event);
            }
            Some("completion") => {
                let completion = learners.completion(user, &self.usage).await.unwrap().unwrap();
                assert_like(&event["data"]["completion"], &json!(completion.fraction), event);
            }
            _ => {}
        }
    }
}

fn user(step: &Value) -> UserId {
    match &step["user"] {
        Value::String(anonymous) => UserId::Anonymous(anonymous.as_str().into()),
        number => UserId::Learner(number.as_i64().unwrap()),
    }
}

/// Equal, but that `1` and `1.0` are one number, that a text with HTML in it is compared with any text, and that a score
/// was recorded as a pair.
fn assert_like(recorded: &Value, ours: &Value, what: &Value) {
    match (recorded, ours) {
        (Value::String(text), Value::String(_)) if text.contains('<') => {}
        (Value::Number(one), Value::Number(other)) => assert_eq!(one.as_f64(), other.as_f64(), "{what}"),
        (Value::Array(pair), Value::Object(score)) if pair.len() == 2 && score.contains_key("raw_earned") => {
            assert_like(&pair[0], &score["raw_earned"], what);
            assert_like(&pair[1], &score["raw_possible"], what);
        }
        (Value::Array(ones), Value::Array(others)) if ones.len() == others.len() => {
            ones.iter().zip(others).for_each(|(one, other)| assert_like(one, other, what));
        }
        (Value::Object(ones), Value::Object(others)) => {
            for (name, one) in ones {
                assert_like(one, others.get(name).unwrap_or(&Value::Null), what);
            }
        }
        _ => assert_eq!(recorded, ours, "{what}"),
    }
}
