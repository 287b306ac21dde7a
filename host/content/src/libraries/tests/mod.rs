//! Libraries on each of the databases; what goes over HTTP is tested there.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod backup;
pub(crate) mod bed;
mod copying;
mod editing;
mod events;
mod importing;
mod including;
mod publication;
mod sweeping;

use bed::Bed;

/// A test of each behaviour on each database.
macro_rules! on_each_database {
    ($($module:ident::$name:ident)+) => {
        on_each_database! { sqlite on_sqlite: $($module::$name)+ }
        on_each_database! { postgres on_postgres: $($module::$name)+ }
        on_each_database! { mysql on_mysql: $($module::$name)+ }
    };
    ($database:ident $bed:ident: $($module:ident::$name:ident)+) => {
        mod $database {
            use super::Bed;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    if let Some(bed) = Bed::$bed().await {
                        super::$module::$name(&bed).await;
                    }
                }
            )+
        }
    };
}

on_each_database! {
    backup::row_147_a_restored_library_is_backed_up_as_it_was
    backup::row_147_a_backup_is_restored_beside_the_library_that_it_came_from
    backup::row_147_a_backup_brings_the_links_back_as_authors_and_learners_had_them
    backup::a_restored_link_to_a_library_that_is_not_there_is_dead_until_it_is
    backup::a_backup_whose_links_would_lead_back_is_refused
    backup::a_file_that_is_no_backup_makes_no_library
    copying::what_was_copied_last_is_remembered_for_a_day_for_its_author
    editing::an_edit_on_top_of_an_old_version_is_refused_with_the_current_one
    editing::hosts_on_one_database_see_each_others_edits
    editing::edits_of_many_hosts_at_once_are_all_kept
    editing::two_hosts_that_make_the_same_library_make_one
    editing::files_large_and_small_follow_the_versions
    editing::names_and_titles_have_at_most_500_characters
    events::an_event_goes_to_each_consumer_and_is_forgotten_then
    events::one_host_at_a_time_delivers
    events::a_change_that_fails_tells_nothing
    importing::a_course_becomes_drafts_with_the_files_that_they_name
    importing::what_is_imported_again_is_changed_where_it_differs_and_nowhere_else
    importing::a_backup_becomes_drafts_at_its_drafts
    importing::the_links_of_a_backup_lead_where_its_drafts_had_them
    importing::a_link_that_would_lead_back_stays_out_and_the_blocks_come
    including::row_148_included_blocks_have_the_keys_of_the_rules
    including::what_comes_through_a_link_stays_as_it_was_published
    including::row_149_links_that_lead_nowhere_or_back_are_refused
    including::a_block_that_would_include_itself_is_refused_or_broken
    including::an_edit_of_an_included_block_changes_its_definition
    publication::publishing_tells_of_what_changed_and_of_nothing_else
    publication::reverting_brings_back_what_learners_see
    publication::a_container_is_published_with_what_it_lists
    sweeping::what_a_deleted_library_leaves_is_swept_away
    sweeping::pointers_to_what_is_not_there_are_found
}
