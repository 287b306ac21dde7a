//! The test runs itself as a second process that writes, and kills that process without warning.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use blockhouse_fields::UserId;

use crate::SqliteStore;
use crate::conformance::{Person, usage};

const FILE: &str = "BLOCKHOUSE_STATE_CRASH_FILE";
const NAME: &str =
    "student_module::tests::crash::a_killed_process_leaves_every_answered_commit_and_no_half_of_one";

async fn alice(file: &Path) -> Person {
    let store = SqliteStore::open(file).await.unwrap();
    Person { store: Arc::new(store), user: UserId::Learner(1) }
}

/// Counts in all four scopes at once, and says each number when its commit has been answered.
async fn write(file: &Path) {
    let alice = alice(file).await;
    for n in 1_u64.. {
        alice.set_all(&usage("C", "problem", "p"), &n.to_string()).await;
        println!("stored {n}");
    }
}

#[tokio::test]
async fn a_killed_process_leaves_every_answered_commit_and_no_half_of_one() {
    if let Some(file) = std::env::var_os(FILE) {
        return write(Path::new(&file)).await;
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("state.db");
    for commits in [1, 7, 40] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env(FILE, &file)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("stored ")?.parse::<u64>().ok());
        let mut answers = answers;
        let last = answers.by_ref().take(commits).last().unwrap();
        child.kill().unwrap();
        let last = answers.last().unwrap_or(last);
        child.wait().unwrap();

        let found = alice(&file).await.all(&usage("C", "problem", "p")).await;
        let stored: u64 = found[0].as_deref().unwrap().parse().unwrap();
        assert!(stored == last || stored == last + 1, "{stored} after the answer {last}");
        assert_eq!(found, [(); 4].map(|()| Some(stored.to_string())));
    }
}
