#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use super::*;
use crate::PublishedContext;
use crate::import::import as import_path;
use crate::import::tests::folder;

const HEAD: &str = "[meta]\nformat_version = 1\n[learning_package]\ntitle = 'Bank'\nkey = 'lib:O:L'\n";

fn imported(files: &[(&str, &str)]) -> (ImportReport, Arc<PublishedContext>, tempfile::TempDir) {
    let source = folder(&[&[(PACKAGE, HEAD)], files].concat());
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    let report = import_path(source.path(), &store, &mut |_| ()).unwrap();
    let context = store.context(&report.context).unwrap();
    (report, context, dir)
}

fn refusal(package: &str) -> String {
    let (source, dir) = (folder(&[(PACKAGE, package)]), tempfile::tempdir().unwrap());
    let store = ContentStore::open(dir.path()).unwrap();
    import_path(source.path(), &store, &mut |_| ()).unwrap_err().to_string()
}

fn container(kind: &str, key: &str, children: &str) -> String {
    format!(
        "[entity]\nkey = '{key}'\n[entity.published]\nversion_num = 1\n[entity.container.{kind}]\n\
         [[version]]\ntitle = 'T'\nversion_num = 1\n[version.container]\nchildren = [{children}]\n"
    )
}

fn component(key: &str) -> String {
    format!(
        "[entity]\nkey = '{key}'\n[entity.published]\nversion_num = 1\n[[version]]\ntitle = 'T'\nversion_num = 1\n"
    )
}

#[test]
fn a_package_of_another_form_is_refused() {
    let error = refusal(&HEAD.replace("= 1", "= 2"));
    assert!(error.contains("the form 2"), "{error}");
}

#[test]
fn a_package_of_a_course_is_refused() {
    let error = refusal(&HEAD.replace("lib:O:L", "course-v1:O+C+R"));
    assert!(error.contains("lib:ORG:SLUG"), "{error}");
}

#[test]
fn a_package_that_is_not_toml_is_refused_at_its_line() {
    let error = refusal("[meta]\nformat_version = ");
    assert!(error.starts_with("package.toml:2:"), "{error}");
}

#[test]
fn containers_that_hold_each_other_are_left_out() {
    let (one, two) = (container("unit", "one", "'two'"), container("unit", "two", "'one'"));
    let (report, context, _dir) = imported(&[("entities/one.toml", &one), ("entities/two.toml", &two)]);
    assert_eq!(context.block_count(), 1);
    assert_eq!(report.problems.len(), 2, "{:?}", report.problems);
}

#[test]
fn a_container_that_holds_itself_is_left_out_there() {
    let (one, two) = (container("section", "one", "'two'"), container("unit", "two", "'two'"));
    let (report, context, _dir) = imported(&[("entities/one.toml", &one), ("entities/two.toml", &two)]);
    assert_eq!(context.block_count(), 3);
    assert!(report.problems.iter().any(|problem| problem.fault.message.contains("holds itself")));
}

#[test]
fn a_component_without_its_text_keeps_its_place_and_says_why() {
    let (report, context, _dir) =
        imported(&[("entities/xblock.v1/html/a.toml", &component("xblock.v1:html:a"))]);
    let definition = context.definition(&"lb:O:L:html:a".parse().unwrap()).unwrap();
    assert!(definition.fault.is_some());
    assert_eq!(report.problems.len(), 1);
}

#[test]
fn an_entity_that_is_not_toml_costs_itself_alone() {
    let (report, context, _dir) = imported(&[
        ("entities/xblock.v1/html/a.toml", &component("xblock.v1:html:a")),
        ("entities/xblock.v1/html/a/component_versions/v1/block.xml", "<html>A</html>"),
        ("entities/xblock.v1/html/b.toml", "[entity"),
    ]);
    assert_eq!(context.block_count(), 2);
    assert_eq!(report.problems.len(), 1);
}

#[test]
fn a_key_that_points_elsewhere_reaches_nothing() {
    let (report, context, dir) = imported(&[
        ("entities/xblock.v1/html/a.toml", &component("xblock.v1:../..:../../evil")),
        ("entities/xblock.v1/html/a/component_versions/v1/block.xml", "<html>A</html>"),
    ]);
    assert_eq!(context.block_count(), 1);
    assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
    assert!(!dir.path().join("evil").exists());
}
