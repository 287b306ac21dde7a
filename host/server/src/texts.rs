//! The words of the learner's pages, in the reader's language. The catalogues are compiled into the binary.

use blockhouse_i18n::{Argument, CatalogueError, Catalogues, Direction};
use blockhouse_runtime::Score;
use serde::Serialize;

use crate::progress::Tally;

const CATALOGUES: [(&str, &str); 2] =
    [("en", include_str!("../locales/en.ftl")), ("ar", include_str!("../locales/ar.ftl"))];

/// A language that pages can be read in.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Language {
    tag: &'static str,
    /// As its readers call it.
    name: &'static str,
}

/// All of them.
pub(crate) const LANGUAGES: [Language; 2] =
    [Language { tag: "en", name: "English" }, Language { tag: "ar", name: "العربية" }];

/// The language of a page that is not translated.
pub(crate) const ENGLISH: &str = "en";

/// All words.
pub(crate) struct Texts {
    catalogues: Catalogues,
}

impl Texts {
    pub(crate) fn new() -> Result<Self, CatalogueError> {
        Ok(Self { catalogues: Catalogues::new(CATALOGUES)? })
    }

    /// The language in which a reader of `locale` gets the pages: one of ours.
    pub(crate) fn language(&self, locale: &str) -> &str {
        let language = locale.split('-').next().unwrap_or_default().to_lowercase();
        self.catalogues.locales().find(|known| *known == language).unwrap_or(ENGLISH)
    }

    /// Whether there are pages in this language.
    pub(crate) fn has(&self, language: &str) -> bool {
        self.catalogues.locales().any(|known| known == language)
    }

    /// A text; its id when there is none, which a test excludes.
    pub(crate) fn text(&self, locale: &str, id: &str, arguments: &[(&str, Argument)]) -> String {
        self.catalogues.text(locale, id, arguments).unwrap_or_else(|| id.to_owned())
    }

    /// `2 of 3 parts done`; nothing where nothing counts.
    pub(crate) fn progress(&self, locale: &str, tally: Tally) -> Option<String> {
        let number = |count: usize| Argument::Number(count as f64);
        let arguments = [("done", number(tally.done)), ("total", number(tally.total))];
        (tally.total > 0).then(|| self.text(locale, "progress", &arguments))
    }

    /// `1 / 1 point`, `2.5 / 3 points`.
    pub(crate) fn score(&self, locale: &str, score: Score) -> String {
        // Two decimals, and none that say nothing.
        let points = |value: f64| Argument::Number((value * 100.0).round() / 100.0);
        self.text(locale, "score", &[("earned", points(score.earned)), ("possible", points(score.possible))])
    }
}

/// Which way a language is written, as in HTML.
pub(crate) fn direction(language: &str) -> &'static str {
    Direction::of(language).html()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(locale: &str, earned: f64, possible: f64) -> String {
        Texts::new().unwrap().score(locale, Score { earned, possible })
    }

    #[test]
    fn one_point_is_singular() {
        assert_eq!(score("en", 1.0, 1.0), "1 / 1 point");
        assert_eq!(score("en", 0.0, 1.0), "0 / 1 point");
    }

    #[test]
    fn decimals_are_kept_short() {
        assert_eq!(score("en", 2.5, 10.0), "2.5 / 10 points");
        assert_eq!(score("en", 1.0 / 3.0, 3.0), "0.33 / 3 points");
        assert_eq!(score("en", 100.0, 100.0), "100 / 100 points");
    }

    #[test]
    fn every_language_can_be_chosen() {
        assert!(CATALOGUES.iter().map(|(tag, _)| *tag).eq(LANGUAGES.iter().map(|language| language.tag)));
    }

    #[test]
    fn a_reader_gets_a_language_that_is_here() {
        let texts = Texts::new().unwrap();
        assert_eq!(texts.language("ar-EG"), "ar");
        assert_eq!(texts.language("EN-gb"), "en");
        assert_eq!(texts.language("tlh"), "en");
        assert_eq!((direction("ar"), direction("en")), ("rtl", "ltr"));
    }

    #[test]
    fn every_language_has_every_text() {
        let ids = |text: &'static str| {
            let ids = text.lines().filter_map(|line| line.split_once(" =")).map(|(id, _)| id);
            ids.filter(|id| !id.starts_with([' ', '#'])).collect::<Vec<_>>()
        };
        let [(_, english), (_, arabic)] = CATALOGUES;
        assert!(ids(english).len() > 20);
        assert_eq!(ids(english), ids(arabic));
    }

    #[test]
    fn every_text_that_a_template_names_is_there() {
        let texts = Texts::new().unwrap();
        for template in ["base", "courses", "outline", "unit", "error"] {
            let path = format!("{}/templates/{template}.html", env!("CARGO_MANIFEST_DIR"));
            let html = std::fs::read_to_string(path).unwrap();
            for id in html.split("text(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert_ne!(texts.text("en", id, &[]), id, "{template}.html names `{id}`");
            }
        }
    }
}
