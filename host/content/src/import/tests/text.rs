//! What becomes of a block's own text and settings.

use super::*;

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
