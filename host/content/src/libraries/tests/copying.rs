//! What an author copied last.

use super::bed::{Bed, ann};
use super::editing::library_with_a_block;
use crate::libraries::{Author, Copied, Libraries, LibraryRules};

pub(super) async fn what_was_copied_last_is_remembered_for_a_day_for_its_author(bed: &Bed) {
    let libraries = &bed.libraries;
    let (library, block) = library_with_a_block(libraries).await;
    let unit = libraries.create_container(&library, "unit", "Week", &ann()).await.unwrap().key;
    assert_eq!(libraries.clipboard(&ann()).await.unwrap(), None);
    for copied in [Copied::Component(block), Copied::Container(unit)] {
        libraries.copy(&copied, &ann()).await.unwrap();
        assert_eq!(libraries.clipboard(&ann()).await.unwrap(), Some(copied));
    }
    let other = Author { account: ann().account + 1, username: "other".to_owned() };
    assert_eq!(libraries.clipboard(&other).await.unwrap(), None);
    let tomorrow = || 1_700_000_000_000 + 24 * 60 * 60 * 1000;
    let tomorrow = Libraries::new(bed.storage.clone(), LibraryRules::default(), tomorrow);
    assert_eq!(tomorrow.clipboard(&ann()).await.unwrap(), None);
}
