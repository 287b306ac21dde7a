//! Files of authors that blocks read: what the sandbox counts and writes down. Which files there are is the host's to
//! say.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use blockhouse_sandbox::{
    Call, CallError, Finished, Limit, Limits, Output, Recording, Replay, Request, Sandbox,
};
use support::{Bench, Recorder, config, guest, limits, view};

const TRANSCRIPT: &[u8] = b"1\n00:00:01,000 --> 00:00:02,000\nThe tide comes in.\n";

fn beside(bytes: &[u8]) -> Recorder {
    Recorder { files: [("en.srt".to_owned(), bytes.to_vec())].into(), ..Recorder::default() }
}

async fn shown(limits: Limits, host: Recorder) -> String {
    let bench = Bench::new(limits);
    content(bench.render_with(&bench.install("reader"), host).await)
}

fn content(finished: Finished<Recorder>) -> String {
    let Ok(Output::Fragment(fragment)) = finished.result else { panic!("{:?}", finished.result) };
    fragment.content
}

#[tokio::test]
async fn a_file_crosses_whole_and_one_that_is_not_there_is_none() {
    assert_eq!(shown(limits(), beside(TRANSCRIPT)).await.as_bytes(), TRANSCRIPT);
    assert_eq!(shown(limits(), Recorder::default()).await, "none");
}

#[tokio::test]
async fn a_file_that_is_too_large_is_not_read_and_the_block_is_told() {
    let just_enough = Limits { file_bytes: TRANSCRIPT.len(), ..limits() };
    assert_eq!(shown(just_enough, beside(TRANSCRIPT)).await.as_bytes(), TRANSCRIPT);
    let too_few = Limits { file_bytes: TRANSCRIPT.len() - 1, ..limits() };
    assert_eq!(shown(too_few, beside(TRANSCRIPT)).await, "too-large");
}

#[tokio::test]
async fn a_block_cannot_read_files_without_end() {
    let bench = Bench::new(limits());
    let block = bench.install("reader");
    let request = Request { body: b"en.srt".to_vec(), ..Request::default() };
    let call = Call::Handle { name: "flood".to_owned(), request };
    let finished = bench.sandbox.run(&block, call, beside(TRANSCRIPT)).await;
    assert_eq!(finished.result, Err(CallError::OutOf(Limit::FileReads)));
    assert_eq!(finished.cost.host_calls, limits().file_reads + 1);
}

#[tokio::test]
async fn a_recorded_call_runs_again_without_the_files() {
    let package = guest::package("reader");
    for bytes in [TRANSCRIPT, b""] {
        let bench = Bench::new(limits());
        let block = bench.sandbox.install(&package).unwrap();
        let (_, recording) = bench.sandbox.record(&block, view(), beside(bytes)).await;
        let recording = Recording::from_json(&recording.to_json().unwrap()).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let replayer: Sandbox<Replay> = Sandbox::new(config(directory.path().to_owned(), limits())).unwrap();
        let replayed = replayer.replay(&replayer.install(&package).unwrap(), &recording).await;
        assert_eq!((Some(replayed.outcome), replayed.departure), (recording.outcome.clone(), None));
        // What an author wrote is no learner's.
        assert_eq!(recording.clone().redacted(&package.definition).told, recording.told);
    }
}
