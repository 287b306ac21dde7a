//! Who may do what (spec 7.3.6).

use serde_json::json;

use super::world::{API, World, of};

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
