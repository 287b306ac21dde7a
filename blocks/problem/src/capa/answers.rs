//! A learner's answers: input id to what was entered there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What was entered in one input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A line of text, or the one thing chosen.
    Text(String),
    /// The things chosen, where several may be.
    List(Vec<String>),
    /// What an input of its own kind sends (spec 9.3.4, keys that end in `{}`).
    Other(serde_json::Value),
}

/// Input id to answer. An input without an answer is missing.
pub type Answers = BTreeMap<String, Answer>;

impl Answer {
    /// The text, when this is text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) | Self::Other(_) => None,
        }
    }

    /// As a list: one text is a list of one.
    pub fn list(&self) -> Vec<String> {
        match self {
            Self::Text(text) => vec![text.clone()],
            Self::List(list) => list.clone(),
            Self::Other(value) => vec![value.to_string()],
        }
    }
}
