//! Pages for people, and who they are taken for.

use crate::support::{COURSE, House, usage};
use axum::body::Body;
use axum::http::{Request, StatusCode};

fn unit(block_type: &str, name: &str) -> String {
    format!("/learn/{COURSE}/{}", usage(block_type, name))
}

#[tokio::test]
async fn the_list_of_courses_escapes_what_authors_wrote() {
    let answer = House::whoami().await.get("/").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("A &lt;small&gt; course") && !answer.body.contains("<small>"));
    assert!(answer.body.contains("4 units"));
}

#[tokio::test]
async fn the_outline_shows_units_wherever_they_stand() {
    let answer = House::whoami().await.get(&format!("/learn/{COURSE}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    for title in ["First", "Begin", "One", "Two", "Three", "Second", "End", "Alone"] {
        assert!(answer.body.contains(&format!(">{title}<")), "{title}");
    }
}

#[tokio::test]
async fn a_unit_opens_a_frame_for_each_block_and_a_card_for_a_missing_type() {
    let answer = House::whoami().await.get(&unit("vertical", "v1")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body.matches("<iframe").count(), 1);
    assert!(answer.body.contains("sandbox=\"allow-scripts allow-forms allow-popups\""));
    assert!(answer.body.contains("type done is not installed here."));
}

#[tokio::test]
async fn a_unit_inside_a_unit_is_opened_up() {
    let answer = House::whoami().await.get(&unit("vertical", "v2")).await;
    assert!(answer.body.contains(usage("guest", "nested").as_ref()));
}

#[tokio::test]
async fn a_block_that_stands_where_units_stand_is_a_page() {
    let answer = House::whoami().await.get(&unit("guest", "alone")).await;
    assert_eq!((answer.status, answer.body.matches("<iframe").count()), (StatusCode::OK, 1));
}

#[tokio::test]
async fn a_unit_leads_to_the_one_before_and_the_one_after() {
    let house = House::whoami().await;
    let first = house.get(&unit("vertical", "v1")).await.body;
    assert!(!first.contains("rel=\"prev\"") && first.contains("rel=\"next\""));
    let last = house.get(&unit("guest", "alone")).await.body;
    assert!(last.contains("rel=\"prev\"") && !last.contains("rel=\"next\""));
}

#[tokio::test]
async fn learners_get_their_own_view_and_visitors_the_public_one() {
    let house = House::whoami().await;
    assert!(house.get(&unit("vertical", "v1")).await.body.contains("public_view"));
    let alice = house.session("alice").await;
    assert!(house.get_with(&unit("vertical", "v1"), &alice).await.body.contains("student_view"));
}

#[tokio::test]
async fn a_visitor_is_known_again() {
    let house = House::whoami().await;
    let first = house.get("/").await;
    let again = house.get_with("/", first.cookie()).await;
    assert_eq!(again.header("set-cookie"), "");
}

#[tokio::test]
async fn what_does_not_exist_is_an_error_page_with_a_reference() {
    let house = House::whoami().await;
    for path in
        ["/nowhere", "/learn/nonsense", "/learn/course-v1:A+B+C", &unit("vertical", "none"), "/learn/%ff"]
    {
        let answer = house.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert!(answer.body.contains(answer.header("x-request-id")), "{path}");
    }
}

#[tokio::test]
async fn pages_run_no_inline_script_and_cannot_be_framed() {
    let answer = House::whoami().await.get("/").await;
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
}

#[tokio::test]
async fn the_switch_says_who_one_is() {
    let house = House::whoami().await;
    let bob = house.session("bob").await;
    let page = house.get_with("/", &bob).await.body;
    assert!(page.contains("Development mode") && page.contains("value=\"bob\" selected"));
}

#[tokio::test]
async fn a_form_from_another_site_chooses_nobody() {
    let request = Request::post("/dev/identity")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from("identity=bob&next=/"))
        .unwrap();
    let answer = House::whoami().await.send(request).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (StatusCode::FORBIDDEN, ""));
}

#[tokio::test]
async fn in_production_there_is_no_switch() {
    let house = House::in_production().await;
    assert!(!house.get("/").await.body.contains("Development mode"));
    let answer = house.send(Request::post("/dev/identity").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_pages_own_files_may_be_kept_for_ever() {
    let house = House::whoami().await;
    let page = house.get("/").await.body.replace("&#x2f;", "/");
    let path =
        page.split("href=\"").find(|rest| rest.contains("page.css")).unwrap().split('"').next().unwrap();
    let answer = house.get(path).await;
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(house.get("/assets/old/page.css").await.header("cache-control"), "no-cache");
    assert_eq!(house.get("/assets/old/none.css").await.status, StatusCode::NOT_FOUND);
}
