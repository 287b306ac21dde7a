//! A learning context that a plug-in brings (spec 6): the block type `pathway`, whose component answers for contexts with
//! keys of its own.

use blockhouse_content::libraries::Author;
use blockhouse_content::{Documents, NewDocument, Storage};
use blockhouse_runtime::ContextDocumentError;
use blockhouse_system_tests::{Browser, Host, Site, learner};
use serde_json::{Value, json};

const LIBRARIES: &str = "/api/libraries/v2/";
const PATHWAY: &str = "/api/contexts/v1/x-pathway:Org:first/";
const ALL: &str = "x-pathway-block:Org:first:pathway:path";
const VOTE: &str = "x-pathway-block:Org:first:thumbs:t";
const HELLO: &str = "x-pathway-block:Org:first:html:hello";

/// A host with Ann's library in it, `lib:Org:L`, in which a text and a vote are published.
struct World {
    host: Host,
    site: Site,
}

impl World {
    async fn new() -> Self {
        let host = Host::with_unit("<html/>").await;
        let world = Self { site: host.site(), host };
        let ann = world.ann().await;
        for (slug, blocks) in [("L", &["html:hello", "thumbs:t"][..]), ("closed", &["html:secret"][..])] {
            let library = json!({ "org": "Org", "slug": slug, "title": slug, "description": "" });
            ann.json("POST", LIBRARIES, library).await.good();
            for block in blocks {
                let (block_type, id) = block.split_once(':').unwrap();
                let block = json!({ "block_type": block_type, "definition_id": id });
                ann.json("POST", &format!("{LIBRARIES}lib:Org:{slug}/blocks/"), block).await.good();
            }
            ann.ask("POST", &format!("{LIBRARIES}lib:Org:{slug}/commit/")).await.good();
        }
        let olx = json!({ "olx": "<html><p>Hello, pathway</p></html>" });
        ann.json("POST", &format!("{LIBRARIES}blocks/lb:Org:L:html:hello/olx/"), olx).await.good();
        ann.ask("POST", &format!("{LIBRARIES}lib:Org:L/commit/")).await.good();
        world
    }

    async fn ann(&self) -> Browser<'_> {
        self.site.browser("ann").await
    }

    /// Of the library's two blocks.
    async fn with_a_pathway() -> Self {
        let world = Self::new().await;
        save(&world.ann().await, steps(&["lb:Org:L:html:hello", "lb:Org:L:thumbs:t"]), None).await.good();
        world
    }
}

fn steps(blocks: &[&str]) -> Value {
    let steps: Vec<_> = blocks.iter().map(|block| json!({ "block": block })).collect();
    json!({ "title": "First steps", "steps": steps })
}

async fn save(
    browser: &Browser<'_>,
    document: Value,
    version: Option<u64>,
) -> blockhouse_system_tests::Reply {
    let body = json!({ "document": document.to_string(), "version_num": version });
    browser.json("PUT", PATHWAY, body).await
}

fn view(usage: &str, view: &str) -> String {
    format!("/api/xblock/v2/xblocks/{usage}/view/{view}/")
}

async fn vote(browser: &Browser<'_>, usage: &str) -> Value {
    let address = browser.get(&format!("/api/xblock/v2/xblocks/{usage}/handler_url/vote/")).await.good();
    let address = address["handler_url"].as_str().unwrap().to_owned();
    browser.json("POST", &address, json!({ "voteType": "up" })).await.good()
}

#[tokio::test]
async fn row_169_the_blocks_of_a_plugins_context_are_served_by_the_same_api() {
    let world = World::with_a_pathway().await;
    let alice = world.site.browser("alice").await;
    let shown = alice.get(&view(ALL, "student_view")).await.good()["content"].as_str().unwrap().to_owned();
    let (hello, thumbs) = (shown.find("Hello, pathway"), shown.find(VOTE));
    assert!(hello.is_some() && hello < thumbs, "{shown}");
    let about = alice.get(&format!("/api/xblock/v2/xblocks/{VOTE}/")).await.good();
    assert_eq!(about["block_type"], "thumbs");
    assert_eq!(vote(&alice, VOTE).await["up"], 1);
    assert_eq!(alice.get(&view("x-pathway-block:Org:first:html:nothing", "student_view")).await.status, 404);
    assert_eq!(alice.get(&view("x-pathway-block:Org:second:html:hello", "student_view")).await.status, 404);
    assert_eq!(alice.get(&view("x-highway-block:Org:first:html:hello", "student_view")).await.status, 404);
}

