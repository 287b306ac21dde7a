//! Text as XML writes it.

use std::borrow::Cow;

/// Escapes text for an attribute in double quotes. Line breaks become references, or a parser would turn them into
/// spaces.
pub(crate) fn attribute_text(text: &str) -> Cow<'_, str> {
    escape(text, |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\n' => Some("&#10;"),
        '\t' => Some("&#9;"),
        '\r' => Some("&#13;"),
        _ => None,
    })
}

/// Escapes text between tags.
pub(crate) fn element_text(text: &str) -> Cow<'_, str> {
    escape(text, |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#13;"),
        _ => None,
    })
}

fn escape(text: &str, reference: impl Fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    if !text.contains(|character| reference(character).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match reference(character) {
            Some(reference) => escaped.push_str(reference),
            None => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

/// Wraps text in CDATA, where it stands as it is. A `]]>` within it is split over two sections; characters that XML
/// cannot hold at all become U+FFFD.
pub(crate) fn cdata(text: &str) -> String {
    let text = if text.contains(|character| !is_xml(character)) {
        Cow::Owned(text.replace(|character| !is_xml(character), "\u{FFFD}"))
    } else {
        Cow::Borrowed(text)
    };
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// Whether XML 1.0 allows a character.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
