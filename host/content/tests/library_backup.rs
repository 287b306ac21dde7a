//! A backup of a content library, with drafts, containers, a collection and two files of one name.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use blockhouse_content::{ContentStore, ImportReport, PublishedContext, export, find, import};

fn backup() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library-backup")
}

struct Imported {
    report: ImportReport,
    context: Arc<PublishedContext>,
    store: ContentStore,
    dir: tempfile::TempDir,
}

fn imported() -> Imported {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(&dir.path().join("store")).unwrap();
    let report = import(&backup(), &store, &mut |_| ()).unwrap();
    let context = store.context(&report.context).unwrap();
    Imported { report, context, store, dir }
}

impl Imported {
    fn olx(&self, usage: &str) -> String {
        self.context.definition(&usage.parse().unwrap()).unwrap().olx.to_string()
    }

    fn children(&self, usage: &str) -> Vec<String> {
        let definition = self.context.definition(&usage.parse().unwrap()).unwrap();
        definition.children.iter().map(ToString::to_string).collect()
    }
}

#[test]
fn a_backup_is_found_below_a_folder() {
    let found = find(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")).unwrap();
    assert_eq!(found, [backup()]);
}

#[test]
fn a_backup_becomes_a_content_library() {
    let imported = imported();
    assert_eq!(imported.report.context.to_string(), "lib:Harbour:TIDES");
    assert_eq!(imported.report.title, "Tides");
    assert_eq!(imported.context.root().to_string(), "lb:Harbour:TIDES:library:library");
}

#[test]
fn containers_become_the_blocks_that_hold_the_same_in_a_course() {
    let imported = imported();
    assert_eq!(
        imported.children("lb:Harbour:TIDES:library:library"),
        ["lb:Harbour:TIDES:chapter:week-1", "lb:Harbour:TIDES:problem:moon"]
    );
    assert_eq!(imported.children("lb:Harbour:TIDES:chapter:week-1"), ["lb:Harbour:TIDES:sequential:day-1"]);
    assert_eq!(imported.children("lb:Harbour:TIDES:sequential:day-1"), ["lb:Harbour:TIDES:vertical:water"]);
    assert_eq!(
        imported.children("lb:Harbour:TIDES:vertical:water"),
        ["lb:Harbour:TIDES:html:ebb", "lb:Harbour:TIDES:html:flood"]
    );
    assert_eq!(
        imported.olx("lb:Harbour:TIDES:vertical:water"),
        r#"<vertical display_name="High and low water"/>"#
    );
}

#[test]
fn published_versions_are_served_and_drafts_are_told_of() {
    let imported = imported();
    assert!(imported.olx("lb:Harbour:TIDES:html:ebb").contains("Water falls"));
    assert!(imported.context.definition(&"lb:Harbour:TIDES:html:storm".parse().unwrap()).is_err());
    let files: Vec<&str> =
        imported.report.problems.iter().map(|problem| problem.fault.file.as_str()).collect();
    assert_eq!(files, ["entities/xblock.v1/html/storm.toml", "entities"]);
}

#[test]
fn files_of_one_name_stay_with_their_components() {
    let imported = imported();
    for (block, text) in [("ebb", "low 0.4 m\n"), ("flood", "high 3.1 m\n")] {
        let olx = imported.olx(&format!("lb:Harbour:TIDES:html:{block}"));
        let name = olx.split("/static/").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(fs::read_to_string(imported.context.asset(name).unwrap()).unwrap(), text);
    }
}

#[test]
fn an_exported_library_imports_as_it_was() {
    let imported = imported();
    for name in ["out", "out.zip", "out.tar.gz"] {
        let out = imported.dir.path().join(name);
        export(&imported.store, &imported.report.context, &out, &mut |_| ()).unwrap();
        assert!(import(&out, &imported.store, &mut |_| ()).unwrap().unchanged, "{name}");
    }
    let collection = "collections/first-week.toml";
    assert_eq!(
        fs::read(imported.dir.path().join("out").join(collection)).unwrap(),
        fs::read(backup().join(collection)).unwrap()
    );
}
