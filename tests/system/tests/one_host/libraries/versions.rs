//! Which version of a block who sees, and what a change makes (spec 7.3, 3.4).

use serde_json::json;

use super::world::{API, World, call, of};

#[tokio::test]
async fn row_111_an_unknown_library_or_block_is_not_found() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    for path in ["lb:Org:Nowhere:html:a", "lb:Org:L:html:nowhere", "lb:Org:L:html"] {
        let answer = ann.browser.get(&format!("/api/xblock/v2/xblocks/{path}/")).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
    assert_eq!(ann.browser.get(&format!("{API}lib:Org:Nowhere/")).await.status, 404);
    assert_eq!(ann.browser.get(&format!("{API}no-key/")).await.status, 404);
    assert_eq!(ann.browser.get(&of("lb:Org:L:html:nowhere", "")).await.status, 404);
}

#[tokio::test]
async fn row_112_each_version_shows_what_it_holds() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    assert_eq!(ann.olx(&html, "<html>two</html>").await, 2);
    ann.publish().await;
    assert_eq!(ann.olx(&html, "<html>three</html>").await, 3);
    assert!(ann.view(&format!("{html}@draft")).await.contains("three"));
    assert!(ann.view(&format!("{html}@published")).await.contains("two"));
    assert!(ann.view(&format!("{html}@2")).await.contains("two"));
    assert!(ann.view(&format!("{html}@3")).await.contains("three"));
    let missing = ann.browser.get(&format!("/api/xblock/v2/xblocks/{html}@4/view/student_view/")).await;
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("requested version"), "{}", missing.text());
}

#[tokio::test]
async fn row_113_a_version_that_is_none_is_no_address_and_no_page() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    for version in ["latest", "-1", "1.0", "", "0x1"] {
        for rest in ["", "view/student_view/", "fields/", "handler_url/studio_submit/"] {
            let answer = ann.browser.get(&format!("/api/xblock/v2/xblocks/{html}@{version}/{rest}")).await;
            assert_eq!(answer.status, 404, "@{version} {rest}: {}", answer.text());
        }
        let page =
            ann.browser.get(&format!("/xblocks/v2/{html}/embed/student_view/?version={version}")).await;
        assert_eq!(page.status, 400, "?version={version}: {}", page.text());
    }
}

#[tokio::test]
async fn row_116_a_handler_sees_the_version_that_its_view_was_rendered_with() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let poll = ann.block("poll", "a").await;
    for label in ["second", "third"] {
        let answers = format!(r#"[["R", {{"label": "the {label}"}}]]"#);
        ann.olx(&poll, &format!("<poll answers='{answers}'/>")).await;
    }
    ann.publish().await;
    for (version, label) in [("2", "second"), ("3", "third"), ("published", "third"), ("draft", "third")] {
        let told = ann.call(&format!("{poll}@{version}"), "load_answers", json!({})).await.good();
        assert!(told.to_string().contains(&format!("the {label}")), "@{version}: {told}");
    }
}

/// The row's default is Studio's: the draft, which an address here names.
#[tokio::test]
async fn row_115_an_embedded_block_shows_the_version_that_is_asked_for() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    ann.olx(&html, "<html>the second</html>").await;
    ann.olx(&html, "<html>the third</html>").await;
    ann.publish().await;
    ann.olx(&html, "<html>the fourth</html>").await;
    for (version, shown) in [("draft", "fourth"), ("published", "third"), ("3", "third"), ("2", "second")] {
        let page =
            ann.browser.get(&format!("/xblocks/v2/{html}/embed/student_view/?version={version}")).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains(&format!("the {shown}")), "{version}: {}", page.text());
    }
    let page = ann.browser.get(&format!("/xblocks/v2/{html}@draft/embed/student_view/")).await;
    assert!(page.text().contains("the fourth"));
}

#[tokio::test]
async fn row_114_every_save_makes_a_version_and_numbers_are_never_used_twice() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    assert_eq!(ann.shown(&html).await["version_num"], 1);
    assert_eq!(ann.olx(&html, "<html>2</html>").await, 2);
    assert_eq!(ann.olx(&html, "<html>3</html>").await, 3);
    ann.publish().await;
    assert_eq!(ann.olx(&html, "<html>4</html>").await, 4);
    ann.revert().await;
    assert_eq!(ann.shown(&html).await["version_num"], 3);
    assert_eq!(ann.olx(&html, "<html>5</html>").await, 5);
}

#[tokio::test]
async fn row_117_a_handler_on_a_draft_makes_a_new_version() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    let editor =
        ann.browser.get(&format!("/api/xblock/v2/xblocks/{html}@draft/view/studio_view/")).await.good();
    assert!(editor["content"].as_str().unwrap().contains("textarea"), "{editor}");
    ann.call(&format!("{html}@draft"), "studio_submit", json!({ "display_name": "N", "data": "<p>new</p>" }))
        .await
        .good();
    assert_eq!(ann.shown(&html).await["version_num"], 2);
    assert_eq!(ann.shown(&html).await["display_name"], "N");
    assert!(ann.view(&format!("{html}@draft")).await.contains("<p>new</p>"));
}

