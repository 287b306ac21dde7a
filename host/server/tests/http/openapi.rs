//! `/api/openapi.json` describes what the router serves: everything for programs, and nothing that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::support::{House, ORIGIN};
use axum::body::Body;
use axum::http::Request;
use blockhouse_content::Storage;
use blockhouse_content::bundles::EmbeddedBundles;
use blockhouse_server::BlockstoreConfig;

/// What is served and not described, by the beginning of the address, and why.
const NOT_FOR_PROGRAMS: [(&str, &str); 16] = [
    ("/", "a page: the courses"),
    ("/learn/{context}", "a page: a course's outline"),
    ("/learn/{context}/{unit}", "a page: a unit"),
    ("/answers", "a form on pages"),
    ("/language", "a form on pages"),
    ("/dev/identity", "a form on pages, in development mode"),
    ("/author/*", "pages and their forms; programs have /api/libraries/v2/"),
    ("/admin/*", "pages and their forms; programs have /api/admin/"),
    ("/frame/*", "the documents of frames, at addresses that pages have"),
    ("/embed.js", "a script for pages of other sites"),
    ("/assets/*", "the host's own style sheets and scripts, at addresses that pages have"),
    ("/xblock/resource/*", "files of packages, at addresses that fragments have"),
    ("/frame-libraries/*", "what frames load, at addresses that fragments have"),
    ("/static/*", "files of courses, at addresses that blocks have"),
    ("/files/*", "files of libraries, at addresses that the API gives"),
    ("/api/v1", "`/api/v1/` without the slash"),
];

/// Served for the sake of those who leave the slash away; described with it.
const HANDLER: &str = "/api/xblock/v2/xblocks/{usage}/handler/{credential}/{handler}";

type Methods = BTreeSet<String>;

/// A method that nothing takes, so that whatever does not take every method says which it takes.
const UNKNOWN: &str = "UNKNOWN";

/// The addresses as the router was told them. It shows them only for debugging, but it shows all that there are: a list
/// that somebody keeps would be forgotten. Should the form change, no address is
/// found, and what is described seems not to be served.
fn addresses(house: &House) -> BTreeSet<String> {
    let shown = format!("{:?}", house.router());
    let known = shown.split("RouteId(").filter_map(|part| {
        let (number, rest) = part.split_once("): \"")?;
        number.parse::<u32>().ok()?;
        Some(rest.split_once('"')?.0.to_owned())
    });
    known.filter(|address| !address.contains("__private__")).collect()
}

/// What each address takes, as it says itself when it is asked for something else. Nothing: whatever comes.
async fn served(house: &House) -> BTreeMap<String, Methods> {
    let mut served = BTreeMap::new();
    for address in addresses(house) {
        let path: Vec<_> =
            address.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
        let request = Request::builder().method(UNKNOWN).uri(path.join("/")).body(Body::empty()).unwrap();
        let answer = house.send(request).await;
        let methods = answer.header("allow").split(',').map(|method| method.trim().to_lowercase());
        // `HEAD` comes with `GET`.
        let methods = methods.filter(|method| !method.is_empty() && method != "head").collect();
        served.insert(address.replace("{*", "{"), methods);
    }
    served
}

async fn document(house: &House) -> serde_json::Value {
    let answer = house.get("/api/openapi.json").await;
    assert_eq!(answer.status, 200);
    answer.json()
}

async fn described(house: &House) -> BTreeMap<String, Methods> {
    let document = document(house).await;
    let paths = document["paths"].as_object().unwrap().iter();
    paths.map(|(path, item)| (path.clone(), item.as_object().unwrap().keys().cloned().collect())).collect()
}

fn is_for_programs(address: &str) -> bool {
    let listed = NOT_FOR_PROGRAMS.iter().any(|(listed, _)| match listed.strip_suffix('*') {
        Some(beginning) => address.starts_with(beginning),
        None => address == *listed,
    });
    !listed && address != HANDLER
}

async fn is_described(house: &House) {
    let (served, described) = (served(house).await, described(house).await);
    for (address, methods) in served.iter().filter(|(address, _)| is_for_programs(address)) {
        let described = described.get(address);
        let described = described.unwrap_or_else(|| panic!("`{address}` is served and not described"));
        if !methods.is_empty() {
            assert_eq!(methods, described, "`{address}` takes other methods than are described");
        }
    }
    for address in described.keys() {
        assert!(served.contains_key(address), "`{address}` is described and not served");
    }
}

async fn with_blockstore() -> House {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::open_in(folder.path()).await.unwrap();
    let store = Arc::new(EmbeddedBundles::new(storage));
    let blockstore = BlockstoreConfig { store, tokens: vec!["token".to_owned()] };
    House::with_blockstore(ORIGIN, blockstore).await
}

#[tokio::test]
async fn everything_for_programs_is_described_and_everything_described_is_served() {
    is_described(&House::whoami().await).await;
}

#[tokio::test]
async fn a_blockstore_is_described_where_there_is_one() {
    is_described(&with_blockstore().await).await;
    assert!(!described(&House::in_production().await).await.contains_key("/api/v1/bundles"));
}

#[tokio::test]
async fn pages_are_not_for_programs_and_still_there() {
    let served = addresses(&House::whoami().await);
    let served: Vec<_> = served.iter().filter(|address| !address.starts_with("/api/")).collect();
    for (listed, why) in NOT_FOR_PROGRAMS.iter().filter(|(listed, _)| !listed.starts_with("/api/")) {
        let beginning = listed.trim_end_matches('*');
        assert!(served.iter().any(|address| address.starts_with(beginning)), "`{listed}` is no more ({why})");
    }
}

#[tokio::test]
async fn every_operation_has_a_name_of_its_own() {
    let document = document(&with_blockstore().await).await;
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        // One description stands for several methods.
        let of_path: BTreeSet<_> =
            item.as_object().unwrap().values().map(|it| it["operationId"].as_str().unwrap()).collect();
        for name in of_path {
            assert!(names.insert(name.to_owned()), "`{name}` is the name of two operations (`{path}`)");
        }
    }
}
