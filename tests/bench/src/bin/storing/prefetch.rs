//! The state of a unit beside the state of one block: what a page of blocks adds to one read.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use blockhouse_bench::median;
use blockhouse_fields::{Scope, StoreKey, UserId};
use blockhouse_keys::UsageKey;
use blockhouse_state::{BlockRef, Commit, DatabaseUrl, LearnerStore, Revision, StateError, Write};
use blockhouse_system_tests::learners;

const BLOCKS: usize = 20;
const BATCH: u32 = 50;
const SAMPLES: usize = 60;

/// Loads both in turn, and prints how they compare.
pub(crate) async fn ratio(database: &str, url: &DatabaseUrl) -> Result<(), Box<dyn Error>> {
    let store = learners(url).await;
    let user = UserId::Learner(1);
    let mut unit = Vec::new();
    for number in 0..BLOCKS {
        let usage: UsageKey = format!("block-v1:Test+System+1+type@thumbs+block@t{number}").parse()?;
        store.commit(vote(&user, &usage)).await?;
        unit.push(BlockRef::whole(usage, vec!["upvotes".into(), "downvotes".into()]));
    }
    let one = unit.get(..1).unwrap_or_default();
    let (mut ones, mut units) = (Vec::new(), Vec::new());
    for _ in 0..SAMPLES {
        ones.push(time(&*store, &user, one).await?);
        units.push(time(&*store, &user, &unit).await?);
    }
    let (one, unit) = (median(ones), median(units));
    println!("\nprefetch, {database}; medians of {SAMPLES} x {BATCH}");
    println!("  one block                              {:>9.1} µs", one.as_secs_f64() * 1e6);
    println!(
        "  a unit of {BLOCKS} blocks                    {:>9.1} µs   {:.2} x",
        unit.as_secs_f64() * 1e6,
        unit.as_secs_f64() / one.as_secs_f64()
    );
    Ok(())
}

fn vote(user: &UserId, usage: &UsageKey) -> Commit {
    let fields = [
        (Scope::UserState, "voted", "true"),
        (Scope::UserStateSummary, "upvotes", "12"),
        (Scope::UserStateSummary, "downvotes", "3"),
    ];
    let fields = fields.map(|(scope, field, value)| (StoreKey::compose(scope, user, usage, field), value));
    let writes = fields
        .into_iter()
        .filter_map(|(key, value)| Some(Write { key: key?, value: Some(Arc::from(value)) }));
    let writes: Vec<_> = writes.collect();
    let reads = writes.iter().map(|write| (write.key.clone(), Revision(None))).collect();
    Commit { user: user.clone(), reads, writes, events: Vec::new(), now_ms: 1_700_000_000_000 }
}

async fn time(store: &dyn LearnerStore, user: &UserId, blocks: &[BlockRef]) -> Result<Duration, StateError> {
    let started = Instant::now();
    for _ in 0..BATCH {
        store.load(user, blocks).await?;
    }
    Ok(started.elapsed() / BATCH)
}
