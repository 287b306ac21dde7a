//! What a crash or a damaged disk leaves behind is found, and mended where that can be.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;

use crate::bundles::{BundleStore as _, DraftEdit, EmbeddedBundles, FileEdit, NewBundle, Tree};
use crate::{Digest, Finding, Fsck, Storage};

const AT_ONCE: Fsck = Fsck { mend: true, age: Duration::ZERO };

struct Library {
    directory: tempfile::TempDir,
    storage: Storage,
    store: EmbeddedBundles,
    draft: uuid::Uuid,
}

impl Library {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let storage = Storage::open_in(directory.path()).await.unwrap();
        let store = EmbeddedBundles::new(storage.clone());
        let collection = store.create_collection("C").await.unwrap().uuid;
        let new =
            NewBundle { collection, slug: "b".to_owned(), title: "B".to_owned(), ..NewBundle::default() };
        let bundle = store.create_bundle(new).await.unwrap().uuid;
        let draft = store.open_draft(bundle, "d").await.unwrap().uuid;
        Self { directory, storage, store, draft }
    }

    async fn write(&self, name: &str, contents: &Bytes) {
        let files = BTreeMap::from([(name.parse().unwrap(), FileEdit::Write(contents.clone()))]);
        self.store.edit_draft(self.draft, DraftEdit { files, ..DraftEdit::default() }).await.unwrap();
    }

    fn blobs(&self) -> std::path::PathBuf {
        self.directory.path().join("blobs")
    }

    async fn run(&self, how: Fsck) -> Vec<Finding> {
        self.storage.fsck(how).await.unwrap()
    }

    async fn statement(&self, statement: &str) {
        let mut transaction = self.storage.database.write().await.unwrap();
        transaction.execute(statement, &[]).await.unwrap();
        transaction.commit().await.unwrap();
    }
}

fn large(filling: u8) -> Bytes {
    Bytes::from(vec![filling; 100_000])
}

fn count(directory: &Path) -> usize {
    let folders = std::fs::read_dir(directory).unwrap().map(|folder| folder.unwrap().path());
    folders.map(|folder| std::fs::read_dir(folder).unwrap().count()).sum()
}

#[tokio::test]
async fn a_store_in_use_is_clean() {
    let library = Library::new().await;
    library.write("small", &Bytes::from_static(b"small")).await;
    library.write("large", &large(1)).await;
    assert_eq!(library.run(AT_ONCE).await, []);
    library.store.commit_draft(library.draft, Default::default()).await.unwrap();
    assert_eq!(library.run(AT_ONCE).await, []);
    let file = library.store.read(Tree::Draft(library.draft), &"large".parse().unwrap()).await.unwrap();
    assert_eq!(file.1, large(1));
}

#[tokio::test]
async fn contents_that_were_replaced_are_collected_once_they_are_old() {
    let library = Library::new().await;
    for contents in [Bytes::from_static(b"one"), large(1), Bytes::from_static(b"two"), large(2)] {
        library.write("a", &contents).await;
    }
    let young = Fsck { mend: true, age: Duration::from_secs(3600) };
    assert_eq!(library.run(young).await, []);
    let only_looking = Fsck { mend: false, age: Duration::ZERO };
    assert_eq!(library.run(only_looking).await.len(), 3);
    let mut found = library.run(AT_ONCE).await;
    found.sort_by_key(ToString::to_string);
    let mut expected: Vec<_> = [Bytes::from_static(b"one"), large(1), Bytes::from_static(b"two")]
        .iter()
        .map(|contents| Finding::Unnamed(Digest::of(contents)))
        .collect();
    expected.sort_by_key(ToString::to_string);
    assert_eq!(found, expected);
    assert_eq!(library.run(AT_ONCE).await, []);
    assert_eq!(count(&library.blobs()), 1);
    library.write("b", &large(1)).await;
    assert_eq!(count(&library.blobs()), 2, "collected contents can come back");
    assert_eq!(library.run(AT_ONCE).await, []);
}

#[tokio::test]
async fn what_an_upload_left_that_was_killed_before_it_was_named_is_removed() {
    let library = Library::new().await;
    library.write("a", &large(1)).await;
    let digest = Digest::of(b"never named");
    library.storage.blobs.put(digest, Bytes::from_static(b"never named")).await.unwrap();
    let folder = library.blobs().join("ab");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("cdef#1"), "half").unwrap();
    let mut found = library.run(AT_ONCE).await;
    found.sort_by_key(Finding::can_be_mended);
    assert!(found.contains(&Finding::Unnamed(digest)));
    assert!(found.contains(&Finding::Unfinished("ab/cdef#1".to_owned())));
    assert_eq!(found.len(), 2);
    assert_eq!(library.run(AT_ONCE).await, []);
    assert_eq!(count(&library.blobs()), 1);
}

#[tokio::test]
async fn contents_that_the_database_forgot_are_made_known_again() {
    let library = Library::new().await;
    library.write("a", &large(1)).await;
    library.statement("DELETE FROM content_blob").await;
    assert_eq!(library.run(AT_ONCE).await, [Finding::Unknown(Digest::of(&large(1)))]);
    assert_eq!(library.run(AT_ONCE).await, []);
    let file = library.store.read(Tree::Draft(library.draft), &"a".parse().unwrap()).await.unwrap();
    assert_eq!(file.1, large(1));
}

#[tokio::test]
async fn missing_and_corrupt_contents_are_found_and_a_new_upload_mends_the_missing() {
    let library = Library::new().await;
    let small = Bytes::from_static(b"small");
    library.write("small", &small).await;
    library.write("gone", &large(1)).await;
    library.write("bent", &large(2)).await;
    library.storage.blobs.delete(Digest::of(&large(1))).await.unwrap();
    library.storage.blobs.put(Digest::of(&large(2)), Bytes::from_static(b"bent")).await.unwrap();
    library.statement("UPDATE content_blob SET data = x'00' WHERE size = 5").await;
    let found = library.run(AT_ONCE).await;
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.contains(&Finding::Missing(Digest::of(&large(1)))));
    assert!(found.contains(&Finding::Corrupt(Digest::of(&large(2)))));
    assert!(found.contains(&Finding::Corrupt(Digest::of(&small))));
    assert!(!found.iter().any(Finding::can_be_mended));
    library.write("again", &large(1)).await;
    assert_eq!(library.run(AT_ONCE).await.len(), 2);
}

#[tokio::test]
async fn tables_that_contradict_each_other_are_found() {
    let library = Library::new().await;
    library.write("a", &Bytes::from_static(b"1")).await;
    library.store.commit_draft(library.draft, Default::default()).await.unwrap();
    for (damage, undo) in [
        ("UPDATE content_bundle SET latest_version = 2", "UPDATE content_bundle SET latest_version = 1"),
        ("UPDATE content_file SET from_version = 7", "UPDATE content_file SET from_version = 1"),
        ("UPDATE content_draft SET base_version = 7", "UPDATE content_draft SET base_version = 1"),
        (
            "UPDATE content_bundle SET collection_id = collection_id + 1",
            "UPDATE content_bundle SET collection_id = collection_id - 1",
        ),
    ] {
        library.statement(damage).await;
        let found = library.run(AT_ONCE).await;
        assert!(matches!(&found[..], [Finding::Contradiction(_)]), "{damage}: {found:?}");
        library.statement(undo).await;
        assert_eq!(library.run(AT_ONCE).await, []);
    }
}
