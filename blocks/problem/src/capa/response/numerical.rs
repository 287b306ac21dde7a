//! `numericalresponse`: a number, near enough to the author's or inside the author's range. What the learner enters
//! is an expression.

use num_complex::Complex64;
use serde_json::{Value as Json, json};

use super::partial_credit::PartialCredit;
use super::string::additional_answers;
use super::{BuildError, Built, GradeError, Response, Source};
use crate::calc::{self, CalcError, Value};
use crate::capa::answers::Answers;
use crate::capa::correct_map::{CorrectMap, Outcome};
use crate::capa::feedback::{Feedback, Hint};
use crate::capa::input::{Input, Widget, line};
use crate::capa::tolerance::Tolerance;
use crate::capa::{markup, python_number};

pub(super) const TAG: &str = "numericalresponse";

const STAFF_ANSWER: &str = "There was a problem with the staff answer to this problem";

/// What earns a part of the points.
const CLOSE: &str = "close";
const LIST: &str = "list";

/// What an answer is compared with. Texts are evaluated when an answer comes: an author's mistake then costs this
/// response, not the page.
enum Expected {
    Number(String),
    Range(Range),
}

struct Range {
    low: String,
    high: String,
    /// Whether the boundaries belong to the range.
    includes: (bool, bool),
}

struct Numerical {
    expected: Expected,
    hint: Option<Hint>,
    /// Further numbers that are right when they are hit exactly.
    additional: Vec<(String, Option<Hint>)>,
    tolerance: Result<Tolerance, GradeError>,
    credit: PartialCredit,
    /// How many times the tolerance still counts as close.
    partial_range: Result<f64, GradeError>,
    /// Numbers that are worth half the points.
    partial_answers: Vec<String>,
}

pub(super) fn build(source: &mut Source) -> Result<Built, BuildError> {
    let (id, node) = source.one_input(TAG, &["textline", "formulaequationinput"])?;
    let answer = source.required(TAG, "answer")?;
    let element = source.element;
    let parameters: Vec<_> =
        element.descendants().filter(|child| child.has_tag_name("responseparam")).collect();
    let parameter = |name| parameters.iter().find_map(|parameter| parameter.attribute(name));
    let tolerance = parameters
        .iter()
        .filter(|parameter| parameter.attribute("type") == Some("tolerance"))
        .find_map(|parameter| parameter.attribute("default"));
    let response = Numerical {
        expected: Expected::read(answer),
        hint: Hint::read_child(element, "correcthint"),
        additional: additional_answers(element).collect(),
        tolerance: match tolerance.map(str::trim) {
            None | Some("") => Ok(Tolerance::unstated()),
            Some(text) => Tolerance::parse(text).ok_or_else(|| GradeError::Number(text.to_owned())),
        },
        credit: PartialCredit::read(element),
        partial_range: match parameter("partial_range") {
            None => Ok(2.0),
            Some(text) => python_number::float(text).ok_or_else(|| GradeError::Number(text.to_owned())),
        },
        partial_answers: parameter("partial_answers")
            .map(|list| list.split(',').map(|answer| answer.trim().to_owned()).collect())
            .unwrap_or_default(),
    };
    let tag = if node.has_tag_name("textline") { "textline" } else { "formulaequationinput" };
    Ok(Built::new(vec![Input::new(id, tag, node, Widget::Line(line::read(node)))], response))
}

impl Expected {
    /// A text in brackets with a comma inside is a range; its third part and what follows are ignored.
    fn read(answer: &str) -> Self {
        let inner = answer.strip_prefix(['[', '(']).and_then(|rest| rest.strip_suffix([']', ')']));
        let mut parts = inner.unwrap_or_default().split(',');
        match (parts.next(), parts.next()) {
            (Some(low), Some(high)) => Self::Range(Range {
                low: low.to_owned(),
                high: high.to_owned(),
                includes: (answer.starts_with('['), answer.ends_with(']')),
            }),
            _ => Self::Number(answer.to_owned()),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Number(answer) => answer.clone(),
            Self::Range(Range { low, high, includes }) => {
                let open = if includes.0 { '[' } else { '(' };
                let close = if includes.1 { ']' } else { ')' };
                format!("{open}{low}, {high}{close}")
            }
        }
    }
}

/// The number that a learner means.
fn given(text: &str) -> Result<Value, GradeError> {
    let quoted = markup::escape(text);
    calc::evaluate(text).map_err(|error| {
        GradeError::Unreadable(match error {
            CalcError::Undefined(message) | CalcError::UnmatchedParenthesis(message) => message,
            CalcError::Syntax => format!("Invalid math syntax: '{quoted}'"),
            CalcError::NegativeFactorial => {
                format!("Factorial function evaluated outside its domain:'{quoted}'")
            }
            CalcError::FractionalFactorial | CalcError::DivisionByZero | CalcError::Overflow => {
                unreadable(&quoted)
            }
        })
    })
}

fn unreadable(quoted: &str) -> String {
    format!("Could not interpret '{quoted}' as a number.")
}

fn staff_answer(detail: &str) -> GradeError {
    GradeError::Unreadable(format!("{STAFF_ANSWER}{detail}."))
}

/// The number that the author means.
fn expected(text: &str) -> Result<Complex64, GradeError> {
    match python_number::complex(text) {
        Some(number) => Ok(number),
        None => calc::evaluate(text).and_then(|value| value.to_complex()).map_err(|_| staff_answer("")),
    }
}

