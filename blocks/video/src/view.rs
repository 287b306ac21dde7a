//! The page of a video. It plays and links everything before any script runs; the script adds the transcript's
//! lines, and remembers.

use blockhouse_sdk::prelude::*;
use serde::Serialize;

use crate::Video;
use crate::sources::{address, media_type};

/// What the script has to know.
#[derive(Serialize)]
struct Arguments {
    /// In seconds.
    position: u32,
    start: u32,
    end: u32,
    speed: f64,
    transcripts: std::collections::BTreeMap<String, String>,
    transcript_language: String,
    show_captions: bool,
}

pub(crate) fn render(video: &Video) -> Result<Fragment> {
    let html = format!(
        include_str!("view.html"),
        name = escape(&video.display_name),
        player = player(video),
        links = links(video),
    );
    Fragment::new(html).css_url("public/video.css").js_url("public/video.js").init("VideoBlock").init_args(
        Arguments {
            position: video.saved_video_position.0,
            start: video.start_time.0,
            end: video.end_time.0,
            speed: video.speed.unwrap_or(*video.global_speed),
            transcripts: video.transcript_files(),
            transcript_language: video.transcript_language.clone(),
            show_captions: *video.show_captions,
        },
    )
}

fn player(video: &Video) -> String {
    let files = video.files();
    if files.is_empty() {
        return youtube(video)
            .unwrap_or_else(|| "<p class=\"video-notice\">There is no film here yet.</p>".to_owned());
    }
    let poster = match video.thumbnail.as_str() {
        "" => String::new(),
        thumbnail => format!(" poster=\"{}\"", escape(&address(thumbnail))),
    };
    let clip = match (video.start_time.0, video.end_time.0) {
        (0, 0) => String::new(),
        (start, 0) => format!("#t={start}"),
        (start, end) => format!("#t={start},{end}"),
    };
    let sources: String = files
        .iter()
        .map(|file| {
            let media_type = media_type(file).map(|known| format!(" type=\"{known}\"")).unwrap_or_default();
            format!("<source src=\"{}{clip}\"{media_type}>", escape(file))
        })
        .collect();
    let fallback =
        youtube(video).unwrap_or_else(|| "<p>This browser plays no film of this format.</p>".to_owned());
    format!("<video controls preload=\"metadata\" playsinline{poster}>{sources}{fallback}</video>")
}

/// A link, and a button with which the learner lets YouTube into the page.
fn youtube(video: &Video) -> Option<String> {
    let page = video.youtube_page()?;
    let start = match video.start_time.0 {
        0 => String::new(),
        seconds => format!("&t={seconds}s"),
    };
    Some(format!(
        "<p class=\"video-youtube\"><button type=\"button\" data-youtube=\"{id}\">Play from YouTube</button> \
         <a href=\"{page}\" target=\"_blank\" rel=\"noopener noreferrer\">Watch on YouTube</a></p>",
        id = escape(video.youtube_id_1_0.trim()),
        page = escape(&format!("{page}{start}")),
    ))
}

fn links(video: &Video) -> String {
    let mut links = String::new();
    let mut link = |address: &str, label: &str| {
        links.push_str(&format!("<li><a href=\"{}\" download>{}</a></li>", escape(address), escape(label)));
    };
    if *video.download_video
        && let Some(file) = video.files().first()
    {
        link(file, "Download the video");
    }
    if *video.download_track {
        for (language, file) in video.transcript_files() {
            link(&file, &format!("Download the transcript ({language})"));
        }
        if !video.track.is_empty() {
            link(&address(&video.track), "Download the transcript");
        }
    }
    if let Some(handout) = video.handout.as_deref().filter(|handout| !handout.is_empty()) {
        link(&address(handout), "Download the handout");
    }
    links
}
