//! Records as JSON, for exports and for those who run the platform.

use serde_json::{Value, json};

use crate::{Completion, PastRecord, Record, Score};

impl Record {
    /// One object. `state` is the stored object, or its text where that is damaged: whoever exports wants what is there.
    pub fn to_json(&self) -> Value {
        json!({
            "learner": self.learner,
            "block_type": self.block_type,
            "usage": self.usage,
            "context": self.context,
            "state": state(self.state.as_deref()),
            "grade": earned(self.score),
            "max_grade": possible(self.score),
            "created": self.created.to_string(),
            "modified": self.modified.to_string(),
        })
    }
}

impl PastRecord {
    /// One object, as that of [`Record::to_json`].
    pub fn to_json(&self) -> Value {
        json!({
            "state": state(self.state.as_deref()),
            "grade": earned(self.score),
            "max_grade": possible(self.score),
            "created": self.created.to_string(),
        })
    }
}

impl Completion {
    /// One object.
    pub fn to_json(&self) -> Value {
        json!({
            "usage": self.usage,
            "block_type": self.block_type,
            "completion": self.fraction,
            "modified": self.modified.to_string(),
        })
    }
}

fn state(text: Option<&str>) -> Value {
    let Some(text) = text else { return Value::Null };
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

fn earned(score: Option<Score>) -> Option<f64> {
    score.map(|score| score.earned)
}

fn possible(score: Option<Score>) -> Option<f64> {
    score.map(|score| score.possible)
}
