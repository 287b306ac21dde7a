//! What happened goes out: to everybody, once it has happened.

use super::bed::{Bed, ann};
use super::editing::library_with_a_block;
use crate::libraries::EventLease;

pub(super) async fn an_event_goes_to_each_consumer_and_is_forgotten_then(bed: &Bed) {
    let (library, block) = library_with_a_block(&bed.libraries).await;
    let events = bed.libraries.undelivered_events("file", 0, 100).await.unwrap();
    let names: Vec<_> = events.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "org.openedx.content_authoring.content_library.created.v1",
            "org.openedx.content_authoring.library_block.created.v1"
        ]
    );
    assert_eq!((events[1].library.as_str(), events[1].subject.as_str()), (library.as_str(), block.as_str()));
    assert_eq!(events[1].account, 3);
    let ids: Vec<_> = events.iter().map(|event| event.id).collect();
    bed.libraries.delivered_events("file", &ids).await.unwrap();
    bed.libraries.delivered_events("file", &ids).await.unwrap();
    assert!(bed.libraries.undelivered_events("file", 0, 100).await.unwrap().is_empty());
    assert_eq!(bed.libraries.undelivered_events("webhook", 0, 100).await.unwrap().len(), 2);
    let consumers = ["file".to_owned(), "webhook".to_owned()];
    bed.libraries.prune_events(&consumers).await.unwrap();
    assert_eq!(bed.libraries.undelivered_events("webhook", ids[0], 100).await.unwrap().len(), 1);
    bed.libraries.delivered_events("webhook", &ids).await.unwrap();
    bed.libraries.prune_events(&consumers).await.unwrap();
    assert!(bed.libraries.undelivered_events("a third", 0, 100).await.unwrap().is_empty());
}

pub(super) async fn one_host_at_a_time_delivers(bed: &Bed) {
    let lease = |holder, now_ms| EventLease { consumer: "file", holder, now_ms, until_ms: now_ms + 100 };
    assert!(bed.libraries.lease_events(&lease("one", 0)).await.unwrap());
    assert!(!bed.libraries.lease_events(&lease("two", 50)).await.unwrap());
    assert!(bed.libraries.lease_events(&lease("one", 60)).await.unwrap());
    assert!(bed.libraries.lease_events(&lease("two", 200)).await.unwrap());
    assert!(!bed.libraries.lease_events(&lease("one", 210)).await.unwrap());
}

pub(super) async fn a_change_that_fails_tells_nothing(bed: &Bed) {
    let (_, block) = library_with_a_block(&bed.libraries).await;
    let before = bed.libraries.undelivered_events("file", 0, 100).await.unwrap().len();
    bed.libraries.set_olx(&block, "<html/>", Some(9), &ann()).await.unwrap_err();
    bed.libraries.delete_file(&block, "none.txt", &ann()).await.unwrap_err();
    assert_eq!(bed.libraries.undelivered_events("file", 0, 100).await.unwrap().len(), before);
}
