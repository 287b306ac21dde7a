use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use blockhouse_fields::UserId;

use super::super::cache::Place;
use super::{RedisStore, key};
use crate::conformance::{Subject, services, usage};
use crate::{StateError, StateStore};

fn visitor(n: u32) -> UserId {
    UserId::Anonymous(Arc::from(format!("anon{n:020x}")))
}

fn database(server: &str, number: u32) -> String {
    let (server, _) = server.rsplit_once('/').unwrap();
    format!("{server}/{number}")
}

/// The server is shared by all tests; each has one of its databases for itself (`scripts/services.sh` gives it 256).
async fn subject() -> Option<Subject> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = services::url("BLOCKHOUSE_TEST_REDIS")?;
    let url = database(&server, NEXT.fetch_add(1, Ordering::Relaxed));
    let client = redis::Client::open(url.as_str()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    redis::cmd("FLUSHDB").exec_async(&mut connection).await.unwrap();
    let store = RedisStore::new(&url, Duration::from_secs(600)).unwrap();
    Some(Subject { store: Arc::new(store), user: visitor, stranger: UserId::Learner(1), keep: Box::new(()) })
}

crate::state_store_conformance!(subject);

#[test]
fn keys_of_places_are_all_different() {
    let (a, b) = (usage("C", "poll", "1"), usage("C", "poll", "2"));
    let places = [
        Place::UserState(visitor(1), a.clone()),
        Place::UserState(visitor(2), a.clone()),
        Place::UserState(visitor(1), b.clone()),
        Place::UserStateSummary(a),
        Place::UserStateSummary(b),
        Place::Preferences(visitor(1), Arc::from("poll")),
        Place::Preferences(visitor(1), Arc::from("poll\",\"x")),
        Place::UserInfo(visitor(1)),
    ];
    let keys: std::collections::HashSet<_> = places.iter().map(key).collect();
    assert_eq!(keys.len(), places.len());
}

#[tokio::test]
async fn row_072_a_place_is_forgotten_after_its_time_to_live() {
    let Some(server) = services::url("BLOCKHOUSE_TEST_REDIS") else { return };
    let store = RedisStore::new(&database(&server, 255), Duration::from_millis(1)).unwrap();
    let person = crate::conformance::Person { store: Arc::new(store), user: visitor(72) };
    let block = usage("C", "poll", "72");
    person.set_all(&block, "1").await;
    // Whenever the server gets to it: what is asked is only that it does.
    while person.all(&block).await != [None, None, None, None] {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable_and_no_panic() {
    // Bound and never listening: every connection is refused.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    drop(taken);
    let store = RedisStore::new(&format!("redis://127.0.0.1:{port}"), Duration::from_secs(1)).unwrap();
    assert!(matches!(store.load(&visitor(1), &[]).await, Ok(_) | Err(StateError::Unavailable(_))));
    assert!(matches!(store.ready().await, Err(StateError::Unavailable(_))));
}

#[test]
fn an_address_that_is_none_is_refused() {
    assert!(RedisStore::new("http://example.org", Duration::from_secs(1)).is_err());
}
