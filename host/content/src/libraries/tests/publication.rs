//! Publishing and reverting move pointers, and tell of what they moved.

use blockhouse_keys::UsageKey;

use super::backup::{sample, zipped};
use super::bed::{Bed, ann};
use super::editing::library_with_a_block;
use crate::libraries::ContainerChild;

pub(super) async fn publishing_tells_of_what_changed_and_of_nothing_else(bed: &Bed) {
    let zip = bed.folder.path().join("in.zip");
    zipped(&sample(), &zip);
    let library = bed.libraries.restore(&zip, None, &ann()).await.unwrap();
    let seen = bed.libraries.undelivered_events("file", 0, 1000).await.unwrap().last().unwrap().id;
    bed.libraries.publish_library(&library.key, None, &ann()).await.unwrap();
    let events = bed.libraries.undelivered_events("file", seen, 1000).await.unwrap();
    let subjects: Vec<_> = events.iter().map(|event| event.subject.as_str()).collect();
    assert!(
        subjects.contains(&"lb:Harbour:TIDES:html:ebb") && subjects.contains(&"lb:Harbour:TIDES:html:storm"),
        "{subjects:?}"
    );
    assert!(!subjects.contains(&"lb:Harbour:TIDES:problem:moon"), "{subjects:?}");
    assert!(events.iter().all(|event| event.name.ends_with(".published.v1")));
    bed.libraries.publish_library(&library.key, None, &ann()).await.unwrap();
    let again = bed.libraries.undelivered_events("file", events.last().unwrap().id, 1000).await.unwrap();
    assert!(again.is_empty(), "{again:?}");
}

pub(super) async fn reverting_brings_back_what_learners_see(bed: &Bed) {
    let (library, block) = library_with_a_block(&bed.libraries).await;
    bed.libraries.publish_library(&library, None, &ann()).await.unwrap();
    bed.libraries.set_olx(&block, "<html>draft</html>", None, &ann()).await.unwrap();
    bed.libraries.revert_library(&library, None, &ann()).await.unwrap();
    assert_eq!(bed.libraries.olx(&block).await.unwrap(), ("<html/>".to_owned(), 1));
    assert!(bed.libraries.pending(&library).await.unwrap().is_empty());
    // The number of the version that was taken back is not given again (spec 7.6.3).
    assert_eq!(bed.libraries.set_olx(&block, "<html>3</html>", Some(1), &ann()).await.unwrap(), 3);
}

pub(super) async fn a_container_is_published_with_what_it_lists(bed: &Bed) {
    let (library, block) = library_with_a_block(&bed.libraries).await;
    let unit = bed.libraries.create_container(&library, "unit", "Week 1", &ann()).await.unwrap();
    let child = ContainerChild { key: block.to_string(), version: None };
    bed.libraries.set_children(&unit.key, |_| vec![child.clone()], &ann()).await.unwrap();
    bed.libraries.publish_one(unit.key.as_str(), None, &ann()).await.unwrap();
    assert_eq!(bed.libraries.children(&unit.key, true).await.unwrap(), [child]);
    let published: UsageKey = block;
    assert!(bed.libraries.published_olx(&published).await.unwrap().is_some());
    assert!(bed.libraries.pending(&library).await.unwrap().is_empty());
}