#[tokio::test]
async fn row_118_a_handler_on_another_version_changes_nothing() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    ann.olx(&html, "<html>old</html>").await;
    ann.publish().await;
    for version in ["published", "1", "2"] {
        let form = json!({ "display_name": "N", "data": "new" });
        let answer = ann.call(&format!("{html}@{version}"), "studio_submit", form).await;
        assert!(!answer.status.is_success(), "{version}");
    }
    assert_eq!(ann.shown(&html).await["version_num"], 2);
    assert!(ann.view(&format!("{html}@draft")).await.contains("old"));
}

#[tokio::test]
async fn row_119_fields_are_read_set_and_reset() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    ann.olx(&html, "<html display_name='A' editor='raw'>x</html>").await;
    let path = format!("/api/xblock/v2/xblocks/{html}/fields/");
    let fields = ann.browser.get(&path).await.good();
    assert_eq!(fields["metadata"], json!({ "display_name": "A", "editor": "raw" }));
    assert_eq!((&fields["data"], &fields["display_name"]), (&json!("x"), &json!("A")));
    let change = json!({ "data": "y", "metadata": { "editor": null, "display_name": "B" } });
    let saved = ann.browser.json("POST", &path, change).await.good();
    assert_eq!(
        (&saved["id"], &saved["display_name"], &saved["data"]),
        (&json!(html), &json!("B"), &json!("y"))
    );
    assert_eq!(saved["metadata"], json!({ "display_name": "B" }));
    let versioned = ann.browser.json("POST", &path.replace("/fields", "@draft/fields"), json!({})).await;
    assert_eq!(
        (versioned.status.as_u16(), versioned.text().contains("Cannot specify a version")),
        (400, true)
    );
    for change in [json!({ "metadata": { "nothing": 1 } }), json!({ "metadata": { "display_name": 5 } })] {
        let refused = ann.browser.json("POST", &path, change).await;
        assert_eq!((refused.status.as_u16(), refused.text().contains("Invalid data")), (400, true));
    }
    let alice = world.site.browser("alice").await;
    assert_eq!(alice.get(&path).await.status, 403);
    assert_eq!(world.site.browser("visitor").await.get(&path).await.status, 401);
}

#[tokio::test]
async fn row_123_a_learners_call_cannot_set_what_authors_write() {
    let world = World::new().await;
    let (ann, alice) = (world.ann().await, world.site.browser("alice").await);
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    ann.olx(&html, "<html>old</html>").await;
    ann.publish().await;
    let open = json!({ "allow_public_learning": true });
    ann.browser.json("PATCH", &format!("{API}lib:Org:L/"), open).await.good();
    let form = json!({ "display_name": "N", "data": "new" });
    assert!(!call(&alice, &html, "studio_submit", form.clone()).await.status.is_success());
    assert_eq!(call(&alice, &format!("{html}@draft"), "studio_submit", form).await.status, 403);
    assert!(ann.view(&format!("{html}@published")).await.contains("old"));
    assert_eq!(ann.shown(&html).await["version_num"], 2);
}

#[tokio::test]
async fn row_168_who_may_read_and_not_edit_gets_no_editor() {
    let world = World::new().await;
    let (ann, bob) = (world.ann().await, world.site.browser("bob").await);
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    let view = |name: &str| format!("/api/xblock/v2/xblocks/{html}@draft/view/{name}/");
    assert_eq!(bob.get(&view("student_view")).await.status, 403);
    let grant = json!({ "access_level": "read" });
    ann.browser.json("PUT", &format!("{API}lib:Org:L/team/user/bob/"), grant).await.good();
    assert_eq!(bob.get(&view("student_view")).await.status, 200);
    assert_eq!(bob.get(&view("author_view")).await.status, 200);
    assert_eq!(bob.get(&view("studio_view")).await.status, 403);
    let form = json!({ "display_name": "N", "data": "new" });
    assert!(!call(&bob, &format!("{html}@draft"), "studio_submit", form).await.status.is_success());
    assert_eq!(ann.shown(&html).await["version_num"], 1);
}

#[tokio::test]
async fn row_120_olx_comes_back_as_it_was_written() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    let olx = "<html display_name = 'A' >\n  <![CDATA[<p class='x'>é & <b>b</b></p>]]></html>\n";
    ann.olx(&html, olx).await;
    let answer = ann.browser.get(&of(&html, "olx/")).await.good();
    assert_eq!(answer["olx"], olx);
    assert_eq!(ann.shown(&html).await["display_name"], "A");
}

#[tokio::test]
async fn the_runtimes_api_gives_olx_of_any_version_to_those_who_may_read_as_authors() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    ann.olx(&html, "<html>one</html>").await;
    ann.publish().await;
    ann.olx(&html, "<html>two</html>").await;
    let path = |version: &str| format!("/api/xblock/v2/xblocks/{html}{version}/olx/");
    assert_eq!(ann.browser.get(&path("")).await.good()["olx"], "<html>two</html>");
    assert_eq!(ann.browser.get(&path("@published")).await.good()["olx"], "<html>one</html>");
    assert_eq!(ann.browser.get(&path("@9")).await.status, 404);
    assert_eq!(world.site.browser("alice").await.get(&path("")).await.status, 403);
    assert_eq!(world.site.stranger().get(&path("")).await.status, 401);
}

