//! Commits, and what remains of them.

use super::{Subject, edit, path, version};
use crate::bundles::{BundleError, Commit, Conflict, DraftEdit, Selection, Tree};

/// The error of spec 7.1.3.
pub async fn nothing_is_committed_without_changes(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    let error = subject.store.commit_draft(draft, Commit::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Draft has no changes to commit.");
    subject.edit(draft, &[("a", Some("1"))]).await;
    let other = Selection::Only { files: vec![path("b")], folders: vec![], links: vec![] };
    let commit = Commit { selection: other, ..Commit::default() };
    assert!(matches!(subject.store.commit_draft(draft, commit).await, Err(BundleError::NothingToCommit)));
    assert_eq!(subject.store.bundle(bundle).await.unwrap().latest_version, 0);
}

/// One block, say: its folder becomes part of the version, everything else stays in the draft.
pub async fn a_part_of_a_draft_is_committed(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let store = &subject.store;
    let (bundle, other) = (subject.bundle().await, subject.bundle().await);
    let (draft, elsewhere) = (subject.draft(bundle).await, subject.draft(other).await);
    subject.edit(elsewhere, &[("x", Some("1"))]).await;
    subject.commit(elsewhere).await;
    subject.edit(draft, &[("f/a", Some("1")), ("f/b", Some("1")), ("fa", Some("1")), ("c", Some("1"))]).await;
    subject.link(draft, "l", Some((other, 1))).await.unwrap();
    subject.link(draft, "m", Some((other, 1))).await.unwrap();
    let selection = Selection::Only {
        files: vec![path("c"), path("none")],
        folders: vec![path("f")],
        links: vec!["l".to_owned()],
    };
    let committed = store.commit_draft(draft, Commit { selection, ..Commit::default() }).await.unwrap();
    assert_eq!(committed.number, 1);
    assert_eq!(subject.paths(version(bundle, 1)).await, ["c", "f/a", "f/b"]);
    assert_eq!(store.links(version(bundle, 1)).await.unwrap().len(), 1);
    assert_eq!(subject.paths(Tree::Draft(draft)).await, ["c", "f/a", "f/b", "fa"]);
    let left = store.changes(draft).await.unwrap();
    assert_eq!((left.files.len(), left.links.len()), (1, 1));
    assert_eq!((left.files[0].path.as_str(), left.links[0].name.as_str()), ("fa", "m"));
    assert_eq!(subject.commit(draft).await, 2);
    assert_eq!(subject.paths(version(bundle, 2)).await, ["c", "f/a", "f/b", "fa"]);
}

/// Whoever commits second hears of it, and may then decide.
pub async fn two_drafts_that_change_the_same_file_do_not_overwrite_each_other(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let store = &subject.store;
    let bundle = subject.bundle().await;
    let one = store.open_draft(bundle, "one").await.unwrap().uuid;
    let two = store.open_draft(bundle, "two").await.unwrap().uuid;
    subject.edit(one, &[("a", Some("one"))]).await;
    subject.edit(two, &[("a", Some("two")), ("b", Some("two"))]).await;
    subject.commit(one).await;
    for files in [vec![path("a")], vec![path("b")]] {
        let selection = Selection::Only { files, folders: vec![], links: vec![] };
        let error = store.commit_draft(two, Commit { selection, ..Commit::default() }).await.unwrap_err();
        let BundleError::Conflict(Conflict::Version { latest, names }) = error else {
            panic!("{error}");
        };
        assert_eq!((latest, names), (1, vec!["a".to_owned()]));
    }
    assert_eq!(store.bundle(bundle).await.unwrap().latest_version, 1);
    let rebased = store.rebase_draft(two).await.unwrap();
    assert_eq!(rebased.base_version, 1);
    let before = store.changes(two).await.unwrap();
    assert!(before.files[0].before.is_some(), "the change is now one of what the other has committed");
    subject.commit(two).await;
    assert_eq!(subject.text(version(bundle, 2), "a").await.as_deref(), Some("two"));
}

/// The version has both.
pub async fn two_drafts_that_change_different_files_both_count(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let store = &subject.store;
    let bundle = subject.bundle().await;
    let one = store.open_draft(bundle, "one").await.unwrap().uuid;
    let two = store.open_draft(bundle, "two").await.unwrap().uuid;
    subject.edit(one, &[("a", Some("1")), ("same", Some("1"))]).await;
    subject.edit(two, &[("b", Some("2"))]).await;
    subject.commit(one).await;
    subject.commit(two).await;
    assert_eq!(subject.paths(version(bundle, 2)).await, ["a", "b", "same"]);
    assert_eq!(subject.paths(Tree::Draft(two)).await, ["a", "b", "same"]);
    // What both have done alike is no change after the one is put over the other.
    subject.edit(one, &[("b", Some("2"))]).await;
    store.rebase_draft(one).await.unwrap();
    assert!(store.changes(one).await.unwrap().is_empty());
}

/// However often they are looked at, and whatever comes after them.
pub async fn versions_keep_what_they_had(subject: &Subject) {
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    for number in 1..=5_u64 {
        let (text, mine) = (number.to_string(), format!("only in {number}"));
        let before = format!("only in {}", number - 1);
        let mut files = vec![("a", Some(text.as_str())), (mine.as_str(), Some("x"))];
        if number > 1 {
            files.push((&before, None));
        }
        subject.edit(draft, &files).await;
        assert_eq!(subject.commit(draft).await, number);
    }
    for number in 1..=5_u64 {
        let tree = version(bundle, number);
        assert_eq!(subject.text(tree, "a").await, Some(number.to_string()));
        assert_eq!(subject.paths(tree).await, ["a".to_owned(), format!("only in {number}")]);
    }
    assert_eq!(subject.text(version(bundle, 6), "a").await, None, "there is no version 6");
}

/// Of a bundle, and of a file that went away and came back.
pub async fn history_tells_who_changed_what(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let store = &subject.store;
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    for (text, by) in [(Some("1"), "ana"), (None, "ben"), (Some("3"), "ana")] {
        let edit = DraftEdit { by: Some(by.to_owned()), ..edit(&[("a", text), ("b", Some(by))]) };
        let edited = store.edit_draft(draft, edit).await.unwrap();
        assert_eq!(edited.updated_by.as_deref(), Some(by));
        let changes = store.changes(draft).await.unwrap();
        assert!(changes.files.iter().all(|file| file.changed_by.as_deref() == Some(by)));
        assert!(changes.files.iter().all(|file| file.changed.is_some()));
        let commit = Commit { description: format!("by {by}"), by: Some(by.to_owned()), ..Commit::default() };
        store.commit_draft(draft, commit).await.unwrap();
    }
    let versions = store.versions(bundle).await.unwrap();
    let told: Vec<_> = versions
        .iter()
        .map(|found| (found.number, found.description.as_str(), found.created_by.as_deref()))
        .collect();
    assert_eq!(told, [(3, "by ana", Some("ana")), (2, "by ben", Some("ben")), (1, "by ana", Some("ana"))]);
    assert_eq!(store.version(bundle, 2).await.unwrap(), versions[1]);
    let history = store.file_history(bundle, &path("a")).await.unwrap();
    let told: Vec<_> = history.iter().map(|(version, file)| (version.number, file.is_some())).collect();
    assert_eq!(told, [(3, true), (2, false), (1, true)]);
}

/// In both directions.
pub async fn versions_are_compared(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let store = &subject.store;
    let bundle = subject.bundle().await;
    let draft = subject.draft(bundle).await;
    subject
        .edit(draft, &[("a", Some("1")), ("b", Some("1")), ("same", Some("1")), ("back", Some("1"))])
        .await;
    subject.commit(draft).await;
    subject.edit(draft, &[("a", Some("2")), ("b", None), ("back", Some("2"))]).await;
    subject.commit(draft).await;
    subject.edit(draft, &[("c", Some("3")), ("back", Some("1"))]).await;
    subject.commit(draft).await;
    let changed = |changes: crate::bundles::Changes| -> Vec<(String, bool, bool)> {
        let files = changes.files.into_iter();
        files.map(|file| (file.path.to_string(), file.before.is_some(), file.after.is_some())).collect()
    };
    let forward = changed(store.compare(bundle, 1, 3).await.unwrap());
    let expected = [("a", true, true), ("b", true, false), ("c", false, true)];
    assert_eq!(forward, expected.map(|(name, before, after)| (name.to_owned(), before, after)));
    let backward = changed(store.compare(bundle, 3, 1).await.unwrap());
    assert_eq!(backward, expected.map(|(name, before, after)| (name.to_owned(), after, before)));
    assert_eq!(store.compare(bundle, 0, 3).await.unwrap().files.len(), 4);
    assert!(store.compare(bundle, 2, 2).await.unwrap().is_empty());
    assert!(store.compare(bundle, 1, 4).await.is_err());
}

/// Each becomes a version of its own, and none is lost.
pub async fn many_commits_at_once_lose_nothing(subject: &Subject) {
    const WRITERS: usize = 6;
    let bundle = subject.bundle().await;
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let subject = subject.clone();
        writers.push(tokio::spawn(async move {
            let draft = subject.store.open_draft(bundle, &format!("draft {writer}")).await.unwrap().uuid;
            for round in 0..3 {
                let (name, text) = (format!("{writer}/file"), round.to_string());
                subject.edit(draft, &[(&name, Some(&text)), ("scratch", Some(&name))]).await;
                subject.edit(draft, &[("scratch", None)]).await;
                if subject.complete {
                    subject.commit(draft).await;
                }
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    if !subject.complete {
        return;
    }
    let latest = subject.store.bundle(bundle).await.unwrap().latest_version;
    assert_eq!(latest, WRITERS as u64 * 3);
    for writer in 0..WRITERS {
        assert_eq!(
            subject.text(version(bundle, latest), &format!("{writer}/file")).await.as_deref(),
            Some("2")
        );
    }
    let numbers: Vec<_> =
        subject.store.versions(bundle).await.unwrap().into_iter().map(|found| found.number).collect();
    assert_eq!(numbers, (1..=latest).rev().collect::<Vec<_>>());
}
