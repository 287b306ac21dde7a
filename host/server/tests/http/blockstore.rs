//! The Blockstore API v1: through the client, which passes the tests of every bundle store, and as other programs see
//! it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::support::{Answer, House};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use blockhouse_content::Storage;
use blockhouse_content::bundle_store_tests;
use blockhouse_content::bundles::conformance::Subject;
use blockhouse_content::bundles::{
    BlockstoreClient, BundleError, BundleStore, Commit, DraftEdit, EmbeddedBundles, FileEdit, NewBundle, Tree,
};
use blockhouse_server::BlockstoreConfig;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

const TOKEN: &str = "a secret of the tests";

async fn store(directory: &TempDir) -> Arc<dyn BundleStore> {
    Arc::new(EmbeddedBundles::new(Storage::open_in(directory.path()).await.unwrap()))
}

/// A server on the network. It ends with the test.
async fn served() -> (String, impl Send + Sync) {
    let directory = tempfile::tempdir().unwrap();
    let tokens = vec!["another".to_owned(), TOKEN.to_owned()];
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let blockstore = BlockstoreConfig { store: store(&directory).await, tokens };
    let house = House::with_blockstore(&address, blockstore).await;
    let router = house.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, (directory, house))
}

async fn through_the_client() -> Option<Subject> {
    let (address, needs) = served().await;
    let store = Arc::new(BlockstoreClient::new(&address, TOKEN).unwrap());
    Some(Subject { store, complete: false, needs: Some(Arc::new(needs)) })
}

mod client_and_server {
    super::bundle_store_tests!(super::through_the_client);
}

#[tokio::test]
async fn only_a_token_lets_a_host_in() {
    let (address, _needs) = served().await;
    for wrong in ["", "another secret", "a secret of the test"] {
        let client = BlockstoreClient::new(&address, wrong).unwrap();
        let refused = client.collections().await.unwrap_err();
        assert!(matches!(refused, BundleError::Refused { .. }), "{refused}");
    }
    assert!(BlockstoreClient::new(&address, TOKEN).unwrap().ready().await.is_ok());
}

#[tokio::test]
async fn without_a_blockstore_there_is_nothing_at_its_address() {
    let house = House::whoami().await;
    assert_eq!(house.get("/api/v1/bundles").await.status, StatusCode::NOT_FOUND);
}

/// The server without a network, for looking at single answers.
struct Api {
    house: House,
    store: Arc<dyn BundleStore>,
    _directory: TempDir,
}

impl Api {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = store(&directory).await;
        let blockstore = BlockstoreConfig { store: Arc::clone(&store), tokens: vec![TOKEN.to_owned()] };
        Self {
            house: House::with_blockstore("http://blockhouse.test", blockstore).await,
            store,
            _directory: directory,
        }
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/{path}"))
            .header("authorization", format!("Token {TOKEN}"))
            .header("content-type", "application/json");
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.house.send(request.body(body).unwrap()).await
    }

    /// A bundle with one version that has a file.
    async fn bundle(&self) -> (Uuid, Uuid) {
        let collection = self.store.create_collection("C").await.unwrap().uuid;
        let (slug, title) = ("b".to_owned(), "B".to_owned());
        let bundle = NewBundle { collection, slug, title, ..NewBundle::default() };
        let bundle = self.store.create_bundle(bundle).await.unwrap().uuid;
        let draft = self.store.open_draft(bundle, "studio_draft").await.unwrap().uuid;
        let files =
            BTreeMap::from([("static/a ü?.html".parse().unwrap(), FileEdit::Write("<p>tide</p>".into()))]);
        self.store.edit_draft(draft, DraftEdit { files, ..DraftEdit::default() }).await.unwrap();
        self.store.commit_draft(draft, Commit::default()).await.unwrap();
        (bundle, draft)
    }
}