#[tokio::test]
async fn what_a_learner_does_in_a_pathway_is_kept_apart_from_where_the_block_comes_from() {
    let world = World::with_a_pathway().await;
    let ann = world.ann().await;
    let open = json!({ "allow_public_learning": true });
    ann.json("PATCH", &format!("{LIBRARIES}lib:Org:L/"), open).await.good();
    let alice = world.site.browser("alice").await;
    assert_eq!(vote(&alice, VOTE).await["up"], 1);
    assert_eq!(vote(&alice, "lb:Org:L:thumbs:t").await["up"], 1);
    let bob = world.site.browser("bob").await;
    assert_eq!(vote(&bob, VOTE).await["up"], 2);
}

#[tokio::test]
async fn a_step_shows_the_blocks_inside_it_and_what_learners_do_there_is_the_pathways() {
    let world = World::new().await;
    let ann = world.ann().await;
    let inside =
        "<unit><xblock-include definition='html/hello'/><xblock-include definition='unit/inner'/></unit>";
    let inner = "<unit><xblock-include definition='thumbs/t'/></unit>";
    for (id, olx) in [("inner", inner), ("outer", inside)] {
        let block = json!({ "block_type": "unit", "definition_id": id });
        ann.json("POST", &format!("{LIBRARIES}lib:Org:L/blocks/"), block).await.good();
        let path = format!("{LIBRARIES}blocks/lb:Org:L:unit:{id}/olx/");
        ann.json("POST", &path, json!({ "olx": olx })).await.good();
    }
    ann.ask("POST", &format!("{LIBRARIES}lib:Org:L/commit/")).await.good();
    save(&ann, json!({ "title": "T", "steps": [{ "block": "lb:Org:L:unit:outer", "id": "week-1" }] }), None)
        .await
        .good();
    let alice = world.site.browser("alice").await;
    let shown = alice.get(&view(ALL, "student_view")).await.good()["content"].as_str().unwrap().to_owned();
    for key in ["unit:week-1", "html:week-1-hello", "unit:week-1-inner", "thumbs:week-1-t"] {
        assert!(shown.contains(&format!("x-pathway-block:Org:first:{key}")), "{key}: {shown}");
    }
    assert!(shown.contains("Hello, pathway"));
    assert_eq!(vote(&alice, "x-pathway-block:Org:first:thumbs:week-1-t").await["up"], 1);
    let open = json!({ "allow_public_learning": true });
    ann.json("PATCH", &format!("{LIBRARIES}lib:Org:L/"), open).await.good();
    assert_eq!(vote(&alice, "lb:Org:L:thumbs:t").await["up"], 1, "the library's own votes are others");
    // What is in the library and not inside of the step.
    for key in ["thumbs:week-1-none", "html:week-1-t", "html:week-2-hello"] {
        let path = view(&format!("x-pathway-block:Org:first:{key}"), "student_view");
        assert_eq!(alice.get(&path).await.status, 404, "{key}");
    }
}

#[tokio::test]
async fn row_170_a_pathway_decides_who_may_see_it_and_no_library_is_opened_by_it() {
    let world = World::with_a_pathway().await;
    let (alice, visitor) = (world.site.browser("alice").await, world.site.stranger());
    assert_eq!(alice.get(&view(HELLO, "student_view")).await.status, 200);
    assert_eq!(alice.get(&view("lb:Org:L:html:hello", "student_view")).await.status, 403);
    assert_eq!(visitor.get(&view(HELLO, "public_view")).await.status, 403);
    let mut document = steps(&["lb:Org:L:html:hello"]);
    document["visitors"] = true.into();
    save(&world.ann().await, document, Some(1)).await.good();
    assert_eq!(visitor.get(&view(HELLO, "public_view")).await.status, 200);
}

#[tokio::test]
async fn nobody_reads_what_authors_wrote_by_way_of_a_pathway() {
    let world = World::with_a_pathway().await;
    let alice = world.site.browser("alice").await;
    for part in ["olx", "fields"] {
        let status = alice.get(&format!("/api/xblock/v2/xblocks/{HELLO}/{part}/")).await.status;
        assert_eq!(status, 403, "{part}");
    }
}

#[tokio::test]
async fn an_author_cannot_show_what_the_author_may_not_see() {
    let world = World::new().await;
    // Dora may make libraries and pathways of her own, and is not on the team of Ann's.
    let (dora, key) = (learner(4), "x-pathway:Org:first".parse().unwrap());
    let document = steps(&["lb:Org:closed:html:secret"]).to_string();
    let refused = world.host.runtime.save_context_document(&dora, &key, &document, 0).await.unwrap_err();
    assert!(matches!(&refused, ContextDocumentError::Source(_)), "{refused:?}");
    assert!(refused.to_string().contains("lb:Org:closed:html:secret"), "{refused}");
    assert!(world.host.runtime.save_context_document(&dora, &key, &steps(&[]).to_string(), 0).await.is_ok());
}

