//! The language in which somebody reads: the one that they chose, else the one that their browser prefers.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

use crate::session::Session;

/// What a locale is when the browser says none.
const DEFAULT_LOCALE: &str = "en";

/// The longest language tag that is taken from a request (RFC 5646, 4.4.1).
const LONGEST_LOCALE: usize = 35;

/// The language of whoever has this session, as a BCP 47 tag.
pub(crate) fn of(session: &Session, headers: &HeaderMap) -> String {
    session.language().map_or_else(|| of_browser(headers), str::to_owned)
}

/// The language that the browser prefers, as a BCP 47 tag.
pub(crate) fn of_browser(headers: &HeaderMap) -> String {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let preferred =
        header.split(',').filter_map(weighted).fold(None, |best: Option<(f32, &str)>, (weight, tag)| {
            // Of equal weights, the first one counts.
            if best.is_none_or(|(heaviest, _)| weight > heaviest) { Some((weight, tag)) } else { best }
        });
    preferred.map_or(DEFAULT_LOCALE, |(_, tag)| tag).to_owned()
}

/// Whether a text has the form of a language tag.
pub(crate) fn is_locale(tag: &str) -> bool {
    !tag.is_empty()
        && tag.len() <= LONGEST_LOCALE
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// `ar-EG;q=0.8` as weight and tag; none for what is not wanted or not a tag.
fn weighted(range: &str) -> Option<(f32, &str)> {
    let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
    let tag = tag.trim();
    let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |text| text.parse().ok())?;
    (is_locale(tag) && weight > 0.0).then_some((weight, tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale_of(header: &str) -> String {
        of_browser(&HeaderMap::from_iter([(ACCEPT_LANGUAGE, header.parse().unwrap())]))
    }

    #[test]
    fn the_locale_is_the_one_that_the_browser_prefers() {
        assert_eq!(locale_of("de;q=0.5, ar-EG, en;q=0.9"), "ar-EG");
        assert_eq!(locale_of("fr;q=0.2,es;q=0.8"), "es");
    }

    #[test]
    fn a_locale_that_makes_no_sense_is_english() {
        for header in ["*", "", "x y", "en;q=0", "<script>;q=1"] {
            assert_eq!(locale_of(header), "en", "{header}");
        }
    }

    #[test]
    fn a_language_that_was_chosen_counts_more_than_the_browsers() {
        let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, "de".parse().unwrap())]);
        let mut session = Session::default();
        assert_eq!(of(&session, &headers), "de");
        session.read_in(Some("ar".to_owned()));
        assert_eq!(of(&session, &headers), "ar");
    }
}
