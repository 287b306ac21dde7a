//! A whole course, as authors export it: the project's own, or the one in the folder that `BLOCKHOUSE_COURSE` names.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use blockhouse_content::{ContentStore, find, import};

fn courses() -> Vec<PathBuf> {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sample-course");
    let folder =
        std::env::var_os("BLOCKHOUSE_COURSE").map_or_else(|| PathBuf::from(own), PathBuf::from);
    find(&folder).unwrap()
}

#[test]
fn row_195_a_whole_course_imports_without_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    let courses = courses();
    assert!(!courses.is_empty());
    for course in courses {
        let report = import(&course, &store, &mut |_| ()).unwrap();
        assert!(report.problems.is_empty(), "{:#?}", report.problems);
        let context = store.context(&report.context).unwrap();
        let usages = context.usages();
        assert_eq!(usages.len(), report.blocks.values().sum::<usize>());
        for usage in usages {
            let definition = context.definition(&usage).unwrap();
            let document = roxmltree::Document::parse(&definition.olx).unwrap();
            assert_eq!(
                document.root_element().tag_name().name(),
                definition.block_type
            );
        }
        println!("{}: {:?}", report.title, report.blocks);
        assert!(import(&course, &store, &mut |_| ()).unwrap().unchanged);
    }
}
