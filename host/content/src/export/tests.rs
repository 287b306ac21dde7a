#![allow(clippy::unwrap_used)]

use std::fs;

use super::*;
use crate::import;

/// Imports a folder of files, exports it to `name`, and imports that again.
fn there_and_back(files: &[(&str, &str)], name: &str) -> (tempfile::TempDir, bool) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let store = ContentStore::open(&folder.path().join("store")).unwrap();
    let first = import(&folder.path().join("in"), &store, &mut |_| ()).unwrap();
    let out = folder.path().join(name);
    export(&store, &first.context, &out, &mut |_| ()).unwrap();
    let second = import(&out, &store, &mut |_| ()).unwrap();
    let about = |report: &crate::ImportReport| -> Vec<_> {
        report.problems.iter().map(|problem| (problem.usage.clone(), problem.fault.message.clone())).collect()
    };
    assert_eq!(about(&first), about(&second));
    (folder, second.unchanged)
}

const COURSE: &[(&str, &str)] = &[
    ("course.xml", "<course org='O' course='C' url_name='R'/>"),
    ("course/R.xml", "<course display_name='T'>\n  <chapter url_name='c'/>\n  <wiki slug='w'/>\n</course>"),
    (
        "chapter/c.xml",
        "<chapter display_name='C'><sequential url_name='s' format='Quiz'><vertical url_name='v'/></sequential></chapter>",
    ),
    (
        "vertical/v.xml",
        "<vertical><!-- first --><html url_name='a'/><problem url_name='w:p' max_attempts='1'>\n<p/>\n</problem>\
         <poll url_name='q' xblock-family='xblock.v1' question='&lt;b&gt;'/><html url_name='b'><b>inline</b></html></vertical>",
    ),
    ("html/a.xml", "<html filename='a'/>"),
    ("html/a.html", "<p>a &nbsp; ]]> b"),
    ("policies/R/policy.json", r#"{"vertical/v": {"display_name": "From policy"}}"#),
    ("policies/R/grading_policy.json", "{}"),
    ("about/overview.html", "<h1>About</h1>"),
    ("static/sub/x.txt", "x"),
];

#[test]
fn an_exported_course_imports_as_it_was() {
    let (folder, unchanged) = there_and_back(COURSE, "out");
    assert!(unchanged);
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    assert_eq!(read("html/a.html"), "<p>a &nbsp; ]]> b");
    assert_eq!(read("about/overview.html"), "<h1>About</h1>");
    assert_eq!(read("static/sub/x.txt"), "x");
    assert_eq!(read("problem/w/p.xml"), "<problem max_attempts='1'>\n<p/>\n</problem>");
    assert!(
        read("vertical/v.xml")
            .contains("<poll xblock-family='xblock.v1' question='&lt;b&gt;' url_name=\"q\"/>")
    );
    assert!(!folder.path().join("out/policies/R/policy.json").exists());
}

#[test]
fn an_archive_imports_as_it_was() {
    assert!(there_and_back(COURSE, "out.tar.gz").1);
}

#[test]
fn a_library_imports_as_it_was() {
    let files = [
        (
            "library.xml",
            "<library org='O' library='L' url_name='library' display_name='Bank'><problem url_name='p'/></library>",
        ),
        ("problem/p.xml", "<problem>x</problem>"),
    ];
    assert!(there_and_back(&files, "out").1);
}

#[test]
fn broken_files_come_along() {
    let files = [
        ("course.xml", "<course org='O' course='C' url_name='R'/>"),
        ("course/R.xml", "<course><chapter url_name='c'/><chapter url_name='gone'/></course>"),
        ("chapter/c.xml", "<chapter>&nbsp;</chapter"),
    ];
    assert!(there_and_back(&files, "out").1);
}

#[test]
fn a_block_used_twice_stays_one_block() {
    let files = [
        (
            "course.xml",
            "<course org='O' course='C' url_name='R'><chapter url_name='c'><poll url_name='p'/><poll url_name='p'/></chapter></course>",
        ),
        ("poll/p.xml", "<poll question='?'/>"),
    ];
    assert!(there_and_back(&files, "out").1);
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let store = ContentStore::open(&folder.path().join("store")).unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::write(folder.path().join("in/course.xml"), "<course org='O' course='C' url_name='R' a=''/>").unwrap();
    let report = import(&folder.path().join("in"), &store, &mut |_| ()).unwrap();
    let result = export(&store, &report.context, &folder.path().join("in"), &mut |_| ());
    assert!(matches!(result, Err(ExportError::Exists(_))));
}

#[test]
fn a_context_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = ContentStore::open(&folder.path().join("store")).unwrap();
    let key = "course-v1:A+B+C".parse().unwrap();
    let error = export(&store, &key, &folder.path().join("out"), &mut |_| ()).unwrap_err();
    assert!(error.to_string().contains("course-v1:A+B+C"));
}

#[test]
fn a_broken_file_of_another_name_than_its_block_is_found_again() {
    let files = [
        ("course.xml", "<course org='O' course='C' url_name='R'><chapter filename='c'/></course>"),
        ("chapter/c.xml", "<chapter"),
    ];
    // What is found wrong must be the same: the file's own fault, not that it is missing.
    there_and_back(&files, "out");
}
