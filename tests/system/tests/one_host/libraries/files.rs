//! What blocks read of their authors' files (spec 3.11).

use blockhouse_system_tests::Host;
use serde_json::json;

use super::world::{API, Ann, World, of};
use crate::guest;

const TRANSCRIPT: &str = "1\n00:00:10,500 --> 00:00:13,000\nWelcome to the tides.\n";
const NEWER: &str = "1\n00:00:10,500 --> 00:00:13,000\nWelcome to the ebb.\n";

/// The address of a block's handler `transcript`, for calls behind it.
async fn transcripts(ann: &Ann<'_>, versioned: &str) -> String {
    let path = format!("/api/xblock/v2/xblocks/{versioned}/handler_url/transcript/");
    ann.browser.get(&path).await.good()["handler_url"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn row_142_video_transcripts_come_through_handlers_before_and_after_publication() {
    let world = World::new().await;
    let ann = world.ann().await;
    ann.library("L").await;
    let video = ann.block("video", "video1").await;
    let file = of(&video, "assets/static/3_yD_cEKoCk-en.srt");
    ann.browser.upload(&file, TRANSCRIPT.as_bytes()).await.good();
    let olx = "<video youtube=\"1.00:3_yD_cEKoCk\" download_track=\"true\" \
               transcripts='{\"en\": \"3_yD_cEKoCk-en.srt\"}'/>";
    ann.olx(&video, olx).await;
    let draft = transcripts(&ann, &format!("{video}@draft")).await;
    let published = transcripts(&ann, &video).await;

    let lines = ann.browser.get(&format!("{draft}translation/en")).await.good();
    assert_eq!(lines, json!({"start": [10500], "end": [13000], "text": ["Welcome to the tides."]}));
    assert_eq!(ann.browser.get(&format!("{draft}download")).await.text(), TRANSCRIPT);
    assert_eq!(ann.browser.get(&format!("{published}download")).await.status, 404);

    ann.publish().await;
    ann.browser.upload(&file, NEWER.as_bytes()).await.good();
    let downloaded = ann.browser.get(&format!("{published}download")).await;
    assert_eq!(downloaded.text(), TRANSCRIPT);
    let disposition = downloaded.headers["content-disposition"].to_str().unwrap();
    assert_eq!(disposition, "attachment; filename=\"en_3_yD_cEKoCk-en.srt\"");
    let lines = ann.browser.get(&format!("{published}translation/en")).await.good();
    assert_eq!(lines["text"], json!(["Welcome to the tides."]));
    assert_eq!(ann.browser.get(&format!("{draft}download")).await.text(), NEWER);
}

#[tokio::test]
async fn a_block_of_a_library_reads_its_own_files_and_no_others() {
    let host = Host::with_unit("<html/>").await;
    host.runtime.install(&guest::package("reader")).unwrap();
    let world = World { site: host.site() };
    let ann = world.ann().await;
    ann.library("L").await;
    let (one, other) = (ann.block("guest", "one").await, ann.block("guest", "other").await);
    ann.browser.upload(&of(&one, "assets/static/en.srt"), b"of the one").await.good();
    assert!(ann.view(&format!("{one}@draft")).await.contains("of the one"));
    assert!(ann.view(&format!("{other}@draft")).await.contains("none"));
    ann.browser.upload(&of(&one, "assets/static/en.srt"), b"of the next").await.good();
    assert!(ann.view(&format!("{one}@2")).await.contains("of the one"));
    assert!(ann.view(&format!("{one}@draft")).await.contains("of the next"));
}

#[tokio::test]
async fn a_block_that_comes_through_a_link_reads_the_files_of_the_linked_publication() {
    let host = Host::with_unit("<html/>").await;
    host.runtime.install(&guest::package("reader")).unwrap();
    let world = World { site: host.site() };
    let ann = world.ann().await;
    ann.library("L").await;
    let read = ann.block("guest", "one").await;
    ann.browser.upload(&of(&read, "assets/static/en.srt"), b"linked").await.good();
    ann.publish().await;
    ann.browser.upload(&of(&read, "assets/static/en.srt"), b"newer").await.good();
    ann.library("K").await;
    let link = json!({ "id": "l", "opaque_key": "lib:Org:L" });
    ann.browser.json("POST", &format!("{API}lib:Org:K/links/"), link).await.good();
    let unit = json!({ "block_type": "unit", "definition_id": "u" });
    ann.browser.json("POST", &format!("{API}lib:Org:K/blocks/"), unit).await.good();
    let include = "<unit><xblock-include definition='guest/one' source='l' usage='alias'/></unit>";
    ann.olx("lb:Org:K:unit:u", include).await;
    assert!(ann.view("lb:Org:K:guest:alias@draft").await.contains("linked"));
}
