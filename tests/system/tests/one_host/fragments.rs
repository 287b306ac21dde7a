//! What a rendered block brings with it: its wrapper and its resources (spec 2.7, 2.8), over HTTP.

use blockhouse_system_tests::{Host, usage};
use serde_json::Value;

/// What Alice gets of a block of the course.
async fn shown(host: Host, block_type: &str, name: &str) -> Value {
    let path = format!("/api/xblock/v2/xblocks/{}/view/student_view/", usage(block_type, name));
    host.site().browser("alice").await.get(&path).await.good()
}

#[tokio::test]
async fn row_035_the_wrapper_says_what_the_block_is_and_escapes_what_it_says() {
    let unit = r#"<answers url_name="a" text="&lt;/script&gt;&lt;b title='&quot;'&gt;"/>"#;
    let shown = shown(Host::with_unit(unit).await.with_guest("answers"), "answers", "a").await;
    let html = shown["content"].as_str().unwrap();
    let usage = usage("answers", "a");
    assert!(html.starts_with("<div class=\"xblock-v1 xblock-v1-student_view\""), "{html}");
    for attribute in [
        format!("data-usage=\"{usage}\""),
        "data-block-type=\"answers\"".to_owned(),
        "data-init=\"Answers&quot;Block'&lt;\"".to_owned(),
        "data-runtime-version=\"1\"".to_owned(),
    ] {
        assert!(html.contains(&attribute), "{attribute}: {html}");
    }
    let (_, script) =
        html.split_once("<script type=\"json/xblock-args\" class=\"xblock_json_init_args\">").unwrap();
    let (arguments, rest) = script.split_once("</script>").unwrap();
    let arguments: Value = serde_json::from_str(arguments).unwrap();
    assert_eq!((arguments["text"].as_str().unwrap(), rest), ("</script><b title='\"'>", "</div>"));
}

#[tokio::test]
async fn row_036_resources_of_equal_blocks_are_there_once_and_where_they_were_first() {
    let unit = r#"<thumbs url_name="a"/><poll url_name="p"/><thumbs url_name="b"/>"#;
    let shown = shown(Host::with_unit(unit).await, "vertical", "v").await;
    let resources = shown["resources"].as_array().unwrap();
    let names: Vec<_> = resources
        .iter()
        .filter_map(|resource| resource["data"].as_str().unwrap().rsplit('/').next())
        .filter(|name| name.starts_with("thumbs") || name.starts_with("poll"))
        .collect();
    assert_eq!(names, ["thumbs.css", "thumbs.js", "poll.css", "poll.js"]);
    assert_eq!(shown["content"].as_str().unwrap().matches("data-block-type=\"thumbs\"").count(), 2);
}
