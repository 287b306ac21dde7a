//! Libraries and the blocks and files in them (spec 7.3, 7.4).

use serde_json::{Value, json};

use super::world::{API, World, of};

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
async fn row_135_a_problem_shows_its_new_text_and_its_attempts() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let problem = ann.block("problem", "p").await;
    let olx = "<problem max_attempts=\"5\"><p>This is a normal capa problem.</p>\
               <multiplechoiceresponse><choicegroup type=\"MultipleChoice\"><choice correct=\"true\">a</choice>\
               </choicegroup></multiplechoiceresponse></problem>";
    ann.olx(&problem, olx).await;
    ann.publish().await;
    let shown = ann.view(&format!("{problem}@published")).await;
    assert!(shown.contains("This is a normal capa problem."), "{shown}");
    let path = format!("/api/xblock/v2/xblocks/{problem}/handler_url/xmodule_handler/");
    let address = ann.browser.get(&path).await.good();
    let address = format!("{}problem_get", address["handler_url"].as_str().unwrap());
    let got = ann.browser.json("POST", &address, json!({})).await.good();
    assert!(got["html"].as_str().unwrap().contains("You have used 0 of 5 attempts"), "{got}");
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
    for (block_type, id, field) in
        [("html", "a", "definition_id"), ("nothing", "b", "block_type"), ("html", "a b", "definition_id")]
    {
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