fn boundary(text: &str) -> Result<f64, GradeError> {
    let boundary = expected(text)?;
    if boundary.im != 0.0 {
        return Err(staff_answer(": complex boundary"));
    }
    if boundary.re.is_nan() {
        return Err(staff_answer(": empty boundary"));
    }
    Ok(boundary.re)
}

impl Range {
    /// A boundary that is hit decides by itself; `widened` times the width on either side is close.
    fn outcome(&self, given: f64, close: Option<f64>) -> Result<Outcome, GradeError> {
        let mut bounds = [0.0; 2];
        let ends = [(&self.low, self.includes.0), (&self.high, self.includes.1)];
        for (bound, (text, included)) in bounds.iter_mut().zip(ends) {
            *bound = boundary(text)?;
            let hit = Tolerance::OfLarger(f64::EPSILON * 100.0).accepts(given.into(), (*bound).into());
            if hit {
                return Ok(Outcome::right_if(included));
            }
        }
        let [low, high] = bounds;
        if low < given && given < high {
            return Ok(Outcome::right_if(true));
        }
        let margin = close.map(|times| times * (high - low));
        Ok(match margin {
            Some(margin) if low - margin < given && given < high + margin => Outcome::partial(0.5),
            _ => Outcome::right_if(false),
        })
    }
}

impl Numerical {
    fn outcome(&self, text: &str) -> Result<Outcome, GradeError> {
        let value = given(text)?;
        let number =
            value.to_complex().map_err(|_| GradeError::Unreadable(unreadable(&markup::escape(text))))?;
        let tolerance = self.tolerance.clone()?;
        let credit = self.credit.several(&[LIST, CLOSE])?;
        let (close, list) = (credit.iter().any(|word| word == CLOSE), credit.iter().any(|word| word == LIST));
        let outcome = match &self.expected {
            Expected::Range(_) if value.is_complex() => {
                return Err(GradeError::Unreadable(
                    "You may not use complex numbers in range tolerance problems".to_owned(),
                ));
            }
            Expected::Range(range) => {
                let margin = if close { Some(self.partial_range.clone()?) } else { None };
                range.outcome(number.re, margin)?
            }
            Expected::Number(answer) => {
                let right = expected(answer)?;
                if tolerance.accepts(number, right) {
                    Outcome::right_if(true)
                } else {
                    self.partial_outcome(number, right, tolerance, (close, list))?
                }
            }
        };
        if outcome == Outcome::right_if(false) && self.additional(number)?.is_some() {
            return Ok(Outcome::right_if(true));
        }
        Ok(outcome)
    }

    /// The outcome of a number that is not right. Of the listed numbers, the first that is hit or nearly hit decides.
    fn partial_outcome(
        &self,
        number: Complex64,
        right: Complex64,
        tolerance: Tolerance,
        (close, list): (bool, bool),
    ) -> Result<Outcome, GradeError> {
        let near = tolerance.widened(self.partial_range.clone()?);
        if close && near.accepts(number, right) {
            return Ok(Outcome::partial(0.5));
        }
        for answer in self.partial_answers.iter().filter(|_| list) {
            let listed = expected(answer)?;
            if tolerance.accepts(number, listed) {
                return Ok(Outcome::partial(0.5));
            }
            if close && near.accepts(number, listed) {
                return Ok(Outcome::partial(0.25));
            }
        }
        Ok(Outcome::right_if(false))
    }

    /// The additional answer that is hit exactly.
    fn additional(&self, number: Complex64) -> Result<Option<&(String, Option<Hint>)>, GradeError> {
        for additional in &self.additional {
            if expected(&additional.0)? == number {
                return Ok(Some(additional));
            }
        }
        Ok(None)
    }

    /// The hint to a right answer: that of the main answer wherever it is near enough.
    fn hint(&self, text: &str) -> Option<&Hint> {
        let number = given(text).ok()?.to_complex().ok()?;
        let near = match &self.expected {
            Expected::Number(answer) => self.tolerance.clone().ok()?.accepts(number, expected(answer).ok()?),
            Expected::Range(_) => false,
        };
        match self.additional(number).ok().flatten() {
            Some((_, hint)) if !near => hint.as_ref(),
            _ => self.hint.as_ref(),
        }
    }
}

/// What was entered; nothing at all is like an empty line.
fn entered<'a>(input: &Input, answers: &'a Answers) -> &'a str {
    answers.get(&input.id).and_then(|answer| answer.text()).unwrap_or_default()
}

impl Response for Numerical {
    fn grade(&self, inputs: &[Input], answers: &Answers) -> Result<CorrectMap, GradeError> {
        inputs.iter().map(|input| Ok((input.id.clone(), self.outcome(entered(input, answers))?))).collect()
    }

    fn feedback(&self, inputs: &[Input], answers: &Answers, outcomes: &CorrectMap) -> Vec<Feedback> {
        let said = |input: &Input| {
            let right =
                outcomes.get(&input.id).is_some_and(|outcome| outcome.correctness.word() == "correct");
            let text = entered(input, answers);
            let hint = self.hint(text).filter(|_| right)?;
            Some(Feedback::to_answer(&input.id, true, hint, text))
        };
        inputs.iter().filter_map(said).collect()
    }

    fn correct_answers(&self, inputs: &[Input]) -> Vec<(String, Json)> {
        let mut shown = vec![self.expected.shown()];
        shown.extend(self.additional.iter().map(|(answer, _)| answer.clone()));
        inputs.iter().map(|input| (input.id.clone(), json!(shown.join(" <b>or</b> ")))).collect()
    }
}
