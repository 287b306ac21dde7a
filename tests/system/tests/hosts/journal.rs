//! `kill -9` in the middle of a call: the next host knows what was running.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use blockhouse_runtime::{BlockReport, Standing, View};
use blockhouse_state::DatabaseUrl;
use blockhouse_system_tests::{Host, import_unit, learner, usage};

use crate::guest;

const DATA: &str = "BLOCKHOUSE_SYSTEM_LOOPING";
const HOST: &str = "journal::a_host_that_runs_a_loop";

async fn host(data: &Path) -> Host {
    let host = Host::at(data, &DatabaseUrl::file(&data.join("state.sqlite"))).await;
    host.runtime.install(&guest::package("loop")).unwrap();
    host
}

#[tokio::test]
async fn a_host_that_runs_a_loop() {
    let Ok(data) = std::env::var(DATA) else { return };
    let host = host(data.as_ref()).await;
    let _ = host.view(&learner(1), &usage("guest", "g"), View::Student).await;
}

/// Starts a host on the data directory and kills it in the middle of a call.
fn crash(data: &Path) {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", HOST])
        .env(DATA, data)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let journal = data.join("running-calls");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !std::fs::read(&journal).unwrap_or_default().starts_with(b"guest ") {
        assert!(Instant::now() < deadline, "the call never began");
        std::thread::sleep(Duration::from_millis(1));
    }
    process.kill().unwrap();
    process.wait().unwrap();
}

async fn report(data: &Path) -> BlockReport {
    let host = host(data).await;
    host.runtime.block_reports().into_iter().find(|report| report.block.block_type == "guest").unwrap()
}

#[tokio::test]
async fn a_block_that_ran_when_hosts_were_killed_is_known_and_then_set_aside() {
    let data = tempfile::tempdir().unwrap();
    import_unit(data.path(), "<guest url_name=\"g\"/>");
    crash(data.path());
    let once = report(data.path()).await;
    assert_eq!((once.crashes, once.standing), (1, Standing::Good), "once may be chance");
    crash(data.path());
    let twice = report(data.path()).await;
    assert_eq!(twice.crashes, 2);
    assert!(matches!(twice.standing, Standing::SetAside { .. }), "{twice:?}");

    let host = host(data.path()).await;
    assert!(host.runtime.release_block(&twice.block));
    drop(host);
    assert_eq!(report(data.path()).await.crashes, 0, "the operator has let it go");
}
