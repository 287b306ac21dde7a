//! The reader's language.

/// The reader's locale as a BCP 47 tag, for instance `en` or `ar-EG`.
pub fn locale() -> String {
    crate::backend::locale()
}