#[tokio::test]
async fn a_block_that_was_no_source_when_the_document_was_saved_is_not_shown() {
    let world = World::new().await;
    let storage = Storage::open_in(&world.host.data().join("authored")).await.unwrap();
    let key = "x-pathway:Org:first".parse().unwrap();
    let document = steps(&["lb:Org:closed:html:secret"]).to_string();
    let new = NewDocument { key: &key, based_on: 0, document: &document, sources: &[] };
    let mallory = Author { account: 2, username: "bob".to_owned() };
    Documents::new(storage).save(new, &mallory).await.unwrap();
    let bob = world.site.browser("bob").await;
    let refused = bob.get(&view("x-pathway-block:Org:first:html:secret", "student_view")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("not among the sources"), "{}", refused.text());
}

#[tokio::test]
async fn a_document_that_is_none_is_refused_in_the_plugins_words() {
    let world = World::new().await;
    let refused = save(&world.ann().await, json!({ "title": "T", "steps": [{ "block": "x" }] }), None).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("step 1, `x`"), "{}", refused.text());
}

#[tokio::test]
async fn of_two_who_change_a_pathway_at_once_the_second_is_told_the_current_version() {
    let world = World::with_a_pathway().await;
    let ann = world.ann().await;
    let shown = ann.get(PATHWAY).await.good();
    assert_eq!((&shown["version_num"], &shown["created_by"]), (&json!(1), &json!("ann")));
    assert_eq!(shown["usages"], json!([ALL, HELLO, VOTE]));
    save(&ann, steps(&["lb:Org:L:html:hello"]), Some(1)).await.good();
    let late = save(&ann, steps(&[]), Some(1)).await;
    assert_eq!((late.status.as_u16(), &late.value()["version_num"]), (409, &json!(2)));
    assert_eq!(save(&ann, steps(&[]), None).await.status, 409);
    assert_eq!(world.site.browser("alice").await.get(&view(HELLO, "student_view")).await.status, 200);
}

#[tokio::test]
async fn only_those_who_may_change_a_pathway_read_its_document() {
    let world = World::with_a_pathway().await;
    let (bob, visitor) = (world.site.browser("bob").await, world.site.stranger());
    assert_eq!(bob.get(PATHWAY).await.status, 403);
    assert_eq!(save(&bob, steps(&[]), Some(1)).await.status, 403);
    assert_eq!(bob.ask("DELETE", &format!("{PATHWAY}?version_num=1")).await.status, 403);
    assert_eq!(visitor.get(PATHWAY).await.status, 401);
}

#[tokio::test]
async fn a_pathway_that_is_deleted_is_gone_for_everybody() {
    let world = World::with_a_pathway().await;
    let ann = world.ann().await;
    assert_eq!(ann.ask("DELETE", &format!("{PATHWAY}?version_num=7")).await.status, 409);
    assert_eq!(ann.ask("DELETE", &format!("{PATHWAY}?version_num=1")).await.status, 204);
    assert_eq!(ann.get(PATHWAY).await.status, 404);
    assert_eq!(world.site.browser("alice").await.get(&view(HELLO, "student_view")).await.status, 404);
}

#[tokio::test]
async fn a_step_has_the_settings_that_the_pathway_gives_it() {
    let world = World::new().await;
    let document = json!({ "title": "T", "steps": [
        { "block": "lb:Org:L:html:hello", "title": "Read this first", "set": { "display_name": "ignored" } },
    ]});
    save(&world.ann().await, document, None).await.good();
    let alice = world.site.browser("alice").await;
    let about = alice.get(&format!("/api/xblock/v2/xblocks/{HELLO}/")).await.good();
    assert_eq!(about["display_name"], "Read this first");
}

#[tokio::test]
async fn what_is_published_later_where_a_step_comes_from_is_what_learners_see() {
    let world = World::with_a_pathway().await;
    let (ann, alice) = (world.ann().await, world.site.browser("alice").await);
    let olx = json!({ "olx": "<html><p>A new text</p></html>" });
    ann.json("POST", &format!("{LIBRARIES}blocks/lb:Org:L:html:hello/olx/"), olx).await.good();
    let content = |shown: Value| shown["content"].as_str().unwrap().to_owned();
    assert!(content(alice.get(&view(HELLO, "student_view")).await.good()).contains("Hello, pathway"));
    ann.ask("POST", &format!("{LIBRARIES}lib:Org:L/commit/")).await.good();
    assert!(content(alice.get(&view(HELLO, "student_view")).await.good()).contains("A new text"));
}
