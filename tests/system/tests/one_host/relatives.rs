//! What a block may know of those near it: what their authors wrote, and nothing else.

use blockhouse_system_tests::{Host, learner, usage};
use serde_json::{Value, json};

async fn host() -> Host {
    Host::with_unit(
        r#"<html url_name="a" display_name="First"/><neighbour url_name="n"/><gone url_name="g"/>
           <poll url_name="p" answers='[["R", {"label": "Red"}]]'/>"#,
    )
    .await
    .with_guest("neighbour")
}

async fn ask(host: &Host, block_type: &str, name: &str, field: &str) -> Value {
    let question = json!({ "key": usage(block_type, name).to_string(), "field": field });
    host.call(&learner(1), &usage("neighbour", "n"), "ask", question).await.1
}

#[tokio::test]
async fn a_block_knows_its_parent_and_its_siblings() {
    let near = host().await.call(&learner(1), &usage("neighbour", "n"), "near", json!({})).await.1;
    assert_eq!(near["parent"], usage("vertical", "v").to_string());
    let siblings = [("html", "a"), ("neighbour", "n"), ("gone", "g"), ("poll", "p")];
    let siblings = siblings.map(|(block_type, name)| usage(block_type, name).to_string());
    assert_eq!(near["siblings"], json!(siblings));
}

#[tokio::test]
async fn what_a_relatives_author_wrote_can_be_looked_at_and_so_can_a_default() {
    let host = host().await;
    assert_eq!(ask(&host, "html", "a", "display_name").await["value"], "First");
    assert_eq!(ask(&host, "poll", "p", "question").await["value"], "What is your favorite color?");
    assert_eq!(ask(&host, "html", "a", "no_such_field").await["value"], Value::Null);
}

#[tokio::test]
async fn row_202_nobodys_state_and_no_block_far_away_can_be_looked_at() {
    let host = host().await;
    host.call(&learner(1), &usage("poll", "p"), "vote", json!({ "choice": "R" })).await;
    for field in ["choice", "tally"] {
        assert_eq!(ask(&host, "poll", "p", field).await, json!({ "value": null }), "{field}");
    }
    for (block_type, name) in [("chapter", "c"), ("html", "nowhere"), ("vertical", "other")] {
        assert!(ask(&host, block_type, name, "display_name").await["refused"].is_string(), "{name}");
    }
}

#[tokio::test]
async fn a_relative_that_cannot_be_read_is_said_to_be_out_of_reach() {
    assert!(ask(&host().await, "gone", "g", "display_name").await["refused"].is_string());
}
