//! Libraries on each of the databases; what goes over HTTP is tested there.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod backup;
mod bed;
mod editing;
mod events;
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
    backup::a_file_that_is_no_backup_makes_no_library
    editing::an_edit_on_top_of_an_old_version_is_refused_with_the_current_one
    editing::hosts_on_one_database_see_each_others_edits
    editing::edits_of_many_hosts_at_once_are_all_kept
    editing::two_hosts_that_make_the_same_library_make_one
    editing::files_large_and_small_follow_the_versions
    events::an_event_goes_to_each_consumer_and_is_forgotten_then
    events::one_host_at_a_time_delivers
    events::a_change_that_fails_tells_nothing
    publication::publishing_tells_of_what_changed_and_of_nothing_else
    publication::reverting_brings_back_what_learners_see
    publication::a_container_is_published_with_what_it_lists
    sweeping::what_a_deleted_library_leaves_is_swept_away
    sweeping::pointers_to_what_is_not_there_are_found
}
