//! Well-behaved blocks: what a call returns, what it costs, and how blocks inside blocks share the house.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use blockhouse_sandbox::{
    Call, CallError, Cost, Export, Limit, Limits, Output, Request, Sandbox, SandboxConfig,
};
use support::{Bench, Child, Recorder, limits};

#[tokio::test]
async fn a_view_returns_its_fragment() {
    let bench = Bench::new(limits());
    let block = bench.install("polite");
    let Ok(Output::Fragment(fragment)) = bench.render(&block).await.result else { panic!() };
    assert_eq!(fragment.content, "<p>hello</p>");
    assert_eq!(fragment.js_init_fn, None);
}

#[tokio::test]
async fn a_handler_writes_a_field_and_answers_with_the_body_that_it_got() {
    let bench = Bench::new(limits());
    let block = bench.install("polite");
    let request = Request { method: "POST".to_owned(), body: b"ping".to_vec(), ..Request::default() };
    let call = Call::Handle { name: "echo".to_owned(), request };
    let finished = bench.sandbox.run(&block, call, Recorder::default()).await;
    let Ok(Output::Response(response)) = finished.result else { panic!("{:?}", finished.result) };
    assert_eq!((response.status, response.body), (200, b"ping".to_vec()));
    assert_eq!(finished.host.fields.get("note").map(String::as_str), Some("\"seen\""));
    assert_eq!((finished.cost.writes, finished.cost.output_bytes), (1, 4));
}

#[tokio::test]
async fn what_a_block_can_do_is_known_before_it_runs() {
    let bench = Bench::new(limits());
    let block = bench.install("polite");
    let exports: Vec<_> = block.exports().iter().collect();
    assert_eq!(exports, [Export::Definition, Export::StudentView, Export::Handlers]);
    let call = Call::PublicView { context: "{}".to_owned() };
    let finished = bench.sandbox.run(&block, call, Recorder::default()).await;
    assert_eq!(finished.result, Err(CallError::NotExported(Export::PublicView)));
    assert_eq!(finished.cost, Cost::default());
}

