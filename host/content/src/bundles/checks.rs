//! What titles, slugs, names and descriptions must be (spec 7.1.1).

use super::BundleError;

/// The most characters of a title, a slug, or the name of a draft or a link.
const NAME: usize = 180;

/// The most characters of a bundle's description.
const DESCRIPTION: usize = 10_000;

/// The most characters that describe a version.
const CHANGE: usize = 1000;

/// The most bytes of one file (spec 7.5).
pub(crate) const MAX_FILE: usize = 50_000_000;

pub(crate) fn title(text: &str) -> Result<(), BundleError> {
    not_empty("the title", text)?;
    not_longer("the title", text, NAME)
}

/// The name of a draft or link.
pub(crate) fn name(what: &str, text: &str) -> Result<(), BundleError> {
    not_empty(what, text)?;
    not_longer(what, text, NAME)
}

pub(crate) fn slug(text: &str) -> Result<(), BundleError> {
    not_longer("the slug", text, NAME)?;
    let is_slug = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
    if text.is_empty() || !text.chars().all(is_slug) {
        return Err(BundleError::Invalid(format!(
            "the slug `{}` must consist of letters, digits, `-` and `_`",
            text.escape_debug()
        )));
    }
    Ok(())
}

pub(crate) fn description(text: &str) -> Result<(), BundleError> {
    not_longer("the description", text, DESCRIPTION)
}

pub(crate) fn change(text: &str) -> Result<(), BundleError> {
    not_longer("the description of the change", text, CHANGE)
}

pub(crate) fn contents(path: &super::FilePath, bytes: &[u8]) -> Result<(), BundleError> {
    if bytes.len() > MAX_FILE {
        return Err(BundleError::Invalid(format!("`{path}` is larger than {MAX_FILE} bytes")));
    }
    Ok(())
}

fn not_empty(what: &str, text: &str) -> Result<(), BundleError> {
    if text.trim().is_empty() { Err(BundleError::Invalid(format!("{what} is empty"))) } else { Ok(()) }
}

fn not_longer(what: &str, text: &str, most: usize) -> Result<(), BundleError> {
    // PostgreSQL cannot store the character NUL, so no store takes it.
    if text.contains('\0') {
        return Err(BundleError::Invalid(format!("{what} has a NUL character in it")));
    }
    match text.chars().count() {
        count if count > most => {
            Err(BundleError::Invalid(format!("{what} has {count} characters; {most} are the most")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_may_be_of_any_script_but_has_no_spaces() {
        assert!(slug("téstlꜟt").is_ok());
        assert!(slug("lib-1_a").is_ok());
        for text in ["", "a b", "a/b", "a.b", "é\0", &"x".repeat(181)] {
            assert!(slug(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(title(&"é".repeat(180)).is_ok());
        assert!(title(&"é".repeat(181)).is_err());
        assert!(title(" ").is_err());
    }
}
