//! A whole course, as authors export it: the project's own, or the one in the folder that `BLOCKHOUSE_COURSE` names.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use blockhouse_content::olx::{self, OlxBlock};
use blockhouse_content::{ContentStore, export, find, import};
use blockhouse_fields::BlockDefinition;
use serde_json::json;

fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample-course")
}

fn courses() -> Vec<PathBuf> {
    find(&std::env::var_os("BLOCKHOUSE_COURSE").map_or_else(own, PathBuf::from)).unwrap()
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
        let usages = context.usages().unwrap();
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

/// A block type whose fields are exactly what an element sets, all of them text.
fn as_declared_by(olx: &str) -> BlockDefinition {
    let document = roxmltree::Document::parse(olx).unwrap();
    let name = document.root_element().tag_name().name();
    let fields: Vec<_> = document
        .root_element()
        .attributes()
        .filter(|attribute| attribute.name() != "xblock-family")
        .map(|attribute| json!({"name": attribute.name(), "type": "string", "scope": "settings"}))
        .chain([json!({"name": "content", "type": "string", "scope": "content"})])
        .collect();
    // Elements within it count as children, which are passed over: a block with markup reads its element itself.
    serde_json::from_value(json!({"name": name, "version": "1.0.0", "display_name": name,
                                  "has_children": true, "fields": fields}))
    .unwrap()
}

#[test]
fn row_184_every_block_of_a_whole_course_reads_the_same_after_writing() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    let today = jiff::civil::date(2026, 1, 1);
    for course in courses() {
        let report = import(&course, &store, &mut |_| ()).unwrap();
        let context = store.context(&report.context).unwrap();
        for usage in context.usages().unwrap() {
            let definition = context.definition(&usage).unwrap();
            let declared = as_declared_by(&definition.olx);
            let fields = olx::read_fields(&declared, &definition.olx, today).unwrap();
            let block = OlxBlock {
                block_type: definition.block_type.clone(),
                fields: fields.clone(),
                children: Vec::new(),
            };
            let written = olx::write(&|_| Some(&declared), &block, today).unwrap();
            assert_eq!(olx::read_fields(&declared, &written, today).unwrap(), fields, "{usage}");
        }
    }
}

#[test]
fn the_sample_course_has_every_asset_that_it_shows() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    let report = import(&own(), &store, &mut |_| ()).unwrap();
    let context = store.context(&report.context).unwrap();
    let mut shown = 0;
    for usage in context.usages().unwrap() {
        let olx = context.definition(&usage).unwrap().olx.clone();
        for reference in olx.split("/static/").skip(1) {
            let name: String = reference.chars().take_while(|next| !"\"&'<>".contains(*next)).collect();
            assert!(context.asset(&name).is_some(), "{usage} shows {name}");
            shown += 1;
        }
    }
    assert!(shown > 3);
}
