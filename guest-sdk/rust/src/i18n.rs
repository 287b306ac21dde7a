//! Texts in the reader's language.
//!
//! A block's texts stand in `locales/<tag>.ftl` beside its `src/`, in the Fluent format: `en.ftl` first, which is what
//! readers see where their own language lacks a text.
//!
//! ```text
//! attempts = You have used { $used } of { $max ->
//!     [one] { $max } attempt
//!    *[other] { $max } attempts
//! }
//! ```
//!
//! ```ignore
//! i18n::text_with("attempts", &[("used", 1.into()), ("max", 5.into())])
//! ```

/// What stands in a text where it says `{ $name }`.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// Shown as it is.
    Text(String),
    /// Shown as a number, and chooses the plural form.
    Number(f64),
}

/// The reader's locale as a BCP 47 tag, for instance `en` or `ar-EG`.
pub fn locale() -> String {
    crate::backend::locale()
}

/// The text `id`, or an attribute of it for `id.attribute`. It is plain text: escape it before it becomes HTML.
///
/// An id that no catalogue has is its own text, so that a forgotten one is seen and nothing fails.
pub fn text(id: &str) -> String {
    text_with(id, &[])
}

/// As [`text`], with what stands in it.
pub fn text_with(id: &str, arguments: &[(&str, Argument)]) -> String {
    crate::backend::text(id, arguments).unwrap_or_else(|| id.to_owned())
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Argument {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        // Beyond 2^53 the last digits are lost; no text counts so far.
        Self::Number(number as f64)
    }
}

impl From<usize> for Argument {
    fn from(number: usize) -> Self {
        Self::Number(number as f64)
    }
}
