//! Makes components of the hand-written guests. Which interfaces a guest imports and exports is read from its text, so
//! the world that describes it has just those.

#![allow(dead_code, reason = "each test binary uses another part")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a guest that cannot be made fails the test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use blockhouse_fields::BlockDefinition;
use blockhouse_sandbox::Package;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const DEFINITION: &str = r#"{"name":"guest","version":"1.0.0","display_name":"Guest","fields":[{"name":"note","type":"string","scope":"user_state"}]}"#;

/// Where the name of an interface starts in a guest's text: one of the contract, or of WASI.
const INTERFACES: [&str; 2] = ["\"blockhouse:block/", "\"wasi:"];

/// What of WASI guests import.
const WASI: [(&str, &str); 3] = [
    ("io", "package wasi:io@0.2.0; interface streams { resource output-stream; }"),
    (
        "cli",
        "package wasi:cli@0.2.0; interface stdout {
             use wasi:io/streams@0.2.0.{output-stream};
             get-stdout: func() -> output-stream;
         }",
    ),
    (
        "random",
        "package wasi:random@0.2.0; interface random { get-random-bytes: func(len: u64) -> list<u8>; }",
    ),
];

/// The package of `tests/guests/NAME.wat`.
pub fn package(name: &str) -> Package {
    package_of(&text(name))
}

/// The package of a guest that is given as text.
pub fn package_of(body: &str) -> Package {
    let definition: BlockDefinition = serde_json::from_str(DEFINITION).unwrap();
    Package::new(definition, Arc::from(component(body)), BTreeMap::new())
}

/// The package of `tests/guests/NAME.wat`, whose definition asks for capabilities.
pub fn asking(name: &str, capabilities: &[&str]) -> Package {
    asking_of(&text(name), capabilities)
}

/// The package of a guest that is given as text, whose definition asks for capabilities.
pub fn asking_of(body: &str, capabilities: &[&str]) -> Package {
    let mut definition: serde_json::Value = serde_json::from_str(DEFINITION).unwrap();
    definition["capabilities"] = capabilities.into();
    saying_of(body, &definition)
}

/// The package of `tests/guests/NAME.wat`, which says this of itself.
pub fn saying(name: &str, definition: &serde_json::Value) -> Package {
    saying_of(&text(name), definition)
}

/// The package of `tests/guests/NAME.wat` as a block type of that name, which sets its field `note` before anything else.
pub fn writing_first(name: &str) -> Package {
    saying_of(&text_writing_first(&text(name)), &definition_named(name))
}

fn definition_named(name: &str) -> serde_json::Value {
    let mut definition: serde_json::Value = serde_json::from_str(DEFINITION).unwrap();
    definition["name"] = name.into();
    definition
}

fn text_writing_first(body: &str) -> String {
    const VIEW: &str = "(export \"blockhouse:block/student-view@1.0.0#render\")";
    const HANDLER: &str = "(export \"blockhouse:block/handlers@1.0.0#handle\")";
    let import = match body.contains("(func $set ") {
        true => "",
        false => r#"(import "blockhouse:block/fields@1.0.0" "set" (func $set (param i32 i32 i32 i32 i32)))"#,
    };
    let mut text = format!("{import} {body}");
    for (export, attack, params) in [(VIEW, "$view", 2), (HANDLER, "$handler", 12)] {
        if !body.contains(export) {
            continue;
        }
        let given: String = (0..params).map(|param| format!("(local.get {param})")).collect();
        text = text.replace(export, attack)
            + &format!(
                r#"(func {export} (param {}) (result i32)
                  (call $set (i32.const 1000) (i32.const 4) (i32.const 1008) (i32.const 3) (i32.const 2048))
                  (call {attack} {given}))"#,
                "i32 ".repeat(params)
            );
    }
    text + r#"(data (memory $memory) (i32.const 1000) "note") (data (memory $memory) (i32.const 1008) "\"1\"")"#
}

fn saying_of(body: &str, definition: &serde_json::Value) -> Package {
    let definition = definition.to_string();
    let component = component_saying(body, &definition);
    Package::new(serde_json::from_str(&definition).unwrap(), Arc::from(component), BTreeMap::new())
}

/// The same guest as another version: it says so of itself, and shows `shown` where it showed `hello`.
pub fn version(name: &str, version: &str, shown: &str) -> Package {
    let package = described(&package(name), "1.0.0", version);
    let component = replaced(&package.component, "hello", shown);
    Package::new(package.definition, Arc::from(component), package.public)
}

/// The same guest with another text in what it says of itself.
pub fn described(package: &Package, from: &str, to: &str) -> Package {
    let definition = DEFINITION.replace(from, to);
    let component = replaced(&package.component, DEFINITION, &definition);
    Package::new(serde_json::from_str(&definition).unwrap(), Arc::from(component), package.public.clone())
}

/// A text is replaced where it stands, so the new one is as long.
fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
    [&bytes[..at], to.as_bytes(), &bytes[at + to.len()..]].concat()
}

pub fn component(body: &str) -> Vec<u8> {
    component_saying(body, DEFINITION)
}

fn component_saying(body: &str, definition: &str) -> Vec<u8> {
    let mut module = wat::parse_str(format!("(module {body} {})", prelude(body, definition))).unwrap();
    let mut resolve = Resolve::default();
    resolve.push_dir(root().join("wit")).unwrap();
    for (name, text) in WASI {
        resolve.push_str(name, text).unwrap();
    }
    let package = resolve.push_str("guest.wit", &world(body)).unwrap();
    let world = resolve.select_world(&[package], Some("guest")).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().validate(true).encode().unwrap()
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join("tests/guests").join(name).with_extension("wat")).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `"blockhouse:block/clock@1.0.0"` is an import, `"blockhouse:block/olx@1.0.0#parse"` an export.
fn world(body: &str) -> String {
    let mut items = BTreeSet::from(["export blockhouse:block/definition@1.0.0;".to_owned()]);
    for (start, _) in INTERFACES.iter().flat_map(|interface| body.match_indices(interface)) {
        let name = body[start + 1..].split('"').next().unwrap();
        items.insert(match name.split_once('#') {
            Some((interface, _)) => format!("export {interface};"),
            None => format!("import {name};"),
        });
    }
    let items: Vec<_> = items.into_iter().collect();
    format!("package test:guest; world guest {{ {} }}", items.join(" "))
}

/// Comes after the guest's own text, where imports have to stand first. A guest may bring any part of it itself.
fn prelude(body: &str, definition: &str) -> String {
    let mut text = "(memory $memory (export \"memory\") 1)".to_owned();
    if !body.contains("#describe") {
        let quoted = definition.replace('"', "\\\"");
        let length = definition.len();
        text += &format!(
            r#"(data (memory $memory) (i32.const 30000) "{quoted}")
            (func (export "blockhouse:block/definition@1.0.0#describe") (result i32)
              (i32.store $memory (i32.const 29992) (i32.const 30000))
              (i32.store $memory (i32.const 29996) (i32.const {length}))
              (i32.const 29992))"#
        );
    }
    if !body.contains("cabi_realloc") {
        text += r#"
            (global $heap (mut i32) (i32.const 32768))
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
              (local $start i32)
              (local.set $start (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
              (global.set $heap (i32.add (local.get $start) (local.get 3)))
              (block $fits
                (br_if $fits (i32.le_u (global.get $heap) (i32.shl (memory.size $memory) (i32.const 16))))
                (drop (memory.grow $memory (i32.add (i32.const 1) (i32.shr_u (local.get 3) (i32.const 16))))))
              (local.get $start))"#;
    }
    text
}
