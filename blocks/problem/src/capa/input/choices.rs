//! Radio buttons and check boxes: `choicegroup`, `checkboxgroup`, `radiogroup`.

use roxmltree::Node;

use super::{Input, Shown};
use crate::capa::feedback::Hint;
use crate::capa::markup;
use crate::capa::response::GradeError;

/// How many choices a learner may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// One.
    One,
    /// One, and it is sent as a list.
    OneOfList,
    /// Any number.
    Several,
}

/// How choices get their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// The author's `name`; those without one are counted.
    Author,
    /// All are counted.
    Numbered,
}

/// A hint to a choice, and whether it goes to choosing or to leaving it out.
#[derive(Debug, Clone)]
pub struct ChoiceHint {
    /// The attribute `selected`, where it says either.
    pub selected: Option<bool>,
    /// What is said.
    pub hint: Hint,
}

/// One choice.
#[derive(Debug, Clone)]
pub struct Choice {
    /// `choice_…`: what an answer says.
    pub name: String,
    /// Its text, as HTML, hints left out.
    pub html: String,
    /// Whether `shuffle` leaves it in its place.
    pub fixed: bool,
    /// The explanation that goes with it (`explanation-id`).
    pub explanation: Option<String>,
    /// What the author says to it.
    pub hints: Vec<ChoiceHint>,
    correct: String,
    point_value: Option<String>,
}

impl Choice {
    /// Whether it is right.
    pub fn is_correct(&self) -> bool {
        self.correct.eq_ignore_ascii_case("true")
    }

    /// What it is worth, when it is partially right: half a point when the author names none.
    ///
    /// # Errors
    /// [`GradeError::Number`] when the author's `point_value` is not a number.
    pub fn partial_points(&self) -> Result<Option<f64>, GradeError> {
        if !self.correct.eq_ignore_ascii_case("partial") {
            return Ok(None);
        }
        match &self.point_value {
            None => Ok(Some(0.5)),
            Some(text) => match text.trim().parse() {
                Ok(points) => Ok(Some(points)),
                Err(_) => Err(GradeError::Number(text.clone())),
            },
        }
    }
}

/// The choices in `group`, in the author's order.
pub fn read(group: Node, naming: Naming) -> Vec<Choice> {
    let mut unnamed = 0;
    group
        .descendants()
        .filter(|node| node.has_tag_name("choice"))
        .map(|node| {
            let given = node.attribute("name").filter(|_| naming == Naming::Author);
            let name = match given {
                Some(name) => format!("choice_{name}"),
                None => {
                    unnamed += 1;
                    format!("choice_{}", unnamed - 1)
                }
            };
            Choice {
                name,
                html: markup::inner_without(node, &["choicehint"]),
                fixed: node.attribute("fixed") == Some("true"),
                explanation: node.attribute("explanation-id").map(str::to_owned),
                hints: node
                    .children()
                    .filter(|child| child.has_tag_name("choicehint"))
                    .filter_map(hint)
                    .collect(),
                correct: node.attribute("correct").unwrap_or_default().trim().to_owned(),
                point_value: node.attribute("point_value").map(str::to_owned),
            }
        })
        .collect()
}

fn hint(node: Node) -> Option<ChoiceHint> {
    let selected = match node.attribute("selected").map(str::to_lowercase).as_deref() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    };
    Hint::read(node).map(|hint| ChoiceHint { selected, hint })
}

pub(super) fn render(input: &Input, selection: Selection, choices: &[Choice], shown: &Shown) -> String {
    let kind = if selection == Selection::Several { "checkbox" } else { "radio" };
    let chosen = shown.answer.map(|answer| answer.list()).unwrap_or_default();
    let mut html = match shown.legend {
        "" => format!("<fieldset class=\"choices\" aria-label=\"{}\">", markup::escape(input.name(shown))),
        legend => format!("<fieldset class=\"choices\">{legend}"),
    };
    for choice in choices {
        let id = markup::escape(&format!("input_{}_{}", input.id, choice.name));
        let checked = if chosen.contains(&choice.name) { " checked" } else { "" };
        html.push_str(&format!(
            "<div class=\"choice\"><input type=\"{kind}\" id=\"{id}\" name=\"{}\" value=\"{}\"{checked}{}/>\
             <label for=\"{id}\">{}</label></div>",
            markup::escape(&input.field()),
            markup::escape(&choice.name),
            input.attributes(shown),
            choice.html,
        ));
    }
    html.push_str("</fieldset>");
    html
}
