#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::fs;
use std::sync::Arc;

use super::*;
use crate::{Definition, LearningContext};

/// A folder, what an import of it reported, and the context that it made.
struct Imported {
    report: ImportReport,
    context: Arc<dyn LearningContext>,
    _folders: (tempfile::TempDir, tempfile::TempDir),
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn imported(files: &[(&str, &str)]) -> Imported {
    let (source, dir) = (folder(files), tempfile::tempdir().unwrap());
    let store = ContentStore::open(dir.path()).unwrap();
    let report = import(source.path(), &store, &mut |_| ()).unwrap();
    let context = store.context(&report.context).unwrap();
    Imported { report, context, _folders: (source, dir) }
}

/// A course with one chapter of one sequential of one vertical with `inside`.
fn course(inside: &str, files: &[(&str, &str)]) -> Imported {
    let course = format!(
        "<course org='O' course='C' url_name='R' display_name='A course'><chapter url_name='c'><sequential url_name='s'>\
         <vertical url_name='v' display_name='V'>{inside}</vertical></sequential></chapter></course>"
    );
    imported(&[&[("course.xml", course.as_str())], files].concat())
}

impl Imported {
    fn block(&self, block_type: &str, name: &str) -> Arc<Definition> {
        self.context
            .definition(&format!("block-v1:O+C+R+type@{block_type}+block@{name}").parse().unwrap())
            .unwrap()
    }

    fn children(&self, block_type: &str, name: &str) -> Vec<String> {
        self.block(block_type, name).children.iter().map(|child| child.block_id().to_owned()).collect()
    }

