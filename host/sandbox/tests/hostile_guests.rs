//! Each guest here plays one trick. Its call has to end with the outcome that the trick deserves, the host object has to
//! come back, and the next call of the same block type has to work as if nothing had happened.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use blockhouse_sandbox::{BlockType, CallError, Finished, Limit, Limits, Output};
use support::{ATTACKS, Attack, Bench, Child, Recorder, attack, limits};

/// Runs the guest twice, and a polite neighbour after it.
async fn outcome_of(name: &str) -> Finished<Recorder> {
    let bench = Bench::new(limits());
    let block = bench.install(name);
    let first = bench.render(&block).await;
    let second = bench.render(&block).await;
    assert_eq!(first.result, second.result, "a fresh instance behaves as the first one did");
    assert_polite(&bench).await;
    second
}

async fn assert_polite(bench: &Bench) {
    let polite = bench.install("polite");
    let Ok(Output::Fragment(fragment)) = bench.render(&polite).await.result else {
        panic!("the neighbour suffers")
    };
    assert_eq!(fragment.content, "<p>hello</p>");
}

/// Attacks twice, and shows a polite neighbour after it.
async fn attacked(name: &str) -> Finished<Recorder> {
    let bench = Bench::under_attack();
    let attack = Attack::named(name);
    attack.assert_ended(&bench.attack(&attack).await);
    let again = bench.attack(&attack).await;
    attack.assert_ended(&again);
    assert_polite(&bench).await;
    again
}

/// The tests of those that one call in a sandbox alone cannot run into:
/// `a_component_of_too_many_memories_tables_or_instances_is_refused`,
/// `a_full_house_answers_busy_and_gives_the_host_back`, and in `tests/system/tests/one_host/limits.rs`.
const ATTACKED_ELSEWHERE: [&str; 6] =
    ["instances", "memories", "nesting", "queue_ms", "state_bytes", "tables"];

#[test]
fn every_limit_is_attacked() {
    let attacked: BTreeSet<_> = ATTACKS.iter().map(|attack| attack.limit).chain(ATTACKED_ELSEWHERE).collect();
    let limits = Limits::default().list();
    let missing: Vec<_> = limits.keys().filter(|limit| !attacked.contains(limit.as_str())).collect();
    assert!(missing.is_empty(), "no attack runs into {missing:?}");
}

#[tokio::test]
async fn row_200_a_block_that_loops_for_ever_is_stopped() {
    let finished = attacked("loop").await;
    assert!(finished.cost.cpu >= Duration::from_millis(100), "{:?}", finished.cost);
    assert!(finished.cost.cpu < Duration::from_millis(500), "{:?}", finished.cost);
}

#[tokio::test]
async fn row_200_a_block_that_allocates_without_bound_is_stopped() {
    let finished = attacked("hog").await;
    assert!(finished.cost.memory_bytes <= attack::limits().memory_bytes);
}

#[tokio::test]
async fn row_200_a_block_that_recurses_is_stopped() {
    attacked("recurse").await;
}

#[tokio::test]
async fn row_201_a_block_that_traps_after_writing_gives_its_host_back() {
    let finished = attacked("trap-after-write").await;
    // The host knows what was written, and that it must not be kept.
    assert_eq!(finished.host.fields.get("note").map(String::as_str), Some("\"stolen\""));
    assert_eq!(finished.cost.writes, 1);
}

#[tokio::test]
async fn memory_is_summed_over_all_memories_of_a_block() {
    attacked("three-memories").await;
}

#[tokio::test]
async fn a_table_cannot_grow_without_bound() {
    attacked("table").await;
}

#[tokio::test]
async fn table_elements_are_summed_over_all_tables_of_a_block() {
    attacked("two-tables").await;
}

#[tokio::test]
async fn a_string_bomb_never_reaches_the_host() {
    attacked("string-bomb").await;
}

#[tokio::test]
async fn texts_that_overlap_count_each_time_that_they_are_handed_over() {
    attacked("overlapping-texts").await;
}

#[tokio::test]
async fn an_answer_beyond_one_crossing_is_not_copied() {
    attacked("enormous-answer").await;
}

#[tokio::test]
async fn a_view_cannot_make_handles_without_bound() {
    attacked("handle-hoarder").await;
}

