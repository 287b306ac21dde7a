//! The recorded sessions of `tests/vectors/block_sessions.json`. Shared by the tests of blocks.

use blockhouse_sdk::block::Block;
use blockhouse_sdk::serde_json::{self, Value};
use blockhouse_sdk::testing::TestHost;

/// The recorded session of this name.
pub fn session(name: &str) -> Value {
    let directory = std::env::var("BLOCKHOUSE_VECTORS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors").to_owned());
    let text = std::fs::read_to_string(format!("{directory}/block_sessions.json")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let sessions = file["sessions"].as_array().unwrap();
    sessions.iter().find(|session| session["name"] == name).unwrap().clone()
}

/// A host at the recorded usage, with the fields that the recording set beforehand.
pub fn host<B: Block>(session: &Value) -> TestHost<B> {
    let mut host = TestHost::new();
    host.at(session["block"].as_str().unwrap(), "lib:TestX:lib1");
    for (key, value) in session["authored_fields"].as_object().unwrap() {
        host.author(key.rsplit('|').next().unwrap(), value);
    }
    host
}
