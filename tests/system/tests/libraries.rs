//! Content libraries over HTTP (spec 7.3 to 7.6), with the real blocks.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "the words of the tests")]

use std::slice;

use blockhouse_system_tests::{Browser, Host, Reply, Site};
use serde_json::{Value, json};

const API: &str = "/api/libraries/v2/";

struct World {
    site: Site,
}

impl World {
    async fn new() -> Self {
        Self { site: Host::with_unit("<html/>").await.site() }
    }

    async fn ann(&self) -> Ann<'_> {
        let browser = self.site.browser("ann").await;
        Ann { browser }
    }
}

/// An author with one library, `lib:Org:L`.
struct Ann<'s> {
    browser: Browser<'s>,
}

impl Ann<'_> {
    async fn library(&self, slug: &str) -> Value {
        let new =
            json!({ "org": "Org", "slug": slug, "title": format!("Library {slug}"), "description": "d" });
        self.browser.json("POST", API, new).await.good()
    }

    async fn block(&self, block_type: &str, id: &str) -> String {
        let new = json!({ "block_type": block_type, "definition_id": id });
        let made = self.browser.json("POST", &format!("{API}lib:Org:L/blocks/"), new).await.good();
        made["id"].as_str().unwrap().to_owned()
    }

    async fn olx(&self, usage: &str, olx: &str) -> u64 {
        let saved = self.browser.json("POST", &of(usage, "olx/"), json!({ "olx": olx })).await.good();
        saved["version_num"].as_u64().unwrap()
    }

    async fn publish(&self) {
        self.browser.ask("POST", &format!("{API}lib:Org:L/commit/")).await.good();
    }

    async fn revert(&self) {
        self.browser.ask("DELETE", &format!("{API}lib:Org:L/commit/")).await.good();
    }

    async fn show(&self) -> Value {
        self.browser.get(&format!("{API}lib:Org:L/")).await.good()
    }

    async fn shown(&self, usage: &str) -> Value {
        self.browser.get(&of(usage, "")).await.good()
    }

    async fn call(&self, versioned: &str, handler: &str, body: Value) -> Reply {
        call(&self.browser, versioned, handler, body).await
    }

    async fn view(&self, versioned: &str) -> String {
        let path = format!("/api/xblock/v2/xblocks/{versioned}/view/student_view/");
        self.browser.get(&path).await.good()["content"].as_str().unwrap().to_owned()
    }
}

/// Calls a handler at the address that the server gives for it.
async fn call(browser: &Browser<'_>, versioned: &str, handler: &str, body: Value) -> Reply {
    let path = format!("/api/xblock/v2/xblocks/{versioned}/handler_url/{handler}/");
    let address = browser.get(&path).await.good();
    browser.json("POST", address["handler_url"].as_str().unwrap(), body).await
}

fn of(usage: &str, rest: &str) -> String {
    format!("{API}blocks/{usage}/{rest}")
}

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
async fn row_130_libraries_are_made_read_changed_and_deleted() {
    let world = World::new().await;
    let ann = world.ann().await;
    let made = ann.library("téstlꜟط").await;
    assert_eq!(made["id"], "lib:Org:téstlꜟط");
    let path = format!("{API}lib:Org:téstlꜟط/");
    assert_eq!(ann.browser.get(&path).await.good()["title"], "Library téstlꜟط");
    let changed = ann.browser.json("PATCH", &path, json!({ "title": "Other" })).await.good();
    assert_eq!((&changed["title"], &changed["description"]), (&json!("Other"), &json!("d")));
    assert_eq!(changed["created"], "2023-11-14T22:13:20Z");
    ann.browser.ask("DELETE", &path).await.good();
    assert_eq!(ann.browser.get(&path).await.status, 404);
}

#[tokio::test]
async fn row_131_a_key_that_is_taken_or_impossible_is_refused() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let create = |org: &str, slug: &str, license: &str| {
        let new = json!({ "org": org, "slug": slug, "title": "T", "license": license });
        ann.browser.json("POST", API, new)
    };
    let twice = create("Org", "L", "").await;
    assert_eq!(
        (twice.status.as_u16(), &twice.value()["slug"]),
        (400, &json!("A library with that ID already exists."))
    );
    assert_eq!(create("Org", "a b", "").await.status, 400);
    assert_eq!(create("Org", "a.b", "").await.status, 400);
    let org = create("Örg", "x", "").await;
    assert_eq!(org.value()["org"], "No such organization 'Örg' found.");
    assert_eq!(create("Org", "x", "GPL").await.status, 400);
    let alice = world.site.browser("alice").await;
    let new = json!({ "org": "Org", "slug": "x", "title": "T" });
    assert_eq!(alice.json("POST", API, new.clone()).await.status, 403);
    let visitor = world.site.browser("visitor").await;
    assert_eq!(visitor.json("POST", API, new).await.status, 401);
}

