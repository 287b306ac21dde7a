//! `fsck` over libraries.

use std::time::Duration;

use super::backup::{sample, zipped};
use super::bed::{Bed, ann};
use super::editing::library_with_a_block;
use crate::{Finding, Fsck};

const LOOK: Fsck = Fsck { mend: false, age: Duration::ZERO };
const MEND: Fsck = Fsck { mend: true, age: Duration::ZERO };

pub(super) async fn what_a_deleted_library_leaves_is_swept_away(bed: &Bed) {
    let zip = bed.folder.path().join("in.zip");
    zipped(&sample(), &zip);
    let library = bed.libraries.restore(&zip, None, &ann()).await.unwrap();
    assert_eq!(bed.storage.fsck(MEND).await.unwrap(), []);
    bed.libraries.delete_library(&library.key, &ann()).await.unwrap();
    let left = bed.storage.fsck(MEND).await.unwrap();
    assert!(!left.is_empty() && left.iter().all(|found| matches!(found, Finding::Unnamed(_))), "{left:?}");
    assert_eq!(bed.storage.fsck(LOOK).await.unwrap(), []);
}

pub(super) async fn pointers_to_what_is_not_there_are_found(bed: &Bed) {
    library_with_a_block(&bed.libraries).await;
    for (damage, undo) in [
        ("UPDATE content_entity SET draft = 7", "UPDATE content_entity SET draft = 1"),
        ("UPDATE content_entity SET published = 7", "UPDATE content_entity SET published = 0"),
        (
            "UPDATE content_entity SET library_id = library_id + 1",
            "UPDATE content_entity SET library_id = library_id - 1",
        ),
        ("UPDATE content_entity_file SET version = 7", "UPDATE content_entity_file SET version = 1"),
    ] {
        for (statement, found) in [(damage, true), (undo, false)] {
            let mut tx = bed.storage.database.write().await.unwrap();
            tx.execute(statement, &[]).await.unwrap();
            tx.commit().await.unwrap();
            let findings = bed.storage.fsck(LOOK).await.unwrap();
            let contradicted = matches!(&findings[..], [Finding::Contradiction(_)]);
            assert_eq!(contradicted, found, "{statement}: {findings:?}");
        }
    }
}
