//! Collections and bundles.

use uuid::Uuid;

use super::{Subject, path, version};
use crate::bundles::{BundleError, BundleFilter, BundlePatch, NewBundle, Tree};

/// Create, read, update, delete.
pub async fn a_collection_is_begun_renamed_and_deleted(subject: &Subject) {
    let store = &subject.store;
    let collection = store.create_collection("Fïrst").await.unwrap();
    assert_eq!(store.collection(collection.uuid).await.unwrap(), collection);
    assert!(store.collections().await.unwrap().contains(&collection));
    let renamed = store.rename_collection(collection.uuid, "Second").await.unwrap();
    assert_eq!((renamed.uuid, renamed.title.as_str()), (collection.uuid, "Second"));
    assert_eq!(store.collection(collection.uuid).await.unwrap(), renamed);
    store.delete_collection(collection.uuid).await.unwrap();
    let gone = store.collection(collection.uuid).await.unwrap_err();
    assert!(matches!(gone, BundleError::CollectionNotFound(uuid) if uuid == collection.uuid), "{gone}");
}

/// Deleting a collection never deletes what is in it.
pub async fn a_collection_with_bundles_is_not_deleted(subject: &Subject) {
    let store = &subject.store;
    let collection = store.create_collection("Full").await.unwrap().uuid;
    let bundle = subject.bundle_in(collection, "kept").await;
    if subject.complete {
        let refused = store.delete_collection(collection).await.unwrap_err();
        assert!(matches!(refused, BundleError::CollectionInUse(_)), "{refused}");
        assert!(store.bundle(bundle).await.is_ok());
    }
    store.delete_bundle(bundle).await.unwrap();
    if subject.complete {
        let refused = store.delete_collection(collection).await.unwrap_err();
        assert!(matches!(refused, BundleError::CollectionInUse(_)), "{refused}");
    }
}

/// Create, read, update, list, delete.
pub async fn a_bundle_is_begun_changed_found_and_deleted(subject: &Subject) {
    let store = &subject.store;
    let collection = store.create_collection("Shelf").await.unwrap().uuid;
    let other = store.create_collection("Other shelf").await.unwrap().uuid;
    let new = NewBundle {
        collection,
        slug: "téstlꜟt".to_owned(),
        title: "Ebb and Flöd".to_owned(),
        description: "About the sea".to_owned(),
    };
    let bundle = store.create_bundle(new.clone()).await.unwrap();
    assert_eq!((bundle.collection, bundle.latest_version), (collection, 0));
    assert_eq!((&bundle.slug, &bundle.title, &bundle.description), (&new.slug, &new.title, &new.description));
    assert_eq!(store.bundle(bundle.uuid).await.unwrap(), bundle);

    let second = subject.bundle_in(collection, "second").await;
    let found = |filter: BundleFilter| async move {
        let bundles = subject.store.bundles(&filter).await.unwrap();
        bundles.into_iter().map(|bundle| bundle.uuid).collect::<Vec<_>>()
    };
    let here = BundleFilter { collection: Some(collection), ..BundleFilter::default() };
    assert_eq!(found(here.clone()).await, [bundle.uuid, second], "ordered by title");
    let by_uuid = BundleFilter { uuids: Some(vec![second]), ..BundleFilter::default() };
    assert_eq!(found(by_uuid).await, [second]);
    for text in ["EBB", "the SEA", "stl"] {
        let by_text = BundleFilter { text: Some(text.to_owned()), ..here.clone() };
        assert_eq!(found(by_text).await, [bundle.uuid], "{text}");
    }

    let patch =
        BundlePatch { title: Some("Tides".to_owned()), collection: Some(other), ..BundlePatch::default() };
    let changed = store.update_bundle(bundle.uuid, patch).await.unwrap();
    assert_eq!((changed.title.as_str(), changed.collection), ("Tides", other));
    assert_eq!((&changed.slug, &changed.description), (&new.slug, &new.description));
    assert_eq!(store.bundle(bundle.uuid).await.unwrap(), changed);
    assert_eq!(found(here).await, [second]);

    store.delete_bundle(bundle.uuid).await.unwrap();
    let gone = store.bundle(bundle.uuid).await.unwrap_err();
    assert!(matches!(gone, BundleError::BundleNotFound(uuid) if uuid == bundle.uuid), "{gone}");
    let there = BundleFilter { collection: Some(other), ..BundleFilter::default() };
    assert!(found(there).await.is_empty());
}

