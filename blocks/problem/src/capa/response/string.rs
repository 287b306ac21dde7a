//! `stringresponse`: a short text that equals an answer, or matches a regular expression.

use fancy_regex::Regex;
use roxmltree::Node;
use serde_json::{Value as Json, json};

use super::{AdaptiveHint, BuildError, Built, GradeError, Response, Source};
use crate::capa::answers::Answers;
use crate::capa::correct_map::{CorrectMap, Outcome};
use crate::capa::feedback::{Feedback, Hint};
use crate::capa::input::{Input, Widget, line};
use crate::capa::{markup, python_regex};

pub(super) const TAG: &str = "stringresponse";

/// What separates answers in problems of before 2013.
const OLD_SEPARATOR: &str = "_or_";

/// How texts are compared.
#[derive(Clone, Copy)]
struct Comparison {
    ignore_case: bool,
    regexp: bool,
}

struct Text {
    comparison: Comparison,
    /// The answers and what is said to each.
    answers: Vec<(String, Option<Hint>)>,
    /// Hints to wrong answers, in the order in which they are tried.
    wrong: Vec<(String, Comparison, Hint)>,
    adaptive: Vec<(String, String)>,
    adaptive_mode: String,
}

pub(super) fn build(source: &mut Source) -> Result<Built, BuildError> {
    let (id, node) = source.one_input(TAG, &["textline"])?;
    let answer = source.required(TAG, "answer")?;
    let element = source.element;
    let words = element.attribute("type").unwrap_or_default().to_lowercase();
    let words: Vec<&str> = words.split(' ').collect();
    let comparison = Comparison { ignore_case: words.contains(&"ci"), regexp: words.contains(&"regexp") };
    let hint = Hint::read_child(element, "correcthint");
    let answers = if answer.to_lowercase().contains(OLD_SEPARATOR) {
        answer.split(OLD_SEPARATOR).map(|answer| (answer.trim().to_owned(), hint.clone())).collect()
    } else {
        let first = (answer.trim().to_owned(), hint);
        std::iter::once(first).chain(additional_answers(element)).collect()
    };
    let (adaptive, adaptive_mode) = adaptive_hints(element);
    let response =
        Text { comparison, answers, wrong: wrong_hints(element, comparison), adaptive, adaptive_mode };
    let input = Input::new(id, "textline", node, Widget::Line(line::read(node)));
    Ok(Built::new(vec![input], response))
}

/// `<additional_answer answer="…">`, or the older form with the answer as its text.
pub(super) fn additional_answers(element: Node) -> impl Iterator<Item = (String, Option<Hint>)> {
    element.children().filter(|child| child.has_tag_name("additional_answer")).map(|child| {
        let answer = child.attribute("answer").map(|answer| answer.trim().to_owned());
        (answer.unwrap_or_else(|| markup::leading_text(child)), Hint::read_child(child, "correcthint"))
    })
}

/// Hints to texts come before hints to patterns, wherever they stand.
fn wrong_hints(element: Node, comparison: Comparison) -> Vec<(String, Comparison, Hint)> {
    let mut hints = Vec::new();
    for (tag, regexp) in [("stringequalhint", false), ("regexphint", true)] {
        for node in element.children().filter(|child| child.has_tag_name(tag)) {
            let answer = node.attribute("answer").unwrap_or_default().trim();
            if let Some(hint) = Hint::read(node).filter(|_| !answer.is_empty()) {
                hints.push((answer.to_owned(), Comparison { regexp, ..comparison }, hint));
            }
        }
    }
    hints
}