#[tokio::test]
async fn ten_thousand_host_calls_are_too_many() {
    let finished = attacked("chatter").await;
    assert_eq!(finished.cost.host_calls, Limits::default().host_calls);
}

#[tokio::test]
async fn a_thousand_writes_are_too_many() {
    let finished = attacked("writer").await;
    assert_eq!(finished.cost.writes, Limits::default().writes);
}

#[tokio::test]
async fn a_mebibyte_of_randomness_is_too_much() {
    attacked("dice").await;
}

#[tokio::test]
async fn a_value_that_is_too_large_is_not_written() {
    assert!(attacked("large-value").await.host.fields.is_empty());
}

#[tokio::test]
async fn a_block_cannot_hand_over_values_without_end() {
    let finished = attacked("hand-over").await;
    assert!(finished.cost.handed_bytes <= Limits::default().total_bytes, "{:?}", finished.cost);
}

#[tokio::test]
async fn a_log_flood_is_cut_short_and_the_block_goes_on() {
    let finished = attacked("log-flood").await;
    let kept = finished.host.lines.len();
    assert_eq!(kept, Limits::default().log_bytes / (64 + 16));
    assert_eq!(finished.cost.log_lines_dropped, 5_000 - kept as u64);
}

#[tokio::test]
async fn a_huge_fragment_is_refused() {
    attacked("huge-fragment").await;
}

#[tokio::test]
async fn a_thousand_resources_are_too_many() {
    attacked("many-resources").await;
}

#[tokio::test]
async fn a_huge_response_is_refused() {
    attacked("large-response").await;
}

#[tokio::test]
async fn a_block_that_sleeps_in_the_host_is_stopped_by_the_wall_clock() {
    let bench = Bench::new(Limits { wall_ms: 200, ..limits() });
    let block = bench.install("parent");
    let sleeper = Recorder { child: Child::Never, ..Recorder::default() };
    let started = Instant::now();
    let finished = bench.render_with(&block, sleeper).await;
    assert_eq!(finished.result, Err(CallError::OutOf(Limit::Wall)));
    assert!(matches!(finished.host.child, Child::Never), "the host is back");
    assert!(started.elapsed() < Duration::from_secs(3));
    assert!(finished.cost.cpu < Duration::from_millis(100), "waiting is no work: {:?}", finished.cost);
    let again = bench.render(&block).await;
    assert!(matches!(again.result, Ok(Output::Fragment(_))));
}

#[tokio::test]
async fn a_block_that_hangs_while_the_host_hands_it_its_arguments_is_stopped() {
    attacked("endless-realloc").await;
}

#[tokio::test]
async fn a_block_that_fills_its_memory_for_ever_is_stopped() {
    attacked("filler").await;
}

#[tokio::test]
async fn the_host_is_not_asked_while_it_hands_over_arguments() {
    attacked("calling-realloc").await;
}

