//! One answer on offer.

use serde::{Deserialize, Serialize};

/// What a learner can choose.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Answer {
    /// In Markdown.
    pub(crate) label: String,
    /// The address of a picture; an author's file begins with `/static/`.
    pub(crate) img: Option<String>,
    /// What the picture shows, for those who do not see it.
    pub(crate) img_alt: Option<String>,
}

impl Answer {
    pub(crate) fn has_image(&self) -> bool {
        self.img.as_deref().is_some_and(|img| !img.is_empty())
    }
}

/// The answers of a poll that its author has not touched yet.
pub(crate) fn colours() -> Vec<(String, Answer)> {
    [("R", "Red"), ("B", "Blue"), ("G", "Green"), ("O", "Other")]
        .map(|(key, label)| (key.to_owned(), Answer { label: label.to_owned(), ..Answer::default() }))
        .into()
}