#[tokio::test]
async fn row_132_the_list_is_filtered_ordered_and_paged() {
    let world = World::new().await;
    let ann = world.ann().await;
    for slug in ["b", "a", "c"] {
        ann.library(slug).await;
    }
    let list = async |query: &str| ann.browser.get(&format!("{API}?{query}")).await.good();
    let slugs = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one["slug"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(slugs(&list("order=-title").await), ["c", "b", "a"]);
    assert_eq!(slugs(&list("text_search=LIBRARY%20B").await), ["b"]);
    assert_eq!(slugs(&list("org=Other").await), Vec::<String>::new());
    let page = list("pagination=true&page=2&page_size=2").await;
    assert_eq!((&page["count"], &page["next"], slugs(&page["results"]).len()), (&json!(3), &Value::Null, 1));
    assert!(page["previous"].as_str().unwrap().contains("page=1"));
}

#[tokio::test]
async fn row_133_a_new_problem_has_its_usual_name_and_is_not_published() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let problem = ann.shown(&ann.block("problem", "problem1").await).await;
    assert_eq!(problem["display_name"], "Blank Problem");
    assert_eq!(problem["has_unpublished_changes"], true);
    assert_eq!(problem["last_published"], Value::Null);
    assert_eq!(ann.shown(&ann.block("html", "h").await).await["display_name"], "Text");
}

#[tokio::test]
async fn row_134_publishing_leaves_nothing_unpublished() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    ann.block("html", "a").await;
    assert_eq!(ann.show().await["has_unpublished_changes"], true);
    ann.publish().await;
    let library = ann.show().await;
    assert_eq!((&library["has_unpublished_changes"], &library["num_blocks"]), (&json!(false), &json!(1)));
    assert_eq!((&library["published_by"], library["last_published"].is_string()), (&json!("ann"), true));
    ann.publish().await;
}

#[tokio::test]
async fn row_136_a_deletion_can_be_reverted_with_its_content() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    ann.olx(&html, "<html>kept</html>").await;
    ann.publish().await;
    ann.browser.ask("DELETE", &of(&html, "")).await.good();
    assert_eq!(ann.browser.get(&of(&html, "")).await.status, 404);
    let library = ann.show().await;
    assert_eq!((&library["has_unpublished_deletes"], &library["num_blocks"]), (&json!(true), &json!(0)));
    assert!(ann.view(&format!("{html}@published")).await.contains("kept"));
    ann.revert().await;
    assert_eq!(ann.browser.get(&of(&html, "olx/")).await.good()["olx"], "<html>kept</html>");
    ann.browser.ask("DELETE", &of(&html, "")).await.good();
    assert_eq!(ann.browser.ask("POST", &of(&html, "restore/")).await.status, 204);
    assert_eq!(ann.shown(&html).await["has_unpublished_changes"], false);
    ann.browser.ask("DELETE", &of(&html, "")).await.good();
    ann.publish().await;
    let gone = ann.browser.get(&format!("/api/xblock/v2/xblocks/{html}@published/")).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn row_137_publishing_one_block_publishes_no_other() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let (one, other) = (ann.block("html", "a").await, ann.block("html", "b").await);
    ann.browser.ask("POST", &of(&one, "publish/")).await.good();
    assert_eq!(ann.shown(&one).await["has_unpublished_changes"], false);
    assert_eq!(ann.shown(&other).await["has_unpublished_changes"], true);
}

#[tokio::test]
async fn row_138_a_block_that_exists_or_has_no_type_is_refused() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    ann.block("html", "a").await;
    for (block_type, id, field) in [
        ("html", "a", "definition_id"),
        ("nothing", "b", "block_type"),
        ("unit", "b", "block_type"),
        ("html", "a b", "definition_id"),
    ] {
        let new = json!({ "block_type": block_type, "definition_id": id });
        let answer = ann.browser.json("POST", &format!("{API}lib:Org:L/blocks/"), new).await;
        assert_eq!(answer.status, 400, "{block_type} {id}");
        assert!(answer.value()[field].is_string(), "{}", answer.text());
    }
}

