//! `truefalseresponse`: a set of statements, each true or false; the ones chosen must be exactly the true ones.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::{BuildError, Built, GradeError, Response, Source};
use crate::capa::answers::Answers;
use crate::capa::correct_map::{CorrectMap, Outcome};
use crate::capa::feedback::Feedback;
use crate::capa::input::choices::{self, Choice, Naming, Selection};
use crate::capa::input::{Input, Widget};

pub(super) const TAG: &str = "truefalseresponse";

struct TrueFalse {
    right: BTreeSet<String>,
}

pub(super) fn build(source: &mut Source) -> Result<Built, BuildError> {
    let (id, node) = source.one_input(TAG, &["choicegroup"])?;
    let choices = choices::read(node, Naming::Author);
    let right = choices
        .iter()
        .filter(|choice| choice.is_correct())
        .map(|choice: &Choice| choice.name.clone())
        .collect();
    let input =
        Input::new(id, "choicegroup", node, Widget::Choices { selection: Selection::Several, choices });
    Ok(Built::new(vec![input], TrueFalse { right }))
}

impl Response for TrueFalse {
    fn grade(&self, inputs: &[Input], answers: &Answers) -> Result<CorrectMap, GradeError> {
        let outcome = |input: &Input| {
            let chosen: BTreeSet<String> =
                answers.get(&input.id).map(|answer| answer.list().into_iter().collect()).unwrap_or_default();
            Outcome::right_if(chosen == self.right)
        };
        Ok(inputs.iter().map(|input| (input.id.clone(), outcome(input))).collect())
    }

    fn feedback(&self, _inputs: &[Input], _answers: &Answers, _outcomes: &CorrectMap) -> Vec<Feedback> {
        Vec::new()
    }

    fn correct_answers(&self, inputs: &[Input]) -> Vec<(String, Json)> {
        inputs.iter().map(|input| (input.id.clone(), json!(self.right))).collect()
    }
}
