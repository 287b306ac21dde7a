//! Events leave: once for each consumer, in order, and none is forgotten before all have it.

use super::{Bed, Testable, on_every_database};
use crate::conformance::usage;
use crate::{Completions, Event, EventKind, Lease, Outbox};

async fn publish<D: Testable>(bed: &Bed<D>, learner: i64, names: &[&str]) {
    let block = usage("C", "poll", "1");
    for name in names {
        let kind = EventKind::Other((*name).to_owned(), "{\"a\":1}".into());
        bed.learner(learner).publish(Event { usage: block.clone(), kind }).await.unwrap();
    }
}

async fn waiting<D: Testable>(bed: &Bed<D>, consumer: &str) -> Vec<(i64, String)> {
    let messages = bed.store.undelivered(consumer, 0, 100).await.unwrap();
    messages.into_iter().map(|message| (message.id, message.kind)).collect()
}

fn kinds(waiting: &[(i64, String)]) -> Vec<&str> {
    waiting.iter().map(|(_, kind)| kind.as_str()).collect()
}

async fn a_message_says_who_where_and_what<D: Testable>(bed: Bed<D>) {
    publish(&bed, 7, &["voted"]).await;
    let message = bed.store.undelivered("file", 0, 10).await.unwrap().remove(0);
    let block = usage("C", "poll", "1");
    assert_eq!((message.learner, message.kind.as_str(), &*message.data), (7, "voted", "{\"a\":1}"));
    assert_eq!((message.usage, message.context), (block.to_string(), block.context_key().to_string()));
    assert_eq!(message.created.as_millisecond(), 1_700_000_000_123);
}

async fn each_consumer_goes_at_its_own_pace<D: Testable>(bed: Bed<D>) {
    publish(&bed, 1, &["a", "b", "c"]).await;
    let all = waiting(&bed, "file").await;
    assert_eq!(kinds(&all), ["a", "b", "c"]);
    bed.store.delivered("file", &[all[0].0, all[1].0]).await.unwrap();
    assert_eq!(kinds(&waiting(&bed, "file").await), ["c"]);
    assert_eq!(kinds(&waiting(&bed, "webhook").await), ["a", "b", "c"]);
    assert_eq!(bed.store.undelivered("webhook", all[0].0, 1).await.unwrap()[0].kind, "b");
}

async fn a_message_goes_when_every_consumer_has_it<D: Testable>(bed: Bed<D>) {
    publish(&bed, 1, &["a", "b"]).await;
    let ids: Vec<i64> = waiting(&bed, "file").await.into_iter().map(|(id, _)| id).collect();
    let consumers = ["file".to_owned(), "webhook".to_owned()];
    bed.store.delivered("file", &ids).await.unwrap();
    bed.store.prune(&consumers).await.unwrap();
    assert_eq!(bed.count("blockhouse_outbox").await, 2);
    // Telling twice is no mistake: a host may die before it knows that it has told.
    for _ in 0..2 {
        bed.store.delivered("webhook", &ids[..1]).await.unwrap();
    }
    bed.store.prune(&consumers).await.unwrap();
    assert_eq!(kinds(&waiting(&bed, "webhook").await), ["b"]);
    assert_eq!(bed.count("blockhouse_delivered").await, 1, "what is gone has no marks");
}

async fn without_consumers_nothing_is_kept<D: Testable>(bed: Bed<D>) {
    publish(&bed, 1, &["a"]).await;
    bed.store.prune(&[]).await.unwrap();
    assert_eq!(bed.count("blockhouse_outbox").await, 0);
}

async fn one_host_at_a_time_delivers<D: Testable>(bed: Bed<D>) {
    let lease = |holder, now_ms| Lease { consumer: "file", holder, now_ms, until_ms: now_ms + 100 };
    assert!(bed.store.lease(&lease("one", 1000)).await.unwrap());
    assert!(!bed.store.lease(&lease("two", 1050)).await.unwrap());
    assert!(bed.store.lease(&lease("one", 1090)).await.unwrap(), "whoever has it renews it");
    assert!(!bed.store.lease(&lease("two", 1190)).await.unwrap());
    assert!(bed.store.lease(&lease("two", 1191)).await.unwrap(), "a host that is gone loses it");
    assert!(!bed.store.lease(&lease("one", 1192)).await.unwrap());
}

async fn row_160_completion_is_read_by_context<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "video", "1"));
    for part in [0.5, 1.0] {
        alice.publish(Event { usage: block.clone(), kind: EventKind::Completion(part) }).await.unwrap();
    }
    let found = bed.store.completions(&alice.user, &block.context_key()).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].usage.as_str(), found[0].fraction), (block.as_str(), 1.0));
    let elsewhere = usage("D", "video", "1").context_key();
    assert_eq!(bed.store.completions(&alice.user, &elsewhere).await.unwrap(), []);
    let bob = bed.learner(2);
    assert_eq!(bed.store.completions(&bob.user, &block.context_key()).await.unwrap(), []);
}

on_every_database! {
    a_message_says_who_where_and_what,
    each_consumer_goes_at_its_own_pace,
    a_message_goes_when_every_consumer_has_it,
    without_consumers_nothing_is_kept,
    one_host_at_a_time_delivers,
    row_160_completion_is_read_by_context,
}
