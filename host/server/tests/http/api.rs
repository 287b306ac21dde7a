//! The API for programs: metadata, views, files, and what operators ask (spec 3.10, 3.11).

use crate::support::{COURSE, House, block, usage, visitor};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use blockhouse_fields::UserId;
use serde_json::json;

#[tokio::test]
async fn metadata_says_what_a_block_is() {
    let house = House::whoami().await;
    let answer = house.get(&format!("/api/xblock/v2/xblocks/{}/", block())).await;
    let expected = json!({ "block_id": block(), "block_type": "guest", "display_name": "The \"guest\"" });
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, expected));
}

#[tokio::test]
async fn metadata_names_children_on_request() {
    let house = House::whoami().await;
    let answer =
        house.get(&format!("/api/xblock/v2/xblocks/{}/?include=children", usage("vertical", "v1"))).await;
    assert_eq!(answer.json()["children"], json!([block(), usage("done", "gone")]));
}

#[tokio::test]
async fn row_110_all_includes_have_an_answer_also_of_a_block_that_has_none() {
    let house = House::whoami().await;
    let names = "index_dictionary,student_view_data,children,editable_children";
    let answer = house.get(&format!("/api/xblock/v2/xblocks/{}/?include={names}", block())).await;
    let expected = json!({
        "block_id": block(), "block_type": "guest", "display_name": "The \"guest\"", "index_dictionary": {},
        "student_view_data": null, "children": [], "editable_children": [],
    });
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, expected));
}

#[tokio::test]
async fn row_111_an_unknown_block_or_course_is_not_found() {
    let house = House::whoami().await;
    let elsewhere = "block-v1:No+Such+Course+type@guest+block@one";
    for key in [usage("guest", "none").as_ref(), elsewhere, "nonsense"] {
        let answer = house.get(&format!("/api/xblock/v2/xblocks/{key}/")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{key}");
        assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
    }
}

#[tokio::test]
async fn a_view_is_a_fragment_with_the_blocks_metadata() {
    let house = House::whoami().await;
    let view = house.get(&format!("/api/xblock/v2/xblocks/{}/view/public_view/", block())).await.json();
    for member in ["block_id", "content", "resources", "js_init_fn", "js_init_version", "json_init_args"] {
        assert!(view.get(member).is_some(), "{member}");
    }
}

#[tokio::test]
async fn a_handler_url_can_be_asked_for_and_called() {
    let house = House::whoami().await;
    let answer = house.get(&format!("/api/xblock/v2/xblocks/{}/handler_url/who/", block())).await;
    let url = answer.json()["handler_url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix("http://blockhouse.test").unwrap();
    let called = house.send(Request::post(path).body(Body::empty()).unwrap()).await;
    assert_eq!(called.status, StatusCode::OK);
    assert!(called.body.starts_with("anon"), "{}", called.body);
}

#[tokio::test]
async fn row_207_an_authors_file_is_in_an_origin_of_its_own() {
    let house = House::whoami().await;
    let answer = house.get(&format!("/static/{COURSE}/page%20one.html")).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "text/html"));
    assert!(answer.header("content-security-policy").ends_with("sandbox"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn a_part_of_a_file_can_be_asked_for() {
    let house = House::whoami().await;
    let request = Request::get(format!("/static/{COURSE}/page%20one.html")).header("range", "bytes=1-6");
    let answer = house.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::PARTIAL_CONTENT, "script"));
}

#[tokio::test]
async fn files_outside_of_the_course_cannot_be_reached() {
    let house = House::whoami().await;
    for name in ["none.png", "..%2Fcourse.xml", "../course.xml", "%2Fetc%2Fpasswd", ""] {
        let answer = house.get(&format!("/static/{COURSE}/{name}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
    }
}

#[tokio::test]
async fn a_package_file_that_is_none_is_not_found() {
    let house = House::whoami().await;
    assert_eq!(house.get("/xblock/resource/guest/0/public/x.css").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn operators_see_health_readiness_and_metrics() {
    let house = House::whoami().await;
    assert_eq!(house.get("/healthz").await.body, "ok\n");
    assert_eq!(house.get("/readyz").await.body, "ready\n");
    let metrics = house.get("/metrics").await;
    assert!(metrics.body.contains("blockhouse_http_requests_total"), "{}", metrics.body);
    assert!(!metrics.body.contains("block-v1:"), "addresses are counted by route");
    for gauge in ["blockhouse_pool_in_use{kind=\"instances\"}", "blockhouse_pool_instances_most "] {
        assert!(metrics.body.contains(gauge), "{gauge}: {}", metrics.body);
    }
}

#[tokio::test]
async fn when_visitors_state_is_away_they_are_told_and_learners_notice_nothing() {
    let house = House::without_visitors_state().await;
    let refused = house.get(&house.handler(&visitor(), &block(), "whoami")).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.body);
    assert_eq!(refused.header("retry-after"), "5");
    let served = house.get(&house.handler(&UserId::Learner(7), &block(), "whoami")).await;
    assert_eq!(served.status, StatusCode::OK, "{}", served.body);
    let ready = house.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK);
    assert!(ready.body.contains("visitors without an account cannot be served"), "{}", ready.body);
}

#[tokio::test]
async fn a_proxys_request_id_is_kept() {
    let house = House::whoami().await;
    let request =
        Request::get("/healthz").header("x-request-id", "from-the-proxy").body(Body::empty()).unwrap();
    assert_eq!(house.send(request).await.header("x-request-id"), "from-the-proxy");
}

#[tokio::test]
async fn every_address_that_the_description_names_is_there() {
    let house = House::whoami().await;
    let description = house.get("/api/openapi.json").await.json();
    let paths = description["paths"].as_object().unwrap();
    assert!(paths.len() > 6);
    for (path, operations) in paths {
        for method in operations.as_object().unwrap().keys() {
            let path = path
                .replace("{usage}", block().as_ref())
                .replace("{view}", "public_view")
                .replace("{handler}", "who")
                .replace("{credential}", "1-abc");
            let method = method.to_uppercase();
            let request = Request::builder().method(method.as_str()).uri(&path).body(Body::empty()).unwrap();
            let status = house.send(request).await.status;
            let declared = &operations[method.to_lowercase()]["responses"][status.as_str()];
            assert!(declared.is_object(), "{method} {path} answers {status}, which is not described");
        }
    }
}
