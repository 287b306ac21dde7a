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

const SUBRIP: &str = "1\n00:00:01,000 --> 00:00:02,500\nThe tide\ncomes in.\n\n2\n00:00:03,000 --> 00:00:04,000\nIt goes out.\n";

fn with_transcripts() -> TestHost<Video> {
    let mut host = video(
        r#"<video sub="OLD" transcripts="{&quot;de&quot;: &quot;/static/flut.srt&quot;, &quot;fr&quot;: &quot;https://x.org/fr.srt&quot;}"/>"#,
    );
    host.file("flut.srt", SUBRIP);
    host.file("subs_OLD.srt.sjson", r#"{"start": [1000], "end": [2500], "text": ["High water."]}"#);
    host
}

fn transcript(host: &mut TestHost<Video>, call: &str, query: &str) -> Response {
    let request =
        Request { method: "GET".into(), suffix: call.into(), query: query.into(), ..Request::default() };
    host.learner("alice").request("transcript", request)
}

#[test]
fn a_player_gets_the_lines_of_a_transcript_with_their_times() {
    let mut host = with_transcripts();
    let lines = transcript(&mut host, "translation/de", "");
    assert_eq!(lines.header("content-language"), Some("de"));
    assert_eq!(
        lines.body_json(),
        json!({"start": [1000, 3000], "end": [2500, 4000], "text": ["The tide comes in.", "It goes out."]})
    );
    assert_eq!(transcript(&mut host, "translation/en", "").body_json()["text"], json!(["High water."]));
    assert_eq!(transcript(&mut host, "available_translations", "").body_json(), json!(["de", "en", "fr"]));
}

#[test]
fn a_learner_downloads_the_authors_file_or_its_words() {
    let mut host = with_transcripts();
    let file = transcript(&mut host, "download", "lang=de");
    assert_eq!(file.body, SUBRIP.as_bytes());
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"de_flut.srt\""));
    // English, since the learner did not choose another language; of JSON, SubRip is made.
    let file = transcript(&mut host, "download", "");
    assert_eq!(file.body, b"1\n00:00:01,000 --> 00:00:02,500\nHigh water.\n\n");
    save(&mut host, "transcript_language=de&transcript_download_format=txt");
    let words = transcript(&mut host, "download", "");
    assert_eq!(words.body, b"The tide\ncomes in.\nIt goes out.");
    assert_eq!(words.header("content-type"), Some("text/plain; charset=utf-8"));
}

#[test]
fn a_transcript_that_is_not_here_is_not_found() {
    let mut host = with_transcripts();
    for (call, status) in
        [("translation/fr", 404), ("translation/nl", 404), ("translation/", 400), ("elsewhere", 404)]
    {
        assert_eq!(transcript(&mut host, call, "").status, status, "{call}");
    }
    let mut without = video(r#"<video transcripts="{&quot;de&quot;: &quot;gone.srt&quot;}"/>"#);
    assert_eq!(transcript(&mut without, "translation/de", "").status, 404);
    assert_eq!(transcript(&mut video("<video/>"), "available_translations", "").status, 404);
    assert_eq!(transcript(&mut video("<video/>"), "download", "").status, 404);
}
