//! The kinds of responses: what is asked for, and how an answer is graded. One file for each.
//!
//! To add a kind: write `<kind>.rs` with a `build` function, and move its line from [`LATER`] to [`KINDS`].

mod choice;
mod multiple_choice;
mod numerical;
mod option;
mod partial_credit;
mod pool;
mod string;
mod true_false;

use roxmltree::Node;
use serde_json::Value as Json;

use super::answers::Answers;
use super::correct_map::CorrectMap;
use super::feedback::Feedback;
use super::input::Input;
pub(crate) use pool::Dice;

/// Why answers could not be graded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GradeError {
    /// What the learner entered cannot be read. The text is for the learner, as HTML; no attempt is used.
    #[error("{0}")]
    Unreadable(String),
    /// The author's regular expression is not one.
    #[error("the problem has an invalid regular expression: {0}")]
    Pattern(String),
    /// The author's number or tolerance is not one.
    #[error("the problem has a number that cannot be read: {0}")]
    Number(String),
    /// The author asks for credit in a way that does not exist.
    #[error("{0}")]
    Credit(String),
}

/// Why a response cannot be asked at all: a mistake of its author.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The response has none of the inputs that it takes.
    #[error("<{response}> needs one of: {inputs}")]
    NoInput {
        /// The response's tag.
        response: &'static str,
        /// The tags that it takes.
        inputs: String,
    },
    /// An attribute that the response cannot do without.
    #[error("<{response}> needs the attribute '{attribute}'")]
    MissingAttribute {
        /// The response's tag.
        response: &'static str,
        /// The attribute's name.
        attribute: &'static str,
    },
    /// Anything else; the text says what to change.
    #[error("{0}")]
    Invalid(String),
}

/// Grades the answers to one response element.
pub trait Response {
    /// The outcome of every input of the response.
    ///
    /// # Errors
    /// See [`GradeError`]; nothing is graded then.
    fn grade(&self, inputs: &[Input], answers: &Answers) -> Result<CorrectMap, GradeError>;

    /// What the author says to these answers, given their outcomes.
    fn feedback(&self, inputs: &[Input], answers: &Answers, outcomes: &CorrectMap) -> Vec<Feedback>;

    /// Adaptive hints (`hintgroup`): input, text and mode.
    fn adaptive_hint(&self, _inputs: &[Input], _answers: &Answers) -> Option<AdaptiveHint> {
        None
    }

    /// The right answers as "show answer" gives them: input id to text or list.
    fn correct_answers(&self, inputs: &[Input]) -> Vec<(String, Json)>;
}

/// A hint that a `hintgroup` gives to an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdaptiveHint {
    /// The input after which it shows.
    pub input: String,
    /// The text.
    pub text: String,
    /// `always` or `on_request`.
    pub mode: String,
}

/// A response element about to be built.
pub(crate) struct Source<'s, 'a, 'x> {
    /// The element.
    pub element: Node<'a, 'x>,
    /// What input ids start with: `{problem}_{k+1}`.
    pub prefix: &'s str,
    /// The chances of this problem, shared by its responses.
    pub dice: &'s mut Dice,
}

impl<'a, 'x> Source<'_, 'a, 'x> {
    /// The input elements of these names, in order, with their ids.
    fn inputs(
        &self,
        response: &'static str,
        names: &[&str],
    ) -> Result<Vec<(String, Node<'a, 'x>)>, BuildError> {
        let found: Vec<_> = self
            .element
            .descendants()
            .filter(|node| node.is_element() && names.contains(&node.tag_name().name()))
            .enumerate()
            .map(|(at, node)| (format!("{}_{}", self.prefix, at + 1), node))
            .collect();
        if found.is_empty() {
            return Err(BuildError::NoInput { response, inputs: names.join(", ") });
        }
        Ok(found)
    }

    /// The only input of the response.
    fn one_input(
        &self,
        response: &'static str,
        names: &[&str],
    ) -> Result<(String, Node<'a, 'x>), BuildError> {
        let mut inputs = self.inputs(response, names)?;
        if inputs.len() > 1 {
            return Err(BuildError::Invalid(format!(
                "<{response}> takes one input, and has {}",
                inputs.len()
            )));
        }
        inputs.pop().ok_or_else(|| BuildError::NoInput { response, inputs: names.join(", ") })
    }

    fn required(&self, response: &'static str, attribute: &'static str) -> Result<&'a str, BuildError> {
        let value = self.element.attribute(attribute).filter(|value| !value.is_empty());
        value.ok_or(BuildError::MissingAttribute { response, attribute })
    }
}

/// A response that has been built.
pub(crate) struct Built {
    /// Its inputs.
    pub inputs: Vec<Input>,
    /// What grades them.
    pub response: Box<dyn Response>,
    /// Among several explanations (`solutionset`), the one that goes with what is shown.
    pub explanation: Option<Option<String>>,
}

impl Built {
    fn new(inputs: Vec<Input>, response: impl Response + 'static) -> Self {
        Self { inputs, response: Box::new(response), explanation: None }
    }
}

type Build = fn(&mut Source) -> Result<Built, BuildError>;

/// The kinds of responses that are graded here.
const KINDS: &[(&str, Build)] = &[
    (multiple_choice::TAG, multiple_choice::build),
    (true_false::TAG, true_false::build),
    (choice::TAG, choice::build),
    (option::TAG, option::build),
    (string::TAG, string::build),
    (numerical::TAG, numerical::build),
];

/// The kinds that are known and not graded here, and what each needs. Learners see a notice in their place.
const LATER: &[(&str, &str)] = &[
    ("annotationresponse", "a way to annotate text"),
    ("choicetextresponse", "numbers inside choices"),
    ("coderesponse", "an outside grader"),
    ("customresponse", "its author's Python program"),
    ("externalresponse", "an outside grader"),
    ("formularesponse", "the comparison of formulas"),
    ("imageresponse", "a picture to click on"),
    ("javascriptresponse", "its author's JavaScript program"),
    ("jsmeresponse", "an editor of molecules"),
    ("schematicresponse", "an editor of circuits"),
    ("symbolicresponse", "symbolic algebra"),
];

/// What is known of a tag.
pub(crate) enum Kind {
    /// A response that is graded here.
    Graded(&'static str, Build),
    /// A response that is not, and what it needs.
    Later(&'static str, &'static str),
}

/// The kind of response that a tag names; none when it names none.
pub(crate) fn kind(tag: &str) -> Option<Kind> {
    let graded = KINDS.iter().find(|(name, _)| *name == tag).map(|(name, build)| Kind::Graded(name, *build));
    graded
        .or_else(|| LATER.iter().find(|(name, _)| *name == tag).map(|(name, needs)| Kind::Later(name, needs)))
}
