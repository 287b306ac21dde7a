//! A problem as HTML: the author's text, with every response in its place.

use roxmltree::Node;

use super::answers::Answers;
use super::correct_map::CorrectMap;
use super::document::{Part, PartState, Problem, Solution, is_program};
use super::input::{Input, Shown, Widget};
use super::markup;
use super::words::Words;

/// What a learner has done so far, as far as it shows.
pub struct View<'v> {
    /// What was entered last.
    pub answers: &'v Answers,
    /// How it was graded; none when that is not to be seen.
    pub outcomes: Option<&'v CorrectMap>,
    /// Whether answers are taken.
    pub enabled: bool,
    /// The words that are not the author's.
    pub words: Words,
}

/// Elements that tell how to grade. None of their text is for learners to see here.
const SILENT: &[&str] = &[
    "additional_answer",
    "answer",
    "compoundhint",
    "correcthint",
    "demandhint",
    "endouttext",
    "hintgroup",
    "meta",
    "regexphint",
    "responseparam",
    "startouttext",
    "stringequalhint",
    "targetedfeedbackset",
];

/// The problem, without buttons.
pub fn render(problem: &Problem, view: &View) -> String {
    let renderer = Renderer { problem, view };
    let mut html = String::new();
    if problem.has_program() {
        html.push_str(&notice(
            "This problem computes parts of its text with a Python program, which does not run here.",
        ));
    }
    for child in problem.root().children() {
        renderer.write(child, &mut html);
    }
    html
}

fn notice(text: &str) -> String {
    format!("<p class=\"capa-notice\" role=\"note\">{}</p>", markup::escape(text))
}

struct Renderer<'p, 'x> {
    problem: &'p Problem<'x>,
    view: &'p View<'p>,
}

impl<'p, 'x> Renderer<'p, 'x> {
    fn write(&self, node: Node<'p, 'x>, out: &mut String) {
        markup::write(node, out, &mut |element, out| self.element(element, None, out));
    }

    /// Writes what has a meaning in problems; `false` leaves the element to be copied.
    fn element(&self, node: Node<'p, 'x>, part: Option<&'p Part>, out: &mut String) -> bool {
        let name = node.tag_name().name();
        if SILENT.contains(&name) || is_program(node) {
            return true;
        }
        if let Some(part) = self.problem.parts().iter().find(|part| part.node == node.id()) {
            self.part(node, part, out);
            return true;
        }
        if let Some((part, input)) = part.and_then(|part| Some((part, input_at(part, node)?))) {
            self.input(part, input, out);
            return true;
        }
        match name {
            "solution" => {
                if let Some(Solution { id, .. }) =
                    self.problem.solutions().iter().find(|s| s.node == node.id())
                {
                    let id = markup::escape(id);
                    out.push_str(&format!("<div class=\"solution\" id=\"answer_{id}\"></div>"));
                }
                true
            }
            // A label or description of choices stands inside their field set.
            "label" | "description" if part.is_some_and(|part| choices(part).is_some()) => true,
            "label" => {
                let control = part.and_then(|part| part.inputs().first());
                let attributes = control.map_or_else(String::new, |input| {
                    let id = markup::escape(&input.id);
                    format!(" id=\"label_{id}\" for=\"input_{id}\"")
                });
                self.wrap(node, "label", &format!("class=\"question-label\"{attributes}"), part, out);
                true
            }
            "description" => {
                self.wrap(node, "p", "class=\"question-description\"", part, out);
                true
            }
            // In a drawing, `text` is something else.
            "text" if node.ancestors().any(|ancestor| ancestor.tag_name().name() == "svg") => false,
            "text" | "question" | "solutionset" => {
                self.wrap(node, "div", &format!("class=\"{name}\""), part, out);
                true
            }
            "clarification" => {
                self.wrap(node, "span", "class=\"clarification\" role=\"note\"", part, out);
                true
            }
            _ if name.ends_with("response") => {
                out.push_str(&notice(&format!(
                    "This kind of question ({name}) is not known here. It is not graded."
                )));
                true
            }
            _ => false,
        }
    }

    fn wrap(
        &self,
        node: Node<'p, 'x>,
        tag: &str,
        attributes: &str,
        part: Option<&'p Part>,
        out: &mut String,
    ) {
        out.push_str(&format!("<{tag} {attributes}>"));
        self.children(node, part, out);
        out.push_str(&format!("</{tag}>"));
    }

