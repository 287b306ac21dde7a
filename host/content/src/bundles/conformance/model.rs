//! A store in memory, as simple as can be, and random calls of both.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::{Subject, edit, path, version};
use crate::bundles::{BundleError, Commit, Selection, Tree};

/// The paths that the calls are about. Few, so that they meet; one is the folder of another and some are almost.
const PATHS: [&str; 6] = ["a", "a/b", "a/c", "a0", "aa", "b"];

/// How many random histories are tried, and how many calls each has.
const HISTORIES: usize = 8;
const CALLS: usize = 24;

/// What a file is at some time, by path.
type Files = BTreeMap<&'static str, String>;

/// A bundle: all versions in full, from 0 on.
#[derive(Debug, Default)]
struct Model {
    versions: Vec<Files>,
    drafts: [ModelDraft; 2],
}

/// A draft: the version below, and what it says instead. `None`: deleted.
#[derive(Debug, Default)]
struct ModelDraft {
    base: usize,
    changes: BTreeMap<&'static str, Option<String>>,
}

#[derive(Clone, Debug)]
enum Call {
    Write(usize, &'static str, u8),
    Delete(usize, &'static str),
    CommitAll(usize),
    CommitFile(usize, &'static str),
    CommitFolder(usize),
    DiscardFolder(usize),
    DiscardAll(usize),
    Rebase(usize),
}

impl Call {
    fn any() -> impl Strategy<Value = Self> {
        let draft = 0..2_usize;
        let path = prop::sample::select(&PATHS[..]);
        prop_oneof![
            6 => (draft.clone(), path.clone(), 0..3_u8).prop_map(|(draft, path, text)| Self::Write(draft, path, text)),
            3 => (draft.clone(), path.clone()).prop_map(|(draft, path)| Self::Delete(draft, path)),
            2 => draft.clone().prop_map(Self::CommitAll),
            1 => (draft.clone(), path).prop_map(|(draft, path)| Self::CommitFile(draft, path)),
            1 => draft.clone().prop_map(Self::CommitFolder),
            1 => draft.clone().prop_map(Self::DiscardFolder),
            1 => draft.clone().prop_map(Self::DiscardAll),
            1 => draft.prop_map(Self::Rebase),
        ]
    }
}

impl Model {
    fn below(&self, draft: usize) -> &Files {
        &self.versions[self.drafts[draft].base]
    }

    fn seen(&self, draft: usize) -> Files {
        let mut files = self.below(draft).clone();
        for (path, change) in &self.drafts[draft].changes {
            match change {
                Some(text) => files.insert(path, text.clone()),
                None => files.remove(path),
            };
        }
        files
    }

    fn change(&mut self, draft: usize, path: &'static str, text: Option<String>) {
        self.drafts[draft].changes.insert(path, text);
        self.drop_equal(draft);
    }

    fn drop_equal(&mut self, draft: usize) {
        let below = self.below(draft).clone();
        self.drafts[draft].changes.retain(|path, text| below.get(path) != text.as_ref());
    }

    /// The number of the new version, or `None` when there is nothing to commit or something in the way.
    fn commit(&mut self, draft: usize, chosen: impl Fn(&str) -> bool) -> Option<u64> {
        let base = self.drafts[draft].base;
        // A file was changed since if any version since differs in it from the one before.
        let changed_since =
            |path: &str| self.versions[base..].windows(2).any(|two| two[0].get(path) != two[1].get(path));
        let changes = &self.drafts[draft].changes;
        if !changes.keys().any(|path| chosen(path)) || changes.keys().any(|path| changed_since(path)) {
            return None;
        }
        let mut files = self.versions.last().cloned().unwrap_or_default();
        for (path, change) in changes.iter().filter(|(path, _)| chosen(path)) {
            match change {
                Some(text) => files.insert(path, text.clone()),
                None => files.remove(path),
            };
        }
        self.versions.push(files);
        let latest = self.versions.len() - 1;
        self.drafts[draft].changes.retain(|path, _| !chosen(path));
        self.drafts[draft].base = latest;
        Some(latest as u64)
    }
}

/// Random histories of two drafts, compared after every call.
pub async fn whatever_is_done_the_store_does_as_the_model_does(subject: &Subject) {
    if !subject.complete {
        return;
    }
    let mut runner = TestRunner::new(Config::default());
    for _ in 0..HISTORIES {
        let calls = prop::collection::vec(Call::any(), CALLS).new_tree(&mut runner).unwrap().current();
        follow(subject, &calls).await;
    }
}

async fn follow(subject: &Subject, calls: &[Call]) {
    let store = &subject.store;
    let bundle = subject.bundle().await;
    let mut drafts = Vec::new();
    for name in ["one", "two"] {
        drafts.push(store.open_draft(bundle, name).await.unwrap().uuid);
    }
    let mut model = Model { versions: vec![Files::new()], ..Model::default() };
    let folder =
        |selected: &str| Selection::Only { files: vec![], folders: vec![path(selected)], links: vec![] };
    for (step, call) in calls.iter().enumerate() {
        let commit = |draft: usize, selection: Selection| async move {
            (draft, Commit { selection, ..Commit::default() })
        };
        let committing = match call.clone() {
            Call::Write(draft, name, text) => {
                let text = text.to_string();
                subject.edit(drafts[draft], &[(name, Some(&text))]).await;
                model.change(draft, name, Some(text));
                None
            }
            Call::Delete(draft, name) => {
                store.edit_draft(drafts[draft], edit(&[(name, None)])).await.unwrap();
                model.change(draft, name, None);
                None
            }
            Call::DiscardFolder(draft) => {
                store.discard_changes(drafts[draft], &folder("a")).await.unwrap();
                model.drafts[draft].changes.retain(|name, _| !name.starts_with("a/"));
                None
            }
            Call::DiscardAll(draft) => {
                store.discard_changes(drafts[draft], &Selection::All).await.unwrap();
                model.drafts[draft].changes.clear();
                None
            }
            Call::Rebase(draft) => {
                store.rebase_draft(drafts[draft]).await.unwrap();
                model.drafts[draft].base = model.versions.len() - 1;
                model.drop_equal(draft);
                None
            }
            Call::CommitAll(draft) => {
                Some((commit(draft, Selection::All).await, model.commit(draft, |_| true)))
            }
            Call::CommitFile(draft, name) => {
                let file = Selection::Only { files: vec![path(name)], folders: vec![], links: vec![] };
                Some((commit(draft, file).await, model.commit(draft, |found| found == name)))
            }
            Call::CommitFolder(draft) => {
                Some((commit(draft, folder("a")).await, model.commit(draft, |found| found.starts_with("a/"))))
            }
        };
        if let Some(((draft, commit), expected)) = committing {
            let found = match store.commit_draft(drafts[draft], commit).await {
                Ok(version) => Some(version.number),
                Err(BundleError::NothingToCommit | BundleError::Conflict(_)) => None,
                Err(error) => panic!("{error}"),
            };
            assert_eq!(found, expected, "step {step} of {calls:?}");
        }
        compare(subject, bundle, &drafts, &model, &format!("step {step} of {calls:?}")).await;
    }
}

async fn compare(subject: &Subject, bundle: uuid::Uuid, drafts: &[uuid::Uuid], model: &Model, when: &str) {
    let latest = model.versions.len() - 1;
    for (number, files) in model.versions.iter().enumerate().skip(latest.saturating_sub(2)) {
        same(subject, version(bundle, number as u64), files, when).await;
    }
    for (index, draft) in drafts.iter().enumerate() {
        same(subject, Tree::Draft(*draft), &model.seen(index), when).await;
        let changed: Vec<_> = subject.store.changes(*draft).await.unwrap().files;
        let changed: Vec<_> = changed.iter().map(|file| file.path.as_str()).collect();
        let expected: Vec<_> = model.drafts[index].changes.keys().copied().collect();
        assert_eq!(changed, expected, "{when}");
    }
}

async fn same(subject: &Subject, tree: Tree, expected: &Files, when: &str) {
    let paths = subject.paths(tree).await;
    assert_eq!(paths, expected.keys().map(|path| (*path).to_owned()).collect::<Vec<_>>(), "{tree}, {when}");
    let wanted: Vec<_> = PATHS.iter().map(|name| path(name)).collect();
    let read = subject.store.read_many(tree, &wanted).await.unwrap();
    let read: Files = read
        .into_iter()
        .map(|(file, contents)| {
            let name = PATHS.iter().find(|name| **name == file.path.as_str()).unwrap();
            (*name, String::from_utf8(contents.to_vec()).unwrap())
        })
        .collect();
    assert_eq!(read, *expected, "{tree}, {when}");
}
