//! A problem: its XML read, its responses built, its answers graded.
//!
//! A mistake in one response never costs the others: it becomes a [`Part`] that says what is wrong. Only XML that
//! cannot be read at all is an error of the whole problem.

use roxmltree::{Document, Node, NodeId};
use serde_json::Value as Json;

use super::answers::Answers;
use super::correct_map::CorrectMap;
use super::feedback::Feedback;
use super::input::Input;
use super::markup;
use super::response::{self, Built, Dice, GradeError, Kind, Response, Source};

/// Why a problem cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// The author's text is not XML.
    #[error("the problem is not well-formed XML: {0}")]
    Xml(String),
}

/// One response element of a problem.
pub struct Part {
    /// `{problem}_{k}` for response k (spec 9.3.5).
    pub id: String,
    /// The author's tag.
    pub tag: &'static str,
    /// Where it stands in the document.
    pub node: NodeId,
    /// What can be done with it.
    pub state: PartState,
}

/// What can be done with a response element.
pub enum PartState {
    /// It is asked and graded.
    Asked {
        /// What a learner fills in.
        inputs: Vec<Input>,
        /// What grades it.
        response: Box<dyn Response>,
    },
    /// It cannot be asked here; what it needs.
    Needs(&'static str),
    /// Its author made a mistake; which.
    Broken(String),
}

impl Part {
    /// The inputs that can be filled in.
    pub fn inputs(&self) -> &[Input] {
        match &self.state {
            PartState::Asked { inputs, .. } => inputs,
            PartState::Needs(_) | PartState::Broken(_) => &[],
        }
    }
}

/// The outcome of a submission.
pub struct Graded {
    /// The outcome of every input.
    pub outcomes: CorrectMap,
    /// What the author says, with the part that it belongs to.
    pub feedback: Vec<(Feedback, String, &'static str)>,
}

/// An explanation of the right answer.
pub struct Solution {
    /// `{problem}_solution_{n}` (spec 9.3.5).
    pub id: String,
    /// Where it stands in the document.
    pub node: NodeId,
    /// The explanation, as HTML.
    pub html: String,
}

/// A problem.
pub struct Problem<'x> {
    id: String,
    document: Document<'x>,
    parts: Vec<Part>,
    solutions: Vec<Solution>,
}

impl<'x> Problem<'x> {
    /// Reads the problem `xml`. `id` starts the ids of its inputs; `seed` decides the order of shuffled choices.
    ///
    /// # Errors
    /// [`ProblemError::Xml`] when the text is not XML.
    pub fn parse(xml: &'x str, id: &str, seed: i64) -> Result<Self, ProblemError> {
        let document = Document::parse(xml).map_err(|error| ProblemError::Xml(error.to_string()))?;
        let has_program = document.root().descendants().any(is_program);
        let mut parts = Vec::new();
        let mut hidden = Vec::new();
        let mut dice = Dice::new(seed);
        for node in document.root().descendants().filter(Node::is_element) {
            let Some(kind) = response::kind(node.tag_name().name()) else { continue };
            let number = parts.len() + 1;
            let prefix = format!("{id}_{}", number + 1);
            let (tag, state) = match kind {
                Kind::Later(tag, needs) => (tag, PartState::Needs(needs)),
                Kind::Graded(tag, _) if has_program && uses_variables(node) => {
                    (tag, PartState::Needs("its author's Python program"))
                }
                Kind::Graded(tag, build) => {
                    let mut source = Source { element: node, prefix: &prefix, dice: &mut dice };
                    let state = match build(&mut source) {
                        Ok(Built { inputs, response, explanation }) => {
                            hidden.extend(
                                explanation.map(|kept| other_explanations(node, kept)).unwrap_or_default(),
                            );
                            PartState::Asked { inputs, response }
                        }
                        Err(error) => PartState::Broken(error.to_string()),
                    };
                    (tag, state)
                }
            };
            parts.push(Part { id: format!("{id}_{number}"), tag, node: node.id(), state });
        }
        let solutions = document
            .root()
            .descendants()
            .filter(|node| node.has_tag_name("solution"))
            .enumerate()
            .filter(|(_, node)| !hidden.contains(&node.id()))
            .map(|(at, node)| Solution {
                id: format!("{id}_solution_{}", at + 1),
                node: node.id(),
                html: markup::inner(node),
            })
            .collect();
        Ok(Self { id: id.to_owned(), document, parts, solutions })
    }

    /// What the ids of its inputs start with.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The outermost element.
    pub fn root(&self) -> Node<'_, 'x> {
        self.document.root_element()
    }

    /// The response elements, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// All inputs, in order.
    pub fn inputs(&self) -> impl Iterator<Item = &Input> {
        self.parts.iter().flat_map(Part::inputs)
    }

