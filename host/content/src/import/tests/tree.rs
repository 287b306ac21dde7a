//! Blocks, their names and their places.

use super::*;

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
    let order: Vec<_> =
        it.context.usages().unwrap().iter().map(|usage| usage.block_id().to_owned()).collect();
    assert_eq!(order, ["course", "c1", "s", "v", "p", "c2"]);
    assert_eq!(it.report.blocks["chapter"], 2);
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
fn a_colon_in_a_name_separates_folders() {
    let it = course("<problem url_name='week1:p'/>", &[("problem/week1/p.xml", "<problem><x/></problem>")]);
    assert_eq!(&*it.block("problem", "week1:p").olx, "<problem><x/></problem>");
}
