//! Frames: what is shown to whom, and in what wrapping (spec 2.8, 3.5, rows 31 to 36).

use crate::support::{Answer, House, block, usage, visitor};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use blockhouse_fields::UserId;
use blockhouse_runtime::{Version, View, Visitor};

#[tokio::test]
async fn a_frame_shows_the_block_and_starts_its_script() {
    let house = House::with("polite").await;
    let answer = house.get(&house.frame("1", &block(), "student_view")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("<p>hello</p>"));
    assert!(answer.body.contains("/frame.js\""));
    let urls =
        answer.body.split("blockhouse-handler-urls\">").nth(1).unwrap().split("</script>").next().unwrap();
    let urls: serde_json::Value = serde_json::from_str(urls).unwrap();
    assert!(urls[block().as_ref()].as_str().unwrap().ends_with("/handler_name/"));
}

#[tokio::test]
async fn a_frame_is_wrapped_so_that_it_can_use_nobodys_cookies() {
    let house = House::with("polite").await;
    let answer = house.get(&house.frame("1", &block(), "student_view")).await;
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox allow-scripts"), "{policy}");
    assert!(!policy.contains("allow-same-origin"), "{policy}");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert_eq!(answer.header("set-cookie"), "");
}

#[tokio::test]
async fn a_frame_does_not_look_at_the_session() {
    let house = House::with("polite").await;
    let bob = house.session("bob").await;
    let answer = house.get_with(&house.frame("1", &block(), "student_view"), &bob).await;
    assert_eq!(answer.status, StatusCode::OK);
}

const FRAMES: &str = "http://*.blocks.test";

/// The address of a frame as a page has it, as host and path.
fn own_frame(house: &House) -> (String, String) {
    let visitor = Visitor { user: UserId::Learner(1), locale: "de".to_owned() };
    let page = house.urls.frame(&visitor, &block(), Version::Published, View::Student);
    let (host, path) = page.strip_prefix("http://").unwrap().split_once('/').unwrap();
    (host.to_owned(), format!("/{path}"))
}

async fn at(house: &House, host: &str, path: &str) -> Answer {
    house.send(Request::get(path).header("host", host).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_frame_has_an_origin_at_its_own_host_and_nowhere_else() {
    let house = House::with_frame_origins(FRAMES).await;
    let (host, path) = own_frame(&house);
    let policy = |answer: &Answer| answer.header("content-security-policy").to_owned();
    let own = at(&house, &host, &path).await;
    assert_eq!(own.status, StatusCode::OK, "{}", own.body);
    assert!(policy(&own).contains("allow-same-origin"), "{}", policy(&own));
    assert!(policy(&own).contains("frame-ancestors 'self' http://blockhouse.test;"), "{}", policy(&own));
    assert!(own.body.contains("lang=\"de\""), "{}", own.body);
    for elsewhere in ["blockhouse.test", "other.blocks.test", ""] {
        let answer = at(&house, elsewhere, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{elsewhere}");
        assert!(!policy(&answer).contains("allow-same-origin"), "{elsewhere}: {}", policy(&answer));
    }
}

#[tokio::test]
async fn at_the_host_of_a_frame_there_are_blocks_and_nothing_else() {
    let house = House::with_frame_origins(FRAMES).await;
    let (host, _) = own_frame(&house);
    for path in ["/", "/dev/identity", "/api/openapi.json", "/admin/blocks", "/learn/course-v1:Test+Http+1"] {
        let answer = at(&house, &host, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
    }
    assert_eq!(at(&house, "blockhouse.test", "/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_let_frames_be_shown_from_where_these_have_their_origins() {
    let house = House::with_frame_origins(FRAMES).await;
    let policy = |page: Answer| page.header("content-security-policy").to_owned();
    assert!(policy(house.get("/").await).contains("frame-src http://*.blocks.test;"));
    let plain = House::with("polite").await;
    assert!(policy(plain.get("/").await).contains("frame-src 'self';"));
}

#[tokio::test]
async fn row_030_a_view_that_there_is_not_is_not_found_and_named() {
    let house = House::with("polite").await;
    let bob = house.session("bob").await;
    let answer = house.get_with(&format!("/api/xblock/v2/xblocks/{}/view/mobile_view/", block()), &bob).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.json()["detail"].as_str().unwrap().contains("mobile_view"), "{}", answer.body);
    assert_eq!(house.get(&house.frame("1", &block(), "mobile_view")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn row_031_a_block_without_a_public_view_shows_the_notice_to_sign_in() {
    let house = House::with("polite").await;
    let answer = house.get(&house.frame(&visitor().to_string(), &block(), "public_view")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("only accessible to registered learners. Sign in or register to view it."));
}

#[tokio::test]
async fn row_033_a_visitor_does_not_get_the_learners_view() {
    let house = House::with("polite").await;
    let answer = house.get(&house.frame(&visitor().to_string(), &block(), "student_view")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = house.get(&format!("/api/xblock/v2/xblocks/{}/view/student_view/", block())).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn row_034_a_visitor_gets_the_public_view() {
    let house = House::whoami().await;
    let answer = house.get(&format!("/api/xblock/v2/xblocks/{}/view/public_view/", block())).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.json()["content"].as_str().unwrap().contains("Hello world"));
}

#[tokio::test]
async fn a_bad_token_is_a_card_with_a_reference() {
    let house = House::with("polite").await;
    let path = house.frame("1", &block(), "student_view").replace("/1-", "/2-");
    let answer = house.get(&path).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("Invalid/expired auth token.") && answer.body.contains("bh-card"));
    assert!(answer.body.contains(answer.header("x-request-id")));
}

#[tokio::test]
async fn a_block_that_fails_is_a_card_with_a_reference() {
    for guest in ["trap-after-write", "loop", "failure"] {
        let house = House::with(guest).await;
        let answer = house.get(&house.frame("1", &block(), "student_view")).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{guest}");
        assert!(answer.body.contains("Something went wrong in this part"), "{guest}");
        assert!(answer.body.contains(answer.header("x-request-id")), "{guest}");
        assert_eq!(house.get("/").await.status, StatusCode::OK, "the rest goes on");
    }
}

#[tokio::test]
async fn a_missing_block_type_is_a_card_that_says_so() {
    let house = House::with("polite").await;
    let answer = house.get(&house.frame("1", &usage("done", "gone"), "student_view")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.body.contains("done") && answer.body.contains("not installed here"));
}

#[tokio::test]
async fn a_view_that_is_none_is_not_found() {
    let house = House::with("polite").await;
    assert_eq!(house.get(&house.frame("1", &block(), "no_view")).await.status, StatusCode::NOT_FOUND);
    // A learner is no author.
    assert_eq!(house.get(&house.frame("1", &block(), "studio_view")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn only_reading_is_possible() {
    let house = House::with("polite").await;
    let request = Request::post(house.frame("1", &block(), "student_view")).body(Body::empty()).unwrap();
    let answer = house.send(request).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn row_051_there_are_no_asides() {
    let house = House::with("polite").await;
    let answer = house.get(&house.frame("1", &block(), "student_view")).await;
    assert_eq!(answer.body.matches("class=\"xblock-v1 ").count(), 1);
    let bob = house.session("bob").await;
    let aside = format!("aside-usage-v2:{}::tags", block().to_string().replace(':', "$:"));
    let answer = house.get_with(&format!("/api/xblock/v2/xblocks/{aside}/view/student_view/"), &bob).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
