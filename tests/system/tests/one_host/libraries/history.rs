//! Pasting, where blocks stand, and what happened to them (spec 7.3).

use axum::body::Body;
use axum::http::Request;
use blockhouse_system_tests::{Browser, Reply};
use serde_json::{Value, json};

use super::world::{API, World, of};

/// Pastes a form of texts and named files.
async fn paste(browser: &Browser<'_>, texts: &[(&str, &str)], files: &[(&str, &str)]) -> Reply {
    let mut body = String::new();
    for (name, text) in texts {
        body += &format!("--BOUND\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
    }
    for (name, text) in files {
        body += &format!(
            "--BOUND\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n"
        );
    }
    let request = Request::post(format!("{API}lib:Org:L/paste_clipboard/"))
        .header("content-type", "multipart/form-data; boundary=BOUND")
        .body(Body::from(body + "--BOUND--\r\n"));
    browser.send(request.unwrap()).await
}

#[tokio::test]
async fn row_147_what_was_copied_is_pasted_with_its_files_under_a_name_of_its_own() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let olx = "<html display_name='A Tide'><![CDATA[<img src='/static/chart.svg'>]]></html>";
    let pasted = paste(&ann.browser, &[("olx", olx)], &[("chart.svg", "<svg/>")]).await.good();
    let first = pasted["id"].as_str().unwrap();
    assert!(first.starts_with("lb:Org:L:html:a-tide-"), "{pasted}");
    assert_eq!(
        (&pasted["display_name"], &pasted["has_unpublished_changes"]),
        (&json!("A Tide"), &json!(true))
    );
    assert!(ann.view(&format!("{first}@draft")).await.contains("/chart.svg"));
    // Again, from the block itself: another name.
    let again = paste(&ann.browser, &[("source_usage_key", first)], &[]).await.good();
    let second = again["id"].as_str().unwrap();
    assert_ne!(first, second);
    let files = ann.browser.get(&of(second, "assets/")).await.good();
    assert_eq!(files["files"][0]["path"], "static/chart.svg");
}

/// Pastes what is on the clipboard.
async fn paste_copied(browser: &Browser<'_>, library: &str) -> Reply {
    browser.json("POST", &format!("{API}{library}/paste_clipboard/"), json!({})).await
}

#[tokio::test]
async fn a_block_that_was_copied_is_pasted_into_another_library_by_the_same_author_only() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    ann.library("K").await;
    let html = ann.block("html", "a").await;
    let empty = paste_copied(&ann.browser, "lib:Org:K").await;
    assert_eq!(
        (empty.status.as_u16(), empty.value()["clipboard"].is_string()),
        (400, true),
        "{:?}",
        empty.value()
    );
    ann.browser.ask("POST", &of(&html, "copy/")).await.good();
    ann.olx(&html, "<html display_name='A Tide'>ebb</html>").await;
    let pasted = paste_copied(&ann.browser, "lib:Org:K").await.good();
    let key = pasted["id"].as_str().unwrap();
    assert!(key.starts_with("lb:Org:K:html:a-tide-"), "{pasted}");
    assert!(ann.view(&format!("{key}@draft")).await.contains("ebb"));
    let bob = world.site.browser("bob").await;
    assert_eq!(bob.ask("POST", &of(&html, "copy/")).await.status, 403);
    ann.browser.ask("DELETE", &of(&html, "")).await.good();
    let gone = paste_copied(&ann.browser, "lib:Org:K").await;
    assert_eq!((gone.status.as_u16(), gone.value()["clipboard"].is_string()), (400, true));
}

#[tokio::test]
async fn nobody_pastes_what_another_copied_or_what_they_may_not_read_any_more() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    ann.library("K").await;
    let html = ann.block("html", "a").await;
    let team = |library: &str| format!("{API}lib:Org:{library}/team/user/bob/");
    ann.browser.json("PUT", &team("L"), json!({ "access_level": "read" })).await.good();
    ann.browser.json("PUT", &team("K"), json!({ "access_level": "author" })).await.good();
    ann.browser.ask("POST", &of(&html, "copy/")).await.good();
    let bob = world.site.browser("bob").await;
    let nothing = paste_copied(&bob, "lib:Org:K").await;
    assert!(nothing.status == 400 && nothing.text().contains("nothing to paste"), "{}", nothing.text());
    bob.ask("POST", &of(&html, "copy/")).await.good();
    paste_copied(&bob, "lib:Org:K").await.good();
    assert!(ann.browser.ask("DELETE", &team("L")).await.status.is_success());
    let refused = paste_copied(&bob, "lib:Org:K").await;
    assert!(refused.status == 400 && refused.text().contains("that you may read"), "{}", refused.text());
}

