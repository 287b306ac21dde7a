//! `kill -9`, while many learners' handlers run.

use std::collections::HashSet;
use std::path::Path;
use std::time::SystemTime;

use blockhouse_system_tests::{import_unit, learners};

use crate::database::{Postgres, parsed};
use crate::voters::{Vote, Voters, olx, stored};

const ROUNDS: i64 = 4;
const LEARNERS: i64 = 50;
const BLOCKS: u32 = 10;

/// 2 000 calls in four rounds, each of which ends at another random point.
async fn every_answered_vote_is_found_and_no_half_of_another(
    data: &Path,
    database: &str,
    server: Option<&Postgres>,
) {
    import_unit(data, &olx(BLOCKS));
    let mut answered: HashSet<Vote> = HashSet::new();
    for round in 0..ROUNDS {
        let voters = Voters {
            data,
            database,
            first_learner: 1 + round * LEARNERS,
            learners: LEARNERS,
            blocks: BLOCKS,
            votes: 1,
        };
        let mut host = voters.start();
        let noise = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
        let until = 1 + noise as usize % (LEARNERS as usize * BLOCKS as usize - 2);
        eprintln!("round {round}: killed after {until} answers");
        answered.extend(host.by_ref().take(until));
        host.process.kill().unwrap();
        // What it had still said before it died counts too.
        answered.extend(host.by_ref());
        host.process.wait().unwrap();
        assert!(answered.len() >= until);
        if let Some(server) = server {
            server.settle().await;
        }

        let store = learners(&parsed(database)).await;
        let mut found = HashSet::new();
        for block in 0..BLOCKS {
            let (tally, voted) = stored(&*store, block).await;
            assert_eq!(
                tally,
                voted.len() as u64,
                "the tally and the marks of block {block} are of the same votes"
            );
            found.extend(voted.into_iter().map(|learner| (learner, block)));
        }
        assert!(answered.is_subset(&found), "lost: {:?}", answered.difference(&found).collect::<Vec<_>>());
        drop(store);
        if let Some(server) = server {
            server.settle().await;
        }
    }
}

#[tokio::test]
async fn a_killed_host_on_sqlite_leaves_every_answered_call_and_no_half_of_another() {
    let data = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", data.path().join("state.sqlite").display());
    every_answered_vote_is_found_and_no_half_of_another(data.path(), &database, None).await;
}

#[tokio::test]
async fn a_killed_host_on_postgres_leaves_every_answered_call_and_no_half_of_another() {
    let Some(server) = Postgres::new().await else { return };
    let data = tempfile::tempdir().unwrap();
    every_answered_vote_is_found_and_no_half_of_another(data.path(), &server.url(), Some(&server)).await;
}
