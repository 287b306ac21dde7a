//! A line of text: `textline` and `formulaequationinput`.

use roxmltree::Node;

use super::{Input, Shown};
use crate::capa::markup;

/// A line of text.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its width in characters.
    size: Option<u16>,
    /// What follows it: a unit, for instance.
    trailing_text: Option<String>,
    hidden: bool,
}

/// The line that `node` describes. What an author wrote as a width and is none is left to the browser.
pub fn read(node: Node) -> Line {
    Line {
        size: node.attribute("size").and_then(|size| size.trim().parse().ok()).filter(|size| *size > 0),
        trailing_text: node.attribute("trailing_text").map(str::to_owned),
        hidden: node.attribute("hidden").is_some_and(|hidden| !hidden.is_empty() && hidden != "false"),
    }
}

pub(super) fn render(input: &Input, line: &Line, shown: &Shown) -> String {
    let value = shown.answer.and_then(|answer| answer.text()).unwrap_or_default();
    let size = line.size.map(|size| format!(" size=\"{size}\"")).unwrap_or_default();
    let mode =
        if input.tag == "formulaequationinput" { " inputmode=\"text\" spellcheck=\"false\"" } else { "" };
    let hidden = if line.hidden { " hidden" } else { "" };
    let mut html = format!(
        "<input type=\"text\" autocomplete=\"off\" id=\"input_{}\" name=\"{}\" value=\"{}\"{size}{mode}{hidden}{}{}/>",
        markup::escape(&input.id),
        markup::escape(&input.field()),
        markup::escape(value),
        input.name_attribute(shown),
        input.attributes(shown),
    );
    if let Some(text) = &line.trailing_text {
        html.push_str(&format!("<span class=\"trailing-text\">{}</span>", markup::escape(text)));
    }
    html
}