#[tokio::test]
async fn a_container_that_was_copied_is_pasted_with_what_stands_in_it() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    ann.library("K").await;
    let html = ann.block("html", "a").await;
    ann.olx(&html, "<html display_name='A Tide'>ebb</html>").await;
    let make = async |container_type: &str, child: &str| {
        let new = json!({ "container_type": container_type, "display_name": "Week 1" });
        let made = ann.browser.json("POST", &format!("{API}lib:Org:L/containers/"), new).await.good();
        let key = made["id"].as_str().unwrap().to_owned();
        let children = format!("{API}containers/{key}/children/");
        ann.browser.json("POST", &children, json!({ "usage_keys": [child] })).await.good();
        key
    };
    let unit = make("unit", &html).await;
    let subsection = make("subsection", &unit).await;
    ann.browser.ask("POST", &format!("{API}containers/{subsection}/copy/")).await.good();
    let children = async |key: &Value| {
        let path = format!("{API}containers/{}/children/", key.as_str().unwrap());
        ann.browser.get(&path).await.good()[0]["id"].clone()
    };
    // In the same library it lists the same unit.
    let here = paste_copied(&ann.browser, "lib:Org:L").await.good();
    assert_ne!(here["id"], json!(subsection));
    assert_eq!(children(&here["id"]).await, json!(unit));
    // What was deleted stays behind.
    let with_gap = make("unit", &html).await;
    let gone = ann.block("html", "gone").await;
    let children_of = format!("{API}containers/{with_gap}/children/");
    ann.browser.json("POST", &children_of, json!({ "usage_keys": [gone] })).await.good();
    ann.browser.ask("DELETE", &of(&gone, "")).await.good();
    ann.browser.ask("POST", &format!("{API}containers/{with_gap}/copy/")).await.good();
    let pasted = paste_copied(&ann.browser, "lib:Org:L").await.good();
    assert_eq!(children(&pasted["id"]).await, json!(html));
    ann.browser.ask("POST", &format!("{API}containers/{subsection}/copy/")).await.good();
    // In another one it has copies of all of it.
    let there = paste_copied(&ann.browser, "lib:Org:K").await.good();
    let unit = children(&there["id"]).await;
    assert!(unit.as_str().unwrap().starts_with("lct:Org:K:unit:week-1-"), "{unit}");
    let block = children(&unit).await;
    assert!(ann.view(&format!("{}@draft", block.as_str().unwrap())).await.contains("ebb"));
}

#[tokio::test]
async fn what_cannot_be_pasted_is_refused_and_says_why() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    for (texts, files, field) in [
        (vec![], vec![], "olx"),
        (vec![("olx", "<html>")], vec![], "olx"),
        (vec![("olx", "<nothing/>")], vec![], "block_type"),
        (vec![("olx", "<html/>")], vec![("../up.svg", "x")], "file_path"),
        (vec![("source_usage_key", "lb:Org:Other:html:a")], vec![], "source_usage_key"),
        (vec![("source_usage_key", "nothing")], vec![], "source_usage_key"),
    ] {
        let refused = paste(&ann.browser, &texts, &files).await;
        assert_eq!(refused.status, 400, "{texts:?}: {}", refused.text());
        assert!(refused.value()[field].is_string(), "{texts:?}: {}", refused.text());
    }
    let bob = world.site.browser("bob").await;
    assert_eq!(paste(&bob, &[("olx", "<html/>")], &[]).await.status, 403);
}

