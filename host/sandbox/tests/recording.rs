//! A recorded call runs again to the same end.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use blockhouse_sandbox::{Call, Outcome, Output, Package, Recording, Replay, Replayed, Request, Sandbox};
use support::{Bench, Recorder, config, guest, limits, view};

/// Shows something and asks nothing.
const SILENT: &str = r#"(data (i32.const 1024) "<p>hello</p>")
    (func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
      (i32.store (i32.const 3004) (i32.const 1024))
      (i32.store (i32.const 3008) (i32.const 12))
      (i32.const 3000))"#;

fn handler(body: &[u8]) -> Call {
    let request = Request { method: "POST".to_owned(), body: body.to_vec(), ..Request::default() };
    Call::Handle { name: "echo".to_owned(), request }
}

/// A call of a block whose note is kept, and what was recorded, as it comes out of a file.
async fn recorded(package: &Package, call: Call) -> Recording {
    let bench = Bench::new(limits());
    let block = bench.sandbox.install(package).unwrap();
    let host =
        Recorder { fields: [("note".to_owned(), "\"mine\"".to_owned())].into(), ..Recorder::default() };
    let (_, recording) = bench.sandbox.record(&block, call, host).await;
    Recording::from_json(&recording.to_json().unwrap()).unwrap()
}

async fn replayed(package: &Package, recording: &Recording) -> Replayed {
    let directory = tempfile::tempdir().unwrap();
    let sandbox: Sandbox<Replay> = Sandbox::new(config(directory.path().to_owned(), limits())).unwrap();
    sandbox.replay(&sandbox.install(package).unwrap(), recording).await
}

#[tokio::test]
async fn a_view_runs_again_to_the_same_fragment() {
    let package = guest::package("polite");
    let recording = recorded(&package, view()).await;
    assert_eq!(recording.told[0].function, "fields.get");
    assert_eq!((&recording.told[0].arguments[..], recording.told.len()), (&["note".to_owned()][..], 1));
    let replayed = replayed(&package, &recording).await;
    assert_eq!((Some(replayed.outcome), replayed.departure), (recording.outcome, None));
}

#[tokio::test]
async fn a_handler_runs_again_with_the_same_body_text_or_not() {
    let package = guest::package("polite");
    for body in [&b"ping"[..], &[0xff, 0x00, 0x80]] {
        let recording = recorded(&package, handler(body)).await;
        let replayed = replayed(&package, &recording).await;
        assert_eq!(replayed.departure, None);
        let Outcome::Answered(Output::Response(response)) = &replayed.outcome else { panic!() };
        assert_eq!(response.body, body);
        assert_eq!(Some(&replayed.outcome), recording.outcome.as_ref());
    }
}

#[tokio::test]
async fn a_block_that_traps_says_where() {
    let package = guest::package("trap-after-write");
    let recording = recorded(&package, view()).await;
    let replayed = replayed(&package, &recording).await;
    let Outcome::Failed { backtrace: Some(backtrace), .. } = &replayed.outcome else {
        panic!("{:?}", replayed.outcome)
    };
    assert!(backtrace.contains("wasm backtrace"), "{backtrace}");
    assert_eq!(Some(&replayed.outcome), recording.outcome.as_ref());
}

#[tokio::test]
async fn another_way_is_noticed_at_the_first_question() {
    let recording = recorded(&guest::package("polite"), view()).await;
    let other = guest::package_of(SILENT);
    let replayed = replayed(&other, &recording).await;
    let departure = replayed.departure.unwrap();
    assert_eq!((departure.number, departure.asked.as_str()), (1, "nothing more"));
    assert_eq!(departure.expected, "fields.get(note)");
}

#[tokio::test]
async fn without_learners_data_only_the_length_of_their_texts_stays() {
    let package = guest::package("polite");
    let redacted = recorded(&package, handler(b"{\"text\": \"secret\"}")).await.redacted(&package.definition);
    let text = String::from_utf8(redacted.to_json().unwrap()).unwrap();
    assert!(!text.contains("secret") && !text.contains("seen") && text.contains("xxxxxx"), "{text}");
    assert_eq!(redacted.outcome, None);
    let redacted = recorded(&package, view()).await.redacted(&package.definition);
    assert_eq!(redacted.told[0].answer["Ok"], "\"xxxx\"");
}
