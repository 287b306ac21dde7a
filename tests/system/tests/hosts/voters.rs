//! A host in a process of its own, in which learners vote, and which says of each vote when it has been answered.
//!
//! The test program runs itself: with the work in its environment, the test below is that host.

use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use blockhouse_keys::UsageKey;
use blockhouse_runtime::RuntimeError;
use blockhouse_state::{BlockRef, LearnerStore, RecordsOf};
use blockhouse_system_tests::{Host, learner, usage};
use serde_json::{Value, json};

use crate::database::parsed;

const WORK: &str = "BLOCKHOUSE_SYSTEM_VOTERS";
const HOST: &str = "voters::a_host_in_a_process_of_its_own";

/// Who votes on what, all learners at once.
pub(crate) struct Voters<'a> {
    pub(crate) data: &'a Path,
    pub(crate) database: &'a str,
    pub(crate) first_learner: i64,
    pub(crate) learners: i64,
    /// Each learner votes on each of so many blocks in turn …
    pub(crate) blocks: u32,
    /// … so many times.
    pub(crate) votes: u32,
}

/// A vote that has been answered: the learner and the block.
pub(crate) type Vote = (i64, u32);

/// The process.
pub(crate) struct Running {
    pub(crate) process: Child,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Voters<'_> {
    pub(crate) fn start(&self) -> Running {
        let Self { data, database, first_learner, learners, blocks, votes } = self;
        let work = json!([data, database, first_learner, learners, blocks, votes]).to_string();
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", HOST, "--nocapture"])
            .env(WORK, work)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        Running { process, answers }
    }
}

impl Iterator for Running {
    type Item = Vote;

    fn next(&mut self) -> Option<Vote> {
        // A process that is killed may leave half a line.
        self.answers.by_ref().map_while(Result::ok).find_map(|line| {
            let (learner, block) = line.strip_prefix("voted ")?.strip_suffix('.')?.split_once(' ')?;
            Some((learner.parse().ok()?, block.parse().ok()?))
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_in_a_process_of_its_own() {
    let Ok(work) = std::env::var(WORK) else { return };
    let work: Value = serde_json::from_str(&work).unwrap();
    let number = |position: usize| work[position].as_i64().unwrap();
    let database = parsed(work[1].as_str().unwrap());
    let host = Arc::new(Host::at(work[0].as_str().unwrap().as_ref(), &database).await);
    let (first, learners, blocks, votes) = (number(2), number(3), number(4), number(5));
    let voters: Vec<_> = (first..first + learners)
        .map(|learner| {
            let host = host.clone();
            tokio::spawn(async move {
                for block in 0..blocks {
                    for _ in 0..votes {
                        vote(&host, learner, u32::try_from(block).unwrap()).await;
                        println!("voted {learner} {block}.");
                    }
                }
            })
        })
        .collect();
    for voter in voters {
        voter.await.unwrap();
    }
}

/// A crowd on one field may be told to come back; who was told so has not voted yet.
async fn vote(host: &Host, number: i64, block: u32) {
    loop {
        match host.try_call(&learner(number), &block_key(block), "vote", json!({"voteType": "up"})).await {
            Ok(_) => return,
            Err(RuntimeError::Conflict) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}

pub(crate) fn block_key(block: u32) -> UsageKey {
    usage("thumbs", &format!("b{block}"))
}

/// The OLX of so many blocks.
pub(crate) fn olx(blocks: u32) -> String {
    (0..blocks).map(|block| format!("<thumbs url_name=\"b{block}\"/>")).collect()
}

/// What stands in the tables of a block: the tally, and who has voted.
pub(crate) async fn stored(store: &dyn LearnerStore, block: u32) -> (u64, Vec<i64>) {
    let usage = block_key(block);
    let wanted = BlockRef::whole(usage.clone(), vec!["upvotes".into()]);
    let snapshot = store.load(&learner(0).user, &[wanted]).await.unwrap();
    let tally = snapshot.values.values().next().map_or(0, |value| value.json.parse().unwrap());
    let records = store.records(&RecordsOf::Block(usage), 0, 10_000).await.unwrap();
    assert!(records.iter().all(|record| record.state.as_deref() == Some("{\"voted\":true}")));
    (tally, records.iter().map(|record| record.learner).collect())
}
