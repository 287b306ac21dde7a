//! What the player stores for its learner, and what other front ends learn of it.

use blockhouse_sdk::prelude::*;
use serde::Deserialize;

use crate::Video;
use crate::position::Position;
use crate::sources::media_type;

/// How much of the film was watched.
#[derive(Deserialize)]
pub(crate) struct Done {
    pub(crate) completion: f64,
}

impl Video {
    /// Stores the fields that the player sent, all or none. Says whether every one could be read; names that are
    /// none of the learner's settings are left out.
    pub(crate) fn save_user_state(&mut self, sent: &[(String, String)]) -> bool {
        let readable = sent.iter().all(|(name, value)| match name.as_str() {
            "speed" => speed(value).is_some(),
            "saved_video_position" => value.parse::<Position>().is_ok(),
            "auto_advance" | "youtube_is_available" | "bumper_do_not_show_again" => boolean(value).is_some(),
            "transcript_download_format" => ["srt", "txt"].contains(&value.as_str()),
            _ => true,
        });
        if readable {
            sent.iter().for_each(|(name, value)| self.store(name, value));
        }
        readable
    }

    fn store(&mut self, name: &str, value: &str) {
        match (name, boolean(value)) {
            ("speed", _) => {
                *self.speed = speed(value);
                *self.global_speed = speed(value).unwrap_or(1.0);
            }
            ("saved_video_position", _) => *self.saved_video_position = value.parse().unwrap_or_default(),
            ("transcript_language", _) => *self.transcript_language = value.to_owned(),
            ("transcript_download_format", _) => *self.transcript_download_format = value.to_owned(),
            ("bumper_last_view_date", _) => *self.bumper_last_view_date = Some(clock::now_ms()),
            ("bumper_do_not_show_again", Some(value)) => *self.bumper_do_not_show_again = value,
            ("auto_advance", Some(value)) => *self.auto_advance = value,
            ("youtube_is_available", Some(value)) => *self.youtube_is_available = value,
            _ => {}
        }
    }

    pub(crate) fn user_state(&self) -> Value {
        json!({
            "saved_video_position": *self.saved_video_position,
            "speed": *self.speed,
            "global_speed": *self.global_speed,
            "transcript_language": *self.transcript_language,
            "transcript_download_format": *self.transcript_download_format,
            "auto_advance": *self.auto_advance,
            "youtube_is_available": *self.youtube_is_available,
        })
    }

    /// The film for front ends that do not show HTML.
    pub(crate) fn data(&self) -> Value {
        if *self.only_on_web {
            return json!({ "only_on_web": true });
        }
        let files = self.files();
        let mut encoded = json!({});
        if let (Some(youtube), Some(videos)) = (self.youtube_page(), encoded.as_object_mut()) {
            videos.insert("youtube".to_owned(), json!({ "url": youtube, "file_size": 0 }));
        }
        let playable = files.iter().find(|file| media_type(file) == Some("video/mp4")).or(files.first());
        if let (Some(file), Some(videos)) = (playable, encoded.as_object_mut()) {
            videos.insert("fallback".to_owned(), json!({ "url": file, "file_size": 0 }));
        }
        json!({
            "only_on_web": false,
            "duration": null,
            "transcripts": self.transcript_files(),
            "encoded_videos": encoded,
            "all_sources": files,
        })
    }
}

/// A speed at which a film can be played.
fn speed(text: &str) -> Option<f64> {
    text.parse().ok().filter(|speed: &f64| speed.is_finite() && (0.0625..=16.0).contains(speed))
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}
