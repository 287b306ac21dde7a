//! Who sees what, and that one block's trouble is its own.

use axum::body::Body;
use axum::http::Request;
use blockhouse_runtime::{RuntimeError, View};
use blockhouse_system_tests::{Host, anonymous, learner, project, usage};

const MIXED: &str = r#"<html url_name="words"><![CDATA[<p>Hello world</p><img src="/static/a.png"/>]]></html>
    <done url_name="absent"/><html url_name="more">more words</html>"#;

#[tokio::test]
async fn row_033_a_visitor_without_an_account_may_not_see_the_student_view() {
    let host = Host::with_unit(MIXED).await;
    let result = host.view(&anonymous(1), &usage("html", "words"), View::Student).await;
    assert!(matches!(result, Err(RuntimeError::Forbidden(_))), "{result:?}");
}

#[tokio::test]
async fn row_034_a_visitor_without_an_account_sees_the_public_view() {
    let host = Host::with_unit(MIXED).await;
    let fragment = host.view(&anonymous(1), &usage("html", "words"), View::Public).await.unwrap();
    assert!(fragment.content.contains("Hello world"));
}

#[tokio::test]
async fn row_046_whoever_comes_without_a_session_is_somebody() {
    let host = Host::with_unit(r#"<html url_name="me"><![CDATA[<p>You are %%USER_ID%%.</p>]]></html>"#).await;
    let site = host.site();
    let path = format!("/api/xblock/v2/xblocks/{}/view/public_view/", usage("html", "me"));
    let reply = site.stranger().get(&path).await;
    assert!(reply.headers.contains_key("set-cookie"), "the visitor's id is kept");
    assert!(reply.good()["content"].as_str().unwrap().contains("%%USER_ID%%"), "a visitor's id is not shown");
}

#[tokio::test]
async fn row_205_a_block_that_is_not_installed_is_a_card_among_its_neighbours() {
    let host = Host::with_unit(MIXED).await;
    let fragment = host.view(&learner(1), &usage("vertical", "v"), View::Student).await.unwrap();
    assert!(fragment.content.contains("Hello world") && fragment.content.contains("more words"));
    assert!(fragment.content.contains("is not installed here"));
}

#[tokio::test]
async fn authors_static_references_become_addresses() {
    let host = Host::with_unit(MIXED).await;
    let fragment = host.view(&learner(1), &usage("html", "words"), View::Student).await.unwrap();
    assert!(
        fragment.content.contains("http://blockhouse.test/static/course-v1:Test+System+1/a.png"),
        "{}",
        fragment.content
    );
}

#[tokio::test]
async fn a_block_that_is_not_there_is_said_not_to_exist() {
    let host = Host::with_unit(MIXED).await;
    let result = host.view(&learner(1), &usage("html", "nowhere"), View::Student).await;
    assert!(matches!(result, Err(RuntimeError::NoSuchBlock(_))), "{result:?}");
}

#[tokio::test]
async fn row_195_every_block_of_the_sample_course_renders_or_is_not_installed() {
    let host = Host::with_course(&project().join("sample-course")).await;
    let context = host.runtime.content().contexts().into_iter().next().unwrap();
    for usage in context.usages().unwrap() {
        match host.view(&learner(1), &usage, View::Student).await {
            Ok(_) | Err(RuntimeError::NotInstalled { .. }) => {}
            Err(error) => panic!("{usage}: {error}"),
        }
    }
}

/// Open edX has a dummy language for this test; ours is the pseudo-locale.
#[tokio::test]
async fn row_048_a_problem_speaks_the_language_that_the_request_asks_for() {
    let host = Host::with_unit(
        "<problem url_name=\"p\"><multiplechoiceresponse><choicegroup><choice correct=\"true\">a</choice>\
         <choice correct=\"false\">b</choice></choicegroup></multiplechoiceresponse></problem>",
    )
    .await;
    let site = host.site();
    let path = format!("/api/xblock/v2/xblocks/{}/view/student_view/", usage("problem", "p"));
    let request = Request::get(path).header("accept-language", "en-XA, en;q=0.5").body(Body::empty());
    let shown = site.browser("alice").await.send(request.unwrap()).await.good();
    let content = shown["content"].as_str().unwrap();
    assert!(content.contains("Süßmït") && !content.contains("Submit"), "{content}");
}
