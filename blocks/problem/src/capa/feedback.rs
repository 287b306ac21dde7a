//! What an author says to an answer: hints that show once it has been graded.

use roxmltree::Node;
use serde_json::{Value as Json, json};

use super::markup;

/// An author's hint to one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The text, as HTML.
    pub text: String,
    /// The author's label: none for the usual one, empty for no label at all.
    pub label: Option<String>,
}

impl Hint {
    /// The hint in `node`; none when it says nothing.
    pub fn read(node: Node) -> Option<Self> {
        let text = markup::inner(node);
        (!text.is_empty()).then(|| Self { text, label: node.attribute("label").map(str::to_owned) })
    }

    /// The hint in the first child of this name.
    pub fn read_child(parent: Node, name: &str) -> Option<Self> {
        parent.children().find(|child| child.has_tag_name(name)).and_then(Self::read)
    }
}

/// One line of feedback and the choices that brought it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The text, as HTML.
    pub text: String,
    /// Choice and whether it was selected; empty where no choice in particular is meant.
    pub trigger: Vec<(String, bool)>,
}

/// Why several lines are shown together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occasion {
    /// One answer, one hint.
    Answer,
    /// Choices selected or left out, each with its own hint.
    Choices {
        /// All choices that there were.
        all: Vec<String>,
    },
    /// A set of choices that has a hint of its own.
    Compound {
        /// All choices that there were.
        all: Vec<String>,
    },
}

/// The feedback to one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// The input that was answered.
    pub input: String,
    /// Whether it goes to a right answer.
    pub correct: bool,
    /// The author's label, as in [`Hint::label`].
    pub label: Option<String>,
    /// What is said.
    pub lines: Vec<Line>,
    /// What was answered.
    pub answer: Vec<String>,
    /// Why it is said.
    pub occasion: Occasion,
}

impl Feedback {
    /// One hint to one answer.
    pub fn to_answer(input: &str, correct: bool, hint: &Hint, answer: &str) -> Self {
        Self {
            input: input.to_owned(),
            correct,
            label: hint.label.clone(),
            lines: vec![Line { text: hint.text.clone(), trigger: Vec::new() }],
            answer: vec![answer.to_owned()],
            occasion: Occasion::Answer,
        }
    }

    fn label(&self) -> &str {
        match &self.label {
            Some(label) => label,
            None if self.correct => "Correct:",
            None => "Incorrect:",
        }
    }

    /// The HTML that goes into the outcome's message.
    pub fn html(&self) -> String {
        let lines: String =
            self.lines.iter().map(|line| format!("<div class=\"hint-text\">{}</div>", line.text)).collect();
        let lines = match self.occasion {
            Occasion::Choices { .. } => format!("<div class=\"feedback-hint-multi\">{lines}</div>"),
            Occasion::Answer | Occasion::Compound { .. } => lines,
        };
        let label = match self.label() {
            "" => String::new(),
            label => format!("<span class=\"hint-label\">{} </span>", markup::escape(label)),
        };
        let style = if self.correct { "feedback-hint-correct" } else { "feedback-hint-incorrect" };
        format!("<div class=\"{style}\"><div class=\"explanation-title\">Answer</div>{label}{lines}</div>")
    }

    /// What the platform's log is told, with the block's key, the part of the problem, and the kind of response.
    pub fn event(&self, block: &str, part: &str, response: &str) -> Json {
        let hints: Vec<Json> = self
            .lines
            .iter()
            .map(|line| {
                let trigger: Vec<Json> = line
                    .trigger
                    .iter()
                    .map(|(choice, on)| json!({ "choice": choice, "selected": on }))
                    .collect();
                if trigger.is_empty() {
                    json!({ "text": line.text })
                } else {
                    json!({ "text": line.text, "trigger": trigger })
                }
            })
            .collect();
        let mut event = json!({
            "module_id": block,
            "problem_part_id": part,
            "trigger_type": if matches!(self.occasion, Occasion::Compound { .. }) { "compound" } else { "single" },
            "hint_label": self.label(),
            "hints": hints,
            "correctness": self.correct,
            "student_answer": self.answer,
            "question_type": response,
        });
        if let (Occasion::Choices { all } | Occasion::Compound { all }, Some(event)) =
            (&self.occasion, event.as_object_mut())
        {
            event.insert("choice_all".to_owned(), json!(all));
        }
        event
    }
}
