//! `choiceresponse`: any number of several choices.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::partial_credit::PartialCredit;
use super::{BuildError, Built, GradeError, Response, Source};
use crate::capa::answers::Answers;
use crate::capa::correct_map::{CorrectMap, Outcome};
use crate::capa::feedback::{Feedback, Hint, Line, Occasion};
use crate::capa::input::choices::{self, Choice, Naming, Selection};
use crate::capa::input::{Input, Widget};

pub(super) const TAG: &str = "choiceresponse";

struct Choices {
    choices: Vec<Choice>,
    compounds: Vec<Compound>,
    credit: PartialCredit,
}

/// A hint to one set of choices, named by letters: `A C` is the first and the third.
struct Compound {
    set: BTreeSet<usize>,
    hint: Hint,
}

pub(super) fn build(source: &mut Source) -> Result<Built, BuildError> {
    let (id, node) = source.one_input(TAG, &["checkboxgroup", "radiogroup"])?;
    let boxes = node.has_tag_name("checkboxgroup");
    let mut choices = choices::read(node, Naming::Numbered);
    let mut compounds = Vec::new();
    if boxes {
        for compound in node.children().filter(|child| child.has_tag_name("compoundhint")) {
            let letters = compound.attribute("value").unwrap_or_default();
            let set = letters.split_whitespace().filter_map(position).collect();
            compounds.extend(Hint::read(compound).map(|hint| Compound { set, hint }));
        }
    } else {
        choices.iter_mut().for_each(|choice| choice.hints.clear());
    }
    let (tag, selection) =
        if boxes { ("checkboxgroup", Selection::Several) } else { ("radiogroup", Selection::OneOfList) };
    let input = Input::new(id, tag, node, Widget::Choices { selection, choices: choices.clone() });
    let response = Choices { choices, compounds, credit: PartialCredit::read(source.element) };
    Ok(Built::new(vec![input], response))
}

/// `A` is 0, `b` is 1.
fn position(letter: &str) -> Option<usize> {
    match letter.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => Some(usize::from(byte.to_ascii_uppercase() - b'A')),
        _ => None,
    }
}

/// Rounded to two places, halves away from zero.
fn round(points: f64) -> f64 {
    (points * 100.0 + 0.5).floor() / 100.0
}

impl Choices {
    fn outcome(&self, chosen: &[String], points: f64) -> Result<Outcome, GradeError> {
        if chosen.is_empty() {
            return Ok(Outcome::right_if(false));
        }
        let credit = self.credit.single("Checkbox", &["edc", "halves"])?;
        let chosen: BTreeSet<&str> = chosen.iter().map(String::as_str).collect();
        let decided_well = |choice: &&Choice| choice.is_correct() == chosen.contains(choice.name.as_str());
        let all = self.choices.len();
        let good = self.choices.iter().filter(decided_well).count();
        // Decisions about choices that do not exist are wrong where only the whole counts, and none elsewhere.
        let unknown = |name: &&str| !self.choices.iter().any(|choice| choice.name == **name);
        let whole = good == all && !(credit.is_none() && chosen.iter().any(unknown));
        let share = match credit {
            Some("halves") if whole => {
                return Ok(Outcome { npoints: Some(points), ..Outcome::right_if(true) });
            }
            _ if whole => return Ok(Outcome::right_if(true)),
            Some("edc") if good == 0 => {
                return Ok(Outcome { npoints: Some(0.0), ..Outcome::right_if(false) });
            }
            Some("edc") => good as f64 / all as f64,
            Some("halves") if all - good == 1 && all > 2 => 0.5,
            Some("halves") if all - good == 2 && all > 4 => 0.25,
            _ => return Ok(Outcome::right_if(false)),
        };
        Ok(Outcome::partial(round(share * points)))
    }

    /// The names of all choices, for the log.
    fn names(&self) -> Vec<String> {
        self.choices.iter().map(|choice| choice.name.clone()).collect()
    }

    fn compound(&self, chosen: &[String]) -> Option<(&Compound, Vec<String>)> {
        let known: Vec<String> = chosen
            .iter()
            .filter(|name| self.choices.iter().any(|choice| choice.name == **name))
            .cloned()
            .collect();
        let at = |name: &String| self.choices.iter().position(|choice| choice.name == *name);
        let set: BTreeSet<usize> = known.iter().filter_map(at).collect();
        self.compounds.iter().find(|compound| compound.set == set).map(|compound| (compound, known))
    }

    fn said(&self, input: &Input, chosen: Vec<String>, correct: bool) -> Option<Feedback> {
        if let Some((compound, names)) = self.compound(&chosen) {
            let trigger = names.into_iter().map(|name| (name, true)).collect();
            return Some(Feedback {
                input: input.id.clone(),
                correct,
                label: compound.hint.label.clone(),
                lines: vec![Line { text: compound.hint.text.clone(), trigger }],
                answer: chosen,
                occasion: Occasion::Compound { all: self.names() },
            });
        }
        let mut lines = Vec::new();
        let mut labels = Vec::new();
        for choice in &self.choices {
            let selected = chosen.contains(&choice.name);
            let Some(found) = choice.hints.iter().find(|hint| hint.selected == Some(selected)) else {
                continue;
            };
            lines
                .push(Line { text: found.hint.text.clone(), trigger: vec![(choice.name.clone(), selected)] });
            labels.extend(found.hint.label.clone());
        }
        // Several labels over one box would contradict each other: then the usual one stands.
        let label = if labels.len() == 1 { labels.pop() } else { None };
        (!lines.is_empty()).then(|| Feedback {
            input: input.id.clone(),
            correct,
            label,
            lines,
            answer: chosen,
            occasion: Occasion::Choices { all: self.names() },
        })
    }
}

impl Response for Choices {
    fn grade(&self, inputs: &[Input], answers: &Answers) -> Result<CorrectMap, GradeError> {
        let outcome = |input: &Input| {
            // A lone text is not a selection: the page always sends a list.
            let chosen = answers.get(&input.id).filter(|answer| answer.text().is_none());
            self.outcome(&chosen.map(|answer| answer.list()).unwrap_or_default(), input.points)
        };
        inputs.iter().map(|input| Ok((input.id.clone(), outcome(input)?))).collect()
    }

    fn feedback(&self, inputs: &[Input], answers: &Answers, outcomes: &CorrectMap) -> Vec<Feedback> {
        let said = |input: &Input| {
            // A page sends nothing for boxes of which none is ticked: leaving all out is an answer too.
            let chosen = answers.get(&input.id).map(|answer| answer.list()).unwrap_or_default();
            let correct = outcomes.get(&input.id).is_some_and(|o| o.correctness.word() == "correct");
            self.said(input, chosen, correct)
        };
        inputs.iter().filter_map(said).collect()
    }

    fn correct_answers(&self, inputs: &[Input]) -> Vec<(String, Json)> {
        let names: Vec<&str> = self
            .choices
            .iter()
            .filter(|choice| choice.is_correct())
            .map(|choice| choice.name.as_str())
            .collect();
        inputs.iter().map(|input| (input.id.clone(), json!(names))).collect()
    }
}