fn keys(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_hierarchy_names_what_holds_a_block_and_what_a_container_holds() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let (html, other) = (ann.block("html", "a").await, ann.block("html", "b").await);
    let container = async |kind: &str, children: &[&str]| {
        let new = json!({ "container_type": kind, "display_name": kind });
        let made = ann.browser.json("POST", &format!("{API}lib:Org:L/containers/"), new).await.good();
        let key = made["id"].as_str().unwrap().to_owned();
        let address = format!("{API}containers/{key}/children/");
        ann.browser.json("POST", &address, json!({ "usage_keys": children })).await.good();
        key
    };
    let unit = container("unit", &[&html, &other]).await;
    let subsection = container("subsection", &[&unit]).await;
    let section = container("section", &[&subsection]).await;
    container("unit", &[&other]).await;

    let stands = ann.browser.get(&of(&html, "hierarchy/")).await.good();
    assert_eq!(stands["object_key"], html);
    assert_eq!((keys(&stands["sections"]), keys(&stands["units"])), (vec![&*section], vec![&*unit]));
    assert_eq!(keys(&stands["components"]), [&*html]);
    let stands = ann.browser.get(&format!("{API}containers/{subsection}/hierarchy/")).await.good();
    assert_eq!(
        (keys(&stands["sections"]), keys(&stands["subsections"])),
        (vec![&*section], vec![&*subsection])
    );
    assert_eq!(keys(&stands["units"]), [&*unit]);
    assert_eq!(keys(&stands["components"]).len(), 2);
    // A container that is deleted holds nothing any more.
    ann.browser.ask("DELETE", &format!("{API}containers/{unit}/")).await.good();
    let stands = ann.browser.get(&of(&html, "hierarchy/")).await.good();
    assert_eq!((&stands["units"], &stands["sections"]), (&json!([]), &json!([])));
    assert_eq!(ann.browser.get(&of("lb:Org:L:html:none", "hierarchy/")).await.status, 404);
}

#[tokio::test]
async fn the_hierarchy_names_what_a_block_includes_and_what_includes_it() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let (html, unit) = (ann.block("html", "a").await, ann.block("unit", "u").await);
    ann.olx(&unit, "<unit><xblock-include definition='html/a' usage='alias'/></unit>").await;
    let stands = ann.browser.get(&of(&html, "hierarchy/")).await.good();
    assert_eq!((keys(&stands["included_by"]), &stands["includes"]), (vec![&*unit], &json!([])));
    let stands = ann.browser.get(&of(&unit, "hierarchy/")).await.good();
    assert_eq!((&stands["included_by"], keys(&stands["includes"])), (&json!([]), vec![&*html]));
}

#[tokio::test]
async fn the_history_says_who_changed_what_and_when_it_was_published() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    let grant = json!({ "access_level": "author" });
    ann.browser.json("PUT", &format!("{API}lib:Org:L/team/user/bob/"), grant).await.good();
    let bob = world.site.browser("bob").await;
    let named = json!({ "olx": "<html display_name='Tide'/>" });
    bob.json("POST", &of(&html, "olx/"), named).await.good();
    ann.publish().await;
    ann.browser.upload(&of(&html, "assets/static/a.txt"), b"file").await.good();

    let drafts = ann.browser.get(&of(&html, "draft_history/")).await.good();
    assert_eq!(drafts.as_array().unwrap().len(), 1);
    assert_eq!((&drafts[0]["version_num"], &drafts[0]["changes"]), (&json!(3), &json!(["static/a.txt"])));
    assert_eq!((&drafts[0]["changed_by"], &drafts[0]["action"]), (&json!("ann"), &json!("edited")));
    assert_eq!(drafts[0]["changed_at"], "2023-11-14T22:13:20Z");

    let published = ann.browser.get(&of(&html, "publish_history/")).await.good();
    assert_eq!(
        published,
        json!([{
            "publication": 1, "title": "Tide", "block_type": "html", "published_by": "ann",
            "published_at": "2023-11-14T22:13:20Z", "previous_version_num": null, "version_num": 2,
            "contributors": ["ann", "bob"]
        }])
    );
    let entries = format!("{API}lib:Org:L/publish_history_entries/?usage_key={html}&publication=");
    let versions = ann.browser.get(&format!("{entries}1")).await.good();
    let versions: Vec<_> =
        versions.as_array().unwrap().iter().map(|one| one["version_num"].clone()).collect();
    assert_eq!(versions, [2, 1]);
    assert_eq!(ann.browser.get(&format!("{entries}7")).await.status, 404);
    assert_eq!(ann.browser.get(&format!("{entries}x")).await.status, 400);
    let created = ann.browser.get(&of(&html, "creation_entry/")).await.good();
    assert_eq!((&created["action"], &created["changed_by"]), (&json!("created"), &json!("ann")));

    // What was deleted has a history, too.
    ann.browser.ask("DELETE", &of(&html, "")).await.good();
    ann.publish().await;
    let published = ann.browser.get(&of(&html, "publish_history/")).await.good();
    assert_eq!(
        (&published[0]["version_num"], &published[0]["previous_version_num"]),
        (&Value::Null, &json!(2))
    );
    assert_eq!(world.site.browser("alice").await.get(&of(&html, "draft_history/")).await.status, 403);
}
