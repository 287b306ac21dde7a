//! Drafts.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{Subject, edit, path, version};
use crate::bundles::{BundleError, Commit, Conflict, Digest, DraftEdit, Expected, FileEdit, Selection, Tree};

/// The life of files: written, replaced and deleted in a draft; in the version only once they are committed.
pub async fn row_150_files_are_written_deleted_and_committed(subject: &Subject) {
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    subject.edit(draft, &[("html/a/definition.xml", Some("<html/>")), ("b ü.txt", Some("sea"))]).await;
    let tree = Tree::Draft(draft);
    assert_eq!(subject.paths(tree).await, ["b ü.txt", "html/a/definition.xml"]);
    let file = subject.store.file(tree, &path("b ü.txt")).await.unwrap();
    assert_eq!((file.size, file.digest, file.modified), (3, Digest::of(b"sea"), true));
    assert!(subject.paths(version(bundle, 0)).await.is_empty());
    assert_eq!(subject.store.bundle(bundle).await.unwrap().latest_version, 0);

    assert_eq!(subject.commit(draft).await, 1);
    assert_eq!(subject.store.bundle(bundle).await.unwrap().latest_version, 1);
    assert_eq!(subject.text(version(bundle, 1), "b ü.txt").await.as_deref(), Some("sea"));
    let file = subject.store.file(tree, &path("b ü.txt")).await.unwrap();
    assert!(!file.modified, "the draft has no changes any more");

    subject.edit(draft, &[("b ü.txt", None), ("html/a/definition.xml", Some("<html>2</html>"))]).await;
    assert_eq!(subject.paths(tree).await, ["html/a/definition.xml"]);
    assert_eq!(subject.text(tree, "b ü.txt").await, None);
    assert_eq!(subject.text(tree, "html/a/definition.xml").await.as_deref(), Some("<html>2</html>"));
    assert_eq!(subject.text(version(bundle, 1), "b ü.txt").await.as_deref(), Some("sea"));
    let folder = subject.store.files(tree, Some(&path("html/a"))).await.unwrap();
    assert_eq!(folder.len(), 1);
    assert!(subject.store.files(tree, Some(&path("htm"))).await.unwrap().is_empty());

    assert_eq!(subject.commit(draft).await, 2);
    assert_eq!(subject.paths(version(bundle, 2)).await, ["html/a/definition.xml"]);
    assert_eq!(subject.paths(version(bundle, 1)).await, ["b ü.txt", "html/a/definition.xml"]);
    assert_eq!(subject.text(version(bundle, 1), "html/a/definition.xml").await.as_deref(), Some("<html/>"));
}

/// A name belongs to one draft of a bundle.
pub async fn a_draft_is_found_again_by_its_name(subject: &Subject) {
    let (bundle, other) = (subject.bundle().await, subject.bundle().await);
    let draft = subject.store.open_draft(bundle, "studio_draft").await.unwrap();
    assert_eq!((draft.bundle, draft.name.as_str(), draft.base_version), (bundle, "studio_draft", 0));
    subject.edit(draft.uuid, &[("a", Some("1"))]).await;
    let again = subject.store.open_draft(bundle, "studio_draft").await.unwrap();
    assert_eq!(again.uuid, draft.uuid);
    assert_ne!(subject.store.open_draft(bundle, "studio_draft2").await.unwrap().uuid, draft.uuid);
    assert_ne!(subject.store.open_draft(other, "studio_draft").await.unwrap().uuid, draft.uuid);
    assert_eq!(subject.store.bundle(bundle).await.unwrap().drafts.get("studio_draft"), Some(&draft.uuid));
    assert_eq!(subject.store.draft(draft.uuid).await.unwrap().bundle, bundle);
    assert_eq!(subject.text(Tree::Draft(draft.uuid), "a").await.as_deref(), Some("1"));
}

