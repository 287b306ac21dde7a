//! One tally, two hosts.

use blockhouse_system_tests::{import_unit, learners};

use crate::database::{Postgres, parsed};
use crate::voters::{Voters, olx, stored};

#[tokio::test]
async fn row_079_a_thousand_votes_of_fifty_learners_over_two_hosts_are_a_thousand() {
    let Some(server) = Postgres::new().await else { return };
    let data = tempfile::tempdir().unwrap();
    import_unit(data.path(), &olx(1));
    let url = server.url();
    let half = |first_learner| Voters {
        data: data.path(),
        database: &url,
        first_learner,
        learners: 25,
        blocks: 1,
        votes: 20,
    };
    let hosts = [half(1).start(), half(26).start()];
    let mut answered = 0;
    for mut host in hosts {
        answered += host.by_ref().count();
        assert!(host.process.wait().unwrap().success());
    }
    assert_eq!(answered, 1000);
    let store = learners(&parsed(&url)).await;
    let (tally, voted) = stored(&*store, 0).await;
    assert_eq!((tally, voted.len()), (1000, 50));
}
