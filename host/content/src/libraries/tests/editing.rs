//! Saving, by one author and by several at once.

use blockhouse_keys::{LibraryKey, UsageKey};

use super::bed::{Bed, ann};
use crate::libraries::{Author, Libraries, LibraryError, NewComponent, NewLibrary};

fn bob() -> Author {
    Author { account: 4, username: "bob".to_owned() }
}

fn new() -> NewLibrary {
    NewLibrary {
        org: "Harbour".to_owned(),
        slug: "TIDES".to_owned(),
        title: "Tides".to_owned(),
        ..NewLibrary::default()
    }
}

fn html(id: &str) -> NewComponent {
    NewComponent {
        block_type: "html".to_owned(),
        id: id.to_owned(),
        title: "Text".to_owned(),
        olx: "<html/>".to_owned(),
        can_stand_alone: true,
        parent: None,
    }
}

/// A library with one block in it.
pub(super) async fn library_with_a_block(libraries: &Libraries) -> (LibraryKey, UsageKey) {
    let library = libraries.create_library(new(), &ann()).await.unwrap();
    let block = libraries.create_component(&library.key, html("ebb"), &ann()).await.unwrap();
    (library.key, block.usage)
}

pub(super) async fn an_edit_on_top_of_an_old_version_is_refused_with_the_current_one(bed: &Bed) {
    let (_, block) = library_with_a_block(&bed.libraries).await;
    bed.libraries.set_olx(&block, "<html>1</html>", Some(1), &ann()).await.unwrap();
    let error = bed.libraries.set_olx(&block, "<html>2</html>", Some(1), &bob()).await.unwrap_err();
    assert!(matches!(error, LibraryError::Stale { current: 2, .. }), "{error}");
    assert_eq!(bed.libraries.olx(&block).await.unwrap(), ("<html>1</html>".to_owned(), 2));
}

pub(super) async fn hosts_on_one_database_see_each_others_edits(bed: &Bed) {
    let (_, block) = library_with_a_block(&bed.libraries).await;
    let other = bed.another_host().await;
    assert_eq!(other.set_olx(&block, "<html>theirs</html>", Some(1), &bob()).await.unwrap(), 2);
    assert_eq!(bed.libraries.olx(&block).await.unwrap().0, "<html>theirs</html>");
    let error = bed.libraries.set_olx(&block, "<html>ours</html>", Some(1), &ann()).await.unwrap_err();
    assert!(matches!(error, LibraryError::Stale { current: 2, .. }), "{error}");
}

pub(super) async fn edits_of_many_hosts_at_once_are_all_kept(bed: &Bed) {
    let (library, block) = library_with_a_block(&bed.libraries).await;
    let mut tasks = tokio::task::JoinSet::new();
    for host in 0..4 {
        let (other, library, block) = (bed.another_host().await, library.clone(), block.clone());
        tasks.spawn(async move {
            for edit in 0..8 {
                let text = format!("<html>{host} {edit}</html>");
                other.set_olx(&block, &text, None, &ann()).await.unwrap();
                other.create_component(&library, html(&format!("b{host}-{edit}")), &ann()).await.unwrap();
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    assert_eq!(bed.libraries.olx(&block).await.unwrap().1, 33);
    assert_eq!(bed.libraries.components(&library, &Default::default()).await.unwrap().len(), 33);
}

pub(super) async fn two_hosts_that_make_the_same_library_make_one(bed: &Bed) {
    let other = bed.another_host().await;
    let (ann, bob) = (ann(), bob());
    let (one, two) =
        tokio::join!(bed.libraries.create_library(new(), &ann), other.create_library(new(), &bob));
    let refused = one.err().or(two.err()).expect("one of them came second");
    assert_eq!(refused.to_string(), "A library with that ID already exists.");
    assert_eq!(bed.libraries.libraries(&Default::default()).await.unwrap().len(), 1);
}

pub(super) async fn files_large_and_small_follow_the_versions(bed: &Bed) {
    let (library, block) = library_with_a_block(&bed.libraries).await;
    let (small, large) = (b"chart".to_vec(), vec![7; 100_000]);
    bed.libraries.add_file(&block, "small.txt", &small, &ann()).await.unwrap();
    let file = bed.libraries.add_file(&block, "large.bin", &large, &ann()).await.unwrap();
    let names = |files: Vec<crate::libraries::LibraryFile>| {
        files.into_iter().map(|file| (file.path, file.size)).collect::<Vec<_>>()
    };
    let both = [("static/large.bin".to_owned(), 100_000), ("static/small.txt".to_owned(), 5)];
    assert_eq!(names(bed.libraries.files(&block).await.unwrap()), both);
    assert_eq!(bed.libraries.file_bytes(&block, &file.digest.to_hex()).await.unwrap(), large);
    bed.libraries.publish_library(&library, None, &ann()).await.unwrap();
    bed.libraries.delete_file(&block, "static/large.bin", &ann()).await.unwrap();
    assert_eq!(names(bed.libraries.files(&block).await.unwrap()), both[1..]);
    bed.libraries.revert_library(&library, None, &ann()).await.unwrap();
    assert_eq!(names(bed.libraries.files(&block).await.unwrap()), both);
    let of_another = bed.libraries.create_component(&library, html("flood"), &ann()).await.unwrap();
    let error = bed.libraries.file_bytes(&of_another.usage, &file.digest.to_hex()).await.unwrap_err();
    assert!(matches!(error, LibraryError::NoSuchFile(_)), "{error}");
}

/// What takes most bytes: a letter of four.
fn long(characters: usize) -> String {
    "𐐷".repeat(characters)
}

pub(super) async fn names_and_titles_have_at_most_500_characters(bed: &Bed) {
    let store = &bed.libraries;
    let refused = |error: LibraryError| assert!(error.to_string().contains("500 characters"), "{error}");
    refused(store.create_library(NewLibrary { title: long(501), ..new() }, &ann()).await.unwrap_err());
    let library = store.create_library(NewLibrary { title: long(500), ..new() }, &ann()).await.unwrap();
    assert_eq!(store.library(&library.key).await.unwrap().title, long(500));

    // Of the key it is the type and the name together.
    refused(store.create_component(&library.key, html(&long(497)), &ann()).await.unwrap_err());
    let block = store.create_component(&library.key, html(&long(496)), &ann()).await.unwrap();
    assert_eq!(block.usage.block_id(), long(496));
    let titled = |title: &str| format!("<html display_name=\"{title}\"/>");
    refused(store.set_olx(&block.usage, &titled(&long(501)), None, &ann()).await.unwrap_err());
    store.set_olx(&block.usage, &titled(&long(500)), None, &ann()).await.unwrap();
    store.publish_library(&library.key, None, &ann()).await.unwrap();
    let block = store.component(&block.usage).await.unwrap();
    assert_eq!((block.title, block.standing.published_title), (long(500), Some(long(500))));

    let pasted = NewComponent { title: long(501), ..html("pasted") };
    refused(store.paste(&library.key, pasted, [].into(), &ann()).await.unwrap_err());
    refused(store.create_container(&library.key, "unit", &long(501), &ann()).await.unwrap_err());
    let unit = store.create_container(&library.key, "unit", &long(500), &ann()).await.unwrap();
    refused(store.rename_container(&unit.key, &long(501), &ann()).await.unwrap_err());
    assert_eq!(store.container(&unit.key).await.unwrap().title, long(500));
}