    fn only_fault(&self) -> &Problem {
        assert_eq!(self.report.problems.len(), 1, "{:?}", self.report.problems);
        &self.report.problems[0]
    }
}

#[test]
fn a_course_of_pointers_becomes_a_tree() {
    let it = imported(&[
        ("course.xml", "<course org='O' course='C' url_name='R'/>"),
        (
            "course/R.xml",
            "<course display_name='Tides'><chapter url_name='c1'/><chapter url_name='c2'/><wiki slug='w'/></course>",
        ),
        ("chapter/c1.xml", "<chapter display_name='One'><sequential url_name='s'/></chapter>"),
        ("chapter/c2.xml", "<chapter display_name='Two'/>"),
        ("sequential/s.xml", "<sequential><vertical url_name='v'/></sequential>"),
        ("vertical/v.xml", "<vertical><problem url_name='p'/></vertical>"),
        ("problem/p.xml", "<problem display_name='P' url_name='p'><label>x</label></problem>"),
    ]);
    assert_eq!(it.report.title, "Tides");
    assert_eq!(it.report.context.to_string(), "course-v1:O+C+R");
    assert!(it.report.problems.is_empty(), "{:?}", it.report.problems);
    assert_eq!(it.children("course", "course"), ["c1", "c2"]);
    assert_eq!(&*it.block("course", "course").olx, "<course display_name='Tides'><wiki slug='w'/></course>");
    let problem = it.block("problem", "p");
    assert_eq!(&*problem.olx, "<problem display_name='P'><label>x</label></problem>");
    assert_eq!(problem.parent, Some(it.block("vertical", "v").usage.clone()));
    assert_eq!(problem.display_name.as_deref(), Some("P"));
    let order: Vec<_> = it.context.usages().iter().map(|usage| usage.block_id().to_owned()).collect();
    assert_eq!(order, ["course", "c1", "s", "v", "p", "c2"]);
    assert_eq!(it.report.blocks["chapter"], 2);
}

#[test]
fn row_185_comments_cdata_entities_and_processing_instructions_stay_as_written() {
    let inner = "<!-- c --><p>a &lt; &#233;\n<b  z='1'/></p><![CDATA[<i>&</i>]]><?pi data?> tail";
    let it = course(&format!("<problem url_name='p'>{inner}</problem>"), &[]);
    assert_eq!(&*it.block("problem", "p").olx, format!("<problem>{inner}</problem>"));
}

#[test]
fn html_of_a_file_need_not_be_xml_and_is_carried_exactly() {
    let body = "<p>a &nbsp; <br> ]]> <img src=x> AT&T\n";
    let it = course(
        "<html url_name='h'/>",
        &[("html/h.xml", "<html filename='f' display_name='T'/>"), ("html/f.html", body)],
    );
    let olx = it.block("html", "h").olx.clone();
    assert!(olx.starts_with("<html display_name='T'><![CDATA["), "{olx}");
    let document = roxmltree::Document::parse(&olx).unwrap();
    let text: String = document.root_element().children().filter_map(|node| node.text()).collect();
    assert_eq!(text, body);
}

#[test]
fn filename_may_carry_its_extension_and_html_may_be_alone() {
    let it = course(
        "<html url_name='a'/><html url_name='b'/><problem url_name='q' filename='r' weight='2'/>",
        &[
            ("html/a.xml", "<html filename='x.html'/>"),
            ("html/x.html", "X"),
            ("html/b.html", "B"),
            ("problem/r.xml", "<problem weight='1' showanswer='never'><p/></problem>"),
        ],
    );
    assert_eq!(&*it.block("html", "a").olx, "<html><![CDATA[X]]></html>");
    assert_eq!(&*it.block("html", "b").olx, "<html><![CDATA[B]]></html>");
    assert_eq!(&*it.block("problem", "q").olx, "<problem weight=\"2\" showanswer='never'><p/></problem>");
    assert!(it.report.problems.is_empty(), "{:?}", it.report.problems);
}

#[test]
fn a_colon_in_a_name_separates_folders() {
    let it = course("<problem url_name='week1:p'/>", &[("problem/week1/p.xml", "<problem><x/></problem>")]);
    assert_eq!(&*it.block("problem", "week1:p").olx, "<problem><x/></problem>");
}

#[test]
fn obsolete_and_unknown_types_are_carried_along() {
    let it = course(
        "<videoalpha url_name='a' youtube='x'/><combinedopenended url_name='b'><rubric/></combinedopenended>\
         <done url_name='d' xblock-family='xblock.v1'/><done url_name='e'/><Strange url_name='f'>t</Strange>",
        &[],
    );
    assert!(it.report.problems.is_empty(), "{:?}", it.report.problems);
    assert_eq!(&*it.block("combinedopenended", "b").olx, "<combinedopenended><rubric/></combinedopenended>");
    assert_eq!(&*it.block("done", "d").olx, "<done xblock-family='xblock.v1'/>");
    assert_eq!(it.block("Strange", "f").block_type, "Strange");
}

#[test]
fn row_196_a_file_that_is_not_well_formed_costs_its_own_block() {
    let it = course(
        "<problem url_name='bad'/><problem url_name='good'/>",
        &[
            ("problem/bad.xml", "<problem>\n  <p>x</q>\n</problem>"),
            ("problem/good.xml", "<problem><p/></problem>"),
        ],
    );
    assert_eq!(it.children("vertical", "v"), ["bad", "good"]);
    let fault = it.block("problem", "bad").fault.clone().unwrap();
    assert_eq!((fault.file.as_str(), fault.line), ("problem/bad.xml", 2));
    assert_eq!(it.only_fault().fault, fault);
    assert_eq!(it.block("problem", "good").fault, None);
}

#[test]
fn row_196_a_missing_file_costs_its_own_block() {
    let it = course("<html url_name='h'/><html url_name='i'/>", &[("html/i.xml", "<html filename='gone'/>")]);
    let files: Vec<_> = it.report.problems.iter().map(|problem| problem.fault.file.as_str()).collect();
    assert_eq!(files, ["html/h.xml", "html/gone.html"]);
    assert_eq!(it.children("vertical", "v"), ["h", "i"]);
    assert!(it.block("html", "h").fault.clone().unwrap().message.contains("missing"));
}

#[test]
fn row_196_a_file_with_another_root_costs_its_own_block() {
    let it = course("<problem url_name='p'/>", &[("problem/p.xml", "<!-- c -->\n<html/>")]);
    let fault = &it.only_fault().fault;
    assert_eq!((fault.line, fault.column), (2, 1));
    assert!(fault.message.contains("`<html>`") && fault.message.contains("`<problem>`"), "{}", fault.message);
}

#[test]
fn row_186_a_file_with_entity_declarations_costs_its_own_block() {
    let it = course(
        "<problem url_name='p'/>",
        &[("problem/p.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><problem>&b;</problem>")],
    );
    assert_eq!((it.only_fault().fault.line, it.only_fault().fault.column), (1, 14));
}

#[test]
fn a_broken_chapter_costs_what_is_below_it_and_no_more() {
    let it = imported(&[
        (
            "course.xml",
            "<course org='O' course='C' url_name='R'><chapter url_name='c1'/><chapter url_name='c2'/></course>",
        ),
        ("chapter/c1.xml", "<chapter"),
        ("chapter/c2.xml", "<chapter><sequential url_name='s' display_name='S'/></chapter>"),
    ]);
    assert_eq!(it.children("course", "course"), ["c1", "c2"]);
    assert_eq!(it.children("chapter", "c2"), ["s"]);
    assert!(it.block("chapter", "c1").fault.is_some());
}

#[test]
fn a_file_that_is_not_utf_8_says_where() {
    let source =
        folder(&[("course.xml", "<course org='O' course='C' url_name='R'><chapter url_name='c'/></course>")]);
    fs::create_dir(source.path().join("chapter")).unwrap();
    fs::write(source.path().join("chapter/c.xml"), b"<chapter>\nab\xff</chapter>").unwrap();
    let dir = tempfile::tempdir().unwrap();
    let report = import(source.path(), &ContentStore::open(dir.path()).unwrap(), &mut |_| ()).unwrap();
    assert_eq!((report.problems[0].fault.line, report.problems[0].fault.column), (2, 3));
}

#[test]
fn settings_of_ancestors_are_inherited_and_policy_overrides_them() {
    let it = course(
        "<problem url_name='p' max_attempts='9'><x/></problem>",
        &[(
            "policies/R/policy.json",
            r#"{"course/R": {"graceperiod": "1 day", "tabs": [{"a": 1}]}, "sequential/s": {"due": "2026-01-01", "graded": true},
                "problem/p": {"max_attempts": 2}, "chapter/c": {"showanswer": "never", "display_name": "From policy"}}"#,
        )],
    );
    let problem = it.block("problem", "p");
    assert_eq!(problem.inherited["graceperiod"], "1 day");
    assert_eq!(problem.inherited["due"], "2026-01-01");
    assert_eq!(problem.inherited["graded"], "true");
    assert_eq!(problem.inherited["showanswer"], "never");
    assert_eq!(problem.inherited.get("max_attempts"), None);
    assert_eq!(&*problem.olx, "<problem max_attempts=\"2\"><x/></problem>");
    assert_eq!(it.block("chapter", "c").display_name.as_deref(), Some("From policy"));
    assert_eq!(it.block("chapter", "c").inherited.get("showanswer"), None);
}