/// The `stringhint`s of a `hintgroup`: wrong answer and what to say.
fn adaptive_hints(element: Node) -> (Vec<(String, String)>, String) {
    let Some(group) = element.children().find(|child| child.has_tag_name("hintgroup")) else {
        return (Vec::new(), String::new());
    };
    let parts = |name: &str| {
        let part = group
            .children()
            .find(|part| part.has_tag_name("hintpart") && part.attribute("on") == Some(name))?;
        part.children().find(|child| child.has_tag_name("text")).map(markup::leading_text)
    };
    let hints = group.children().filter(|child| child.has_tag_name("stringhint")).filter_map(|hint| {
        let text = parts(hint.attribute("name")?)?;
        Some((hint.attribute("answer")?.trim().to_owned(), text))
    });
    (hints.collect(), group.attribute("mode").unwrap_or("always").to_owned())
}

/// The answers as one pattern. Only its ends are anchored, as recorded: of `a|b` the first is free at its end.
fn pattern<'a>(answers: impl Iterator<Item = &'a str>, comparison: Comparison) -> Result<Regex, GradeError> {
    let joined = answers.collect::<Vec<_>>().join("|");
    python_regex::compile(&format!("^{joined}$"), comparison.ignore_case)
        .map_err(|error| GradeError::Pattern(error.to_string()))
}

impl Comparison {
    fn accepts(self, answer: &str, given: &str) -> bool {
        if self.regexp {
            let pattern = pattern(std::iter::once(answer), self);
            return pattern.is_ok_and(|pattern| pattern.is_match(given).unwrap_or(false));
        }
        if self.ignore_case { answer.to_lowercase() == given.to_lowercase() } else { answer == given }
    }
}

impl Text {
    fn is_right(&self, given: &str) -> Result<bool, GradeError> {
        if !self.comparison.regexp {
            return Ok(self.answers.iter().any(|(answer, _)| self.comparison.accepts(answer, given)));
        }
        let pattern = pattern(self.answers.iter().map(|(answer, _)| answer.as_str()), self.comparison)?;
        pattern.is_match(given).map_err(|error| GradeError::Pattern(error.to_string()))
    }

    fn hint(&self, given: &str, correct: bool) -> Option<&Hint> {
        if correct {
            let matched = self.answers.iter().find(|(answer, _)| self.comparison.accepts(answer, given));
            return matched?.1.as_ref();
        }
        self.wrong.iter().find(|(answer, how, _)| how.accepts(answer, given)).map(|(_, _, hint)| hint)
    }
}

fn given<'a>(input: &Input, answers: &'a Answers) -> Option<&'a str> {
    answers.get(&input.id)?.text()
}

impl Response for Text {
    fn grade(&self, inputs: &[Input], answers: &Answers) -> Result<CorrectMap, GradeError> {
        let outcome = |input: &Input| match given(input, answers) {
            Some(given) => self.is_right(given.trim()).map(Outcome::right_if),
            None => Ok(Outcome::right_if(false)),
        };
        inputs.iter().map(|input| Ok((input.id.clone(), outcome(input)?))).collect()
    }

    fn feedback(&self, inputs: &[Input], answers: &Answers, outcomes: &CorrectMap) -> Vec<Feedback> {
        let said = |input: &Input| {
            let given = given(input, answers)?;
            let correct = outcomes.get(&input.id).is_some_and(Outcome::is_correct);
            let hint = self.hint(given, correct)?;
            Some(Feedback::to_answer(&input.id, correct, hint, given))
        };
        inputs.iter().filter_map(said).collect()
    }

    fn adaptive_hint(&self, inputs: &[Input], answers: &Answers) -> Option<AdaptiveHint> {
        let input = inputs.last()?;
        let given = given(input, answers)?.trim();
        let (_, text) = self.adaptive.iter().rfind(|(answer, _)| self.comparison.accepts(answer, given))?;
        Some(AdaptiveHint { input: input.id.clone(), text: text.clone(), mode: self.adaptive_mode.clone() })
    }

    fn correct_answers(&self, inputs: &[Input]) -> Vec<(String, Json)> {
        let shown: Vec<String> = self.answers.iter().map(|(answer, _)| markup::escape(answer)).collect();
        inputs.iter().map(|input| (input.id.clone(), json!(shown.join(" <b>or</b> ")))).collect()
    }
}
