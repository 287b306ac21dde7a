//! Finding a course or library, and telling about it.

use super::*;

#[test]
fn a_library_is_a_context_too() {
    let it = imported(&[
        (
            "library.xml",
            "<library org='O' library='L' display_name='Bank' url_name='library'><problem url_name='p'/></library>",
        ),
        ("problem/p.xml", "<problem>x</problem>"),
    ]);
    assert_eq!(it.report.context.to_string(), "library-v1:O+L");
    assert_eq!(it.context.root().to_string(), "lib-block-v1:O+L+type@library+block@library");
    assert_eq!(it.report.blocks["problem"], 1);
}

#[test]
fn the_folder_may_lie_below_the_one_that_is_named() {
    let files =
        [("a/course.xml", "<course org='O' course='C' url_name='R'/>"), ("a/course/R.xml", "<course/>")];
    assert_eq!(imported(&files).report.context.to_string(), "course-v1:O+C+R");
}

#[test]
fn several_courses_and_none_are_refused_with_their_names() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    let two = folder(&[("a/course.xml", ""), ("b/library.xml", "")]);
    let error = import(two.path(), &store, &mut |_| ()).unwrap_err().to_string();
    assert!(error.contains("a, b"), "{error}");
    let none = folder(&[("x.txt", "")]);
    assert!(matches!(import(none.path(), &store, &mut |_| ()), Err(ImportError::NothingFound(_))));
}

#[test]
fn a_root_that_does_not_say_which_course_it_is_stops_the_import() {
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    let source = folder(&[("course.xml", "<course org='O' url_name='R'/>")]);
    let error = import(source.path(), &store, &mut |_| ()).unwrap_err().to_string();
    assert!(error.contains("`course`"), "{error}");
    assert!(store.contexts().is_empty());
}

#[test]
fn progress_ends_with_all_done() {
    let source = folder(&[
        ("course.xml", "<course org='O' course='C' url_name='R'/>"),
        ("course/R.xml", "<course/>"),
        ("static/a", "a"),
    ]);
    let dir = tempfile::tempdir().unwrap();
    let mut last = None;
    import(source.path(), &ContentStore::open(dir.path()).unwrap(), &mut |progress| last = Some(progress))
        .unwrap();
    let last = last.unwrap();
    assert_eq!((last.done, last.total), (3, 3));
}
