//! The recorded handler calls and views of `tests/vectors/handlers.json`, or of the directory `BLOCKHOUSE_VECTORS`,
//! played against the same blocks written with this crate.
//!
//! Where the recording has an exception of the runtime for a handler that does not exist, there is an answer with
//! status 404 here (spec 2.9.2); where a block raised one, the call fails here.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use blockhouse_sdk::block::{Block, Fields, Handlers, StudentView};
use blockhouse_sdk::prelude::*;
use blockhouse_sdk::testing::TestHost;
use blockhouse_sdk::{Definition, FieldDeclaration, json_handler, serde_json};

/// The recorded class `H`.
#[derive(Fields)]
struct H {
    #[field(scope = user_state)]
    n: Field<i64>,
    #[field(scope = user_state)]
    log: Field<Vec<Value>>,
}

#[block(name = "h", display_name = "H")]
impl H {
    fn student_view(&self) -> Result<Fragment> {
        Fragment::new(format!("<p>{}</p>", self.n)).init("H").init_args(json!({ "n": *self.n }))
    }

    fn public_view(&mut self) -> Result<Fragment> {
        *self.n += 10;
        Ok(Fragment::new("public"))
    }

    #[handler]
    fn echo(&self, request: &Request) -> Result<Response> {
        json_handler(request, |data: Value| Ok(json!({ "data": data, "suffix": request.suffix })))
    }

    #[handler]
    fn nothing(&self, _data: Value) -> Result<()> {
        Ok(())
    }

    #[handler]
    fn fail(&mut self, _data: Value) -> Result<()> {
        *self.n = 5;
        Err(Error::failure("an error that cannot be made"))
    }

    #[handler]
    fn boom(&mut self, _data: Value) -> Result<()> {
        *self.n = 5;
        Err(Error::failure("boom"))
    }

    #[handler]
    fn bump(&mut self, data: Value) -> Result<(i64, Vec<Value>)> {
        *self.n += 1;
        self.log.push(data);
        Ok((*self.n, self.log.clone()))
    }

    /// JSON has no keys but texts.
    #[handler]
    fn unserialisable(&self, _data: Value) -> Result<BTreeMap<Vec<u8>, ()>> {
        Ok(BTreeMap::from([(vec![1], ())]))
    }

    #[handler]
    fn raw(&self, request: &Request) -> Result<Response> {
        let reversed: Vec<u8> = request.body.iter().rev().copied().collect();
        Ok(Response::new("text/plain", reversed).with_status(201))
    }
}

/// The recorded class `HF`: `H` with a handler for every other name. A block that wants one implements [`Handlers`].
struct WithFallback(H);

impl Fields for WithFallback {
    fn declarations() -> Vec<FieldDeclaration> {
        H::declarations()
    }

    fn load() -> Self {
        Self(H::load())
    }

    fn save(&mut self) -> Result<()> {
        self.0.save()
    }
}

impl Block for WithFallback {
    fn definition() -> Definition {
        H::definition()
    }
}

impl StudentView for WithFallback {
    fn render(&mut self, context: &str) -> Result<Fragment> {
        StudentView::render(&mut self.0, context)
    }
}

impl Handlers for WithFallback {
    fn handle(&mut self, name: &str, request: &Request) -> Result<Response> {
        match self.0.handle(name, request)? {
            response if response.status == 404 => {
                Ok(Response::new("text/html", format!("fb:{name}:{}", request.suffix)))
            }
            response => Ok(response),
        }
    }
}

fn recorded(part: &str) -> Vec<Value> {
    let own = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors"));
    let directory = std::env::var_os("BLOCKHOUSE_VECTORS").map_or_else(own, PathBuf::from);
    let file: Value =
        serde_json::from_slice(&std::fs::read(directory.join("handlers.json")).unwrap()).unwrap();
    file[part].as_array().cloned().unwrap()
}

fn text(row: &Value, member: &str) -> String {
    row[member].as_str().unwrap_or_else(|| panic!("{member} of {row} is text")).to_owned()
}

/// The fields that a call stored.
fn stored<B: Block>(host: &mut TestHost<B>) -> Value {
    host.take_writes().into_iter().map(|write| (write.field, write.value.unwrap_or_default())).collect()
}

/// Calls as the row says, and compares answer and state.
fn call<B: Handlers>(row: &Value) {
    let request = Request {
        method: text(row, "method"),
        suffix: text(row, "suffix"),
        body: text(row, "body").into(),
        ..Request::default()
    };
    let mut host = TestHost::<B>::new();
    let answer = host.learner("alice").try_request(&text(row, "handler"), request);
    let out = &row["out"];
    assert_eq!(stored(&mut host), out["stored"], "{row}");
    match (out["err"].as_str(), answer) {
        (Some("NoSuchHandlerError"), Ok(response)) => assert_eq!(response.status, 404, "{row}"),
        (Some(_), Err(_)) => {}
        (None, Ok(response)) => {
            let (media_type, body) = (text(out, "content_type"), text(out, "body"));
            assert_eq!(Value::from(response.status), out["status"], "{row}");
            let ours = response.header("content-type").and_then(|value| value.split(';').next());
            assert_eq!(ours, Some(media_type.as_str()), "{row}");
            if media_type == "application/json" {
                assert_eq!(response.body_json(), serde_json::from_str::<Value>(&body).unwrap(), "{row}");
            } else {
                assert_eq!(String::from_utf8_lossy(&response.body), body, "{row}");
            }
        }
        (_, answer) => panic!("{answer:?} for {row}"),
    }
}

#[test]
fn golden_handler_calls_are_answered_as_recorded() {
    let rows = recorded("handlers");
    assert!(!rows.is_empty());
    for row in &rows {
        match row["class"].as_str() {
            Some("H") => call::<H>(row),
            Some("HF") => call::<WithFallback>(row),
            other => panic!("the vectors name a class {other:?}"),
        }
    }
}

/// The wrapper around a fragment is the host's, and tested there.
#[test]
fn golden_views_show_and_store_what_is_recorded() {
    let mut compared = 0;
    // The views of `HF` are those of `H`, except for its fallback.
    for row in recorded("views").iter().filter(|row| row["class"] == "H") {
        let mut host = TestHost::<H>::new();
        let visitor = host.learner("alice");
        let fragment = match row["view"].as_str() {
            Some("student_view") => visitor.student_view(),
            Some("public_view") => visitor.public_view(),
            // Any other name is no view: a block has those that the contract has an interface for.
            _ => continue,
        };
        let content = text(&row["out"], "content");
        assert!(content.contains(&format!(">{}<", fragment.content)), "{row}");
        assert_eq!(content.contains("data-init='H'"), fragment.init_function.is_some(), "{row}");
        let arguments = fragment.init_arguments.map_or("".to_owned(), |json| json.to_string());
        assert!(content.replace("\": ", "\":").contains(&arguments), "{row}");
        assert_eq!(stored(&mut host), row["stored"], "{row}");
        compared += 1;
    }
    assert_eq!(compared, 2);
}
