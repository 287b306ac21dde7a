//! `optionresponse`: one option out of a menu, for each of its menus. There is no partial credit (recorded behaviour).

use serde_json::{Value as Json, json};

use super::{BuildError, Built, GradeError, Response, Source};
use crate::capa::answers::Answers;
use crate::capa::correct_map::{CorrectMap, Outcome};
use crate::capa::feedback::Feedback;
use crate::capa::input::options::{self, MenuOption};
use crate::capa::input::{Input, Widget};

pub(super) const TAG: &str = "optionresponse";

struct Options;

pub(super) fn build(source: &mut Source) -> Result<Built, BuildError> {
    let inputs = source
        .inputs(TAG, &["optioninput"])?
        .into_iter()
        .map(|(id, node)| Input::new(id, "optioninput", node, Widget::Menu(options::read(node))))
        .collect();
    Ok(Built::new(inputs, Options))
}

fn menu(input: &Input) -> &[MenuOption] {
    match &input.widget {
        Widget::Menu(menu) => menu,
        _ => &[],
    }
}

fn picked<'i>(input: &'i Input, answers: &Answers) -> Option<&'i MenuOption> {
    let answer = answers.get(&input.id)?.text()?;
    menu(input).iter().find(|option| option.text == answer)
}

impl Response for Options {
    fn grade(&self, inputs: &[Input], answers: &Answers) -> Result<CorrectMap, GradeError> {
        let outcome =
            |input: &Input| Outcome::right_if(picked(input, answers).is_some_and(|option| option.correct));
        Ok(inputs.iter().map(|input| (input.id.clone(), outcome(input))).collect())
    }

    /// Only the first menu of a response speaks (recorded behaviour).
    fn feedback(&self, inputs: &[Input], answers: &Answers, _outcomes: &CorrectMap) -> Vec<Feedback> {
        let said = |input: &Input| {
            let option = picked(input, answers)?;
            Some(Feedback::to_answer(&input.id, option.correct, option.hint.as_ref()?, &option.text))
        };
        inputs.first().and_then(said).into_iter().collect()
    }

    fn correct_answers(&self, inputs: &[Input]) -> Vec<(String, Json)> {
        let right =
            |input: &Input| menu(input).iter().find(|option| option.correct).map(|option| json!(option.text));
        inputs.iter().filter_map(|input| right(input).map(|answer| (input.id.clone(), answer))).collect()
    }
}
