//! A submission that is sent again is carried out once: a real block, real stores.

use std::sync::Arc;

use blockhouse_runtime::{HandlerRequest, Request, RuntimeError, SubmissionKey, Version, Visitor};
use blockhouse_system_tests::{Host, anonymous, learner, usage};
use serde_json::{Value, json};

const THUMBS: &str = r#"<thumbs url_name="one"/><thumbs url_name="two"/>"#;

async fn vote(
    host: &Host,
    visitor: &Visitor,
    name: &str,
    direction: &str,
    key: &str,
) -> Result<Value, RuntimeError> {
    let request = HandlerRequest {
        visitor: visitor.clone(),
        usage: usage("thumbs", name),
        version: Version::Published,
        handler: "vote".to_owned(),
        request: Request {
            method: "POST".to_owned(),
            body: json!({ "voteType": direction }).to_string().into_bytes(),
            ..Request::default()
        },
        based_on: None,
    };
    let response = host.runtime.submit(request, SubmissionKey::parse(key)).await?.response;
    Ok(serde_json::from_slice(&response.body).unwrap())
}

#[tokio::test]
async fn a_vote_that_is_sent_twice_counts_once() {
    let host = Host::with_unit(THUMBS).await;
    for visitor in [learner(1), anonymous(1)] {
        for _ in 0..3 {
            let tally = vote(&host, &visitor, "one", "up", "submission-1").await.unwrap();
            assert_eq!(tally, json!({"up": 1, "down": 0}), "{visitor:?}");
        }
        let tally = vote(&host, &visitor, "one", "down", "submission-2").await.unwrap();
        assert_eq!(tally, json!({"up": 1, "down": 1}), "{visitor:?}");
        // Sent again late, it still gets the answer that it got.
        let tally = vote(&host, &visitor, "one", "up", "submission-1").await.unwrap();
        assert_eq!(tally, json!({"up": 1, "down": 0}), "{visitor:?}");
    }
}

#[tokio::test]
async fn a_submission_is_known_after_a_restart() {
    let host = Host::with_unit(THUMBS).await;
    vote(&host, &learner(1), "one", "up", "submission-1").await.unwrap();
    let host = host.restarted().await;
    let tally = vote(&host, &learner(1), "one", "up", "submission-1").await.unwrap();
    assert_eq!(tally, json!({"up": 1, "down": 0}));
}

#[tokio::test]
async fn keys_of_other_people_and_blocks_are_other_keys() {
    let host = Host::with_unit(THUMBS).await;
    vote(&host, &learner(1), "one", "up", "submission-1").await.unwrap();
    let tally = vote(&host, &learner(2), "one", "up", "submission-1").await.unwrap();
    assert_eq!(tally, json!({"up": 2, "down": 0}));
    let tally = vote(&host, &learner(1), "two", "up", "submission-1").await.unwrap();
    assert_eq!(tally, json!({"up": 1, "down": 0}));
}

#[tokio::test]
async fn one_key_for_two_submissions_is_refused() {
    let host = Host::with_unit(THUMBS).await;
    vote(&host, &learner(1), "one", "up", "submission-1").await.unwrap();
    let refused = vote(&host, &learner(1), "one", "down", "submission-1").await;
    assert!(matches!(refused, Err(RuntimeError::SubmissionKeyReused)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_same_submission_many_times_at_once_one_counts() {
    let host = Arc::new(Host::with_unit(THUMBS).await);
    let sent: Vec<_> = (0..8)
        .map(|_| {
            let host = Arc::clone(&host);
            tokio::spawn(async move { vote(&host, &learner(1), "one", "up", "submission-1").await })
        })
        .collect();
    for answer in sent {
        assert_eq!(answer.await.unwrap().unwrap(), json!({"up": 1, "down": 0}));
    }
}
