//! What is wrong costs its own block.

use super::*;

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
    assert!(
        context.usages().unwrap().iter().all(|usage| !context
            .definition(usage)
            .unwrap()
            .olx
            .contains("secret<"))
    );
    assert!(context.asset("ok.png").is_some());
    assert_eq!(context.asset("link.png"), None);
}