    /// The explanations that may be shown, in order.
    pub fn solutions(&self) -> &[Solution] {
        &self.solutions
    }

    /// The element with this id.
    pub fn node(&self, id: NodeId) -> Option<Node<'_, 'x>> {
        self.document.get_node(id)
    }

    /// Whether it has a program in Python, which is not run here.
    pub fn has_program(&self) -> bool {
        self.root().descendants().any(is_program)
    }

    /// The hints that a learner may ask for, as HTML, in order.
    pub fn demand_hints(&self) -> Vec<String> {
        let lists = self.root().children().filter(|node| node.has_tag_name("demandhint"));
        lists
            .flat_map(|list| list.children())
            .filter(|node| node.has_tag_name("hint"))
            .map(markup::inner)
            .collect()
    }

    /// The most points that can be earned. Parts that cannot be asked here count for nothing.
    pub fn max_points(&self) -> f64 {
        self.inputs().map(|input| input.points).sum()
    }

    /// The points that these outcomes earn.
    pub fn points(&self, outcomes: &CorrectMap) -> f64 {
        self.inputs()
            .filter_map(|input| outcomes.get(&input.id))
            .map(super::correct_map::Outcome::points)
            .sum()
    }

    /// Whether every input was answered right, or partially right.
    pub fn is_correct(&self, outcomes: &CorrectMap) -> bool {
        let mut inputs = self.inputs().peekable();
        inputs.peek().is_some()
            && inputs
                .all(|input| outcomes.get(&input.id).is_some_and(super::correct_map::Outcome::is_correct))
    }

    /// Grades `answers`.
    ///
    /// # Errors
    /// See [`GradeError`]; then nothing is graded.
    pub fn grade(&self, answers: &Answers) -> Result<Graded, GradeError> {
        let mut graded = Graded { outcomes: CorrectMap::new(), feedback: Vec::new() };
        for part in &self.parts {
            let PartState::Asked { inputs, response } = &part.state else { continue };
            let mut outcomes = response.grade(inputs, answers)?;
            let adaptive = self.node(part.node).is_some_and(has_hint_group);
            if adaptive {
                if let Some(hint) = response.adaptive_hint(inputs, answers)
                    && let Some(outcome) = outcomes.get_mut(&hint.input)
                {
                    outcome.hint = hint.text;
                    outcome.hintmode = Some(hint.mode);
                }
            } else {
                for feedback in response.feedback(inputs, answers, &outcomes) {
                    if let Some(outcome) = outcomes.get_mut(&feedback.input) {
                        outcome.msg.push_str(&feedback.html());
                    }
                    graded.feedback.push((feedback, part.id.clone(), part.tag));
                }
            }
            graded.outcomes.append(&mut outcomes);
        }
        Ok(graded)
    }

    /// The right answers and the explanations, by id, as "show answer" gives them.
    pub fn correct_answers(&self) -> serde_json::Map<String, Json> {
        let mut answers = serde_json::Map::new();
        for part in &self.parts {
            if let PartState::Asked { inputs, response } = &part.state {
                answers.extend(response.correct_answers(inputs));
            }
        }
        for Solution { id, html, .. } in &self.solutions {
            let shown = format!("<solution id=\"{}\">{html}</solution>", markup::escape(id));
            answers.insert(id.clone(), Json::String(shown));
        }
        answers
    }
}

/// Whether `node` is a program in Python.
pub(super) fn is_program(node: Node) -> bool {
    node.has_tag_name("script")
        && node.attribute("type").is_some_and(|kind| kind.to_lowercase().contains("python"))
        && !node.text().unwrap_or_default().trim().is_empty()
}

/// Whether `$name` occurs in `element`: only a program could say what it stands for.
fn uses_variables(element: Node) -> bool {
    let in_text = |text: &str| {
        text.split('$').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
    };
    element.descendants().any(|node| {
        node.attributes().any(|attribute| in_text(attribute.value()))
            || (node.is_text() && node.text().is_some_and(in_text))
    })
}

fn has_hint_group(element: Node) -> bool {
    element.children().any(|child| child.has_tag_name("hintgroup"))
}

/// The solutions of the `solutionset` after `element` that do not go with the choice that was drawn.
fn other_explanations(element: Node, kept: Option<String>) -> Vec<NodeId> {
    let mut siblings = element.next_siblings().skip(1);
    let Some(set) = siblings.find(|sibling| sibling.has_tag_name("solutionset")) else { return Vec::new() };
    set.children()
        .filter(|child| {
            child.has_tag_name("solution") && child.attribute("explanation-id") != kept.as_deref()
        })
        .map(|child| child.id())
        .collect()
}