#[tokio::test]
async fn row_121_olx_that_cannot_be_is_refused_and_says_where() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    for (olx, says) in [
        ("<problem/>".to_owned(), "root tag"),
        ("<html>\n<p></html>".to_owned(), "OLX:2:"),
        (format!("<html>{}</html>", "x".repeat(50_001)), "50000"),
    ] {
        let answer = ann.browser.json("POST", &of(&html, "olx/"), json!({ "olx": olx })).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains(says), "{}", answer.text());
    }
    assert_eq!(ann.shown(&html).await["version_num"], 1);
}

#[tokio::test]
async fn row_122_learners_do_not_see_what_is_not_published() {
    let world = World::new().await;
    let (ann, alice) = (world.ann().await, world.site.browser("alice").await);
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    let open = json!({ "allow_public_learning": true });
    ann.browser.json("PATCH", &format!("{API}lib:Org:L/"), open).await.good();
    let view = |version: &str| format!("/api/xblock/v2/xblocks/{html}{version}/view/student_view/");
    assert_eq!(alice.get(&view("")).await.status, 404);
    assert_eq!(alice.get(&view("@draft")).await.status, 403);
    assert_eq!(alice.get(&view("@1")).await.status, 403);
    ann.publish().await;
    assert_eq!(alice.get(&view("")).await.status, 200);
    assert_eq!(alice.get(&view("@draft")).await.status, 403);
}

#[tokio::test]
async fn row_124_authors_see_the_draft_and_learners_what_was_published() {
    let world = World::new().await;
    let (ann, alice) = (world.ann().await, world.site.browser("alice").await);
    ann.library("L").await;
    let open = json!({ "allow_public_learning": true });
    ann.browser.json("PATCH", &format!("{API}lib:Org:L/"), open).await.good();
    let html = ann.block("html", "a").await;
    ann.olx(&html, "<html>old</html>").await;
    ann.publish().await;
    ann.olx(&html, "<html>new</html>").await;
    assert!(ann.view(&format!("{html}@draft")).await.contains("new"));
    let seen = alice.get(&format!("/api/xblock/v2/xblocks/{html}/view/student_view/")).await.good();
    assert!(seen["content"].as_str().unwrap().contains("old"));
}

#[tokio::test]
async fn row_125_a_file_in_a_page_is_exactly_that_versions() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    ann.olx(&html, "<html>&lt;img src='/static/a.txt'/&gt;</html>").await;
    ann.browser.upload(&of(&html, "assets/static/a.txt"), b"first").await.good();
    ann.publish().await;
    ann.browser.upload(&of(&html, "assets/static/a.txt"), b"second").await.good();
    for (version, bytes) in [("published", "first"), ("draft", "second")] {
        let page = ann.view(&format!("{html}@{version}")).await;
        let (_, rest) = page.split_once("src='").unwrap_or_else(|| panic!("{page}"));
        let address = rest.split('\'').next().unwrap();
        // Frames have no cookies.
        let file = world.site.browser("visitor").await.get(address).await;
        assert_eq!(file.text(), bytes, "{address}");
        assert!(file.headers["cache-control"].to_str().unwrap().contains("immutable"));
    }
}

#[tokio::test]
async fn the_api_publishes_reverts_and_deletes_what_was_seen_where_it_is_said_what() {
    let world = World::new().await;
    let (ann, bob) = (world.ann().await, world.site.browser("bob").await);
    ann.library("L").await;
    let grant = json!({ "access_level": "author" });
    ann.browser.json("PUT", &format!("{API}lib:Org:L/team/user/bob/"), grant).await.good();
    let html = ann.block("html", "a").await;
    let save = json!({ "olx": "<html>by Bob</html>" });
    assert_eq!(bob.json("POST", &of(&html, "olx/"), save).await.good()["version_num"], 2);
    let commit = |version: u64| format!("{API}lib:Org:L/commit/?seen={html}@{version}");
    let publish = |version: u64| of(&html, &format!("publish/?seen={html}@{version}"));
    let delete = |version: u64| of(&html, &format!("?version_num={version}"));
    for (method, path) in
        [("POST", commit(1)), ("DELETE", commit(1)), ("POST", publish(1)), ("DELETE", delete(1))]
    {
        let refused = ann.browser.ask(method, &path).await;
        assert_eq!(refused.status, 409, "{method} {path}: {}", refused.text());
    }
    assert_eq!(ann.shown(&html).await["published_version_num"], json!(null));
    ann.browser.ask("POST", &publish(2)).await.good();
    assert_eq!(ann.shown(&html).await["published_version_num"], 2);
    ann.browser.ask("DELETE", &delete(2)).await.good();
    ann.browser.ask("POST", &commit(0)).await.good();
    assert_eq!(ann.show().await["has_unpublished_deletes"], false);
}
