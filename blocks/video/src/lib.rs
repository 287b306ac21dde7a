//! A film with its transcript. The page remembers for each learner where they stopped and how fast they watch.
//!
//! The block names the files, and the browser fetches them; other players get transcripts from the block. Films of the
//! author's come before YouTube, because they play without telling a third party who is learning what.

use std::collections::BTreeMap;

use blockhouse_sdk::prelude::*;

mod olx;
mod position;
mod sources;
mod state;
mod subtitles;
#[cfg(test)]
mod tests;
mod transcript;
mod view;

use position::Position;

/// The fields (spec 9.4).
#[derive(Fields)]
pub struct Video {
    /// The name of this component.
    #[field(scope = settings, default = "Video", display_name = "Component Display Name")]
    display_name: Field<String>,
    /// The film on YouTube at normal speed; empty for none.
    #[field(scope = settings, default = "3_yD_cEKoCk", display_name = "Default YouTube ID")]
    youtube_id_1_0: Field<String>,
    /// For browsers that cannot change the speed: the film at 0.75 of its speed.
    #[field(scope = settings)]
    youtube_id_0_75: Field<String>,
    /// For browsers that cannot change the speed: the film at 1.25 of its speed.
    #[field(scope = settings)]
    youtube_id_1_25: Field<String>,
    /// For browsers that cannot change the speed: the film at 1.5 of its speed.
    #[field(scope = settings)]
    youtube_id_1_5: Field<String>,
    /// Where the film begins.
    #[field(scope = settings, display_name = "Video Start Time")]
    start_time: Field<Position>,
    /// Where the film ends; 00:00:00 for its own end.
    #[field(scope = settings, display_name = "Video Stop Time")]
    end_time: Field<Position>,
    /// Whether learners may download the film.
    #[field(scope = settings, display_name = "Video Download Allowed")]
    download_video: Field<bool>,
    /// The film in several formats; the browser takes the first that it can play.
    #[field(scope = settings, display_name = "Video File URLs")]
    html5_sources: Field<Vec<String>>,
    /// An external transcript for downloading.
    #[field(scope = settings, display_name = "Downloadable Transcript URL")]
    track: Field<String>,
    /// Whether learners may download the transcript.
    #[field(scope = settings, display_name = "Download Transcript Allowed")]
    download_track: Field<bool>,
    /// The English transcript of old courses, by its name without `subs_` and `.srt.sjson`.
    #[field(scope = settings, display_name = "Default Timed Transcript")]
    sub: Field<String>,
    /// Whether the transcript shows from the start.
    #[field(scope = settings, default = true, display_name = "Show Transcript")]
    show_captions: Field<bool>,
    /// Transcript files by language.
    #[field(scope = settings, display_name = "Transcript Languages")]
    transcripts: Field<BTreeMap<String, String>>,
    /// A file to go with the film.
    #[field(scope = settings, display_name = "Upload Handout")]
    handout: Field<Option<String>>,
    /// Whether only this page may show the film, and no app.
    #[field(scope = settings, display_name = "Video Available on Web Only")]
    only_on_web: Field<bool>,
    /// The film in the platform's video catalogue.
    #[field(scope = settings, display_name = "Video ID")]
    edx_video_id: Field<String>,
    /// Whether visitors without an account may watch.
    #[field(scope = settings, display_name = "Public Access")]
    public_access: Field<bool>,
    /// A still that stands for the film.
    #[field(scope = settings)]
    thumbnail: Field<String>,
    /// Where the learner stopped.
    #[field(scope = user_state)]
    saved_video_position: Field<Position>,
    /// How fast the learner watched this film last.
    #[field(scope = user_state)]
    speed: Field<Option<f64>>,
    /// How fast the learner watches films.
    #[field(scope = preferences, default = 1.0)]
    global_speed: Field<f64>,
    /// The language in which the learner reads transcripts.
    #[field(scope = preferences, default = "en")]
    transcript_language: Field<String>,
    /// The format in which the learner downloads transcripts.
    #[field(scope = preferences, default = "srt", values = ["srt", "txt"])]
    transcript_download_format: Field<String>,
    /// Whether the next film begins by itself.
    #[field(scope = preferences, default = true)]
    auto_advance: Field<bool>,
    /// When the learner last saw the opening of a course, in milliseconds since 1970.
    #[field(scope = preferences)]
    bumper_last_view_date: Field<Option<u64>>,
    /// Whether the learner never wants to see the opening again.
    #[field(scope = preferences)]
    bumper_do_not_show_again: Field<bool>,
    /// Whether the learner can reach YouTube.
    #[field(scope = user_info, default = true)]
    youtube_is_available: Field<bool>,
}

#[block(name = "video", display_name = "Video", icon = "video", custom_completion)]
impl Video {
    fn student_view(&self) -> Result<Fragment> {
        view::render(self)
    }

    fn public_view(&self) -> Result<Fragment> {
        if *self.public_access {
            return self.student_view();
        }
        Ok(Fragment::new("<p class=\"video-notice\">Sign in to watch this video.</p>")
            .css_url("public/video.css"))
    }

    /// `save_user_state` with form fields, the one call of the players of the older runtimes (spec 9.4).
    #[handler]
    fn ajax_handler(&mut self, request: &Request) -> Result<Response> {
        match request.suffix.trim_matches('/') {
            "save_user_state" => Response::json(json!({ "success": self.save_user_state(&request.form()) })),
            other => Err(Error::status(404, format!("there is no call `{other}`"))),
        }
    }

    #[handler]
    fn publish_completion(&mut self, done: state::Done) -> Result<Value> {
        if !(0.0..=1.0).contains(&done.completion) {
            return Err(Error::status(400, "completion lies between 0.0 and 1.0"));
        }
        publish::completion(done.completion)?;
        Ok(json!({ "result": "ok" }))
    }

    /// `translation/LANGUAGE`, `download` and `available_translations`.
    #[handler]
    fn transcript(&self, request: &Request) -> Result<Response> {
        self.transcript_call(request)
    }

    #[handler]
    fn student_view_user_state(&self, _request: &Request) -> Result<Response> {
        Response::json(self.user_state())
    }

    fn parse_olx(element: &str) -> Result<Value> {
        olx::parse(element)
    }

    fn student_view_data(&self) -> Result<Value> {
        Ok(self.data())
    }

    fn index(&self) -> Result<Value> {
        Ok(json!({ "content": { "display_name": *self.display_name }, "content_type": "Video" }))
    }
}
