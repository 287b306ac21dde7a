#![allow(clippy::unwrap_used)]

use std::fs;

use super::*;
use crate::{ImportReport, import};

/// Imports a folder of files, exports it to `name`, and imports that again. What is found wrong must be the same.
fn there_and_back(files: &[(&str, &str)], name: &str) -> (tempfile::TempDir, bool) {
    let (folder, [first, second]) = both_imports(files, name);
    let about = |report: &ImportReport| -> Vec<_> {
        report.problems.iter().map(|problem| (problem.usage.clone(), problem.fault.message.clone())).collect()
    };
    assert_eq!(about(&first), about(&second));
    (folder, second.unchanged)
}

fn both_imports(files: &[(&str, &str)], name: &str) -> (tempfile::TempDir, [ImportReport; 2]) {
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
    (folder, [first, second])
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

/// What stands in a file of the export.
fn exported(folder: &tempfile::TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join("out").join(name)).unwrap()
}

/// A course with `inside` in its only chapter.
fn chapter(inside: &str) -> String {
    format!("<course org='O' course='C' url_name='R'><chapter url_name='c'>{inside}</chapter></course>")
}

#[test]
fn an_unused_file_of_the_root_is_not_replaced() {
    let files =
        [("course.xml", &*chapter("<poll url_name='p'/>")), ("course/R.xml", "<course display_name='Old'/>")];
    let (folder, unchanged) = there_and_back(&files, "out");
    assert!(unchanged);
    assert_eq!(exported(&folder, "course/R.xml"), "<course display_name='Old'/>");
}

#[test]
fn an_unused_file_of_the_root_is_not_taken_for_a_course_that_has_lost_its_blocks() {
    let files = [
        ("course.xml", "<course org='O' course='C' url_name='R'><course url_name='course'/></course>"),
        ("course/R.xml", "<course display_name='Old'/>"),
    ];
    let (_folder, [first, second]) = both_imports(&files, "out");
    // The block inside itself is left out by the first import.
    assert_eq!((first.problems.len(), second.problems.len(), second.unchanged), (1, 0, true));
}

#[test]
fn unused_files_of_blocks_are_not_replaced() {
    let inside = "<problem url_name='p'>new</problem><html url_name='h'>new</html><html url_name='i'>new</html>\
                  <poll url_name='q' question='new'/>";
    let old = [
        ("problem/p.xml", "<problem>old</problem>"),
        ("html/h.xml", "<html>old</html>"),
        ("html/i.html", "old"),
        ("poll/q.xml", "<poll question='old'/>"),
    ];
    let course = chapter(inside);
    let (folder, unchanged) = there_and_back(&[&[("course.xml", course.as_str())], &old[..]].concat(), "out");
    assert!(unchanged);
    for (name, text) in old {
        assert_eq!(exported(&folder, name), text);
    }
}

#[test]
fn an_unused_file_of_an_empty_block_is_not_taken_for_it() {
    let files = [
        ("course.xml", &*chapter("<problem url_name='a b'/><poll url_name='c d'/>")),
        ("problem/a b.xml", "<problem/>"),
        ("problem/a_b.xml", "<problem>old</problem>"),
        ("poll/c_d.xml", "<poll question='old'/>"),
    ];
    assert!(there_and_back(&files, "out").1);
}

#[test]
fn a_file_in_the_way_of_a_folder_stays_there() {
    let files = [("course.xml", &*chapter("<problem url_name='w:p'>new</problem>")), ("problem/w", "old")];
    let (folder, unchanged) = there_and_back(&files, "out");
    assert!(unchanged);
    assert_eq!(exported(&folder, "problem/w"), "old");
}

#[test]
fn a_block_used_twice_beside_an_unused_file_stays_one_block() {
    let inside = "<poll url_name='p' question='new'/><poll url_name='p'/>";
    let files = [("course.xml", &*chapter(inside)), ("poll/p.xml", "<poll question='old'/>")];
    assert!(there_and_back(&files, "out").1);
}

#[test]
fn a_block_in_one_of_an_unknown_type_stays_a_block() {
    let inside = "<thing url_name='t'>text <poll url_name='p'/></thing>";
    let files = [("course.xml", &*chapter(inside)), ("poll/p.xml", "<poll question='?'/>")];
    assert!(there_and_back(&files, "out").1);
}

#[test]
fn a_fault_is_in_the_same_place_although_names_were_cleaned() {
    let vertical = "<vertical><problem url_name='gone problem'/><problem url_name='bad problem'/>\
                    <html url_name='bad html'/><problem url_name='w:bad problem'/></vertical>";
    let files = [
        ("course.xml", &*chapter("<vertical url_name='v'/>")),
        ("vertical/v.xml", vertical),
        ("problem/bad problem.xml", "<problem>\n</p>"),
        ("html/bad html.xml", "<html>\n</p>"),
        ("problem/w/bad problem.xml", "<problem>\n\n</p>"),
    ];
    assert!(there_and_back(&files, "out").1);
}

#[test]
fn a_fault_is_in_the_same_place_where_a_filename_led_to_it() {
    let vertical = "<vertical><html url_name='a' filename='gone'/><html url_name='b' filename='b'/><html url_name='c'/>\
                    <poll url_name='d' filename='d'/><problem url_name='e' filename='bad'/></vertical>";
    let files = [
        ("course.xml", &*chapter("<vertical url_name='v'/>")),
        ("vertical/v.xml", vertical),
        ("html/c.xml", "<html filename='gone too' display_name='C'/>"),
        ("problem/bad.xml", "<problem>\n</p>"),
    ];
    let (folder, unchanged) = there_and_back(&files, "out");
    assert!(unchanged);
    // The file that lacks only another one still belongs to its block.
    assert!(exported(&folder, "chapter/c.xml").contains("<vertical url_name=\"v\"/>"));
    assert!(exported(&folder, "vertical/v.xml").contains("<html url_name=\"c\"/>"));
}
