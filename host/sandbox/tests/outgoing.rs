//! Requests of blocks to other servers: what the sandbox counts and writes down. Where they go is the host's to decide.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use blockhouse_sandbox::{
    Call, CallError, Capability, Finished, Grants, Host, HttpMethod, Limit, Limits, Output, Recording,
    Replay, Request, Sandbox,
};
use support::{Recorder, config, guest, limits};
use tempfile::TempDir;

const SERVER: &str = "https://api.example.org/marks";

fn sandbox<H: Host>(limits: Limits) -> (Sandbox<H>, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::new(config(directory.path().to_owned(), limits)).unwrap();
    let of = [("guest".to_owned(), [Capability::Http].into())].into();
    (sandbox.granting(Grants { of, ..Grants::default() }), directory)
}

fn handler(name: &str, url: &str) -> Call {
    let request = Request { method: "POST".to_owned(), body: url.into(), ..Request::default() };
    Call::Handle { name: name.to_owned(), request }
}

async fn finished(limits: Limits, call: Call) -> Finished<Recorder> {
    let (sandbox, _directory) = sandbox(limits);
    let block = sandbox.install(&guest::asking("caller", &["http"])).unwrap();
    sandbox.run(&block, call, Recorder::default()).await
}

#[tokio::test]
async fn a_request_and_its_answer_cross_whole() {
    let finished = finished(limits(), handler("post", SERVER)).await;
    let Ok(Output::Response(response)) = finished.result else { panic!("{:?}", finished.result) };
    assert_eq!((response.status, response.body), (201, SERVER.into()));
    let [request] = &finished.host.sent[..] else { panic!("{:?}", finished.host.sent) };
    assert_eq!((request.method, request.url.as_str()), (HttpMethod::Post, SERVER));
    assert_eq!(request.headers, [("x-mark".to_owned(), "5".to_owned())]);
    assert_eq!(request.body, b"hello");
}

#[tokio::test]
async fn a_block_cannot_send_requests_without_end() {
    let finished = finished(limits(), handler("flood", SERVER)).await;
    assert_eq!(finished.result, Err(CallError::OutOf(Limit::HttpRequests)));
    assert_eq!(finished.host.sent.len(), 8);
}

#[tokio::test]
async fn a_request_that_is_too_large_is_not_sent() {
    let limits = Limits { http_request_bytes: 20, ..limits() };
    let finished = finished(limits, handler("ask", SERVER)).await;
    assert_eq!(finished.result, Err(CallError::OutOf(Limit::HttpRequestBytes)));
    assert!(finished.host.sent.is_empty());
}

#[tokio::test]
async fn what_a_request_may_cost_is_said_to_the_host() {
    let limits = Limits { http_response_bytes: 4, http_ms: 50, ..limits() };
    for (name, url, expected) in [("post", SERVER, "too-large"), ("ask", "https://a/slow", "too-slow")] {
        let finished = finished(limits.clone(), handler(name, url)).await;
        let Ok(Output::Response(response)) = finished.result else { panic!("{:?}", finished.result) };
        assert_eq!((response.status, response.body), (502, expected.into()));
    }
}

#[tokio::test]
async fn waiting_for_another_server_is_no_processor_time_and_ends_with_the_call() {
    let waits = Limits { http_ms: 300, cpu_ms: 100, ..limits() };
    let finished_well = finished(waits, handler("ask", "https://a/slow")).await;
    assert!(finished_well.result.is_ok(), "{:?}", finished_well.result);
    assert!(finished_well.cost.cpu < Duration::from_millis(100), "{:?}", finished_well.cost);
    let cut = Limits { http_ms: 60_000, wall_ms: 200, ..limits() };
    let finished = finished(cut, handler("ask", "https://a/slow")).await;
    assert_eq!(finished.result, Err(CallError::OutOf(Limit::Wall)));
}

#[tokio::test]
async fn a_recorded_call_runs_again_without_sending_anything() {
    let package = guest::asking("caller", &["http"]);
    let (recorder, _directory) = sandbox::<Recorder>(limits());
    let block = recorder.install(&package).unwrap();
    let (_, recording) = recorder.record(&block, handler("post", SERVER), Recorder::default()).await;
    let recording = Recording::from_json(&recording.to_json().unwrap()).unwrap();
    let told = recording.told.iter().find(|told| told.function == "http.send").unwrap();
    assert_eq!(told.arguments, ["POST", SERVER, "x-mark"]);
    let (replayer, _directory) = sandbox::<Replay>(limits());
    let replayed = replayer.replay(&replayer.install(&package).unwrap(), &recording).await;
    assert_eq!((Some(replayed.outcome), replayed.departure), (recording.outcome, None));
}
