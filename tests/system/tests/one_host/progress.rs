//! How far a learner is, as the pages tell it.

use blockhouse_system_tests::{Browser, Host, Site};
use serde_json::{Value, json};

use crate::guest;

/// Something to read, something to answer, and something that this host does not have.
const UNIT: &str = r#"<html url_name="words">read this</html>
    <problem url_name="sum"><numericalresponse answer="4"><formulaequationinput/></numericalresponse></problem>
    <done url_name="absent"/>"#;

const COURSE: &str = "/learn/course-v1:Test+System+1";
const PAGE: &str = "/learn/course-v1:Test+System+1/block-v1:Test+System+1+type@vertical+block@v";
const WORDS: &str = "block-v1:Test+System+1+type@html+block@words";

async fn site() -> Site {
    Host::with_unit(UNIT).await.site()
}

/// The address to which the page says that a block was seen.
async fn seen(browser: &Browser<'_>) -> Option<String> {
    let page = browser.get(PAGE).await.text();
    let (_, rest) = page.split_once("data-seen=\"")?;
    Some(rest.split_once('"')?.0.replace("&#x2f;", "/"))
}

async fn standing(browser: &Browser<'_>) -> Value {
    browser.get(&format!("{PAGE}/standing")).await.good()
}

#[tokio::test]
async fn what_one_has_looked_at_is_done() {
    let site = site().await;
    let alice = site.browser("alice").await;
    assert_eq!(standing(&alice).await["progress"], "0 of 2 parts done");
    let address = seen(&alice).await.unwrap();
    assert_eq!(alice.json("POST", &address, json!({ "completion": 1 })).await.status, 200);
    let standing = standing(&alice).await;
    assert_eq!(standing["blocks"][WORDS]["done"], true);
    assert_eq!(standing["progress"], "1 of 2 parts done");
    assert_eq!(seen(&alice).await, None, "it was seen; nothing is left to say");
    let outline = alice.get(COURSE).await.text();
    assert!(outline.contains(r#"<progress value="1" max="2""#), "{outline}");
}

#[tokio::test]
async fn everybody_has_their_own_progress() {
    let site = site().await;
    let (alice, bob) = (site.browser("alice").await, site.browser("bob").await);
    let address = seen(&alice).await.unwrap();
    alice.json("POST", &address, json!({ "completion": 1 })).await.good();
    assert_eq!(standing(&bob).await["progress"], "0 of 2 parts done");
}

#[tokio::test]
async fn a_visitor_without_an_account_has_no_progress() {
    let site = site().await;
    let visitor = site.browser("visitor").await;
    assert_eq!(standing(&visitor).await["progress"], Value::Null);
    assert_eq!(seen(&visitor).await, None);
    assert!(!visitor.get(COURSE).await.text().contains("<progress"));
}

/// How the page begins the line that says the score of a block of this type, if it has one.
fn score_line<'p>(page: &'p str, block_type: &str) -> Option<&'p str> {
    let (_, block) = page.split_once(&format!("data-block-type=\"{block_type}\"")).unwrap();
    let block = block.split("</article>").next().unwrap();
    let (_, line) = block.split_once("<p class=\"score")?;
    line.split('>').next()
}

#[tokio::test]
async fn row_077_only_a_block_that_can_be_graded_has_a_score_on_the_page() {
    let page = site().await.browser("alice").await.get(PAGE).await.text();
    assert!(score_line(&page, "problem").is_some(), "{page}");
    assert_eq!(score_line(&page, "html"), None);
}

#[tokio::test]
async fn the_page_shows_a_score_only_where_the_block_does_not_and_tells_all_to_screen_readers() {
    let host = Host::with_unit(&format!("{UNIT}<guest url_name=\"g\"/>")).await;
    let note = json!({ "name": "note", "type": "string", "scope": "user_state" });
    let mut graded =
        json!({ "name": "guest", "version": "1.0.0", "display_name": "Graded", "fields": [note] });
    graded["has_score"] = true.into();
    host.runtime.install(&guest::saying("polite", &graded)).unwrap();
    let page = host.site().browser("alice").await.get(PAGE).await.text();
    assert_eq!(score_line(&page, "problem"), Some(" hidden\" role=\"status\""));
    assert_eq!(score_line(&page, "guest"), Some("\" role=\"status\""));
}

#[tokio::test]
async fn a_deadline_stands_on_the_outline_and_on_the_unit() {
    let folder = tempfile::tempdir().unwrap();
    let course = r#"<course org="Test" course="System" url_name="1"><chapter url_name="c">
        <sequential url_name="s" due="2026-12-01T12:00:00Z"><vertical url_name="v"><html>x</html></vertical></sequential>
        </chapter></course>"#;
    std::fs::write(folder.path().join("course.xml"), course).unwrap();
    let site = Host::with_course(folder.path()).await.site();
    let alice = site.browser("alice").await;
    for page in [COURSE, PAGE] {
        let html = alice.get(page).await.text();
        assert!(html.contains(">2026-12-01 12:00 UTC</time>"), "{html}");
    }
}
