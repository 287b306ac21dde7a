//! A database that goes away and comes back.

use blockhouse_runtime::RuntimeError;
use blockhouse_state::StateError;
use blockhouse_system_tests::{Host, anonymous, import_unit, learner};
use serde_json::json;

use crate::database::{Postgres, parsed};
use crate::voters::{block_key, olx};

#[tokio::test]
async fn while_the_database_is_away_calls_are_refused_and_then_everything_works_again() {
    let Some(server) = Postgres::new().await else { return };
    let data = tempfile::tempdir().unwrap();
    import_unit(data.path(), &olx(1));
    let host = Host::at(data.path(), &parsed(&server.url())).await;
    let vote = || async {
        let (_, tally) = host.try_call(&learner(1), &block_key(0), "vote", json!({"voteType": "up"})).await?;
        Ok::<_, RuntimeError>(tally["up"].as_i64().unwrap())
    };
    for expected in 1..=3 {
        assert_eq!(vote().await.unwrap(), expected);
    }
    for round in 0..2 {
        server.go_away().await;
        for _ in 0..3 {
            // What a server makes of it is 503 with Retry-After.
            assert!(matches!(vote().await, Err(RuntimeError::State(StateError::Unavailable(_)))));
        }
        assert!(host.runtime.ready().await.learners.is_err());
        server.come_back().await;
        // No connection of before lives, and nobody is told so.
        assert_eq!(vote().await.unwrap(), 4 + round);
        host.runtime.ready().await.learners.unwrap();
    }
}

/// Nothing is read for who is not signed in, not even from a database that is away.
#[tokio::test]
async fn row_089_a_visitor_without_an_account_is_served_without_the_learners_database() {
    let Some(server) = Postgres::new().await else { return };
    let data = tempfile::tempdir().unwrap();
    import_unit(data.path(), &olx(1));
    let host = Host::at(data.path(), &parsed(&server.url())).await;
    host.call(&learner(1), &block_key(0), "vote", json!({"voteType": "up"})).await;
    server.go_away().await;
    let (_, tally) = host.call(&anonymous(1), &block_key(0), "vote", json!({"voteType": "down"})).await;
    assert_eq!(tally, json!({"up": 0, "down": 1}));
}
