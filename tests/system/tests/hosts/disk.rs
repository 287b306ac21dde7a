//! A disk that is full, as a limit on how large a file may grow.

use std::path::Path;
use std::process::Command;

use blockhouse_runtime::{RuntimeError, View};
use blockhouse_state::{DatabaseUrl, StateError};
use blockhouse_system_tests::{Host, import_unit, learner};
use rlimit::{Resource, getrlimit, setrlimit};
use serde_json::json;

use crate::voters::{block_key, olx};

const DATA: &str = "BLOCKHOUSE_SYSTEM_DISK";
const NAME: &str = "disk::on_a_full_disk_calls_are_refused_and_nothing_is_half_written";

/// The limit would end a process that does not ignore the signal, and there is no safe way to ignore it from within.
#[tokio::test]
async fn on_a_full_disk_calls_are_refused_and_nothing_is_half_written() {
    if let Some(data) = std::env::var_os(DATA) {
        return fill_the_disk(Path::new(&data)).await;
    }
    let data = tempfile::tempdir().unwrap();
    import_unit(data.path(), &olx(1));
    let status = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(DATA, data.path())
        .status()
        .unwrap();
    assert!(status.success());
}

async fn fill_the_disk(data: &Path) {
    let file = data.join("state.sqlite");
    let host = Host::at(data, &DatabaseUrl::file(&file)).await;
    let vote = |number| {
        let host = &host;
        async move {
            let answer =
                host.try_call(&learner(number), &block_key(0), "vote", json!({"voteType": "up"})).await;
            answer.map(|(_, tally)| tally["up"].as_i64().unwrap())
        }
    };
    for number in 1..=5 {
        assert_eq!(vote(number).await.unwrap(), number);
    }

    let log = std::fs::metadata(data.join("state.sqlite-wal")).unwrap().len();
    let (_, hard) = getrlimit(Resource::FSIZE).unwrap();
    setrlimit(Resource::FSIZE, log + 64 * 1024, hard).unwrap();
    let mut stored = 5;
    let refused = loop {
        match vote(stored + 1).await {
            Ok(tally) => {
                stored += 1;
                assert_eq!(tally, stored);
            }
            Err(error) => break error,
        }
        assert!(stored < 1000, "the disk is never full");
    };
    assert!(matches!(refused, RuntimeError::State(StateError::Unavailable(_))), "{refused:?}");
    assert!(vote(stored + 1).await.is_err());
    // Who only looks is served, with what was stored before.
    let shown = host.view(&learner(1), &block_key(0), View::Student).await.unwrap().content;
    assert!(shown.contains(&format!(">{stored}<")), "{shown}");

    setrlimit(Resource::FSIZE, hard, hard).unwrap();
    assert_eq!(vote(stored + 1).await.unwrap(), stored + 1);
    drop(host);
    let host = Host::at(data, &DatabaseUrl::file(&file)).await;
    let (_, tally) = host.call(&learner(1), &block_key(0), "vote", json!({"voteType": "down"})).await;
    assert_eq!(tally, json!({"up": stored + 1, "down": 1}));
}