/// And keeps it, whatever other drafts commit.
pub async fn a_draft_begins_over_the_newest_version(subject: &Subject) {
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    subject.edit(draft, &[("a", Some("1"))]).await;
    subject.commit(draft).await;
    let second = subject.store.open_draft(bundle, "second").await.unwrap();
    assert_eq!(subject.text(Tree::Draft(second.uuid), "a").await.as_deref(), Some("1"));
    subject.edit(draft, &[("a", Some("2"))]).await;
    subject.commit(draft).await;
    assert_eq!(subject.text(Tree::Draft(second.uuid), "a").await.as_deref(), Some("1"));
    if subject.complete {
        assert_eq!((second.base_version, subject.store.draft(draft).await.unwrap().base_version), (1, 2));
    }
}

/// Writing what is there, or deleting what never was, leaves nothing to commit.
pub async fn a_change_back_is_no_change(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    subject.edit(draft, &[("a", Some("1"))]).await;
    subject.commit(draft).await;
    subject.edit(draft, &[("a", Some("2")), ("b", Some("new"))]).await;
    assert_eq!(subject.store.changes(draft).await.unwrap().files.len(), 2);
    subject.edit(draft, &[("a", Some("1")), ("b", None), ("c", None)]).await;
    assert!(subject.store.changes(draft).await.unwrap().is_empty());
    assert!(!subject.store.file(Tree::Draft(draft), &path("a")).await.unwrap().modified);
}

/// Also what is kept outside of the database, and the same contents under two paths.
pub async fn large_and_empty_and_binary_files_come_back_as_they_were(subject: &Subject) {
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    let large = Bytes::from((0..300_000_u32).flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>());
    let every_byte = Bytes::from((0..=255).collect::<Vec<u8>>());
    let contents =
        [("large", large.clone()), ("copy of large", large), ("empty", Bytes::new()), ("bytes", every_byte)];
    let files = contents.iter().map(|(name, bytes)| (path(name), FileEdit::Write(bytes.clone())));
    let edit = DraftEdit { files: files.collect(), ..DraftEdit::default() };
    subject.store.edit_draft(draft, edit).await.unwrap();
    for (name, bytes) in &contents {
        let (file, read) = subject.store.read(Tree::Draft(draft), &path(name)).await.unwrap();
        assert_eq!((file.size, file.digest), (bytes.len() as u64, Digest::of(bytes)), "{name}");
        assert!(read == *bytes, "{name}");
    }
    subject.commit(draft).await;
    for (name, bytes) in &contents {
        assert!(subject.store.read(version(bundle, 1), &path(name)).await.unwrap().1 == *bytes, "{name}");
    }
    let paths = [path("empty"), path("none"), path("bytes")];
    let read = subject.store.read_many(version(bundle, 1), &paths).await.unwrap();
    let names: Vec<_> = read.iter().map(|(file, _)| file.path.as_str()).collect();
    assert_eq!(names, ["empty", "bytes"]);
}

/// All of them, single files, or folders.
pub async fn discarded_changes_are_gone(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let store = &subject.store;
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    subject.edit(draft, &[("a", Some("1")), ("f/b", Some("1")), ("f/c", Some("1"))]).await;
    subject.commit(draft).await;
    subject.edit(draft, &[("a", Some("2")), ("f/b", Some("2")), ("f/c", None), ("f/d", Some("2"))]).await;
    let folder = Selection::Only { files: vec![], folders: vec![path("f")], links: vec![] };
    store.discard_changes(draft, &folder).await.unwrap();
    assert_eq!(subject.paths(Tree::Draft(draft)).await, ["a", "f/b", "f/c"]);
    assert_eq!(subject.text(Tree::Draft(draft), "f/b").await.as_deref(), Some("1"));
    assert_eq!(subject.text(Tree::Draft(draft), "a").await.as_deref(), Some("2"));
    store.discard_changes(draft, &Selection::All).await.unwrap();
    assert_eq!(subject.text(Tree::Draft(draft), "a").await.as_deref(), Some("1"));
    assert!(store.changes(draft).await.unwrap().is_empty());
}

