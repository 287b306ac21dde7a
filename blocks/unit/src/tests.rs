use blockhouse_sdk::Fragment;
use blockhouse_sdk::serde_json::json;
use blockhouse_sdk::testing::TestHost;

use super::Unit;

#[test]
fn children_stand_one_below_the_other_with_what_they_need() {
    let mut host = TestHost::<Unit>::new();
    host.child("lb:TestX:lib:html:a", Fragment::new("<p>A</p>").css_url("public/a.css"));
    host.child("lb:TestX:lib:html:b", Fragment::new("<p>B</p>").css_url("public/a.css"));
    let unit = host.learner("alice").student_view();
    let (a, b) = (unit.content.find("<p>A</p>").unwrap(), unit.content.find("<p>B</p>").unwrap());
    assert!(a < b);
    let styles: Vec<_> = unit.resources.iter().map(|resource| resource.data.as_str()).collect();
    assert_eq!(styles, ["public/unit.css", "public/a.css"]);
    assert_eq!(host.anonymous("anon1").public_view(), unit);
}

#[test]
fn a_unit_without_children_is_empty() {
    let mut host = TestHost::<Unit>::new();
    assert_eq!(host.learner("alice").student_view().content, "<div class=\"unit\"></div>");
}

#[test]
fn a_unit_is_found_by_its_name() {
    let mut host = TestHost::<Unit>::new();
    host.author("display_name", "Tides");
    assert_eq!(host.index()["content"], json!({"display_name": "Tides"}));
}
