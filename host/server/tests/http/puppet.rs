//! What no compiler would write, at the boundary between a block and its host: a guest that calls whatever functions of
//! the contract its caller says, with whatever arguments. Whatever it does, the host does not fail itself, takes little
//! time and memory, keeps nothing of a call that broke off, and serves the next one. `PROPTEST_CASES` says how many
//! scripts are tried; `scripts/fuzz` tries them for as long as one wants.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::support::{Answer, House, block, guest};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use blockhouse_fields::UserId;
use blockhouse_runtime::{Granted, Policy};
use blockhouse_sandbox::Limits;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use tokio::runtime::Runtime;

/// What an argument of a core function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Where a text or a list begins, and its length.
    Text,
    /// A number, or the case of an enumeration.
    Number,
    Real,
    /// Where the answer goes.
    Answer,
}

use Kind::{Answer as R, Number as N, Real as F, Text as T};

/// The functions of the contract, as the canonical ABI has them: interface, name, arguments, and what they return.
const FUNCTIONS: [(&str, &str, &[Kind], &str); 33] = [
    ("fields", "get", &[T, R], ""),
    ("fields", "set", &[T, T, R], ""),
    ("fields", "delete", &[T, R], ""),
    ("usage", "key", &[R], ""),
    ("usage", "context-key", &[R], ""),
    ("usage", "children", &[R], ""),
    ("usage", "parent", &[R], ""),
    ("usage", "siblings", &[R], ""),
    ("usage", "authored-field", &[T, T, R], ""),
    ("usage", "render-child", &[T, R], ""),
    ("usage", "handler-url", &[T, R], ""),
    ("usage", "resource-url", &[T, R], ""),
    ("usage", "static-url", &[T, R], ""),
    ("files", "read", &[T, R], ""),
    ("user", "kind", &[], "i32"),
    ("user", "anonymous-student-id", &[R], ""),
    ("user-details", "display-name", &[R], ""),
    ("user-details", "username", &[R], ""),
    ("user-details", "email", &[R], ""),
    ("secrets", "get", &[T, R], ""),
    ("http", "send", &[N, T, T, T, R], ""),
    ("publish", "grade", &[F, F, N, R], ""),
    ("publish", "completion", &[F, R], ""),
    ("publish", "event", &[T, T, R], ""),
    ("log", "write", &[N, T], ""),
    ("clock", "now", &[], "i64"),
    ("random", "u64", &[], "i64"),
    ("i18n", "locale", &[R], ""),
    ("i18n", "text", &[T, T, R], ""),
    ("storage", "kept-files", &[N, R], ""),
    ("storage", "read", &[N, T, R], ""),
    ("storage", "write", &[N, T, T, R], ""),
    ("storage", "delete", &[N, T, R], ""),
];

/// What stands in the guest's memory, from 4096 on.
const TEXTS: [&str; 9] = [
    "note",
    "\"a text\"",
    "{\"a\":[1,2,null]}",
    "null",
    "guest",
    "block-v1:Test+Http+1+type@guest+block@one",
    "https://api.example.org/",
    "\u{0}",
    "1e999",
];

const START: usize = 4096;

/// Where a text stands.
fn text(index: usize) -> (i32, i32) {
    let at = START + TEXTS[..index].iter().map(|text| text.len()).sum::<usize>();
    (at as i32, TEXTS[index].len() as i32)
}

impl Kind {
    /// The types of its core arguments, each with its size in a script.
    fn types(self) -> &'static [(&'static str, usize)] {
        match self {
            Self::Text => &[("i32", 4), ("i32", 4)],
            Self::Number | Self::Answer => &[("i32", 4)],
            Self::Real => &[("f64", 8)],
        }
    }

    /// An argument as it may be, or as it should not.
    fn argument(self) -> BoxedStrategy<Vec<u8>> {
        let pair = |(at, length): (i32, i32)| [at.to_le_bytes(), length.to_le_bytes()].concat();
        let number =
            prop_oneof![0..6_i32, select(vec![-1, i32::MAX, i32::MIN, 65_535, 65_536, 4096]), any::<i32>(),];
        match self {
            Self::Text => prop_oneof![
                8 => (0..TEXTS.len()).prop_map(move |index| pair(text(index))),
                1 => (0..65_536_i32, 0..70_000_i32).prop_map(pair),
                1 => (any::<i32>(), any::<i32>()).prop_map(pair),
            ]
            .boxed(),
            Self::Number => number.prop_map(|number| number.to_le_bytes().to_vec()).boxed(),
            Self::Answer => prop_oneof![12 => Just(2048), 1 => number]
                .prop_map(|number| number.to_le_bytes().to_vec())
                .boxed(),
            Self::Real => prop_oneof![select(vec![0.0, 1.0, -1.0, f64::NAN, f64::INFINITY]), any::<f64>()]
                .prop_map(|real| real.to_le_bytes().to_vec())
                .boxed(),
        }
    }
}

/// Calls, as many as a body has room for.
fn script() -> impl Strategy<Value = Vec<u8>> {
    let call = (0..FUNCTIONS.len()).prop_flat_map(|function| {
        let arguments: Vec<_> = FUNCTIONS[function].2.iter().map(|kind| kind.argument()).collect();
        arguments.prop_map(move |arguments| [vec![function as u8], arguments.concat()].concat())
    });
    vec(call, 0..24).prop_map(|calls| calls.concat())
}