#[tokio::test]
async fn a_version_is_shown_with_its_files_and_links() {
    let api = Api::new().await;
    let (bundle, _) = api.bundle().await;
    let shown = api.send("GET", &format!("bundle_versions/{bundle},1"), Value::Null).await.json();
    assert_eq!(shown["version_num"], 1);
    assert_eq!(shown["bundle_uuid"], bundle.to_string());
    assert_eq!(shown["bundle"].as_str().unwrap(), format!("http://blockhouse.test/api/v1/bundles/{bundle}"));
    let snapshot = &shown["snapshot"];
    assert_eq!(snapshot["hash_digest"].as_str().unwrap().len(), 40);
    assert_eq!(snapshot["links"], json!({}));
    let file = &snapshot["files"]["static/a ü?.html"];
    assert_eq!(file["size"], 11);
    assert_eq!(file.as_object().unwrap().len(), 3, "a version says nothing about changes");

    let listed = api.send("GET", &format!("bundles/{bundle}"), Value::Null).await.json();
    assert_eq!(listed["versions"], json!([shown["url"]]));
    assert!(listed["drafts"]["studio_draft"].as_str().unwrap().contains("/api/v1/drafts/"));
}

#[tokio::test]
async fn the_address_of_a_file_shows_it_without_a_token_and_no_other_file() {
    let api = Api::new().await;
    let (bundle, _) = api.bundle().await;
    let shown = api.send("GET", &format!("bundle_versions/{bundle},1"), Value::Null).await.json();
    let address = shown["snapshot"]["files"]["static/a ü?.html"]["url"].as_str().unwrap();
    let path = address.strip_prefix("http://blockhouse.test").unwrap();
    let file = api.house.get(path).await;
    assert_eq!((file.status, file.body.as_str()), (StatusCode::OK, "<p>tide</p>"));
    assert_eq!(file.header("content-type"), "text/html");
    assert_eq!(file.header("content-disposition"), "attachment");
    assert!(file.header("cache-control").contains("immutable"));
    let other = path.replace(",1/", ",2/");
    assert_eq!(api.house.get(&other).await.status, StatusCode::FORBIDDEN);
    let other = path.replace("static", "statix");
    assert_eq!(api.house.get(&other).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_draft_is_changed_in_base64_and_committed() {
    let api = Api::new().await;
    let (bundle, draft) = api.bundle().await;
    let edit = json!({ "files": { "new.txt": "bmV3", "static/a ü?.html": null } });
    assert_eq!(api.send("PATCH", &format!("drafts/{draft}"), edit).await.status, StatusCode::NO_CONTENT);
    let shown = api.send("GET", &format!("drafts/{draft}"), Value::Null).await.json();
    let files = shown["staged_draft"]["files"].as_object().unwrap();
    assert_eq!(files.keys().collect::<Vec<_>>(), ["new.txt"]);
    assert_eq!(files["new.txt"]["modified"], true);
    let committed = api.send("POST", &format!("drafts/{draft}/commit"), Value::Null).await;
    assert_eq!(committed.status, StatusCode::CREATED);
    let version = format!("http://blockhouse.test/api/v1/bundle_versions/{bundle},2");
    assert_eq!(committed.json()["bundle_version"], version);
    let tree = Tree::Version { bundle, number: 2 };
    let (_, contents) = api.store.read(tree, &"new.txt".parse().unwrap()).await.unwrap();
    assert_eq!(contents, "new");
    let again = api.send("POST", &format!("drafts/{draft}/commit"), Value::Null).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert_eq!(again.json()["detail"], "Draft has no changes to commit.");
    assert_eq!(
        api.send("DELETE", &format!("drafts/{draft}"), Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn bad_input_is_told_what_is_wrong_with_it() {
    let api = Api::new().await;
    let (bundle, draft) = api.bundle().await;
    let collection = api.store.bundle(bundle).await.unwrap().collection;
    let nobody = Uuid::new_v4();
    for (method, path, body, status, message) in [
        ("GET", "bundles/x".to_owned(), Value::Null, 404, "nothing at this address"),
        ("GET", format!("bundles/{nobody}"), Value::Null, 404, "no bundle"),
        ("GET", format!("bundle_versions/{bundle},9"), Value::Null, 404, "no version 9"),
        ("GET", format!("bundle_versions/{bundle},x"), Value::Null, 404, "nothing at this address"),
        ("GET", "bundles?uuid=x".to_owned(), Value::Null, 400, "separated by commas"),
        ("POST", "collections".to_owned(), json!({}), 400, "title"),
        ("POST", "collections".to_owned(), json!({ "title": "" }), 400, "title is empty"),
        ("DELETE", format!("collections/{collection}"), Value::Null, 409, "has bundles"),
        (
            "POST",
            "bundles".to_owned(),
            json!({ "collection_uuid": nobody, "slug": "a", "title": "A" }),
            400,
            "no collection",
        ),
        (
            "POST",
            "bundles".to_owned(),
            json!({ "collection_uuid": collection, "slug": "a b", "title": "A" }),
            400,
            "slug",
        ),
        (
            "POST",
            "drafts".to_owned(),
            json!({ "bundle_uuid": bundle, "name": "studio_draft" }),
            400,
            "unique",
        ),
        (
            "PATCH",
            format!("drafts/{draft}"),
            json!({ "files": { "../x": "" } }),
            400,
            "is not a valid file name",
        ),
        ("PATCH", format!("drafts/{draft}"), json!({ "files": { "x": "!" } }), 400, "base64"),
        (
            "PATCH",
            format!("drafts/{draft}"),
            json!({ "links": { "x": { "bundle_uuid": nobody, "version": 1 } } }),
            400,
            "does not exist",
        ),
        (
            "PATCH",
            format!("drafts/{draft}"),
            json!({ "links": { "x": { "bundle_uuid": bundle, "version": 1 } } }),
            400,
            "Link cycle detected",
        ),
        ("PATCH", format!("drafts/{nobody}"), json!({}), 404, "no draft"),
        ("PUT", format!("drafts/{draft}"), json!({}), 405, "method"),
    ] {
        let answer = api.send(method, &path, body).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.body);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(message), "{method} {path}: {detail}");
    }
    assert!(api.store.changes(draft).await.unwrap().is_empty(), "and nothing was changed");
}

#[tokio::test]
async fn bundles_are_chosen_in_the_address_or_in_the_body() {
    let api = Api::new().await;
    let ((one, _), (two, _)) = (api.bundle().await, api.bundle().await);
    let count = |answer: Answer| answer.json().as_array().unwrap().len();
    assert_eq!(count(api.send("GET", "bundles", Value::Null).await), 2);
    assert_eq!(count(api.send("GET", &format!("bundles?uuid={one},{two}"), Value::Null).await), 2);
    assert_eq!(count(api.send("GET", &format!("bundles?uuid={one}"), Value::Null).await), 1);
    assert_eq!(count(api.send("GET", "bundles", json!({ "uuid": one.to_string() })).await), 1);
    assert_eq!(count(api.send("GET", "bundles?text_search=nothing", Value::Null).await), 0);
    assert_eq!(count(api.send("GET", &format!("bundle_versions?bundle__uuid={one}"), Value::Null).await), 1);
    assert_eq!(count(api.send("GET", "drafts", Value::Null).await), 2);
}

#[tokio::test]
async fn a_conflicting_commit_through_the_client_names_the_files() {
    let (address, _needs) = served().await;
    let client = BlockstoreClient::new(&address, TOKEN).unwrap();
    let collection = client.create_collection("C").await.unwrap().uuid;
    let (slug, title) = ("b".to_owned(), "B".to_owned());
    let bundle = NewBundle { collection, slug, title, ..NewBundle::default() };
    let bundle = client.create_bundle(bundle).await.unwrap().uuid;
    let mut drafts = Vec::new();
    for name in ["one", "two"] {
        let draft = client.open_draft(bundle, name).await.unwrap().uuid;
        let files = BTreeMap::from([("a".parse().unwrap(), FileEdit::Write(name.into()))]);
        client.edit_draft(draft, DraftEdit { files, ..DraftEdit::default() }).await.unwrap();
        drafts.push(draft);
    }
    let commit = || Commit { description: "mine".to_owned(), ..Commit::default() };
    let version = client.commit_draft(drafts[0], commit()).await.unwrap();
    assert_eq!((version.number, version.description.as_str()), (1, "mine"));
    let conflict = client.commit_draft(drafts[1], commit()).await.unwrap_err();
    assert_eq!(conflict.to_string(), "version 1 has changed a; bring the draft up to date first");
}