    fn children(&self, node: Node<'p, 'x>, part: Option<&'p Part>, out: &mut String) {
        for child in node.children() {
            markup::write(child, out, &mut |element, out| self.element(element, part, out));
        }
    }

    fn part(&self, node: Node<'p, 'x>, part: &'p Part, out: &mut String) {
        let number =
            self.problem.parts().iter().position(|other| other.node == part.node).map_or(1, |at| at + 1);
        let inline = node.attribute("inline").is_some_and(|inline| inline == "1" || inline == "true");
        let (tag, role) = if inline {
            ("span", String::new())
        } else {
            ("div", format!(" role=\"group\" aria-label=\"Question {number}\""))
        };
        out.push_str(&format!("<{tag} class=\"capa-response\"{role}>"));
        match &part.state {
            PartState::Asked { .. } => self.children(node, Some(part), out),
            PartState::Needs(needs) => {
                self.prose(node, out);
                out.push_str(&notice(&format!(
                    "This question needs {needs}, which is not available here. It is not graded."
                )));
            }
            PartState::Broken(error) => {
                self.prose(node, out);
                out.push_str(&notice(&format!("This question cannot be asked: {error}. It is not graded.")));
            }
        }
        out.push_str(&format!("</{tag}>"));
    }

    /// The text of a question that cannot be asked, without what would be its inputs.
    fn prose(&self, node: Node<'p, 'x>, out: &mut String) {
        for child in node
            .children()
            .filter(|child| ["label", "description", "p"].iter().any(|name| child.has_tag_name(*name)))
        {
            self.wrap(child, "p", "class=\"question-label\"", None, out);
        }
    }

    fn input(&self, part: &'p Part, input: &'p Input, out: &mut String) {
        let element = self.problem.node(part.node);
        let label = element.and_then(|element| element.descendants().find(|node| node.has_tag_name("label")));
        let question = question(self.problem, part, input);
        let mut legend = String::new();
        if choices(part).is_some() {
            if let Some(label) = label {
                self.wrap(label, "legend", "class=\"question-label\"", None, &mut legend);
            }
            for description in element.into_iter().flat_map(|element| element.descendants()) {
                if description.has_tag_name("description") {
                    self.wrap(description, "p", "class=\"question-description\"", None, &mut legend);
                }
            }
        }
        let labelled_by = label.filter(|_| part.inputs().first().is_some_and(|first| first.id == input.id));
        let labelled_by = labelled_by.map(|_| format!("label_{}", input.id));
        let inline = |node: Option<Node>| {
            node.and_then(|node| node.attribute("inline"))
                .is_some_and(|inline| inline == "1" || inline == "true")
        };
        out.push_str(&input.render(&Shown {
            answer: self.view.answers.get(&input.id),
            outcome: self.view.outcomes.and_then(|outcomes| outcomes.get(&input.id)),
            question: &question,
            labelled_by: labelled_by.as_deref(),
            legend: &legend,
            inline: inline(element) || inline(self.problem.node(input.node)),
            enabled: self.view.enabled,
            words: &self.view.words,
        }));
    }
}

fn input_at<'p>(part: &'p Part, node: Node) -> Option<&'p Input> {
    part.inputs().iter().find(|input| input.node == node.id())
}

/// The choices of a part that consists of choices.
fn choices(part: &Part) -> Option<&Input> {
    part.inputs().iter().find(|input| matches!(input.widget, Widget::Choices { .. }))
}

/// The paragraph before a response: what old problems had for a label.
fn question_before(element: Node) -> Option<String> {
    let before =
        element.prev_siblings().skip(1).filter(Node::is_element).find(|node| node.has_tag_name("p"))?;
    Some(markup::plain_text(before)).filter(|text| !text.is_empty())
}

/// The question that an input answers, for the log: the label, or what old problems had for one.
pub fn question(problem: &Problem, part: &Part, input: &Input) -> String {
    let element = problem.node(part.node);
    let label = element.and_then(|element| element.descendants().find(|node| node.has_tag_name("label")));
    match (label, &input.label) {
        (Some(label), _) => markup::plain_text(label),
        (None, Some(label)) => label.clone(),
        (None, None) => element.and_then(question_before).unwrap_or_default(),
    }
}