/// The guest: its handler runs the body, its view nothing.
fn puppet() -> String {
    let mut text = String::new();
    for (index, (interface, name, arguments, returned)) in FUNCTIONS.iter().enumerate() {
        let types = arguments.iter().flat_map(|kind| kind.types());
        let types: Vec<_> = types.map(|(name, _)| *name).collect();
        writeln!(
            text,
            "(import \"blockhouse:block/{interface}@1.0.0\" \"{name}\" (func $f{index} (param {}) (result {returned})))",
            types.join(" ")
        )
        .unwrap();
    }
    let quoted: String = TEXTS.concat().bytes().map(|byte| format!("\\{byte:02x}")).collect();
    let quoted = quoted.replace('\n', "");
    writeln!(text, "(data (i32.const {START}) \"{quoted}\")").unwrap();
    text += r#"
        (func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
          (i32.const 3000))
        (func (export "blockhouse:block/handlers@1.0.0#handle")
          (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (param $at i32) (param $length i32) (result i32)
          (local $end i32) (local $call i32)
          (local.set $end (i32.add (local.get $at) (local.get $length)))
          (loop $next
            (if (i32.lt_u (local.get $at) (local.get $end))
              (then
                (local.set $call (i32.load8_u (local.get $at)))
                (local.set $at (i32.add (local.get $at) (i32.const 1)))"#;
    for (index, (_, _, arguments, returned)) in FUNCTIONS.iter().enumerate() {
        let (mut loads, mut offset) = (String::new(), 0);
        for (name, size) in arguments.iter().flat_map(|kind| kind.types()) {
            write!(loads, "({name}.load offset={offset} (local.get $at))").unwrap();
            offset += size;
        }
        let call = format!("(call $f{index} {loads})");
        let call = if returned.is_empty() { call } else { format!("(drop {call})") };
        write!(
            text,
            "(if (i32.eq (local.get $call) (i32.const {index}))
               (then {call} (local.set $at (i32.add (local.get $at) (i32.const {offset}))) (br $next)))"
        )
        .unwrap();
    }
    text += "(br $next))))
          (i32.store16 (i32.const 3004) (i32.const 200))
          ;; An answer that was written here is no answer.
          (i32.store (i32.const 3000) (i32.const 0))
          (i64.store (i32.const 3008) (i64.const 0))
          (i64.store (i32.const 3016) (i64.const 0))
          (i32.const 3000))";
    text
}

async fn run(house: &House, learner: i64, script: &[u8]) -> Answer {
    let path = house.handler(&UserId::Learner(learner), &block(), "run");
    house.send(Request::post(path).body(Body::from(script.to_vec())).unwrap()).await
}

/// All that the learner has in the block: fields, score and files.
async fn state(house: &House) -> [Value; 4] {
    let path = format!("/api/admin/learners/1/blocks/{}", block());
    let shown = house.operate(Method::GET, &path, None).await.json();
    ["state", "grade", "max_grade", "files"].map(|part| shown[part].clone())
}

/// The most that a call may take of the host's own memory: twice what the calls of a script can hand over together.
const HOST_MEMORY: u64 = 4 << 20;

fn whatever_a_guest_does(
    thread: &Runtime,
    house: &House,
    digest: &str,
    script: &[u8],
) -> Result<(), TestCaseError> {
    let (before, began) = (thread.block_on(state(house)), Instant::now());
    let mut answer = None;
    let memory = allocation_counter::measure(|| answer = Some(thread.block_on(run(house, 1, script))));
    let answer = answer.unwrap();
    prop_assert!(began.elapsed() < Duration::from_secs(5), "it took {:?}", began.elapsed());
    prop_assert!(memory.bytes_max < HOST_MEMORY, "the host took {} bytes", memory.bytes_max);
    if answer.status != StatusCode::OK {
        prop_assert!(!answer.body.contains("something went wrong here"), "the host failed: {}", answer.body);
        let after = thread.block_on(state(house));
        prop_assert_eq!(after, before, "a call that broke off left something behind");
        // So many failures would set it aside.
        let named = serde_json::json!({ "block_type": "guest", "digest": digest });
        let released = thread.block_on(house.operate(Method::POST, "/api/admin/blocks/release", Some(named)));
        prop_assert_eq!(released.status, StatusCode::OK, "{}", released.body);
    }
    let neighbour = thread.block_on(run(house, 2, &[]));
    prop_assert_eq!(neighbour.status, StatusCode::OK, "the next call: {}", neighbour.body);
    Ok(())
}

#[test]
fn whatever_a_guest_asks_the_host_goes_on_and_keeps_nothing_of_a_call_that_broke_off() {
    // One thread: what a call allocates is counted by threads.
    let thread = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let names: Vec<_> = ["user-details", "secrets", "http", "storage"].into();
    let package = guest::asking_of(&puppet(), &names);
    let digest = package.digest.clone();
    let policy = Policy { grants: [("guest".to_owned(), Granted::default())].into(), ..Policy::default() };
    let house = thread.block_on(House::of(package, policy));
    assert_eq!(thread.block_on(run(&house, 1, &[])).status, StatusCode::OK);
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let tried = runner.run(&script(), |script| whatever_a_guest_does(&thread, &house, &digest, &script));
    tried.unwrap_or_else(|failure| panic!("{failure}"));
    let costs = thread.block_on(house.operate(Method::GET, "/api/admin/blocks", None)).json();
    let costs = &costs["blocks"][0]["costs"];
    // Both ways of a script were taken, and none of them was the host's fault.
    let outcomes = &costs["outcomes"];
    assert!(outcomes["ok"].as_u64() > Some(1) && outcomes["trapped"].is_u64(), "{outcomes}");
    assert!(outcomes["host"].is_null(), "{outcomes}");
    assert!(costs["memory_bytes_most"].as_u64().unwrap() <= Limits::default().memory_bytes as u64, "{costs}");
}
