//! Blocks that include others (spec 7.2): what learners see, and what authors may do.

use serde_json::json;

use super::world::{API, Ann, World, of};

fn include(definition: &str, more: &str) -> String {
    format!("<xblock-include definition='{definition}' {more}/>")
}

impl Ann<'_> {
    pub(super) async fn written(&self, library: &str, block_type: &str, id: &str, inside: &str) {
        let new = json!({ "block_type": block_type, "definition_id": id });
        self.browser.json("POST", &format!("{API}{library}/blocks/"), new).await.good();
        let usage = format!("{}:{block_type}:{id}", library.replace("lib:", "lb:"));
        self.olx(&usage, &format!("<{block_type}>{inside}</{block_type}>")).await;
    }

    async fn link(&self, id: &str, to: &str) -> axum::http::StatusCode {
        let new = json!({ "id": id, "opaque_key": to });
        self.browser.json("POST", &format!("{API}lib:Org:L/links/"), new).await.status
    }

    /// The libraries of spec 7.2.3.
    async fn linked(&self) {
        self.library("L").await;
        self.library("K").await;
        self.written("lib:Org:K", "html", "html1", "<p>from the other library</p>").await;
        self.written("lib:Org:K", "unit", "unit1", &include("html/html1", "")).await;
        self.browser.ask("POST", &format!("{API}lib:Org:K/commit/")).await.good();
        assert_eq!(self.link("linked", "lib:Org:K").await, 200);
        self.written("lib:Org:L", "html", "html1", "<p>from the own library</p>").await;
        self.written("lib:Org:L", "problem", "sum", "").await;
        let subunit = include("unit/unit1", "source='linked' usage='alias1'");
        self.written("lib:Org:L", "unit", "subunit1", &subunit).await;
        let both = include("html/html1", "") + &include("unit/subunit1", "") + &include("problem/sum", "");
        self.written("lib:Org:L", "unit", "main-unit", &both).await;
        let open = json!({ "allow_public_learning": true });
        self.browser.json("PATCH", &format!("{API}lib:Org:L/"), open).await.good();
    }
}

const MAIN: &str = "lb:Org:L:unit:main-unit";

#[tokio::test]
async fn row_148_a_learner_sees_what_a_unit_includes_also_from_another_library() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.linked().await;
    let bob = world.site.browser("bob").await;
    let path = format!("/api/xblock/v2/xblocks/{MAIN}/view/student_view/");
    assert_eq!(bob.get(&path).await.status, 404);
    ann.browser.ask("POST", &of(MAIN, "publish/")).await.good();
    let shown = bob.get(&path).await.good()["content"].as_str().unwrap().to_owned();
    let (own, other) = (shown.find("from the own library"), shown.find("from the other library"));
    assert!(own.is_some() && own < other, "{shown}");
    for usage in ["html:html1", "unit:subunit1", "unit:alias1", "html:alias1-html1", "problem:sum"] {
        assert!(shown.contains(&format!("lb:Org:L:{usage}")), "{usage}: {shown}");
        let path = format!("/api/xblock/v2/xblocks/lb:Org:L:{usage}/view/student_view/");
        assert_eq!(bob.get(&path).await.status, 200, "{usage}");
    }
    // Each has state of its own.
    let path = "/api/xblock/v2/xblocks/lb:Org:L:problem:sum/handler_url/xmodule_handler/";
    let address = bob.get(path).await.good();
    let address = format!("{}problem_get", address["handler_url"].as_str().unwrap());
    assert_eq!(bob.json("POST", &address, json!({})).await.status, 200);
}

#[tokio::test]
async fn fields_of_a_block_that_includes_others_are_saved_and_its_includes_stay() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.linked().await;
    let fields = format!("/api/xblock/v2/xblocks/{MAIN}/fields/");
    let change = json!({ "metadata": { "display_name": "All of it" } });
    ann.browser.json("POST", &fields, change).await.good();
    let olx = ann.browser.get(&of(MAIN, "olx/")).await.good()["olx"].as_str().unwrap().to_owned();
    assert!(
        olx.contains("display_name=\"All of it\"") && olx.contains("definition='unit/subunit1'"),
        "{olx}"
    );
    assert!(ann.view(&format!("{MAIN}@draft")).await.contains("from the other library"));
}

#[tokio::test]
async fn what_is_missing_is_a_card_and_the_rest_is_shown() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.linked().await;
    ann.browser.ask("DELETE", &format!("{API}lib:Org:L/links/linked/")).await;
    let shown = ann.view(&format!("{MAIN}@draft")).await;
    assert!(shown.contains("from the own library") && shown.contains("Link not found: linked"), "{shown}");
    ann.olx(MAIN, &format!("<unit>{}{}</unit>", include("html/html1", ""), include("html/none", ""))).await;
    let shown = ann.view(&format!("{MAIN}@draft")).await;
    assert!(shown.contains("from the own library") && shown.contains("lb:Org:L:html:none"), "{shown}");
}

