//! The tests that every store passes, whatever it keeps its rows in.
//!
//! A store's own tests say how to make an empty one and who may use it, and `state_store_conformance!` turns
//! that into one test per behaviour. What only one store promises (columns, eviction) is tested beside it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "every function is a test that says in its name what holds, and fails by panicking"
)]

pub mod concurrency;
pub mod model;
pub mod person;
pub mod rows;
pub mod services;

use std::any::Any;
use std::sync::Arc;

use blockhouse_fields::UserId;

use crate::StateStore;

pub use person::{Person, commit_of, usage};

/// An empty store under test.
pub struct Subject {
    /// The store.
    pub store: Arc<dyn StateStore>,
    /// The n-th of the people whose state it keeps.
    pub user: fn(u32) -> UserId,
    /// Somebody whose state it does not keep.
    pub stranger: UserId,
    /// What has to live as long as the store, such as its directory.
    pub keep: Box<dyn Any + Send + Sync>,
}

impl Subject {
    /// The n-th person.
    pub fn person(&self, n: u32) -> Person {
        Person { store: self.store.clone(), user: (self.user)(n) }
    }
}

/// One `#[tokio::test]` per behaviour, for the stores that the async function `$subject` makes, or not where the server
/// is missing that it needs (see [`services`]). Where people share nothing, `alone:` takes a subject with several people
/// and `together:` one in which they are all the same.
#[macro_export]
macro_rules! state_store_conformance {
    ($subject:path) => {
        $crate::state_store_conformance! { alone: $subject }
        $crate::state_store_conformance! { together: $subject }
        $crate::state_store_conformance! { @ $subject, rows:
            row_063_another_person_shares_the_summary_only,
            another_person_shares_the_shared_files_only,
        }
    };
    (alone: $subject:path) => {
        $crate::state_store_conformance! { @ $subject, rows:
            row_060_a_fresh_block_has_no_state,
            row_061_one_person_finds_all_four_scopes_again,
            row_062_another_block_of_the_type_shares_preferences_and_user_info,
            row_064_preferences_are_per_type_and_user_info_is_not,
            row_065_the_same_block_in_two_contexts_is_two_blocks,
            row_078_two_fields_written_at_the_same_time_are_both_kept,
            row_080_a_missing_field_is_absent_with_and_without_other_fields,
            row_081_setting_a_field_keeps_the_other_fields_of_the_block,
            row_082_a_block_whose_last_field_is_deleted_has_no_state,
            row_083_deleting_a_missing_field_changes_nothing,
            row_084_authored_scopes_have_no_key_in_a_store,
            row_085_four_scopes_are_stored_together_or_not_at_all,
            row_087_nobody_elses_state_is_taken,
            a_commit_that_takes_back_a_deleted_field_is_a_conflict,
            a_conflict_in_any_scope_stores_nothing,
            a_read_that_was_not_written_counts_too,
            a_commit_cannot_touch_another_persons_keys,
            json_text_comes_back_digit_by_digit,
            a_file_is_its_owners_and_comes_only_where_it_is_asked_for,
            white_space_around_a_value_is_not_part_of_it,
            a_load_gives_what_was_asked_for_and_no_more,
            a_load_of_nothing_is_empty,
            a_commit_of_nothing_is_no_conflict,
            an_empty_store_is_ready,
        }
    };
    (together: $subject:path) => {
        $crate::state_store_conformance! { @ $subject, rows:
            row_079_of_two_writes_on_one_reading_the_second_is_a_conflict,
        }
        $crate::state_store_conformance! { @ $subject, concurrency:
            increments_by_fifty_tasks_are_all_counted,
            two_fields_of_one_person_are_counted_side_by_side,
            of_many_commits_on_one_reading_exactly_one_is_stored,
        }
        #[test]
        fn any_sequence_of_commits_leaves_what_a_map_would_hold() {
            $crate::conformance::model::check($subject);
        }
    };
    (@ $subject:path, $module:ident: $($name:ident,)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(subject) = $subject().await {
                    $crate::conformance::$module::$name(subject).await;
                }
            }
        )+
    };
}
