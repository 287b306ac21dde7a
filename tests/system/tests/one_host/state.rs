//! Whose state it is, and that none is lost: real blocks, real stores.

use std::sync::Arc;

use blockhouse_runtime::Version;
use blockhouse_system_tests::{Host, anonymous, handler_url, learner, usage};
use serde_json::json;

const THUMBS: &str = r#"<thumbs url_name="one"/><thumbs url_name="two"/>"#;

#[tokio::test]
async fn row_061_a_learner_finds_what_she_did() {
    let host = Host::with_unit(THUMBS).await;
    let one = usage("thumbs", "one");
    host.call(&learner(1), &one, "vote", json!({"voteType": "up"})).await;
    let (_, tally) = host.call(&learner(1), &one, "vote", json!({"voteType": "up"})).await;
    assert_eq!(tally, json!({"up": 2, "down": 0}));
}

#[tokio::test]
async fn row_062_another_block_of_the_type_has_its_own_tally() {
    let host = Host::with_unit(THUMBS).await;
    host.call(&learner(1), &usage("thumbs", "one"), "vote", json!({"voteType": "up"})).await;
    let (_, tally) =
        host.call(&learner(1), &usage("thumbs", "two"), "vote", json!({"voteType": "down"})).await;
    assert_eq!(tally, json!({"up": 0, "down": 1}));
}

#[tokio::test]
async fn row_063_learners_share_the_tally() {
    let host = Host::with_unit(THUMBS).await;
    let one = usage("thumbs", "one");
    host.call(&learner(1), &one, "vote", json!({"voteType": "up"})).await;
    let (_, tally) = host.call(&learner(2), &one, "vote", json!({"voteType": "up"})).await;
    assert_eq!(tally, json!({"up": 2, "down": 0}));
}

#[tokio::test]
async fn row_067_visitors_without_an_account_share_a_tally_among_themselves() {
    let host = Host::with_unit(THUMBS).await;
    let one = usage("thumbs", "one");
    host.call(&anonymous(1), &one, "vote", json!({"voteType": "up"})).await;
    let (_, tally) = host.call(&anonymous(2), &one, "vote", json!({"voteType": "up"})).await;
    assert_eq!(tally, json!({"up": 2, "down": 0}));
}

#[tokio::test]
async fn row_068_learners_never_see_what_visitors_voted() {
    let host = Host::with_unit(THUMBS).await;
    let one = usage("thumbs", "one");
    host.call(&anonymous(1), &one, "vote", json!({"voteType": "up"})).await;
    let (_, tally) = host.call(&learner(1), &one, "vote", json!({"voteType": "down"})).await;
    assert_eq!(tally, json!({"up": 0, "down": 1}));
}

#[tokio::test]
async fn row_069_visitors_never_see_what_learners_voted() {
    let host = Host::with_unit(THUMBS).await;
    let one = usage("thumbs", "one");
    host.call(&learner(1), &one, "vote", json!({"voteType": "down"})).await;
    let (_, tally) = host.call(&anonymous(1), &one, "vote", json!({"voteType": "up"})).await;
    assert_eq!(tally, json!({"up": 1, "down": 0}));
}

#[tokio::test]
async fn row_074_a_learners_state_survives_a_restart() {
    let host = Host::with_unit(THUMBS).await;
    let address = handler_url(&learner(1).user, &usage("thumbs", "one"), "vote");
    let up = json!({"voteType": "up"});
    host.site().stranger().json("POST", &address, up.clone()).await.good();
    let host = host.restarted().await;
    let tally = host.site().stranger().json("POST", &address, up).await.good();
    assert_eq!(tally, json!({"up": 2, "down": 0}));
}

#[tokio::test]
async fn row_077_only_a_block_whose_type_says_so_has_a_score() {
    let host = Host::with_unit("<html url_name=\"h\">words</html><problem url_name=\"p\"/>").await;
    for (block_type, name, expected) in [("html", "h", false), ("problem", "p", true)] {
        let block = host.runtime.block(&learner(1), &usage(block_type, name), Version::Published).await;
        assert_eq!(block.unwrap().has_score, expected, "{block_type}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn row_079_no_vote_of_many_learners_at_once_is_lost() {
    let site = Arc::new(Host::with_unit(THUMBS).await.site());
    let one = usage("thumbs", "one");
    let votes: Vec<_> = (0..40)
        .map(|number| {
            let (site, address) = (Arc::clone(&site), handler_url(&learner(number).user, &one, "vote"));
            tokio::spawn(async move {
                for _ in 0..5 {
                    // A crowd on one field may be told to come back; who was told so has not voted yet.
                    loop {
                        let up = json!({"voteType": "up"});
                        let reply = site.stranger().json("POST", &address, up).await;
                        match reply.status.as_u16() {
                            200 => break,
                            409 => assert!(reply.headers.contains_key("retry-after")),
                            _ => panic!("{}", reply.text()),
                        }
                    }
                }
            })
        })
        .collect();
    for vote in votes {
        vote.await.unwrap();
    }
    let down = json!({"voteType": "down"});
    let tally = site.stranger().json("POST", &handler_url(&learner(99).user, &one, "vote"), down).await;
    assert_eq!(tally.good(), json!({"up": 200, "down": 1}));
}
