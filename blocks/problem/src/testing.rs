//! What the tests share: the recorded vectors, and how recorded values are compared.

use serde_json::Value as Json;

/// The vectors of `file`: those of the directory `BLOCKHOUSE_VECTORS` where it is set, else the repository's own.
pub(crate) fn vectors(file: &str) -> Json {
    let directory = std::env::var("BLOCKHOUSE_VECTORS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors").to_owned());
    let path = format!("{directory}/{file}");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path} is not JSON: {error}"))
}

/// Whether two values are the same, where 1 and 1.0 are, and where `{"$t": "float"}` stands for its number.
pub(crate) fn same(a: &Json, b: &Json) -> bool {
    match (untagged(a), untagged(b)) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

fn untagged(value: &Json) -> Json {
    match (value["$t"].as_str(), value["v"].as_str()) {
        (Some("float"), Some(text)) => text.parse::<f64>().map(Json::from).unwrap_or_default(),
        _ => value.clone(),
    }
}
