//! A host with an author in it, and the words in which the tests speak of libraries.

use blockhouse_system_tests::{Browser, Host, Reply, Site};
use serde_json::{Value, json};

pub(super) const API: &str = "/api/libraries/v2/";

pub(super) struct World {
    pub(super) site: Site,
}

impl World {
    pub(super) async fn new() -> Self {
        Self::on(&Host::with_unit("<html/>").await)
    }

    pub(super) fn on(host: &Host) -> Self {
        Self { site: host.site() }
    }

    pub(super) async fn ann(&self) -> Ann<'_> {
        let browser = self.site.browser("ann").await;
        Ann { browser }
    }
}

/// An author with one library, `lib:Org:L`.
pub(super) struct Ann<'s> {
    pub(super) browser: Browser<'s>,
}

impl Ann<'_> {
    pub(super) async fn library(&self, slug: &str) -> Value {
        let new =
            json!({ "org": "Org", "slug": slug, "title": format!("Library {slug}"), "description": "d" });
        self.browser.json("POST", API, new).await.good()
    }

    pub(super) async fn block(&self, block_type: &str, id: &str) -> String {
        let new = json!({ "block_type": block_type, "definition_id": id });
        let made = self.browser.json("POST", &format!("{API}lib:Org:L/blocks/"), new).await.good();
        made["id"].as_str().unwrap().to_owned()
    }

    pub(super) async fn olx(&self, usage: &str, olx: &str) -> u64 {
        let saved = self.browser.json("POST", &of(usage, "olx/"), json!({ "olx": olx })).await.good();
        saved["version_num"].as_u64().unwrap()
    }

    pub(super) async fn publish(&self) {
        self.browser.ask("POST", &format!("{API}lib:Org:L/commit/")).await.good();
    }

    pub(super) async fn revert(&self) {
        self.browser.ask("DELETE", &format!("{API}lib:Org:L/commit/")).await.good();
    }

    pub(super) async fn show(&self) -> Value {
        self.browser.get(&format!("{API}lib:Org:L/")).await.good()
    }

    pub(super) async fn shown(&self, usage: &str) -> Value {
        self.browser.get(&of(usage, "")).await.good()
    }

    pub(super) async fn call(&self, versioned: &str, handler: &str, body: Value) -> Reply {
        call(&self.browser, versioned, handler, body).await
    }

    pub(super) async fn view(&self, versioned: &str) -> String {
        let path = format!("/api/xblock/v2/xblocks/{versioned}/view/student_view/");
        self.browser.get(&path).await.good()["content"].as_str().unwrap().to_owned()
    }
}

/// Calls a handler at the address that the server gives for it.
pub(super) async fn call(browser: &Browser<'_>, versioned: &str, handler: &str, body: Value) -> Reply {
    let path = format!("/api/xblock/v2/xblocks/{versioned}/handler_url/{handler}/");
    let address = browser.get(&path).await.good();
    browser.json("POST", address["handler_url"].as_str().unwrap(), body).await
}

pub(super) fn of(usage: &str, rest: &str) -> String {
    format!("{API}blocks/{usage}/{rest}")
}
