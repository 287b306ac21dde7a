//! `multiplechoiceresponse`: one of several choices.

use serde_json::{Value as Json, json};

use super::partial_credit::PartialCredit;
use super::{BuildError, Built, GradeError, Response, Source, pool};
use crate::capa::answers::{Answer, Answers};
use crate::capa::correct_map::{CorrectMap, Outcome};
use crate::capa::feedback::Feedback;
use crate::capa::input::choices::{self, Choice, Naming, Selection};
use crate::capa::input::{Input, Widget};

pub(super) const TAG: &str = "multiplechoiceresponse";

struct MultipleChoice {
    /// All choices that the author wrote, shown or not.
    choices: Vec<Choice>,
    credit: PartialCredit,
}

pub(super) fn build(source: &mut Source) -> Result<Built, BuildError> {
    let (id, node) = source.one_input(TAG, &["choicegroup"])?;
    let choices = choices::read(node, Naming::Author);
    let mut explanation = None;
    let shuffled = node.attribute("shuffle") == Some("true");
    let shown = match node.attribute("answer-pool").filter(|size| size.trim() != "0") {
        Some(_) if shuffled => {
            return Err(BuildError::Invalid("Do not use shuffle and answer-pool at the same time".into()));
        }
        Some(size) => {
            let size = size
                .trim()
                .parse()
                .map_err(|_| BuildError::Invalid("answer-pool value should be an integer".into()))?;
            let (shown, drawn) = pool::draw(choices.clone(), size, source.dice)?;
            explanation = Some(drawn);
            shown
        }
        None if shuffled => pool::shuffle(choices.clone(), source.dice),
        None => choices.clone(),
    };
    let input =
        Input::new(id, "choicegroup", node, Widget::Choices { selection: Selection::One, choices: shown });
    let response = MultipleChoice { choices, credit: PartialCredit::read(source.element) };
    Ok(Built { explanation, ..Built::new(vec![input], response) })
}

impl MultipleChoice {
    fn chosen(&self, answer: Option<&Answer>) -> Option<&Choice> {
        let name = answer?.text()?;
        self.choices.iter().find(|choice| choice.name == name)
    }

    fn outcome(&self, answer: Option<&Answer>) -> Result<Outcome, GradeError> {
        let points = self.credit.single("Multiple Choice", &["points"])?.is_some();
        Ok(match self.chosen(answer) {
            Some(choice) if choice.is_correct() => Outcome::right_if(true),
            Some(choice) if points => match choice.partial_points()? {
                Some(points) => Outcome::partial(points),
                None => Outcome::right_if(false),
            },
            _ => Outcome::right_if(false),
        })
    }
}

impl Response for MultipleChoice {
    fn grade(&self, inputs: &[Input], answers: &Answers) -> Result<CorrectMap, GradeError> {
        inputs.iter().map(|input| Ok((input.id.clone(), self.outcome(answers.get(&input.id))?))).collect()
    }

    fn feedback(&self, inputs: &[Input], answers: &Answers, _outcomes: &CorrectMap) -> Vec<Feedback> {
        let said = |input: &Input| {
            let choice = self.chosen(answers.get(&input.id))?;
            let hint = choice.hints.first()?;
            Some(Feedback::to_answer(&input.id, choice.is_correct(), &hint.hint, &choice.name))
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
