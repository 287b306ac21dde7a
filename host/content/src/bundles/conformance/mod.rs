//! What every bundle store does, as tests that any of them passes: the embedded one on each database, and the client of
//! a remote Blockstore. `bundle_store_tests!` makes a test of each.
//!
//! The tests of one run may share a store. Each begins a collection of its own and looks at nothing else.

mod collections;
mod commits;
mod drafts;
mod links;
mod model;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

pub use collections::*;
pub use commits::*;
pub use drafts::*;
pub use links::*;
pub use model::*;

use super::{BundleStore, Commit, Draft, DraftEdit, FileEdit, FilePath, LinkEdit, NewBundle, Tree};

/// A store under test.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The store.
    pub store: Arc<dyn BundleStore>,
    /// Whether it can do everything. A Blockstore of the first kind has no partial commits, no history and no way to
    /// compare before writing (spec 7.1.5); the tests of these then have nothing to say.
    pub complete: bool,
    /// What the store needs, and what goes away after it: a directory, a server.
    pub needs: Option<Arc<dyn std::any::Any + Send + Sync>>,
}

/// What an address of a server is that the tests may use, from a variable. Without it, tests that need the server have
/// nothing to say, unless `BLOCKHOUSE_TEST_SERVICES` says that all servers are there.
pub fn address_of(variable: &str) -> Option<String> {
    let address = std::env::var(variable).ok();
    let required = std::env::var_os("BLOCKHOUSE_TEST_SERVICES").is_some();
    assert!(
        address.is_some() || !required,
        "{variable} is not set, and BLOCKHOUSE_TEST_SERVICES says that it is"
    );
    address
}

/// A test of each behaviour. The argument is a function `async fn subject() -> Option<Subject>`; it gives none where the
/// server is missing that it needs.
#[macro_export]
macro_rules! bundle_store_tests {
    ($subject:path) => {
        $crate::bundle_store_tests! { $subject =>
            a_collection_is_begun_renamed_and_deleted
            a_collection_with_bundles_is_not_deleted
            a_bundle_is_begun_changed_found_and_deleted
            a_deleted_bundle_comes_back_with_everything
            what_does_not_exist_is_named_in_the_error
            titles_slugs_and_paths_are_checked
            row_150_files_are_written_deleted_and_committed
            row_150_links_are_set_replaced_and_deleted_with_what_they_bring_along
            row_149_a_link_that_leads_back_is_refused
            row_149_a_link_to_a_version_that_does_not_exist_is_refused
            a_draft_is_found_again_by_its_name
            a_draft_begins_over_the_newest_version
            a_change_back_is_no_change
            large_and_empty_and_binary_files_come_back_as_they_were
            discarded_changes_are_gone
            a_deleted_draft_is_gone
            stale_edits_are_refused_with_what_is_there_now
            contents_are_adopted_without_sending_them_again
            nothing_is_committed_without_changes
            a_part_of_a_draft_is_committed
            two_drafts_that_change_the_same_file_do_not_overwrite_each_other
            two_drafts_that_change_different_files_both_count
            versions_keep_what_they_had
            history_tells_who_changed_what
            versions_are_compared
            many_commits_at_once_lose_nothing
            whatever_is_done_the_store_does_as_the_model_does
        }
    };
    ($subject:path => $($name:ident)+) => {
        $(
            #[tokio::test]
            async fn $name() {
                if let Some(subject) = $subject().await {
                    $crate::bundles::conformance::$name(&subject).await;
                }
            }
        )+
    };
}

impl Subject {
    /// A bundle in a collection of its own.
    async fn bundle(&self) -> Uuid {
        let collection = self.store.create_collection("Tides").await.unwrap();
        self.bundle_in(collection.uuid, "tides").await
    }

    async fn bundle_in(&self, collection: Uuid, slug: &str) -> Uuid {
        let new = NewBundle {
            collection,
            slug: slug.to_owned(),
            title: slug.to_owned(),
            description: String::new(),
        };
        self.store.create_bundle(new).await.unwrap().uuid
    }

    async fn draft(&self, bundle: Uuid) -> Uuid {
        self.store.open_draft(bundle, "studio_draft").await.unwrap().uuid
    }

    async fn edit(&self, draft: Uuid, files: &[(&str, Option<&str>)]) -> Draft {
        self.store.edit_draft(draft, edit(files)).await.unwrap()
    }

    async fn commit(&self, draft: Uuid) -> u64 {
        self.store.commit_draft(draft, Commit::default()).await.unwrap().number
    }

    /// The text of a file; `None` if it is not there.
    async fn text(&self, tree: Tree, name: &str) -> Option<String> {
        match self.store.read(tree, &path(name)).await {
            Ok((file, contents)) => {
                assert_eq!(file.size, contents.len() as u64);
                assert_eq!(file.digest, super::Digest::of(&contents));
                Some(String::from_utf8(contents.to_vec()).unwrap())
            }
            Err(error) => {
                assert!(matches!(error, super::BundleError::FileNotFound { .. }), "{error}");
                None
            }
        }
    }

    /// The paths of a tree.
    async fn paths(&self, tree: Tree) -> Vec<String> {
        let files = self.store.files(tree, None).await.unwrap();
        files.into_iter().map(|file| file.path.as_str().to_owned()).collect()
    }

    async fn link(
        &self,
        draft: Uuid,
        name: &str,
        to: Option<(Uuid, u64)>,
    ) -> Result<Draft, super::BundleError> {
        let link = match to {
            Some((bundle, version)) => LinkEdit::Set { bundle, version },
            None => LinkEdit::Delete,
        };
        let edit = DraftEdit { links: BTreeMap::from([(name.to_owned(), link)]), ..DraftEdit::default() };
        self.store.edit_draft(draft, edit).await
    }
}

fn path(text: &str) -> FilePath {
    text.parse().unwrap()
}

/// An edit of files: a text, or `None` to delete.
fn edit(files: &[(&str, Option<&str>)]) -> DraftEdit {
    let files = files.iter().map(|(name, text)| {
        let edit = text.map_or(FileEdit::Delete, |text| FileEdit::Write(Bytes::from(text.to_owned())));
        (path(name), edit)
    });
    DraftEdit { files: files.collect(), ..DraftEdit::default() }
}

fn version(bundle: Uuid, number: u64) -> Tree {
    Tree::Version { bundle, number }
}
