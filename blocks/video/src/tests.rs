use blockhouse_sdk::serde_json::{Value, json};
use blockhouse_sdk::testing::TestHost;
use blockhouse_sdk::{Request, Response};

use super::Video;

fn video(olx: &str) -> TestHost<Video> {
    let mut host = TestHost::new();
    host.author_olx(olx);
    host
}

fn save(host: &mut TestHost<Video>, form: &str) -> Response {
    let request = Request {
        method: "POST".into(),
        suffix: "save_user_state".into(),
        body: form.into(),
        ..Request::default()
    };
    host.learner("alice").request("ajax_handler", request)
}

#[test]
fn elements_and_old_attributes_are_read() {
    let olx = r#"<video url_name="v" display_name="Tides" youtube="0.75:slow, 1.00:normal" from="0:00:05" download_video="true"
        transcripts="{&quot;en&quot;: &quot;en.srt&quot;}" html5_sources="[]">
      <source src="/static/a.mp4"/><source src="https://x.org/a.webm"/>
      <transcript language="de" src="de.srt"/><handout src="/static/h.pdf"/>
      <video_asset client_video_id="x"><transcripts/></video_asset>
    </video>"#;
    let expected = json!({
        "display_name": "Tides",
        "youtube_id_0_75": "slow",
        "youtube_id_1_0": "normal",
        "start_time": "0:00:05",
        "download_video": true,
        "transcripts": {"en": "en.srt", "de": "de.srt"},
        "html5_sources": ["/static/a.mp4", "https://x.org/a.webm"],
        "handout": "/static/h.pdf",
    });
    assert_eq!(video("<video/>").parse_olx(olx), expected);
}

#[test]
fn a_film_with_files_of_its_own_is_not_the_default_film() {
    let fields = video("<video/>").parse_olx(r#"<video><source src="a.mp4"/></video>"#);
    assert_eq!(fields["youtube_id_1_0"], "");
}

#[test]
fn files_come_before_youtube() {
    let mut host =
        video(r#"<video youtube="1.0:abc" start_time="00:00:05"><source src="/static/a.mp4"/></video>"#);
    let page = host.learner("alice").student_view().content;
    assert!(page.contains(r#"<source src="/asset/lib:TestX:lib/a.mp4#t=5" type="video/mp4">"#), "{page}");
    assert!(page.find("<source").unwrap() < page.find("youtube.com").unwrap());
}

#[test]
fn a_film_on_youtube_is_a_link_before_any_script_runs() {
    let page = video(r#"<video youtube="1.0:abc"/>"#).learner("alice").student_view().content;
    assert!(page.contains(r#"href="https://www.youtube.com/watch?v=abc""#));
    assert!(!page.contains("<iframe"));
}

#[test]
fn the_learner_finds_the_place_and_the_speed_again() {
    let mut host = video("<video/>");
    let answer = save(&mut host, "saved_video_position=00%3A05%3A07&speed=1.5&unknown=1");
    assert_eq!(answer.body_json(), json!({"success": true}));
    let args = host.learner("alice").student_view().init_arguments.unwrap();
    assert_eq!((&args["position"], &args["speed"]), (&json!(307), &json!(1.5)));
    assert_eq!(host.learner("bob").student_view().init_arguments.unwrap()["position"], 0);
    assert_eq!(host.learner("alice").field::<Value>("global_speed"), 1.5);
}

#[test]
fn what_cannot_be_read_stores_nothing() {
    let mut host = video("<video/>");
    for form in ["speed=NaN", "saved_video_position=later&speed=2", "auto_advance=maybe"] {
        assert_eq!(save(&mut host, form).body_json(), json!({"success": false}), "{form}");
    }
    assert_eq!(host.take_writes(), []);
}

#[test]
fn visitors_without_an_account_watch_what_is_public() {
    let mut host = video(r#"<video youtube="1.0:abc"/>"#);
    assert!(host.anonymous("anon1").public_view().content.contains("Sign in"));
    host.author("public_access", true);
    assert!(host.anonymous("anon1").public_view().content.contains("watch?v=abc"));
}

#[test]
fn a_watched_film_is_completed() {
    let mut host = video("<video/>");
    assert_eq!(host.learner("alice").post("publish_completion", json!({"completion": 1.0})).status, 200);
    assert_eq!(host.take_events()[0].data, json!({"completion": 1.0}));
    assert_eq!(host.learner("alice").post("publish_completion", json!({"completion": 2})).status, 400);
}

#[test]
fn an_app_gets_no_film_that_is_for_the_web_only() {
    let mut host = video(r#"<video youtube="1.0:abc"><source src="a.mp4"/></video>"#);
    assert_eq!(host.student_view_data()["encoded_videos"]["fallback"]["url"], "a.mp4");
    host.author("only_on_web", true);
    assert_eq!(host.student_view_data(), json!({"only_on_web": true}));
}

#[test]
fn what_the_author_wrote_is_escaped() {
    let mut host = video(r#"<video display_name="&lt;b&gt;" youtube='1.0:"&gt;&lt;script&gt;'/>"#);
    let page = host.learner("alice").student_view().content;
    assert!(page.contains("&lt;b&gt;") && !page.contains("<script>"));
}
