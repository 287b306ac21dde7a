//! A whole course, as authors export it: the project's own, or the one in the folder that `BLOCKHOUSE_COURSE` names.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use blockhouse_content::{ContentStore, export, find, import};

fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample-course")
}

#[test]
fn row_195_a_whole_course_imports_without_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    let folder = std::env::var_os("BLOCKHOUSE_COURSE").map_or_else(own, PathBuf::from);
    let courses = find(&folder).unwrap();
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
            assert_eq!(document.root_element().tag_name().name(), definition.block_type);
        }
        assert!(import(&course, &store, &mut |_| ()).unwrap().unchanged);
        let exported = dir.path().join("exported");
        export(&store, &report.context, &exported, &mut |_| ()).unwrap();
        assert!(import(&exported, &store, &mut |_| ()).unwrap().unchanged);
        std::fs::remove_dir_all(exported).unwrap();
    }
}

#[test]
fn the_sample_course_has_every_asset_that_it_shows() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    let report = import(&own(), &store, &mut |_| ()).unwrap();
    let context = store.context(&report.context).unwrap();
    let mut shown = 0;
    for usage in context.usages() {
        let olx = context.definition(&usage).unwrap().olx.clone();
        for reference in olx.split("/static/").skip(1) {
            let name: String = reference.chars().take_while(|next| !"\"&'<>".contains(*next)).collect();
            assert!(context.asset(&name).is_some(), "{usage} shows {name}");
            shown += 1;
        }
    }
    assert!(shown > 3);
}
