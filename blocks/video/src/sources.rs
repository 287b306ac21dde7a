//! Where the film, its transcripts and its handout are.

use std::collections::BTreeMap;

use blockhouse_sdk::prelude::*;

use crate::Video;

impl Video {
    /// The addresses of the film's own files, in the author's order.
    pub(crate) fn files(&self) -> Vec<String> {
        self.html5_sources.iter().filter(|source| !source.is_empty()).map(|source| address(source)).collect()
    }

    /// The film's page on YouTube.
    pub(crate) fn youtube_page(&self) -> Option<String> {
        let id = self.youtube_id_1_0.trim();
        (!id.is_empty()).then(|| format!("https://www.youtube.com/watch?v={id}"))
    }

    /// Language to address, without those that the author left empty.
    pub(crate) fn transcript_files(&self) -> BTreeMap<String, String> {
        let sources = self.transcript_sources().into_iter();
        sources.map(|(language, file)| (language, address_of_asset(&file))).collect()
    }

    /// Language to file, as the author named it.
    pub(crate) fn transcript_sources(&self) -> BTreeMap<String, String> {
        let mut sources: BTreeMap<String, String> = self.transcripts.clone();
        sources.retain(|_, file| !file.is_empty());
        if !self.sub.is_empty() {
            let of_old_courses = || format!("subs_{}.srt.sjson", *self.sub);
            sources.entry("en".to_owned()).or_insert_with(of_old_courses);
        }
        sources
    }
}

/// An address as the browser needs it: the author's `/static/NAME` is a file of the course.
pub(crate) fn address(source: &str) -> String {
    match source.strip_prefix("/static/") {
        Some(name) => usage::static_url(name),
        None => source.to_owned(),
    }
}

/// The same where a bare name is a file of the course too.
fn address_of_asset(file: &str) -> String {
    match file.contains("://") || file.starts_with('/') {
        true => address(file),
        false => usage::static_url(file),
    }
}

/// The media type by the name's ending, where it tells.
pub(crate) fn media_type(source: &str) -> Option<&'static str> {
    let path = source.split(['?', '#']).next().unwrap_or_default();
    let (_, ending) = path.rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "mp4" | "m4v" => Some("video/mp4"),
        "webm" => Some("video/webm"),
        "ogv" | "ogg" => Some("video/ogg"),
        "mov" => Some("video/quicktime"),
        "m3u8" => Some("application/vnd.apple.mpegurl"),
        "mp3" => Some("audio/mpeg"),
        _ => None,
    }
}
