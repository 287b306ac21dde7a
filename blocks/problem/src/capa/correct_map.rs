//! The outcome of a grading, input by input, in the form in which it is stored (spec 9.3.9).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How good an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Correctness {
    /// Right.
    Correct,
    /// Worth a part of the points.
    PartiallyCorrect,
    /// Wrong.
    Incorrect,
    /// Not graded yet.
    Incomplete,
}

impl Correctness {
    /// The word that is stored, and that style sheets use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::PartiallyCorrect => "partially-correct",
            Self::Incorrect => "incorrect",
            Self::Incomplete => "incomplete",
        }
    }
}

/// The outcome of one input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// How good the answer is.
    pub correctness: Correctness,
    /// The points, where they are not just all or nothing.
    #[serde(default)]
    pub npoints: Option<f64>,
    /// Feedback, as HTML.
    #[serde(default)]
    pub msg: String,
    /// A hint of the adaptive kind.
    #[serde(default)]
    pub hint: String,
    /// When the adaptive hint shows: `always` or `on_request`.
    #[serde(default)]
    pub hintmode: Option<String>,
    /// Where an outside grader's queue stands; carried along.
    #[serde(default)]
    pub queuestate: Option<serde_json::Value>,
    /// Carried along.
    #[serde(default)]
    pub answervariable: Option<serde_json::Value>,
}

impl Outcome {
    /// An outcome with nothing but its correctness.
    pub fn new(correctness: Correctness) -> Self {
        Self {
            correctness,
            npoints: None,
            msg: String::new(),
            hint: String::new(),
            hintmode: None,
            queuestate: None,
            answervariable: None,
        }
    }

    /// Right or wrong.
    pub fn right_if(right: bool) -> Self {
        Self::new(if right { Correctness::Correct } else { Correctness::Incorrect })
    }

    /// Worth `points`, which are less than all.
    pub fn partial(points: f64) -> Self {
        Self { npoints: Some(points), ..Self::new(Correctness::PartiallyCorrect) }
    }

    /// Right or partially right: both count as "correct" in the reply to a submission (spec 9.3.13).
    pub fn is_correct(&self) -> bool {
        matches!(self.correctness, Correctness::Correct | Correctness::PartiallyCorrect)
    }

    /// The points that count.
    pub fn points(&self) -> f64 {
        match self.npoints {
            Some(points) => points,
            None if self.is_correct() => 1.0,
            None => 0.0,
        }
    }
}

/// Input id to outcome.
pub type CorrectMap = BTreeMap<String, Outcome>;