#[tokio::test]
async fn row_139_blocks_are_found_by_text_and_type_and_paged() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    for (block_type, id) in [("html", "a"), ("html", "b"), ("problem", "a"), ("video", "v")] {
        ann.block(block_type, id).await;
    }
    let count = async |query: &str| {
        ann.browser.get(&format!("{API}lib:Org:L/blocks/?{query}")).await.good()["count"].as_u64().unwrap()
    };
    assert_eq!(count("").await, 4);
    assert_eq!(count("block_type=html&block_type=video").await, 3);
    assert_eq!(count("text_search=bLANK").await, 1);
    assert_eq!(count("text_search=%25").await, 0);
    let page = ann.browser.get(&format!("{API}lib:Org:L/blocks/?page_size=3")).await.good();
    assert_eq!(page["results"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn row_140_files_have_any_name_below_static() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    let made = ann.browser.upload(&of(&html, "assets/static/été/a%20b.svg"), b"x").await.good();
    assert_eq!((&made["path"], &made["size"]), (&json!("static/été/a_b.svg"), &json!(1)));
    for path in ["assets/static/..%2Fx", "assets/static/a%2F%2F%2Fb"] {
        assert_eq!(ann.browser.upload(&of(&html, path), b"x").await.status, 400, "{path}");
    }
    let large = vec![0; (20 << 20) + 1];
    let refused = ann.browser.upload(&of(&html, "assets/static/large"), &large).await;
    assert_eq!((refused.status.as_u16(), refused.text().contains("File too big")), (400, true));
}

#[tokio::test]
async fn row_141_files_follow_draft_and_publication() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    let files = async || {
        let list = ann.browser.get(&of(&html, "assets/")).await.good();
        list["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| file["size"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    ann.browser.upload(&of(&html, "assets/static/a"), b"1").await.good();
    ann.publish().await;
    ann.browser.upload(&of(&html, "assets/static/a"), b"12").await.good();
    assert_eq!(files().await, [2]);
    ann.revert().await;
    assert_eq!(files().await, [1]);
    assert_eq!(ann.browser.ask("DELETE", &of(&html, "assets/static/a")).await.status, 204);
    assert_eq!(ann.browser.ask("DELETE", &of(&html, "assets/static/a")).await.status, 404);
    assert_eq!(files().await, Vec::<u64>::new());
    ann.revert().await;
    assert_eq!(files().await, [1]);
}

#[tokio::test]
async fn row_143_each_level_may_do_what_it_is_for() {
    let world = World::new().await;
    let (ann, bob) = (world.ann().await, world.site.browser("bob").await);
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    let library = format!("{API}lib:Org:L/");
    let tries = async || {
        let read = bob.get(&library).await.status.as_u16();
        let edit = bob.json("POST", &of(&html, "olx/"), json!({ "olx": "<html/>" })).await.status.as_u16();
        let team =
            bob.json("PUT", &format!("{library}team/group/g/"), json!({ "access_level": "read" })).await;
        (read, edit, team.status.as_u16())
    };
    assert_eq!(tries().await, (403, 403, 403));
    for (level, expected) in
        [("read", (200, 403, 403)), ("author", (200, 200, 403)), ("admin", (200, 200, 200))]
    {
        let grant = json!({ "access_level": level });
        ann.browser.json("PUT", &format!("{library}team/user/bob/"), grant).await.good();
        assert_eq!(tries().await, expected, "{level}");
    }
    let team = ann.browser.get(&format!("{library}team/")).await.good();
    let names: Vec<_> = team.as_array().unwrap().iter().map(|grant| grant["username"].as_str()).collect();
    assert_eq!(names, [Some("ann"), Some("bob"), None]);
    ann.browser.ask("DELETE", &format!("{library}team/user/bob/")).await.good();
    assert_eq!(tries().await, (403, 403, 403));
}

#[tokio::test]
async fn row_144_the_last_admin_stays() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let path = format!("{API}lib:Org:L/team/user/ann/");
    assert_eq!(ann.browser.ask("DELETE", &path).await.status, 400);
    assert_eq!(ann.browser.json("PUT", &path, json!({ "access_level": "read" })).await.status, 400);
    assert_eq!(ann.browser.get(&path).await.good()["access_level"], "admin");
}

#[tokio::test]
async fn row_145_the_installed_types_are_on_offer() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let types = ann.browser.get(&format!("{API}lib:Org:L/block_types/")).await.good();
    for (name, title) in [("html", "Text"), ("problem", "Problem"), ("video", "Video")] {
        let expected = json!({ "block_type": name, "display_name": title });
        assert!(types.as_array().unwrap().contains(&expected), "{types}");
    }
}

