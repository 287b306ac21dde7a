//! Documents on each of the databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use blockhouse_keys::{PluginContextKey, UsageKey};

use super::{DocumentError, Documents, MAX_DOCUMENT, NewDocument};
use crate::libraries::Author;
use crate::libraries::tests::bed::{Bed, ann};

/// The documents of a fresh storage of each kind that there is here.
async fn on_each_database() -> Vec<(Bed, Documents)> {
    let beds = [Bed::on_sqlite().await, Bed::on_postgres().await, Bed::on_mysql().await];
    let documents = |bed: Bed| {
        let documents = Documents::new(bed.storage.clone());
        (bed, documents)
    };
    beds.into_iter().flatten().map(documents).collect()
}

fn key() -> PluginContextKey {
    "x-pathway:Acme:first".parse().unwrap()
}

fn source(name: &str) -> UsageKey {
    format!("lb:A:one:html:{name}").parse().unwrap()
}

async fn save(documents: &Documents, based_on: u64, text: &str, by: &Author) -> Result<u64, DocumentError> {
    let sources = [source("a")];
    documents.save(NewDocument { key: &key(), based_on, document: text, sources: &sources }, by).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_found_as_it_was_saved_last() {
    for (_bed, documents) in on_each_database().await {
        assert_eq!(documents.document(&key()).await.unwrap(), None);
        assert_eq!(save(&documents, 0, "one", &ann()).await.unwrap(), 1);
        assert_eq!(save(&documents, 1, "zwei €", &ann()).await.unwrap(), 2);
        let found = documents.document(&key()).await.unwrap().unwrap();
        assert_eq!((found.version, &*found.document), (2, "zwei €"));
        assert_eq!(*found.sources, [source("a")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_on_an_old_version_is_refused_with_the_current_one() {
    for (_bed, documents) in on_each_database().await {
        save(&documents, 0, "one", &ann()).await.unwrap();
        save(&documents, 1, "two", &ann()).await.unwrap();
        for based_on in [0, 1, 3] {
            let error = save(&documents, based_on, "lost", &ann()).await.unwrap_err();
            assert!(matches!(error, DocumentError::Stale { current: 2, .. }), "{error}");
        }
        assert_eq!(&*documents.document(&key()).await.unwrap().unwrap().document, "two");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_make_the_same_context_at_once_one_does() {
    for (_bed, documents) in on_each_database().await {
        let saves = (0..8).map(|number| {
            let documents = documents.clone();
            tokio::spawn(async move { save(&documents, 0, &number.to_string(), &ann()).await })
        });
        let mut made = 0;
        for save in saves.collect::<Vec<_>>() {
            match save.await.unwrap() {
                Ok(version) => made += version,
                Err(DocumentError::Stale { current, .. }) => assert_eq!(current, 1),
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(made, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_saves_later_does_not_become_its_author() {
    for (_bed, documents) in on_each_database().await {
        save(&documents, 0, "one", &ann()).await.unwrap();
        let bert = Author { account: 4, username: "bert".to_owned() };
        save(&documents, 1, "two", &bert).await.unwrap();
        assert_eq!(documents.document(&key()).await.unwrap().unwrap().author, ann());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_version_that_was_seen_is_deleted() {
    for (_bed, documents) in on_each_database().await {
        save(&documents, 0, "one", &ann()).await.unwrap();
        save(&documents, 1, "two", &ann()).await.unwrap();
        let error = documents.delete(&key(), 1).await.unwrap_err();
        assert!(matches!(error, DocumentError::Stale { current: 2, .. }), "{error}");
        documents.delete(&key(), 2).await.unwrap();
        assert_eq!(documents.document(&key()).await.unwrap(), None);
        assert!(matches!(documents.delete(&key(), 2).await, Err(DocumentError::NoSuchDocument(_))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_before_anything_is_written() {
    for (_bed, documents) in on_each_database().await {
        let error = save(&documents, 0, &"a".repeat(MAX_DOCUMENT + 1), &ann()).await.unwrap_err();
        assert!(matches!(error, DocumentError::TooLarge), "{error}");
        assert_eq!(documents.document(&key()).await.unwrap(), None);
        save(&documents, 0, &"a".repeat(MAX_DOCUMENT), &ann()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_no_learners_state_could_name_is_refused() {
    for (_bed, documents) in on_each_database().await {
        let key: PluginContextKey = format!("x-pathway:Acme:{}", "a".repeat(250)).parse().unwrap();
        let new = NewDocument { key: &key, based_on: 0, document: "one", sources: &[] };
        let error = documents.save(new, &ann()).await.unwrap_err();
        assert!(matches!(error, DocumentError::LongKey(_)), "{error}");
    }
}
