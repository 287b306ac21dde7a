//! Versions of block types side by side, installed and changed over HTTP while the host serves.

use axum::body::Body;
use axum::http::Request;
use blockhouse_sandbox::Package;
use blockhouse_system_tests::{Browser, Host, OPERATOR, Reply, Site};
use serde_json::{Value, json};

use crate::guest;

pub(crate) const PACKAGES: &str = "/api/admin/packages";

/// One unit pins a version, the other one takes what is current.
const COURSE: &str = r#"<course org="Test" course="System" url_name="1"><chapter url_name="c"><sequential url_name="s">
    <vertical url_name="old" block_versions='{"guest": "1.0.0"}'><guest url_name="pinned"/></vertical>
    <vertical url_name="new"><guest url_name="free"/></vertical>
    </sequential></chapter></course>"#;

async fn site() -> Site {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("course.xml"), COURSE).unwrap();
    Host::with_course(folder.path()).await.site()
}

pub(crate) fn bytes(package: &Package) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("guest.block");
    package.write(&path).unwrap();
    std::fs::read(path).unwrap()
}

pub(crate) async fn operate(browser: &Browser<'_>, method: &str, path: &str, body: impl Into<Body>) -> Reply {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let request = request.header("authorization", format!("Bearer {OPERATOR}"));
    browser.send(request.body(body.into()).unwrap()).await
}

pub(crate) async fn upload(browser: &Browser<'_>, package: &Package) -> Value {
    operate(browser, "POST", PACKAGES, bytes(package)).await.good()
}

async fn choose(browser: &Browser<'_>, choice: Value) -> Reply {
    operate(browser, "PUT", &format!("{PACKAGES}/guest/current"), choice.to_string()).await
}

async fn view(browser: &Browser<'_>, name: &str) -> Reply {
    let usage = format!("block-v1:Test+System+1+type@guest+block@{name}");
    browser.get(&format!("/api/xblock/v2/xblocks/{usage}/view/student_view/")).await
}

/// What a block shows.
async fn shown(browser: &Browser<'_>, name: &str) -> String {
    let content = view(browser, name).await.good()["content"].as_str().unwrap().to_owned();
    ["hello", "howdy"].into_iter().find(|text| content.contains(text)).unwrap().to_owned()
}

#[tokio::test]
async fn row_204_two_versions_serve_side_by_side_and_content_pins_one() {
    let site = site().await;
    let alice = site.browser("alice").await;
    assert_eq!(view(&alice, "free").await.status, 404, "it is not installed yet");
    upload(&alice, &guest::package("polite")).await;
    assert_eq!(shown(&alice, "free").await, "hello");

    let installed = upload(&alice, &guest::version("polite", "2.0.0", "howdy")).await;
    assert_eq!((&installed["version"], &installed["current"]), (&json!("2.0.0"), &json!(true)));
    assert_eq!(shown(&alice, "free").await, "howdy");
    assert_eq!(shown(&alice, "pinned").await, "hello");

    choose(&alice, json!({})).await.good();
    assert_eq!(shown(&alice, "free").await, "hello", "rolled back");
    choose(&alice, json!({ "version": "2.0.0" })).await.good();
    assert_eq!(shown(&alice, "free").await, "howdy");

    operate(&alice, "DELETE", &format!("{PACKAGES}/guest/1.0.0"), "").await.good();
    let gone = view(&alice, "pinned").await;
    assert_eq!(gone.status, 404);
    assert!(gone.text().contains("guest 1.0.0"), "{}", gone.text());
    assert_eq!(shown(&alice, "free").await, "howdy");
}

#[tokio::test]
async fn no_call_fails_while_versions_change() {
    let site = site().await;
    let alice = site.browser("alice").await;
    upload(&alice, &guest::package("polite")).await;
    upload(&alice, &guest::version("polite", "2.0.0", "howdy")).await;
    let changes = async {
        for _ in 0..20 {
            choose(&alice, json!({})).await.good();
        }
    };
    let views = async {
        for _ in 0..200 {
            assert_eq!(view(&alice, "free").await.status, 200);
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(changes, views);
}

#[tokio::test]
async fn what_is_not_a_good_package_changes_nothing() {
    let site = site().await;
    let alice = site.browser("alice").await;
    upload(&alice, &guest::package("polite")).await;
    let before = operate(&alice, "GET", PACKAGES, "").await.good();

    let junk = operate(&alice, "POST", PACKAGES, "junk").await;
    assert_eq!(junk.status, 422, "{}", junk.text());
    let mut lie = guest::package("polite");
    lie.definition.display_name = "Another".to_owned();
    let refused = operate(&alice, "POST", PACKAGES, bytes(&lie)).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.text().contains("display_name"), "{}", refused.text());
    let endless = vec![0; (64 << 20) + 1];
    assert_eq!(operate(&alice, "POST", PACKAGES, endless).await.status, 413);
    assert_eq!(choose(&alice, json!({ "version": "9.9.9" })).await.status, 404);
    assert_eq!(choose(&alice, json!({})).await.status, 409, "there is nothing to go back to");

    assert_eq!(operate(&alice, "GET", PACKAGES, "").await.good(), before);
    assert_eq!(shown(&alice, "free").await, "hello");
}

#[tokio::test]
async fn only_the_operator_installs() {
    let site = site().await;
    let alice = site.browser("alice").await;
    assert_eq!(alice.json("POST", PACKAGES, json!({})).await.status, 401);
    assert_eq!(alice.get(PACKAGES).await.status, 401);
}