#[tokio::test]
async fn row_146_containers_list_what_fits_and_collections_anything() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let (one, other) = (ann.block("html", "a").await, ann.block("problem", "b").await);
    let new = json!({ "container_type": "unit", "display_name": "Week 1" });
    let unit = ann.browser.json("POST", &format!("{API}lib:Org:L/containers/"), new).await.good();
    let unit = unit["id"].as_str().unwrap().to_owned();
    assert!(unit.starts_with("lct:Org:L:unit:week-1-"), "{unit}");
    let children = format!("{API}containers/{unit}/children/");
    let keys = |list: Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let change = async |method, list: &[&str]| {
        keys(ann.browser.json(method, &children, json!({ "usage_keys": list })).await.good())
    };
    assert_eq!(change("POST", &[&one, &other]).await, [one.clone(), other.clone()]);
    assert_eq!(change("PATCH", &[&other, &one]).await, [other.clone(), one.clone()]);
    assert_eq!(change("DELETE", &[&other]).await, slice::from_ref(&one));
    let wrong = ann.browser.json("POST", &children, json!({ "usage_keys": [unit] })).await;
    assert_eq!(wrong.status, 400);
    ann.browser.ask("POST", &format!("{API}containers/{unit}/publish/")).await.good();
    assert_eq!(ann.shown(&one).await["has_unpublished_changes"], false);
    assert_eq!(ann.shown(&other).await["has_unpublished_changes"], true);

    let collections = format!("{API}lib:Org:L/collections/");
    let made = ann.browser.json("POST", &collections, json!({ "title": "Best of" })).await.good();
    assert_eq!(made["key"], "best-of");
    let items = json!({ "usage_keys": [one, unit] });
    let count = ann.browser.json("PATCH", &format!("{collections}best-of/items/"), items).await.good();
    assert_eq!(count["count"], 2);
    assert_eq!(ann.shown(&one).await["collections"], json!([{ "key": "best-of", "title": "Best of" }]));
    assert_eq!(ann.browser.ask("DELETE", &format!("{collections}best-of/")).await.status, 204);
    assert_eq!(ann.browser.get(&format!("{collections}best-of/")).await.status, 404);
    assert_eq!(ann.browser.ask("POST", &format!("{collections}best-of/restore/")).await.status, 204);
    assert_eq!(ann.shown(&one).await["collections"][0]["key"], "best-of");
}

#[tokio::test]
async fn of_two_authors_at_once_the_second_is_told_and_loses_nothing() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    let save = |olx: &str| json!({ "olx": olx, "version_num": 1 });
    ann.browser.json("POST", &of(&html, "olx/"), save("<html>first</html>")).await.good();
    let second = ann.browser.json("POST", &of(&html, "olx/"), save("<html>second</html>")).await;
    assert_eq!((second.status.as_u16(), &second.value()["version_num"]), (409, &json!(2)));
    assert_eq!(ann.browser.get(&of(&html, "olx/")).await.good()["olx"], "<html>first</html>");
}

#[tokio::test]
async fn a_form_of_another_site_changes_nothing() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let request = axum::http::Request::delete(format!("{API}lib:Org:L/"))
        .header("sec-fetch-site", "cross-site")
        .body(axum::body::Body::empty())
        .unwrap();
    assert_eq!(ann.browser.send(request).await.status, 403);
    ann.show().await;
}

#[tokio::test]
async fn row_147_a_library_goes_out_as_a_zip_and_comes_back_under_another_key() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let html = ann.block("html", "a").await;
    ann.olx(&html, "<html>old</html>").await;
    ann.browser.upload(&of(&html, "assets/static/a.txt"), b"file").await.good();
    ann.publish().await;
    ann.olx(&html, "<html>new</html>").await;

    let task = ann.browser.ask("POST", &format!("{API}lib:Org:L/backup/")).await.good();
    let state = format!("{API}lib:Org:L/backup/?task_id={}", task["task_id"].as_str().unwrap());
    let state = ann.browser.get(&state).await.good();
    assert_eq!(state["state"], "Succeeded");
    let zip = ann.browser.get(state["url"].as_str().unwrap()).await;
    assert_eq!(zip.headers["content-type"], "application/zip");

    let conflict = ann.browser.form("POST", &format!("{API}restore/"), &[], &zip.body).await;
    assert_eq!((conflict.status.as_u16(), conflict.value()["slug"].is_string()), (400, true));
    let other = [("org", "Org"), ("slug", "M")];
    let task = ann.browser.form("POST", &format!("{API}restore/"), &other, &zip.body).await.good();
    let restored =
        ann.browser.get(&format!("{API}restore/?task_id={}", task["task_id"].as_str().unwrap())).await;
    assert_eq!(restored.good()["result"]["slug"], "M");
    let copy = "lb:Org:M:html:a";
    assert!(ann.view(&format!("{copy}@draft")).await.contains("new"));
    assert!(ann.view(&format!("{copy}@published")).await.contains("old"));
    let files = ann.browser.get(&of(copy, "assets/")).await.good();
    assert_eq!(files["files"][0]["path"], "static/a.txt");
    assert_eq!(ann.olx(copy, "<html>5</html>").await, 5);
}