#[tokio::test]
async fn a_circle_and_elements_that_are_no_includes_are_refused() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.linked().await;
    let refused = async |olx: &str| {
        let saved =
            ann.browser.json("POST", &of("lb:Org:L:unit:subunit1", "olx/"), json!({ "olx": olx })).await;
        assert_eq!(saved.status, 400, "{}", saved.text());
        saved.value()["olx"].as_str().unwrap().to_owned()
    };
    assert!(
        refused("<unit><html/></unit>")
            .await
            .contains("Expected an <xblock-include /> XML node, but got <html>")
    );
    let circle = format!("<unit>{}</unit>", include("unit/main-unit", ""));
    assert!(refused(&circle).await.contains("would include itself"));
}

#[tokio::test]
async fn links_are_listed_changed_and_only_to_what_one_may_read() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.linked().await;
    let links = format!("{API}lib:Org:L/links/");
    let listed = ann.browser.get(&links).await.good();
    assert_eq!(
        listed,
        json!([{ "id": "linked", "bundle_uuid": null, "opaque_key": "lib:Org:K", "version": 1, "latest_version": 1 }])
    );
    assert_eq!(ann.link("linked", "lib:Org:K").await, 400);
    assert_eq!(ann.link("other", "lib:Org:none").await, 400);
    ann.olx("lb:Org:K:html:html1", "<html>newer</html>").await;
    ann.browser.ask("POST", &format!("{API}lib:Org:K/commit/")).await.good();
    let updated = ann.browser.json("PATCH", &format!("{links}linked/"), json!({})).await.good();
    assert_eq!(updated["version"], 2);
    assert_eq!(
        ann.browser.json("PATCH", &format!("{links}linked/"), json!({ "version": 3 })).await.status,
        400
    );
    assert_eq!(ann.browser.json("PATCH", &format!("{links}none/"), json!({})).await.status, 404);
    assert_eq!(ann.browser.ask("DELETE", &format!("{links}linked/")).await.status, 204);
    assert_eq!(ann.browser.get(&links).await.good(), json!([]));
    let bob = world.site.browser("bob").await;
    assert_eq!(bob.get(&links).await.status, 403);
    let grant = json!({ "access_level": "author" });
    ann.browser.json("PUT", &format!("{API}lib:Org:L/team/user/bob/"), grant).await.good();
    let new = json!({ "id": "k", "opaque_key": "lib:Org:K" });
    assert_eq!(bob.json("POST", &links, new).await.status, 400, "bob may not read that library");
}

#[tokio::test]
async fn a_block_is_made_as_the_last_child_of_another_one() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    ann.written("lib:Org:L", "html", "first", "<p>one</p>").await;
    ann.written("lib:Org:L", "unit", "u", &include("html/first", "")).await;
    let new = json!({ "block_type": "html", "definition_id": "second", "parent_block": "lb:Org:L:unit:u" });
    let made = ann.browser.json("POST", &format!("{API}lib:Org:L/blocks/"), new).await.good();
    assert_eq!(made["id"], "lb:Org:L:html:second");
    let olx = ann.browser.get(&of("lb:Org:L:unit:u", "olx/")).await.good()["olx"].clone();
    let olx = olx.as_str().unwrap();
    assert!(olx.find("html/first") < olx.find("html/second"), "{olx}");
    assert!(ann.view("lb:Org:L:unit:u@draft").await.contains("lb:Org:L:html:second"));
}

#[tokio::test]
async fn a_block_is_not_made_below_what_cannot_hold_it() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    ann.library("K").await;
    ann.written("lib:Org:L", "html", "a", "").await;
    ann.written("lib:Org:K", "unit", "u", "").await;
    let own = json!({ "block_type": "unit", "definition_id": "b", "parent_block": "lb:Org:L:unit:b" });
    let own = ann.browser.json("POST", &format!("{API}lib:Org:L/blocks/"), own).await;
    assert!(own.status == 400 && own.text().contains("its own child"), "{}", own.text());
    for parent in ["lb:Org:L:html:a", "lb:Org:L:unit:none", "lb:Org:K:unit:u", "nothing"] {
        let new = json!({ "block_type": "html", "definition_id": "b", "parent_block": parent });
        let refused = ann.browser.json("POST", &format!("{API}lib:Org:L/blocks/"), new).await;
        assert_eq!(refused.status, 400, "{parent}");
        assert!(refused.value()["parent_block"].is_string(), "{parent}: {:?}", refused.value());
        assert_eq!(ann.browser.get(&of("lb:Org:L:html:b", "")).await.status, 404, "{parent}");
    }
}
