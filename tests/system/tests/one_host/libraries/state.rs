//! What becomes of answers to blocks of libraries: whose they are, and where they are kept (spec 4.2, 7.2).

use axum::body::Body;
use axum::http::Request;
use blockhouse_state::DatabaseUrl;
use blockhouse_system_tests::{Browser, Host};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;

use super::world::{API, Ann, World, call, of};
use crate::scopes;

/// A host whose database can be looked at.
struct House {
    data: TempDir,
    world: World,
}

impl House {
    async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let host = Host::at(data.path(), &DatabaseUrl::file(&data.path().join("state.sqlite"))).await;
        Self { world: World::on(&host), data }
    }

    /// An expression over the only row of `courseware_studentmodule`, as text.
    async fn row(&self, expression: &str) -> Option<String> {
        let url = format!("sqlite://{}", self.data.path().join("state.sqlite").display());
        let mut database = SqliteConnection::connect(&url).await.unwrap();
        let query = format!("SELECT CAST({expression} AS TEXT) FROM courseware_studentmodule");
        let mut rows: Vec<Option<String>> =
            sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&mut database).await.unwrap();
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }
}

/// The guest with a field in each scope.
async fn world() -> World {
    let host = Host::with_unit("<html/>").await;
    host.runtime.install(&scopes::package("scopes")).unwrap();
    World::on(&host)
}

impl Ann<'_> {
    /// Lets everybody learn with what is published in `lib:Org:SLUG`, and publishes what there is.
    async fn open(&self, slug: &str) {
        let path = format!("{API}lib:Org:{slug}/");
        self.browser.json("PATCH", &path, json!({ "allow_public_learning": true })).await.good();
        self.browser.ask("POST", &format!("{path}commit/")).await.good();
    }
}

/// What somebody finds in a field of the guest.
async fn found(browser: &Browser<'_>, versioned: &str, field: &str) -> Value {
    let path = format!("/api/xblock/v2/xblocks/{versioned}/handler_url/{field}/");
    let address = browser.get(&path).await.good();
    browser.get(address["handler_url"].as_str().unwrap()).await.good()
}

async fn metadata(browser: &Browser<'_>, usage: &str) -> Value {
    browser.get(&format!("/api/xblock/v2/xblocks/{usage}/?include=children")).await.good()
}

#[tokio::test]
async fn row_065_the_same_olx_in_two_libraries_is_two_blocks() {
    let world = world().await;
    let (ann, alice) = (world.ann().await, world.site.browser("alice").await);
    for slug in ["L", "K"] {
        let library = format!("lib:Org:{slug}");
        ann.library(slug).await;
        ann.written(&library, "scopes", "s", "").await;
        ann.written(&library, "unit", "u", "<xblock-include definition='scopes/s'/>").await;
        ann.open(slug).await;
    }
    for block in ["scopes:s", "unit:u"] {
        let [one, other] = ["L", "K"].map(|slug| format!("lb:Org:{slug}:{block}"));
        let olx = async |usage: &str| ann.browser.get(&of(usage, "olx/")).await.good()["olx"].clone();
        assert_eq!(olx(&one).await, olx(&other).await);
        assert_ne!(metadata(&alice, &one).await["block_id"], metadata(&alice, &other).await["block_id"]);
    }
    assert_eq!(metadata(&alice, "lb:Org:L:unit:u").await["children"], json!(["lb:Org:L:scopes:s"]));
    assert_eq!(metadata(&alice, "lb:Org:K:unit:u").await["children"], json!(["lb:Org:K:scopes:s"]));

    for field in ["mine", "ours", "taste", "about_me"] {
        call(&alice, "lb:Org:L:scopes:s", field, json!("hers")).await.good();
    }
    for (field, expected) in
        [("mine", "default value"), ("ours", "default value"), ("taste", "hers"), ("about_me", "hers")]
    {
        assert_eq!(found(&alice, "lb:Org:L:scopes:s", field).await, "hers", "{field}");
        assert_eq!(found(&alice, "lb:Org:K:scopes:s", field).await, expected, "{field}");
    }
}

#[tokio::test]
async fn row_073_an_author_finds_a_preview_again_and_nobody_else_does() {
    let world = world().await;
    let (ann, bob) = (world.ann().await, world.site.browser("bob").await);
    ann.library("L").await;
    let grant = json!({ "access_level": "author" });
    ann.browser.json("PUT", &format!("{API}lib:Org:L/team/user/bob/"), grant).await.good();
    let block = ann.block("scopes", "s").await;
    ann.open("L").await;
    let draft = format!("{block}@draft");
    ann.call(&draft, "mine", json!("tried out")).await.good();
    assert_eq!(found(&ann.browser, &draft, "mine").await, "tried out");
    assert_eq!(found(&bob, &draft, "mine").await, "default value");
    for learner in ["ann", "alice"] {
        let learner = world.site.browser(learner).await;
        assert_eq!(found(&learner, &block, "mine").await, "default value", "what learners do is apart");
    }
}

#[tokio::test]
async fn row_075_the_row_of_a_library_block_has_the_columns_of_open_edx() {
    let house = House::new().await;
    let (ann, alice) = (house.world.ann().await, house.world.site.browser("alice").await);
    ann.library("L").await;
    let thumbs = ann.block("thumbs", "t").await;
    ann.open("L").await;
    call(&alice, &thumbs, "vote", json!({ "voteType": "up" })).await.good();
    for (column, expected) in [
        ("module_type", "thumbs"),
        ("module_id", "lb:Org:L:thumbs:t"),
        ("course_id", "lib:Org:L"),
        ("student_id", "1"),
        ("state", r#"{"voted":true}"#),
        ("done", "na"),
    ] {
        assert_eq!(house.row(column).await.as_deref(), Some(expected), "{column}");
    }
    assert_eq!((house.row("grade").await, house.row("max_grade").await), (None, None));
}

const PROBLEM: &str = r#"<problem><multiplechoiceresponse><choicegroup type="MultipleChoice">
    <choice correct="false">a</choice><choice correct="true">b</choice><choice correct="false">c</choice>
    <choice correct="false">d</choice></choicegroup></multiplechoiceresponse></problem>"#;

#[tokio::test]
async fn row_076_the_score_of_a_library_problem_is_kept_with_its_grade() {
    let house = House::new().await;
    let (ann, alice) = (house.world.ann().await, house.world.site.browser("alice").await);
    ann.library("L").await;
    let problem = ann.block("problem", "p").await;
    ann.olx(&problem, PROBLEM).await;
    ann.open("L").await;
    let path = format!("/api/xblock/v2/xblocks/{problem}/handler_url/xmodule_handler/");
    let address = alice.get(&path).await.good()["handler_url"].as_str().unwrap().to_owned();
    for (choice, score, attempts) in [("choice_3", 0, "1"), ("choice_1", 1, "2")] {
        let form = format!("input_{problem}_2_1={choice}");
        let check = Request::post(format!("{address}problem_check"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form));
        let answer = alice.send(check.unwrap()).await.good();
        let numbers = ["current_score", "total_possible"].map(|name| answer[name].as_f64());
        assert_eq!(numbers, [Some(f64::from(score)), Some(1.0)], "{answer}");
        assert_eq!(answer["attempts_used"].to_string(), attempts);
        let kept = house.row("json_extract(state, '$.attempts')").await;
        assert_eq!(kept.as_deref(), Some(attempts));
        let grade = [house.row("grade").await, house.row("max_grade").await];
        let grade = grade.map(|number| number.unwrap().parse::<f64>().unwrap());
        assert_eq!(grade, [f64::from(score), 1.0]);
    }
}
