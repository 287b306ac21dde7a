#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;

use blockhouse_keys::UsageKey;

use super::*;
use crate::Definition;

fn key() -> LearningContextKey {
    "course-v1:O+C+R".parse().unwrap()
}

fn usage(name: &str) -> UsageKey {
    format!("block-v1:O+C+R+type@html+block@{name}").parse().unwrap()
}

fn definition(name: &str, olx: &str) -> Definition {
    Definition {
        usage: usage(name),
        block_type: "html".into(),
        olx: olx.into(),
        digest: crate::hex::sha256(olx.as_bytes()),
        children: Vec::new(),
        parent: None,
        display_name: None,
        inherited: BTreeMap::new(),
        fault: None,
        number: None,
        overrides: BTreeMap::new(),
        files: None,
        source: None,
    }
}

fn write(store: &ContentStore, olx: &str) -> VersionWriter {
    let mut writer = store.new_version(&key()).unwrap();
    writer.add(&definition("a", olx)).unwrap();
    writer.add_file("static/sub/a b.txt", olx.as_bytes()).unwrap();
    writer
}

fn shown(store: &ContentStore) -> Option<String> {
    Some(store.context(&key())?.definition(&usage("a")).unwrap().olx.to_string())
}

#[test]
fn a_published_version_is_served_after_a_reload_and_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    assert_eq!(write(&store, "<html>1</html>").publish("T", &usage("a")).unwrap().version, 1);
    assert_eq!(shown(&store), None);
    store.reload().unwrap();
    assert_eq!(shown(&store).as_deref(), Some("<html>1</html>"));
    assert_eq!(shown(&ContentStore::open(dir.path()).unwrap()).as_deref(), Some("<html>1</html>"));
}

#[test]
fn a_context_in_use_keeps_its_version() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    write(&store, "<html>1</html>").publish("T", &usage("a")).unwrap();
    store.reload().unwrap();
    let old = store.context(&key()).unwrap();
    assert_eq!(write(&store, "<html>2</html>").publish("T", &usage("a")).unwrap().version, 2);
    store.reload().unwrap();
    assert_eq!(&*old.definition(&usage("a")).unwrap().olx, "<html>1</html>");
    assert_eq!(shown(&store).as_deref(), Some("<html>2</html>"));
}

#[test]
fn equal_content_publishes_nothing_new() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    write(&store, "<html>1</html>").publish("T", &usage("a")).unwrap();
    let again = write(&store, "<html>1</html>").publish("T", &usage("a")).unwrap();
    assert!(again.unchanged);
    assert_eq!(again.version, 1);
}

#[test]
fn a_crash_before_the_marker_leaves_the_old_version() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    write(&store, "<html>1</html>").publish("T", &usage("a")).unwrap();
    // Half-written, and whole but not yet named in the marker.
    std::mem::forget(write(&store, "<html>half</html>"));
    let context = fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
    fs::create_dir(context.join("2")).unwrap();
    fs::write(context.join("2/index.json"), "{}").unwrap();
    let after = ContentStore::open(dir.path()).unwrap();
    assert_eq!(shown(&after).as_deref(), Some("<html>1</html>"));
    assert_eq!(write(&after, "<html>3</html>").publish("T", &usage("a")).unwrap().version, 3);
    after.reload().unwrap();
    assert_eq!(shown(&after).as_deref(), Some("<html>3</html>"));
}

#[test]
fn an_abandoned_version_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    drop(write(&store, "<html>1</html>"));
    let context = fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
    assert_eq!(fs::read_dir(context).unwrap().count(), 0);
}

#[test]
fn what_a_killed_import_left_is_removed_a_day_later() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    std::mem::forget(write(&store, "<html>1</html>"));
    let context = fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
    let unfinished = fs::read_dir(&context).unwrap().next().unwrap().unwrap().path();
    drop(write(&store, "<html>2</html>"));
    assert!(unfinished.exists());
    let two_days_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(48 * 60 * 60);
    fs::File::open(&unfinished).unwrap().set_modified(two_days_ago).unwrap();
    drop(write(&store, "<html>3</html>"));
    assert!(!unfinished.exists());
}

#[test]
fn a_damaged_context_does_not_take_the_others_down() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    write(&store, "<html>1</html>").publish("T", &usage("a")).unwrap();
    let damaged = dir.path().join("damaged");
    fs::create_dir_all(damaged.join("1")).unwrap();
    fs::write(damaged.join("current"), "1").unwrap();
    fs::write(damaged.join("1/index.json"), "{").unwrap();
    assert_eq!(ContentStore::open(dir.path()).unwrap().contexts().len(), 1);
}

#[test]
fn an_asset_is_found_by_its_name_also_percent_encoded_or_as_a_key_has_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    write(&store, "<html>1</html>").publish("T", &usage("a")).unwrap();
    store.reload().unwrap();
    let context = store.context(&key()).unwrap();
    assert!(context.asset("sub/a b.txt").is_some());
    for name in ["sub/a%20b.txt", "sub_a_b.txt", "sub@a_b.txt"] {
        assert_eq!(context.asset(name), context.asset("sub/a b.txt"), "{name}");
    }
    for name in ["../index.json", "..%2findex.json", "/sub/a b.txt", "sub", "none"] {
        assert_eq!(context.asset(name), None, "{name}");
    }
}

#[test]
fn a_block_that_does_not_exist_is_said_to_be_missing() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    write(&store, "<html>1</html>").publish("T", &usage("a")).unwrap();
    store.reload().unwrap();
    let error = store.context(&key()).unwrap().definition(&usage("zzz")).unwrap_err();
    assert!(matches!(error, ContentError::NoSuchBlock(_)));
}

#[test]
fn a_definition_of_another_block_is_not_served() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    let mut writer = store.new_version(&key()).unwrap();
    for name in ["a", "b"] {
        writer.add(&definition(name, "<html/>")).unwrap();
    }
    writer.publish("T", &usage("a")).unwrap();
    store.reload().unwrap();
    let context = store.context(&key()).unwrap();
    // Two texts of one length change places.
    let path = context.path().join("texts");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.lines().rev().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    assert!(matches!(context.definition(&usage("a")), Err(ContentError::Damaged { .. })));
}

#[test]
fn definitions_that_were_cut_are_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    write(&store, "<html>1</html>").publish("T", &usage("a")).unwrap();
    store.reload().unwrap();
    let context = store.context(&key()).unwrap();
    fs::write(context.path().join("texts"), "{").unwrap();
    assert!(matches!(context.definition(&usage("a")), Err(ContentError::Damaged { .. })));
}

#[test]
fn a_context_whose_places_are_lost_does_not_take_the_others_down() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    write(&store, "<html>1</html>").publish("T", &usage("a")).unwrap();
    store.reload().unwrap();
    let places = store.context(&key()).unwrap().path().join("places");
    fs::write(&places, "").unwrap();
    assert!(ContentStore::open(dir.path()).unwrap().contexts().is_empty());
}

#[test]
fn a_version_of_an_older_form_says_that_the_course_is_to_be_imported_again() {
    let dir = tempfile::tempdir().unwrap();
    let index = r#"{"format":2,"context":"course-v1:O+C+R","title":"T","digest":"",
                    "root":"block-v1:O+C+R+type@html+block@a"}"#;
    fs::write(dir.path().join("index.json"), index).unwrap();
    let error = PublishedContext::open(dir.path()).err().unwrap();
    assert!(error.to_string().contains("import the course again"), "{error}");
}
