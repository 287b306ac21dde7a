//! Views, and what the host tells and takes, as a block meets them.

use blockhouse_sdk::block::Block;
use blockhouse_sdk::prelude::*;
use blockhouse_sdk::testing::{Event, TestHost};
use blockhouse_sdk::user::VisitorKind;

#[derive(Fields)]
struct Guide;

#[derive(serde::Deserialize)]
struct Where {
    #[serde(default)]
    place: String,
}

#[block(name = "guide", display_name = "Guide", aliases = ["tour"], has_children)]
impl Guide {
    fn student_view(&self, context: Where) -> Result<Fragment> {
        let address = usage::resource_url("public/map.svg");
        Ok(Fragment::new(format!("{} {} {address} {}", context.place, usage::key(), i18n::locale())))
    }

    fn public_view(&self) -> Result<Fragment> {
        publish::completion(1.0)?;
        Ok(Fragment::new(""))
    }

    #[handler]
    fn whoami(&self, request: &Request) -> Result<Response> {
        log::info("asked");
        let kind = match user::kind() {
            VisitorKind::Learner => "learner",
            VisitorKind::Anonymous => "anonymous",
            VisitorKind::Author => "author",
        };
        Ok(Response::new("text/plain", format!("{} {kind} {}", request.suffix, user::anonymous_id()))
            .with_status(203))
    }

    #[handler]
    fn look(&self, _request: &Request) -> Result<Response> {
        let siblings = usage::siblings();
        let names = siblings.iter().map(|key| usage::authored_field::<String>(key, "display_name"));
        Response::json(json!({"parent": usage::parent(), "names": names.collect::<Result<Vec<_>>>()?}))
    }

    #[handler]
    fn read(&self, name: String) -> Result<Option<usize>> {
        Ok(files::read(&name)?.map(|bytes| bytes.len()))
    }

    #[handler]
    fn finish(&mut self) -> Result<u64> {
        publish::grade(1.0, 2.0)?;
        publish::event("guide.left", json!({"at": clock::now_ms()}))?;
        Ok(random::u64())
    }

    fn max_score(&self) -> Result<f64> {
        Ok(2.0)
    }

    fn parse_olx(element: &str) -> Result<Value> {
        Ok(json!({ "length": element.len() }))
    }
}

fn host() -> TestHost<Guide> {
    TestHost::new()
}

#[test]
fn a_view_reads_the_context_that_it_asks_for() {
    let mut host = host();
    host.in_locale("ar-EG");
    let fragment = host.learner("alice").try_student_view(json!({"place": "here", "else": 1})).unwrap();
    assert_eq!(fragment.content, "here lb:TestX:lib:guide:one /resource/guide/public/map.svg ar-EG");
}

#[test]
fn a_view_cannot_publish() {
    let error = host().anonymous("anon1").try_public_view(json!({})).unwrap_err();
    assert!(error.contains("only a handler can"), "{error}");
}

#[test]
fn row_042_a_raw_handler_has_the_whole_request_and_response() {
    let request = Request { method: "PUT".into(), suffix: "a/b c".into(), ..Request::default() };
    let mut host = host();
    let response = host.anonymous("anon1").request("whoami", request);
    assert_eq!((response.status, response.header("content-type")), (203, Some("text/plain")));
    assert_eq!(response.body, b"a/b c anonymous anon1");
    assert_eq!(host.take_log(), ["Info: asked"]);
}

#[test]
fn events_are_published_in_order() {
    let mut host = host();
    host.at_time(5).seeded(1);
    let first = host.learner("alice").post("finish", json!({})).body_json();
    let second = host.learner("alice").post("finish", json!({})).body_json();
    assert_ne!(first, second);
    let event = |name: &str, data: Value| Event { user: "alice".into(), name: name.into(), data };
    let expected = [
        event("grade", json!({"value": 1.0, "max_value": 2.0, "only_if_higher": false})),
        event("guide.left", json!({"at": 5})),
    ];
    assert_eq!(host.take_events()[..2], expected);
}

#[test]
fn what_a_block_has_is_in_its_definition() {
    let definition = Guide::definition();
    assert!(definition.has_score && definition.has_children && !definition.shows_score);
    assert_eq!(
        (definition.aliases, definition.handlers),
        (&["tour"][..], &["whoami", "look", "read", "finish"][..])
    );
    assert_eq!(host().max_score(), 2.0);
    assert_eq!(host().parse_olx("<guide/>"), json!({"length": 8}));
}

#[test]
fn a_block_can_be_given_relatives() {
    let mut host = TestHost::<Guide>::new();
    host.below("unit", &["here", "there"]).relative("there", &[("display_name", json!("There"))]);
    let answer = host.learner("alice").post("look", json!({})).body_json();
    assert_eq!(answer, json!({"parent": "unit", "names": [null, "There"]}));
}

#[test]
fn a_block_reads_what_its_author_put_beside_it() {
    let mut host = TestHost::<Guide>::new();
    host.file("map.txt", "left, then right");
    assert_eq!(host.learner("alice").post("read", "map.txt").body_json(), 16);
    assert_eq!(host.learner("alice").post("read", "none.txt").body_json(), json!(null));
}
