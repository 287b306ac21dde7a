//! The inputs of responses: what a learner fills in. One file for each kind of widget.
//!
//! To add a kind: write `<kind>.rs`, and give it a variant of [`Widget`].

pub mod choices;
pub mod line;
pub mod options;

use roxmltree::{Node, NodeId};

use super::answers::Answer;
use super::correct_map::Outcome;
use super::markup;
use super::words::Words;
use choices::{Choice, Selection};
use line::Line;
use options::MenuOption;

/// An input of a response.
#[derive(Debug, Clone)]
pub struct Input {
    /// `{problem}_{k+1}_{j}` for input j of response k (spec 9.3.5).
    pub id: String,
    /// The author's tag.
    pub tag: &'static str,
    /// Where it stands in the document.
    pub node: NodeId,
    /// The most points that it can earn.
    pub points: f64,
    /// The author's `label` attribute, the form of before 2016.
    pub label: Option<String>,
    /// What it looks like.
    pub widget: Widget,
}

/// What an input looks like.
#[derive(Debug, Clone)]
pub enum Widget {
    /// Radio buttons or check boxes.
    Choices {
        /// How many of them a learner may choose.
        selection: Selection,
        /// Those that are shown, in order.
        choices: Vec<Choice>,
    },
    /// A menu.
    Menu(Vec<MenuOption>),
    /// A line of text.
    Line(Line),
}

/// What an input needs to know to be shown.
pub struct Shown<'s> {
    /// What the learner entered last.
    pub answer: Option<&'s Answer>,
    /// How it was graded; none when it was not, or when that is not to be seen.
    pub outcome: Option<&'s Outcome>,
    /// The question that it answers, as plain text; empty when there is none.
    pub question: &'s str,
    /// The id of the element that shows the question; none when there is no such element.
    pub labelled_by: Option<&'s str>,
    /// The legend of a field set, as HTML; empty when the question stands elsewhere.
    pub legend: &'s str,
    /// Whether it stands in a line of text.
    pub inline: bool,
    /// Whether it takes an answer.
    pub enabled: bool,
    /// The words that are not the author's.
    pub words: &'s Words,
}

impl Input {
    /// The input `id` that `node` describes.
    pub fn new(id: String, tag: &'static str, node: Node, widget: Widget) -> Self {
        let points = node.attribute("points").and_then(|points| points.trim().parse().ok()).unwrap_or(1.0);
        let label =
            node.attribute("label").map(str::trim).filter(|label| !label.is_empty()).map(str::to_owned);
        Self { id, tag, node: node.id(), points, label, widget }
    }

    /// The name of its form field (spec 9.3.4).
    pub fn field(&self) -> String {
        let list = matches!(
            self.widget,
            Widget::Choices { selection: Selection::Several | Selection::OneOfList, .. }
        );
        format!("input_{}{}", self.id, if list { "[]" } else { "" })
    }

    /// The input as HTML, with its outcome.
    pub fn render(&self, shown: &Shown) -> String {
        let widget = match &self.widget {
            Widget::Choices { selection, choices } => choices::render(self, *selection, choices, shown),
            Widget::Menu(options) => options::render(self, options, shown),
            Widget::Line(line) => line::render(self, line, shown),
        };
        let (tag, style) = if shown.inline { ("span", "capa-input inline") } else { ("div", "capa-input") };
        let outcome = shown.outcome.map_or("unanswered", |outcome| outcome.correctness.word());
        format!(
            "<{tag} class=\"{style} capa-{} {outcome}\">{widget}{}</{tag}>",
            self.tag,
            feedback(self, shown)
        )
    }

    /// `disabled`, and the ids of what describes the input, as attributes.
    fn attributes(&self, shown: &Shown) -> String {
        let mut attributes = format!(" aria-describedby=\"status_{}\"", markup::escape(&self.id));
        if !shown.enabled {
            attributes.push_str(" disabled");
        }
        attributes
    }

    /// The accessible name of a control that has no `<label>` of its own.
    fn name_attribute(&self, shown: &Shown) -> String {
        match shown.labelled_by {
            Some(id) => format!(" aria-labelledby=\"{}\"", markup::escape(id)),
            None => format!(" aria-label=\"{}\"", markup::escape(self.name(shown))),
        }
    }

    /// What a screen reader calls the input.
    fn name<'s>(&self, shown: &'s Shown) -> &'s str {
        if shown.question.is_empty() { &shown.words.your_answer } else { shown.question }
    }
}

/// The mark and the author's words. The region is always there, so that a screen reader hears it change.
fn feedback(input: &Input, shown: &Shown) -> String {
    let outcome = shown.outcome;
    let id = markup::escape(&input.id);
    let mut html = format!("<span class=\"capa-status\" id=\"status_{id}\" role=\"status\">");
    if let Some(outcome) = outcome {
        let word = markup::escape(shown.words.mark(outcome.correctness));
        html.push_str(&format!("<span class=\"status {}\">{word}</span>", outcome.correctness.word()));
    }
    html.push_str("</span>");
    if let Some(outcome) = outcome {
        if !outcome.msg.is_empty() {
            html.push_str(&format!("<span class=\"message\" id=\"message_{id}\">{}</span>", outcome.msg));
        }
        if !outcome.hint.is_empty() && outcome.hintmode.as_deref() == Some("always") {
            html.push_str(&format!("<span class=\"message hint\">{}</span>", outcome.hint));
        }
    }
    html.push_str(&format!("<span class=\"capa-answer\" id=\"answer_{id}\"></span>"));
    html
}
