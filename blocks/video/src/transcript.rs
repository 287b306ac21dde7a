//! The handler `transcript` (spec 9.4): what players and apps read, made of the files that the author put beside the
//! block. A transcript at another site is not read here; who asks for it is told where it is.

use blockhouse_sdk::prelude::*;

use crate::Video;
use crate::subtitles::{self, is_subrip};

impl Video {
    pub(crate) fn transcript_call(&self, request: &Request) -> Result<Response> {
        let path = request.suffix.trim_matches('/');
        match path.split_once('/').unwrap_or((path, "")) {
            ("available_translations", "") => self.available_translations(),
            ("translation", "") => Err(Error::status(400, "say in which language: translation/LANGUAGE")),
            ("translation", language) => self.translation(language),
            ("download", "") => {
                let asked = request.form().into_iter().find(|(name, _)| name == "lang");
                let language = asked.map(|(_, language)| language).or_else(|| self.default_language());
                self.download(&language.ok_or_else(|| Error::status(404, "there is no transcript"))?)
            }
            _ => Err(Error::status(404, format!("there is no call `{path}`"))),
        }
    }

    fn available_translations(&self) -> Result<Response> {
        let languages: Vec<_> = self.transcript_sources().into_keys().collect();
        if languages.is_empty() {
            return Err(Error::status(404, "there is no transcript"));
        }
        Response::json(languages)
    }

    fn translation(&self, language: &str) -> Result<Response> {
        let (_, text) = self.transcript_file(language)?;
        let lines = subtitles::read(&text)?;
        Ok(Response::json(subtitles::to_json(&lines))?.with_header("content-language", language))
    }

    /// In the format that the learner chose. A file that has it already is given as it is.
    fn download(&self, language: &str) -> Result<Response> {
        let (name, text) = self.transcript_file(language)?;
        let format = self.transcript_download_format.as_str();
        let (media_type, text) = match format {
            "txt" => ("text/plain; charset=utf-8", subtitles::to_text(&subtitles::read(&text)?)),
            _ if is_subrip(&text) => ("application/x-subrip; charset=utf-8", text),
            _ => ("application/x-subrip; charset=utf-8", subtitles::to_subrip(&subtitles::read(&text)?)),
        };
        let base = name.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
        let file = plain(&format!("{language}_{base}.{format}"));
        Ok(Response::new(media_type, text)
            .with_header("content-disposition", &format!("attachment; filename=\"{file}\""))
            .with_header("content-language", language))
    }

    /// The learner's language if there is such a transcript, English if there is one, or the first that there is.
    fn default_language(&self) -> Option<String> {
        let sources = self.transcript_sources();
        let wanted = [self.transcript_language.as_str(), "en"];
        let found = wanted.into_iter().find(|language| sources.contains_key(*language));
        found.map(str::to_owned).or_else(|| sources.into_keys().next())
    }

    /// The name and the text of the file with the transcript in a language.
    fn transcript_file(&self, language: &str) -> Result<(String, String)> {
        let source = self.transcript_sources().remove(language);
        let missing = || Error::status(404, format!("there is no transcript in the language `{language}`"));
        let source = source.ok_or_else(missing)?;
        let name = source.strip_prefix("/static/").unwrap_or(&source).to_owned();
        if name.contains("://") || name.starts_with('/') {
            return Err(Error::status(404, format!("this transcript is not kept here but at {name}")));
        }
        let bytes = files::read(&name)?.ok_or_else(missing)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::status(404, format!("the transcript `{name}` is no text in UTF-8")))?;
        // What some editors put before the first letter.
        Ok((name, text.trim_start_matches('\u{feff}').to_owned()))
    }
}

/// A name that a header can carry.
fn plain(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.chars().map(|c| if kept(c) { c } else { '_' }).collect()
}