#[tokio::test]
async fn a_thousand_calls_in_a_row_work_and_each_has_its_cost() {
    let bench = Bench::new(limits());
    let block = bench.install("polite");
    let mut cpu = Duration::ZERO;
    for _ in 0..1_000 {
        let finished = bench.render(&block).await;
        assert!(finished.result.is_ok());
        let cost = finished.cost;
        cpu += cost.cpu;
        assert!(cost.wall > Duration::ZERO);
        assert_eq!((cost.host_calls, cost.writes, cost.output_bytes), (1, 0, 12));
        assert_eq!(cost.memory_bytes, 65_536);
    }
    // A thread's clock may stand still for one short call on a virtual machine whose host was busy, never for all.
    assert!(cpu > Duration::ZERO);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_calls_at_once_than_there_are_turns_all_get_one() {
    let bench = Bench::new(limits());
    let block = bench.install("polite");
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let (sandbox, block) = (bench.sandbox.clone(), block.clone());
            tokio::spawn(
                async move { sandbox.run(&block, support::view(), Recorder::default()).await.result },
            )
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn a_block_finds_its_packages_text_in_the_readers_language() {
    let bench = Bench::new(limits());
    let texts = [("en", "greeting = Hello"), ("ar", "greeting = مرحبا")];
    let texts = texts.map(|(locale, text)| (locale.to_owned(), Arc::from(text)));
    let package = support::guest::package("speaker").with_locales(BTreeMap::from(texts));
    let block = bench.sandbox.install(&package).unwrap();
    for (locale, text) in [("ar-EG", "مرحبا"), ("fr", "Hello"), (blockhouse_i18n::PSEUDO, "Héłłø··")]
    {
        let finished = bench.render_with(&block, Recorder { locale, ..Recorder::default() }).await;
        let Ok(Output::Fragment(fragment)) = finished.result else { panic!("{:?}", finished.result) };
        assert_eq!(fragment.content, text, "{locale}");
    }
}

#[tokio::test]
async fn a_child_is_rendered_into_its_parent() {
    let bench = Bench::new(limits());
    let (parent, child) = (bench.install("parent"), bench.install("polite"));
    let host = Recorder { child: Child::Block(bench.sandbox.clone(), child), ..Recorder::default() };
    let Ok(Output::Fragment(fragment)) = bench.render_with(&parent, host).await.result else { panic!() };
    assert_eq!(fragment.content, "<p>hello</p>");
}

#[tokio::test]
async fn a_child_that_loops_uses_no_more_than_half_of_its_parents_time() {
    let bench = Bench::new(Limits { cpu_ms: 100, ..limits() });
    let (parent, child) = (bench.install("parent"), bench.install("loop"));
    let host = Recorder { child: Child::Block(bench.sandbox.clone(), child), ..Recorder::default() };
    let finished = bench.render_with(&parent, host).await;
    let Ok(Output::Fragment(fragment)) = finished.result else { panic!("{:?}", finished.result) };
    assert!(fragment.content.contains("OutOf(Cpu)"), "{}", fragment.content);
    assert!(finished.cost.cpu < Duration::from_millis(50), "{:?}", finished.cost);
    assert!(finished.cost.wall >= Duration::from_millis(40));
}

#[tokio::test]
async fn parents_that_fill_the_house_still_get_their_children() {
    let bench = Bench::new(Limits { queue_ms: 10_000, ..limits() });
    let (parent, child) = (bench.install("parent"), bench.install("polite"));
    let calls: Vec<_> = (0..40)
        .map(|_| {
            let (sandbox, parent, child) = (bench.sandbox.clone(), parent.clone(), child.clone());
            tokio::spawn(async move {
                let host = Recorder { child: Child::Block(sandbox.clone(), child), ..Recorder::default() };
                sandbox.run(&parent, support::view(), host).await.result
            })
        })
        .collect();
    for call in calls {
        let Ok(Output::Fragment(fragment)) = call.await.unwrap() else { panic!() };
        assert_eq!(fragment.content, "<p>hello</p>");
    }
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_any_more_frees_its_place() {
    let bench = Bench::new(Limits { cpu_ms: 60_000, ..limits() });
    let (endless, polite) = (bench.install("loop"), bench.install("polite"));
    for _ in 0..20 {
        let abandoned = tokio::time::timeout(Duration::from_millis(10), bench.render(&endless)).await;
        assert!(abandoned.is_err());
    }
    assert!(bench.render(&polite).await.result.is_ok());
}

#[tokio::test]
async fn a_parent_that_runs_out_of_time_takes_its_running_child_along() {
    let bench = Bench::new(Limits { cpu_ms: 60_000, wall_ms: 100, ..limits() });
    let (parent, child) = (bench.install("parent"), bench.install("loop"));
    for _ in 0..5 {
        let host =
            Recorder { child: Child::Block(bench.sandbox.clone(), child.clone()), ..Recorder::default() };
        let finished = bench.render_with(&parent, host).await;
        assert_eq!(finished.result, Err(CallError::OutOf(Limit::Wall)));
    }
    let polite = bench.install("polite");
    assert!(bench.render(&polite).await.result.is_ok());
}

/// 40 000 slots of 4 GiB are more than any processor can address.
#[tokio::test]
async fn a_machine_without_room_for_a_pool_still_runs_blocks() {
    let directory = tempfile::tempdir().unwrap();
    let config = support::config(directory.path().to_owned(), limits());
    let sandbox = Sandbox::new(SandboxConfig { max_concurrent: 10_000, ..config }).unwrap();
    let block = sandbox.install(&support::guest::package("polite")).unwrap();
    assert!(sandbox.run(&block, support::view(), Recorder::default()).await.result.is_ok());
    let hog = sandbox.install(&support::guest::package("hog")).unwrap();
    let finished = sandbox.run(&hog, support::view(), Recorder::default()).await;
    assert_eq!(finished.result, Err(CallError::OutOf(Limit::Memory)));
}

#[tokio::test]
async fn the_pool_says_what_is_in_use_while_a_block_waits_and_what_it_keeps_afterwards() {
    let bench = Bench::new(Limits { wall_ms: 500, ..limits() });
    let (parent, unused) = (bench.install("parent"), bench.sandbox.pool_use().unwrap());
    assert_eq!((unused.instances, unused.memories, unused.most_instances), (0, 0, 16));
    let host = Recorder { child: Child::Never, ..Recorder::default() };
    let waits = async {
        // The call is polled first and waits for its child.
        tokio::task::yield_now().await;
        bench.sandbox.pool_use().unwrap()
    };
    let (finished, used) = tokio::join!(bench.render_with(&parent, host), waits);
    assert_eq!(finished.result, Err(CallError::OutOf(Limit::Wall)));
    assert_eq!((used.instances, used.memories, used.stacks), (1, 1, 1));
    let after = bench.sandbox.pool_use().unwrap();
    assert_eq!((after.instances, after.stacks), (0, 0));
    assert!(after.kept_bytes > 0, "{after:?}");
}
