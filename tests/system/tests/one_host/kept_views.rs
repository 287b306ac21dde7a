//! A view that is the same for everybody is rendered once. Whoever is told anything of their own gets a view of their
//! own.

use blockhouse_runtime::View;
use blockhouse_system_tests::{Host, learner, usage};
use serde_json::json;

use crate::guest;

/// How often code of a block type ran.
fn calls(host: &Host, block_type: &str) -> u64 {
    let reports = host.runtime.block_reports().into_iter();
    reports.filter(|report| report.block.block_type == block_type).map(|report| report.costs.calls).sum()
}

/// What two learners see, one after the other.
async fn seen_by_two(host: &Host, block_type: &str) -> [String; 2] {
    let usage = usage(block_type, "x");
    let one = host.view(&learner(1), &usage, View::Student).await.unwrap();
    let other = host.view(&learner(2), &usage, View::Student).await.unwrap();
    [one.content, other.content]
}

/// Whether code of a block ran for somebody who looks after others have.
async fn is_rendered_again(host: &Host, block_type: &str) -> bool {
    seen_by_two(host, block_type).await;
    let before = calls(host, block_type);
    host.view(&learner(3), &usage(block_type, "x"), View::Student).await.unwrap();
    calls(host, block_type) > before
}

/// A host with a block whose student view does this first, and then shows what the author wrote of nobody.
async fn host_of(import: &str, function: &str, call: &str) -> Host {
    let host = Host::with_unit(r#"<guest url_name="x"/>"#).await;
    let body = format!(
        r#"(import "blockhouse:block/{import}@1.0.0" {function})
        (data (i32.const 1024) "<p>hello</p>")
        (data (i32.const 1040) "note")
        (func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
          {call}
          (i32.store (i32.const 3004) (i32.const 1024))
          (i32.store (i32.const 3008) (i32.const 12))
          (i32.const 3000))"#
    );
    host.runtime.install(&guest::package_of(&body)).unwrap();
    host
}

#[tokio::test]
async fn a_text_is_rendered_once_for_all() {
    let host = Host::with_unit(r#"<html url_name="x"><![CDATA[<p>the same</p>]]></html>"#).await;
    let [one, other] = seen_by_two(&host, "html").await;
    assert!(one.contains("the same"));
    assert_eq!(one, other);
    assert!(!is_rendered_again(&host, "html").await);
}

#[tokio::test]
async fn a_text_with_the_learners_id_is_rendered_for_each() {
    let host = Host::with_unit(r#"<html url_name="x"><![CDATA[<p>%%USER_ID%%</p>]]></html>"#).await;
    let [one, other] = seen_by_two(&host, "html").await;
    assert_ne!(one, other);
    assert!(is_rendered_again(&host, "html").await);
}

#[tokio::test]
async fn what_a_learner_did_is_seen_at_once() {
    let host = Host::with_unit(r#"<thumbs url_name="x"/>"#).await;
    let before = seen_by_two(&host, "thumbs").await;
    host.call(&learner(1), &usage("thumbs", "x"), "vote", json!({ "voteType": "up" })).await;
    assert_ne!(seen_by_two(&host, "thumbs").await, before);
}

#[tokio::test]
async fn a_view_that_asks_for_what_may_differ_is_never_kept() {
    let (to_text, asks_name) = ("(func $f (param i32))", "(call $f (i32.const 2048))");
    let (by_name, gives_name) =
        ("(func $f (param i32 i32 i32))", "(call $f (i32.const 1040) (i32.const 4) (i32.const 2048))");
    let asked = [
        ("clock", "\"now\" (func $f (result i64))", "(drop (call $f))".to_owned()),
        ("random", "\"u64\" (func $f (result i64))", "(drop (call $f))".to_owned()),
        ("user", "\"kind\" (func $f (result i32))", "(drop (call $f))".to_owned()),
        ("user", &format!("\"anonymous-student-id\" {to_text}"), asks_name.to_owned()),
        ("i18n", &format!("\"locale\" {to_text}"), asks_name.to_owned()),
        ("usage", &format!("\"siblings\" {to_text}"), asks_name.to_owned()),
        ("usage", &format!("\"handler-url\" {by_name}"), gives_name.to_owned()),
        ("usage", &format!("\"render-child\" {by_name}"), gives_name.to_owned()),
        (
            "usage",
            "\"authored-field\" (func $f (param i32 i32 i32 i32 i32))",
            "(call $f (i32.const 1040) (i32.const 4) (i32.const 1040) (i32.const 4) (i32.const 2048))"
                .to_owned(),
        ),
        ("fields", &format!("\"get\" {by_name}"), gives_name.to_owned()),
        // The next import of the course may bring another file under the same name.
        ("files", &format!("\"read\" {by_name}"), gives_name.to_owned()),
        (
            "log",
            "\"write\" (func $f (param i32 i32 i32))",
            "(call $f (i32.const 1) (i32.const 1040) (i32.const 4))".to_owned(),
        ),
    ];
    for (import, function, call) in asked {
        let host = host_of(import, function, &call).await;
        assert!(is_rendered_again(&host, "guest").await, "{import} {function}");
    }
}

#[tokio::test]
async fn a_view_that_asks_for_its_own_key_and_files_only_is_kept() {
    let (function, call) = ("\"key\" (func $f (param i32))", "(call $f (i32.const 2048))");
    let host = host_of("usage", function, call).await;
    assert!(!is_rendered_again(&host, "guest").await);
}

#[tokio::test]
async fn in_a_library_a_view_that_reads_its_own_file_is_kept_until_the_file_is_another() {
    let host = Host::with_unit("<html/>").await;
    host.runtime.install(&guest::package("reader")).unwrap();
    let site = host.site();
    let ann = site.browser("ann").await;
    let libraries = "/api/libraries/v2/";
    let new = json!({ "org": "Org", "slug": "L", "title": "L", "allow_public_learning": true });
    ann.json("POST", libraries, new).await.good();
    let new = json!({ "block_type": "guest", "definition_id": "x" });
    ann.json("POST", &format!("{libraries}lib:Org:L/blocks/"), new).await.good();
    let publish = async |text: &[u8]| {
        let file = format!("{libraries}blocks/lb:Org:L:guest:x/assets/static/en.srt");
        ann.upload(&file, text).await.good();
        ann.ask("POST", &format!("{libraries}lib:Org:L/commit/")).await.good();
    };
    let usage = "lb:Org:L:guest:x".parse().unwrap();
    let shown = async |id: i64| host.view(&learner(id), &usage, View::Student).await.unwrap().content;
    publish(b"high water").await;
    assert!(shown(1).await.contains("high water"));
    let before = calls(&host, "guest");
    assert!(shown(2).await.contains("high water"));
    assert_eq!(calls(&host, "guest"), before);
    publish(b"low water").await;
    assert!(shown(2).await.contains("low water"));
}

#[tokio::test]
async fn a_new_version_of_a_block_renders_anew() {
    let host = Host::with_unit(r#"<guest url_name="x"/>"#).await;
    let body = r#"(data (i32.const 1024) "<p>hello</p>")
        (func (export "blockhouse:block/student-view@1.0.0#render") (param i32 i32) (result i32)
          (i32.store (i32.const 3004) (i32.const 1024))
          (i32.store (i32.const 3008) (i32.const 12))
          (i32.const 3000))"#;
    host.runtime.install(&guest::package_of(body)).unwrap();
    assert!(seen_by_two(&host, "guest").await.iter().all(|shown| shown.contains("hello")));
    host.runtime.install(&guest::package_of(&body.replace("hello", "howdy"))).unwrap();
    assert!(seen_by_two(&host, "guest").await.iter().all(|shown| shown.contains("howdy")));
}
