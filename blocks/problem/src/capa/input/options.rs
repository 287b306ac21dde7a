//! A menu: `optioninput`, with `<option>` elements or the older `options="('a','b')"`.

use roxmltree::Node;

use super::{Input, Shown};
use crate::capa::feedback::Hint;
use crate::capa::markup;

/// One option of a menu.
#[derive(Debug, Clone)]
pub struct MenuOption {
    /// What it says, and what an answer says.
    pub text: String,
    /// Whether it is right.
    pub correct: bool,
    /// What the author says to it.
    pub hint: Option<Hint>,
}

/// The options of `node`, in the author's order.
pub fn read(node: Node) -> Vec<MenuOption> {
    let elements: Vec<MenuOption> =
        node.children().filter(|child| child.has_tag_name("option")).map(element).collect();
    if !elements.is_empty() {
        return elements;
    }
    let right = node.attribute("correct").unwrap_or_default().trim();
    parse(node.attribute("options").unwrap_or_default())
        .into_iter()
        .map(|text| MenuOption { correct: text == right, text, hint: None })
        .collect()
}

fn element(node: Node) -> MenuOption {
    let correct = node.attribute("correct").unwrap_or_default().trim();
    MenuOption {
        text: markup::leading_text(node),
        correct: correct.eq_ignore_ascii_case("true"),
        hint: Hint::read_child(node, "optionhint"),
    }
}

/// `('a','b it\'s')`: quoted texts between brackets, apart by commas or blanks. A quote between two letters is an
/// apostrophe.
fn parse(options: &str) -> Vec<String> {
    let inner = options.trim();
    let inner = inner.strip_prefix(['(', '[']).unwrap_or(inner);
    let inner: Vec<char> = inner.strip_suffix([')', ']']).unwrap_or(inner).chars().collect();
    let at = |index: usize| inner.get(index).copied();
    let mut options = Vec::new();
    let mut i = 0;
    while let Some(c) = at(i) {
        i += 1;
        if c == ',' || c.is_whitespace() {
            continue;
        }
        let quote = matches!(c, '\'' | '"').then_some(c);
        let mut text: String = if quote.is_some() { String::new() } else { c.to_string() };
        while let Some(c) = at(i) {
            i += 1;
            let apostrophe = i >= 2
                && at(i - 2).is_some_and(|before| before.is_ascii_alphabetic())
                && at(i).is_some_and(|after| after.is_ascii_alphabetic());
            match quote {
                Some(_) if c == '\\' && matches!(at(i), Some('\'' | '"')) => {
                    text.extend(at(i));
                    i += 1;
                }
                Some(quote) if c == quote && !apostrophe => break,
                None if c == ',' || c.is_whitespace() => break,
                _ => text.push(c),
            }
        }
        options.push(text);
    }
    options
}

pub(super) fn render(input: &Input, options: &[MenuOption], shown: &Shown) -> String {
    let picked = shown.answer.and_then(|answer| answer.text()).unwrap_or_default();
    let mut html = format!(
        "<select id=\"input_{}\" name=\"{}\"{}{}><option value=\"\">{}</option>",
        markup::escape(&input.id),
        markup::escape(&input.field()),
        input.name_attribute(shown),
        input.attributes(shown),
        markup::escape(&shown.words.select_an_option),
    );
    for option in options {
        let text = markup::escape(&option.text);
        let selected = if option.text == picked { " selected" } else { "" };
        html.push_str(&format!("<option value=\"{text}\"{selected}>{text}</option>"));
    }
    html.push_str("</select>");
    html
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_older_notation_is_read_with_its_apostrophes() {
        assert_eq!(parse("('a','b')"), ["a", "b"]);
        assert_eq!(parse(r"('it\'s', 'don't' 'x, y')"), ["it's", "don't", "x, y"]);
        assert_eq!(parse("(\"Yes\",\"No\")"), ["Yes", "No"]);
        assert_eq!(parse("('','z')"), ["", "z"]);
        assert!(parse("").is_empty());
    }
}