#[tokio::test]
async fn a_block_keeps_no_more_files_than_it_may_and_none_that_is_too_large() {
    for (name, kept) in [("keeper", 0), ("keeper-of-many", 10), ("keeper-of-much", 6)] {
        assert_eq!(attacked(name).await.host.kept.len(), kept, "{name}");
    }
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_bad_output() {
    assert!(matches!(outcome_of("not-utf8").await.result, Err(CallError::BadOutput(_))));
}

#[tokio::test]
async fn an_answer_outside_of_the_memory_stops_the_block() {
    assert!(matches!(outcome_of("out-of-memory-answer").await.result, Err(CallError::Trapped(_))));
}

#[tokio::test]
async fn arguments_that_are_no_json_are_bad_output() {
    assert!(matches!(outcome_of("bad-arguments").await.result, Err(CallError::BadOutput(_))));
}

#[tokio::test]
async fn a_failure_is_reported_in_the_blocks_own_words() {
    assert_eq!(outcome_of("failure").await.result, Err(CallError::Failed("no video is set".to_owned())));
}

#[tokio::test]
async fn nothing_stays_behind_from_one_call_to_the_next() {
    let bench = Bench::new(limits());
    let block = bench.install("split-personality");
    for _ in 0..100 {
        let Ok(Output::Fragment(fragment)) = bench.render(&block).await.result else { panic!() };
        assert_eq!(fragment.content, "1");
    }
}

/// One thread, so that a loop and its neighbour have to share it.
#[tokio::test(flavor = "current_thread")]
async fn a_neighbour_on_the_same_thread_is_served_while_a_block_loops() {
    let bench = Bench::new(Limits { cpu_ms: 500, ..limits() });
    let (hog, polite) = (bench.install("loop"), bench.install("polite"));
    let (sandbox, block) = (bench.sandbox.clone(), hog.clone());
    let looping =
        tokio::spawn(async move { sandbox.run(&block, support::view(), Recorder::default()).await });
    tokio::task::yield_now().await;
    let mut served = 0;
    while !looping.is_finished() {
        assert!(bench.render(&polite).await.result.is_ok());
        served += 1;
    }
    assert!(served >= 10, "the neighbour was served {served} times within half a second");
    assert_eq!(looping.await.unwrap().result, Err(CallError::OutOf(Limit::Cpu)));
}

#[tokio::test]
async fn a_full_house_answers_busy_and_gives_the_host_back() {
    let bench = Bench::new(Limits { queue_ms: 50, wall_ms: 1_000, ..limits() });
    let block: BlockType<Recorder> = bench.install("parent");
    // One context may not fill the house by itself.
    let sleeper = |context| Recorder { child: Child::Never, context, ..Recorder::default() };
    let waiting: Vec<_> = ["a", "b", "c", "d"]
        .into_iter()
        .map(|context| {
            let (sandbox, block) = (bench.sandbox.clone(), block.clone());
            let host = sleeper(context);
            tokio::spawn(async move { sandbox.run(&block, support::view(), host).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let finished = bench.render_with(&block, sleeper("e")).await;
    assert_eq!(finished.result, Err(CallError::Busy));
    assert!(matches!(finished.host.child, Child::Never));
    for call in waiting {
        assert_eq!(call.await.unwrap().result, Err(CallError::OutOf(Limit::Wall)));
    }
}

#[tokio::test]
async fn one_context_that_fills_its_share_leaves_room_for_others() {
    let bench = Bench::new(Limits { queue_ms: 50, wall_ms: 1_000, ..limits() });
    let (parent, polite) = (bench.install("parent"), bench.install("polite"));
    let hog = || Recorder { child: Child::Never, context: "hog", ..Recorder::default() };
    let waiting: Vec<_> = (0..10)
        .map(|_| {
            let (sandbox, block, host) = (bench.sandbox.clone(), parent.clone(), hog());
            tokio::spawn(async move { sandbox.run(&block, support::view(), host).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(20)).await;
    let neighbour = Recorder { context: "neighbour", ..Recorder::default() };
    assert!(bench.render_with(&polite, neighbour).await.result.is_ok());
    let mut busy = 0;
    for call in waiting {
        busy += usize::from(call.await.unwrap().result == Err(CallError::Busy));
    }
    assert_eq!(busy, 7, "three ran, and the others were told after a while");
}

#[tokio::test]
async fn a_parent_pays_for_the_children_that_it_renders() {
    let bench = Bench::new(limits());
    let (parent, child) = (bench.install("many-children"), bench.install("chatter-politely"));
    let host = Recorder { child: Child::Block(bench.sandbox.clone(), child), ..Recorder::default() };
    let finished = bench.render_with(&parent, host).await;
    assert_eq!(finished.result, Err(CallError::OutOf(Limit::HostCalls)));
    assert!(finished.cost.host_calls < 10, "by itself it asked little: {:?}", finished.cost);
}

#[tokio::test]
async fn a_parent_of_many_expensive_children_is_stopped_as_one_loop_is() {
    let bench = Bench::new(limits());
    let (parent, child) = (bench.install("many-children"), bench.install("loop"));
    let host = Recorder { child: Child::Block(bench.sandbox.clone(), child), ..Recorder::default() };
    let started = Instant::now();
    let finished = bench.render_with(&parent, host).await;
    assert_eq!(finished.result, Err(CallError::OutOf(Limit::Cpu)));
    assert!(finished.cost.cpu < Duration::from_millis(100), "it waited for them: {:?}", finished.cost);
    assert!(started.elapsed() < Duration::from_secs(4));
}