/// With its changes; the versions stay.
pub async fn a_deleted_draft_is_gone(subject: &Subject) {
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    subject.edit(draft, &[("a", Some("1"))]).await;
    subject.commit(draft).await;
    subject.edit(draft, &[("a", Some("2"))]).await;
    subject.store.delete_draft(draft).await.unwrap();
    assert!(matches!(subject.store.draft(draft).await, Err(BundleError::DraftNotFound(_))));
    assert!(matches!(subject.store.delete_draft(draft).await, Err(BundleError::DraftNotFound(_))));
    let new = subject.draft(bundle).await;
    assert_eq!(subject.text(Tree::Draft(new), "a").await.as_deref(), Some("1"));
}

/// Two people at once (spec 8.7).
pub async fn stale_edits_are_refused_with_what_is_there_now(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let store = &subject.store;
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    let first = subject.edit(draft, &[("a", Some("1")), ("b", Some("1"))]).await;
    let second = subject.edit(draft, &[("a", Some("2"))]).await;
    assert!(second.revision > first.revision);

    let stale = DraftEdit { expected: Expected::Revision(first.revision), ..edit(&[("a", Some("3"))]) };
    let error = store.edit_draft(draft, stale).await.unwrap_err();
    let current = second.revision;
    assert!(matches!(&error, BundleError::Conflict(Conflict::Draft { current: found }) if *found == current));

    let expecting = |name: &str, text: Option<&[u8]>, new: &str| {
        let expected = BTreeMap::from([(path(name), text.map(Digest::of))]);
        DraftEdit { expected: Expected::Files(expected), ..edit(&[(name, Some(new))]) }
    };
    let error = store.edit_draft(draft, expecting("a", Some(b"1"), "3")).await.unwrap_err();
    let BundleError::Conflict(Conflict::File { path: found, current }) = error else {
        panic!("{error}");
    };
    assert_eq!((found, current), (path("a"), Some(Digest::of(b"2"))));
    assert_eq!(subject.text(Tree::Draft(draft), "a").await.as_deref(), Some("2"), "nothing was written");
    store.edit_draft(draft, expecting("b", Some(b"1"), "3")).await.unwrap();
    store.edit_draft(draft, expecting("c", None, "new")).await.unwrap();
    assert!(store.edit_draft(draft, expecting("c", None, "again")).await.is_err());

    let commit = Commit { revision: Some(second.revision), ..Commit::default() };
    assert!(matches!(store.commit_draft(draft, commit).await, Err(BundleError::Conflict(_))));
    let revision = Some(store.draft(draft).await.unwrap().revision);
    store.commit_draft(draft, Commit { revision, ..Commit::default() }).await.unwrap();
    store.edit_draft(draft, expecting("a", Some(b"2"), "4")).await.unwrap();
}

/// A copy into another bundle, and the restoring of an old version.
pub async fn contents_are_adopted_without_sending_them_again(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let store = &subject.store;
    let (bundle, other) = (subject.bundle().await, subject.bundle().await);
    let draft = subject.draft(bundle).await;
    subject.edit(draft, &[("a", Some("old"))]).await;
    subject.commit(draft).await;
    subject.edit(draft, &[("a", Some("new"))]).await;
    let adopt = |name: &str, digest| DraftEdit {
        files: BTreeMap::from([(path(name), FileEdit::Adopt(digest))]),
        ..DraftEdit::default()
    };
    let there = subject.draft(other).await;
    store.edit_draft(there, adopt("copy", Digest::of(b"old"))).await.unwrap();
    assert_eq!(subject.text(Tree::Draft(there), "copy").await.as_deref(), Some("old"));
    store.edit_draft(draft, adopt("a", Digest::of(b"old"))).await.unwrap();
    assert!(store.changes(draft).await.unwrap().is_empty(), "restored, which is no change");
    let error = store.edit_draft(there, adopt("x", Digest::of(b"never seen"))).await.unwrap_err();
    assert!(matches!(error, BundleError::ContentsNotFound(_)), "{error}");
}
