//! Containers, collections, backups, and two authors at once (spec 7.4 to 7.6).

use std::slice;

use serde_json::{Value, json};

use super::world::{API, World, of};

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