#[test]
fn a_broken_policy_is_reported_and_ignored() {
    let it = course("", &[("policies/R/policy.json", "{\n nonsense")]);
    assert_eq!((it.only_fault().fault.line, it.only_fault().usage.clone()), (2, None));
}

#[test]
fn a_block_inside_itself_is_left_out() {
    let it = course(
        "<vertical url_name='w'/>",
        &[("vertical/w.xml", "<vertical><vertical url_name='w'/></vertical>")],
    );
    assert_eq!(it.children("vertical", "w"), Vec::<String>::new());
    assert_eq!(it.only_fault().severity, Severity::Error);
}

#[test]
fn a_block_used_twice_is_one_block() {
    let it = course("<problem url_name='p'/><problem url_name='p'/>", &[("problem/p.xml", "<problem/>")]);
    assert_eq!(it.children("vertical", "v"), ["p", "p"]);
    assert_eq!(it.report.blocks["problem"], 1);
    assert_eq!(it.only_fault().severity, Severity::Warning);
}

#[test]
fn different_blocks_of_one_name_get_different_keys() {
    let it = course("<problem url_name='p'>1</problem><problem url_name='p'>2</problem>", &[]);
    assert_eq!(it.children("vertical", "v"), ["p", "p-2"]);
    assert_eq!(&*it.block("problem", "p-2").olx, "<problem>2</problem>");
}

#[test]
fn a_block_without_a_name_gets_one_from_its_text() {
    let (one, other) = (course("<problem>x</problem>", &[]), course("<html/><problem>x</problem>", &[]));
    assert_eq!(one.children("vertical", "v")[0], other.children("vertical", "v")[1]);
    assert!(one.report.problems.is_empty(), "{:?}", one.report.problems);
}

#[test]
fn names_that_a_key_cannot_hold_are_adapted() {
    let it = course("<problem url_name='a b@c'/>", &[("problem/a b@c.xml", "<problem>x</problem>")]);
    assert_eq!(&*it.block("problem", "a_b_c").olx, "<problem>x</problem>");
}

#[test]
fn nothing_outside_of_the_folder_is_read() {
    let outside = folder(&[("secret.xml", "<problem>secret</problem>"), ("secret.png", "secret")]);
    let source = folder(&[
        (
            "course.xml",
            "<course org='O' course='C' url_name='R'><chapter url_name='c'><problem url_name='::secret'/>\
             <problem url_name='link'/><html url_name='h' filename='../../secret.html'/></chapter></course>",
        ),
        ("static/ok.png", "ok"),
        ("problem/other.xml", "<problem/>"),
    ]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outside.path().join("secret.xml"), source.path().join("problem/link.xml"))
            .unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret.png"), source.path().join("static/link.png"))
            .unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let store = ContentStore::open(dir.path()).unwrap();
    let report = import(source.path(), &store, &mut |_| ()).unwrap();
    assert_eq!(report.problems.len(), 3, "{:?}", report.problems);
    let context = store.context(&report.context).unwrap();
    assert!(context.usages().iter().all(|usage| !context.definition(usage).unwrap().olx.contains("secret<")));
    assert!(context.asset("ok.png").is_some());
    assert_eq!(context.asset("link.png"), None);
}

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
