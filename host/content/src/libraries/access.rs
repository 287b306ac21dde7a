//! Who may do what with a library (spec 7.4).

use super::{Level, Library};
use crate::{Access, Person};

/// What one person may do with one library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LibraryAccess {
    /// With its blocks.
    pub blocks: Access,
    /// Delete it, and say who may do what.
    pub manage: bool,
}

impl LibraryAccess {
    /// The rules of spec 7.4. `grant` is the highest that the person has, by themselves or through a group.
    pub fn of(library: &Library, person: &Person, grant: Option<Level>) -> Self {
        let staff = person.staff && person.active;
        let reads_all = library.allow_public_read && person.creator;
        let blocks = if staff || (person.active && grant >= Some(Level::Author)) {
            Access::Edit
        } else if person.active && (grant.is_some() || reads_all) {
            Access::Read
        } else if library.allow_public_learning || (person.active && library.allow_public_read) {
            Access::Learn
        } else {
            Access::None
        };
        Self { blocks, manage: staff || (person.active && grant == Some(Level::Admin)) }
    }
}

/// Whether somebody may make libraries.
pub fn may_create(person: &Person) -> bool {
    person.active && (person.staff || person.creator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(public_learning: bool, public_read: bool) -> Library {
        Library {
            id: 1,
            key: "lib:O:L".parse().unwrap(),
            title: String::new(),
            description: String::new(),
            license: String::new(),
            allow_public_learning: public_learning,
            allow_public_read: public_read,
            created: 0,
            updated: 0,
            last_published: None,
            published_by: None,
            last_draft_created: None,
            last_draft_created_by: None,
        }
    }

    fn person() -> Person {
        Person { account: Some(1), active: true, ..Person::default() }
    }

    fn access(library: &Library, person: &Person, grant: Option<Level>) -> (Access, bool) {
        let LibraryAccess { blocks, manage } = LibraryAccess::of(library, person, grant);
        (blocks, manage)
    }

    #[test]
    fn row_143_grants_decide_in_a_closed_library() {
        let closed = library(false, false);
        assert_eq!(access(&closed, &person(), None), (Access::None, false));
        assert_eq!(access(&closed, &person(), Some(Level::Read)), (Access::Read, false));
        assert_eq!(access(&closed, &person(), Some(Level::Author)), (Access::Edit, false));
        assert_eq!(access(&closed, &person(), Some(Level::Admin)), (Access::Edit, true));
    }

    #[test]
    fn row_143_global_staff_may_do_everything() {
        let staff = Person { staff: true, ..person() };
        assert_eq!(access(&library(false, false), &staff, None), (Access::Edit, true));
    }

    #[test]
    fn row_143_public_learning_is_for_visitors_too() {
        assert_eq!(access(&library(true, false), &Person::default(), None), (Access::Learn, false));
    }

    #[test]
    fn row_143_public_read_lets_creators_read_and_others_learn() {
        let open = library(false, true);
        assert_eq!(access(&open, &Person { creator: true, ..person() }, None), (Access::Read, false));
        assert_eq!(access(&open, &person(), None), (Access::Learn, false));
        assert_eq!(access(&open, &Person::default(), None), (Access::None, false));
    }

    #[test]
    fn row_143_a_closed_account_keeps_its_grants_and_may_do_nothing() {
        let closed = Person { active: false, staff: true, ..person() };
        assert_eq!(access(&library(false, false), &closed, Some(Level::Admin)), (Access::None, false));
    }
}