/// Soft deletion, and what links to a deleted bundle.
pub async fn a_deleted_bundle_comes_back_with_everything(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let store = &subject.store;
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    subject.edit(draft, &[("a", Some("1"))]).await;
    subject.commit(draft).await;
    subject.edit(draft, &[("a", Some("2"))]).await;
    let before = store.bundle(bundle).await.unwrap();
    store.delete_bundle(bundle).await.unwrap();
    assert!(matches!(store.draft(draft).await.unwrap_err(), BundleError::DraftNotFound(_)));
    assert!(matches!(store.delete_bundle(bundle).await.unwrap_err(), BundleError::BundleNotFound(_)));
    assert_eq!(subject.text(version(bundle, 1), "a").await.as_deref(), Some("1"), "others may link to it");
    let deleted = BundleFilter { uuids: Some(vec![bundle]), deleted: true, ..BundleFilter::default() };
    assert!(store.bundles(&deleted).await.unwrap()[0].deleted.is_some());
    assert_eq!(store.restore_bundle(bundle).await.unwrap(), before);
    assert_eq!(subject.text(Tree::Draft(draft), "a").await.as_deref(), Some("2"));
}

/// Each kind of thing has an error of its own (spec 7.1.6).
pub async fn what_does_not_exist_is_named_in_the_error(subject: &Subject) {
    let store = &subject.store;
    let nobody = Uuid::new_v4();
    assert!(
        matches!(store.collection(nobody).await, Err(BundleError::CollectionNotFound(uuid)) if uuid == nobody)
    );
    assert!(matches!(store.bundle(nobody).await, Err(BundleError::BundleNotFound(uuid)) if uuid == nobody));
    assert!(matches!(store.draft(nobody).await, Err(BundleError::DraftNotFound(uuid)) if uuid == nobody));
    assert!(matches!(store.open_draft(nobody, "d").await, Err(BundleError::BundleNotFound(_))));
    assert!(matches!(store.version(nobody, 1).await, Err(BundleError::VersionNotFound { version: 1, .. })));
    let bundle = subject.bundle().await;
    for number in [0, 1, u64::MAX] {
        let missing = store.version(bundle, number).await;
        assert!(matches!(missing, Err(BundleError::VersionNotFound { .. })), "{number}");
    }
    assert!(store.files(version(bundle, 0), None).await.unwrap().is_empty(), "version 0 is there, and empty");
    assert!(store.links(version(bundle, 0)).await.unwrap().is_empty());
    assert!(store.files(version(bundle, 1), None).await.is_err());
    let draft = subject.draft(bundle).await;
    for tree in [version(bundle, 0), version(bundle, 7), Tree::Draft(draft), Tree::Draft(nobody)] {
        let missing = store.file(tree, &path("a")).await;
        assert!(matches!(missing, Err(BundleError::FileNotFound { .. })), "{tree}: {missing:?}");
    }
    let new =
        NewBundle { collection: nobody, slug: "a".to_owned(), title: "A".to_owned(), ..NewBundle::default() };
    assert!(store.create_bundle(new).await.is_err());
}

/// Bad input is refused before anything is stored (spec 7.1.1, 7.1.4).
pub async fn titles_slugs_and_paths_are_checked(subject: &Subject) {
    let store = &subject.store;
    assert!(matches!(store.create_collection("").await, Err(BundleError::Invalid(_))));
    assert!(matches!(store.create_collection(&"x".repeat(181)).await, Err(BundleError::Invalid(_))));
    let collection = store.create_collection("x").await.unwrap().uuid;
    for slug in ["", "two words", "a/b"] {
        let new =
            NewBundle { collection, slug: slug.to_owned(), title: "T".to_owned(), ..NewBundle::default() };
        assert!(matches!(store.create_bundle(new).await, Err(BundleError::Invalid(_))), "{slug}");
    }
}
