//! Blocks in JavaScript and Python: they run like any other, on a WASI that opens nothing. `scripts/test` builds them.

use blockhouse_runtime::{RuntimeError, View};
use blockhouse_sandbox::{CallError, Limit};
use blockhouse_system_tests::{Host, learner, usage};
use serde_json::{Value, json};

/// A host with the example blocks of the SDKs, and one that shows them.
async fn host() -> Host {
    Host::with_unit(
        r#"<checklist url_name="c" entries="[&quot;Read &lt;b&gt;&quot;, &quot;Write&quot;]"/>
           <journal url_name="j" question="Why?"/><snoop url_name="s"/>"#,
    )
    .await
    .with_guest("checklist")
    .with_guest("journal")
    .with_guest("snoop")
}

#[tokio::test]
async fn a_block_in_javascript_keeps_what_its_learner_did() {
    let host = host().await;
    let checklist = usage("checklist", "c");
    let answer = host.call(&learner(1), &checklist, "tick", json!({"index": 1, "done": true})).await;
    assert_eq!(answer, (200, json!({"ticked": [1]})));
    let mine = host.view(&learner(1), &checklist, View::Student).await.unwrap();
    assert!(mine.content.contains("Read &lt;b&gt;") && mine.content.contains("data-index=\"1\" checked"));
    let others = host.view(&learner(2), &checklist, View::Student).await.unwrap();
    assert!(!others.content.contains("checked"), "{}", others.content);
}

#[tokio::test]
async fn a_mistake_in_a_javascript_block_is_a_failure_with_its_message() {
    let host = host().await;
    let failed = host.try_call(&learner(1), &usage("checklist", "c"), "tick", Value::Null).await.unwrap_err();
    let RuntimeError::BlockFailed { source: CallError::Failed(message), .. } = failed else {
        panic!("{failed}")
    };
    assert!(message.starts_with("TypeError"), "{message}");
}

#[tokio::test]
async fn a_block_in_python_keeps_what_its_learner_did() {
    let host = host().await;
    let journal = usage("journal", "j");
    let (status, _) = host.call(&learner(1), &journal, "write", json!({"text": "Because <i>"})).await;
    assert_eq!(status, 200);
    let mine = host.view(&learner(1), &journal, View::Student).await.unwrap();
    assert!(
        mine.content.contains("Because &lt;i&gt;") && mine.content.contains("2023-11-14"),
        "{}",
        mine.content
    );
    assert_eq!(host.call(&learner(1), &journal, "write", json!({})).await.0, 400);
}

#[tokio::test]
async fn row_203_a_block_finds_no_files_no_sockets_and_no_environment() {
    let host = host().await;
    let (_, found) = host.call(&learner(1), &usage("snoop", "s"), "look", json!({})).await;
    for attempt in ["read", "write", "list", "socket"] {
        let outcome = found[attempt].as_str().unwrap();
        assert!(outcome.starts_with("refused"), "{attempt}: {outcome}");
    }
    assert_eq!(found["environment"], json!({}));
}

#[tokio::test]
async fn row_203_a_block_that_asks_for_the_network_is_stopped() {
    let host = host().await;
    let failed = host.try_call(&learner(1), &usage("snoop", "s"), "connect", json!({})).await.unwrap_err();
    assert!(matches!(failed, RuntimeError::BlockFailed { source: CallError::Trapped(_), .. }), "{failed}");
}

#[tokio::test]
async fn row_203_a_blocks_clock_is_the_hosts_and_its_randomness_is_new_in_each_call() {
    let host = host().await;
    let snoop = usage("snoop", "s");
    let (_, first) = host.call(&learner(1), &snoop, "look", json!({})).await;
    let (_, second) = host.call(&learner(1), &snoop, "look", json!({})).await;
    assert_eq!((&first["millis"], &first["time_moves"]), (&json!(1_700_000_000_000_u64), &json!(false)));
    assert_ne!(first["random"][0], second["random"][0]);
    assert_ne!(first["random"][1], second["random"][1]);
}

#[tokio::test]
async fn a_block_that_exits_has_failed_and_its_neighbours_go_on() {
    let host = host().await;
    let failed = host.try_call(&learner(1), &usage("snoop", "s"), "leave", json!({})).await.unwrap_err();
    let RuntimeError::BlockFailed { source: CallError::Trapped(message), .. } = failed else {
        panic!("{failed}")
    };
    assert!(message.contains("exit"), "{message}");
    assert!(host.view(&learner(1), &usage("journal", "j"), View::Student).await.is_ok());
}

#[tokio::test]
async fn a_block_cannot_draw_randomness_without_end() {
    let host = host().await;
    let snoop = usage("snoop", "s");
    let failed = host.try_call(&learner(1), &snoop, "draw", json!({"bytes": 1_000_000})).await.unwrap_err();
    let RuntimeError::BlockFailed { source, .. } = failed else { panic!("{failed}") };
    assert_eq!(source, CallError::OutOf(Limit::RandomBytes));
}
