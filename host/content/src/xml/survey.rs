//! One linear look at a text before it is parsed: depth, attributes, namespaces, entity declarations.
//!
//! The look is lenient about everything else: what is not well-formed is for the parser to say.

use super::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_NAMESPACES};

/// Why a text is not parsed at all.
#[derive(Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) offset: usize,
    pub(super) message: String,
}

/// Looks at a text.
pub(super) fn survey(text: &str) -> Result<(), Refusal> {
    if let Some((offset, _)) = text.match_indices("xmlns:").nth(MAX_NAMESPACES) {
        let message =
            format!("more than {MAX_NAMESPACES} namespace declarations; declare each once, on the root");
        return Err(Refusal { offset, message });
    }
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + found;
        let rest = text.get(start..).unwrap_or_default();
        at = start
            + if rest.starts_with("<!--") {
                through(rest, "-->")
            } else if rest.starts_with("<![CDATA[") {
                through(rest, "]]>")
            } else if rest.starts_with("<?") {
                through(rest, "?>")
            } else if rest.starts_with("<!") {
                doctype(rest, start)?
            } else if rest.starts_with("</") {
                depth = depth.saturating_sub(1);
                through(rest, ">")
            } else {
                let (length, opens) = start_tag(rest, start)?;
                depth += usize::from(opens);
                length
            };
        if depth > MAX_DEPTH {
            let message = format!("elements are nested deeper than {MAX_DEPTH}; make the structure flatter");
            return Err(Refusal { offset: start, message });
        }
    }
    Ok(())
}

/// The length up to and with `end`, or all of it.
fn through(rest: &str, end: &str) -> usize {
    rest.find(end).map_or(rest.len(), |at| at + end.len())
}

/// The length of a document type declaration; one that declares entities is refused.
fn doctype(rest: &str, start: usize) -> Result<usize, Refusal> {
    let mut quote = None;
    let mut brackets = 0_usize;
    let mut length = rest.len();
    for (at, character) in rest.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '[') => brackets += 1,
            (None, ']') => brackets = brackets.saturating_sub(1),
            (None, '>') if brackets == 0 => {
                length = at + 1;
                break;
            }
            _ => {}
        }
    }
    match rest.get(..length).and_then(|declaration| declaration.find("<!ENTITY")) {
        Some(at) => Err(Refusal {
            offset: start + at,
            message: "entity declarations are refused; write the text itself in place of the entity"
                .to_owned(),
        }),
        None => Ok(length),
    }
}

/// The length of a start tag, and whether it opens an element.
fn start_tag(rest: &str, start: usize) -> Result<(usize, bool), Refusal> {
    let mut quote = None;
    let mut attributes = 0;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'=') => attributes += 1,
            (None, b'>') => {
                return Ok((at + 1, !rest.get(..at).is_some_and(|tag| tag.ends_with('/'))));
            }
            _ => {}
        }
        if attributes > MAX_ATTRIBUTES {
            let message = format!("an element with more than {MAX_ATTRIBUTES} attributes; remove some");
            return Err(Refusal { offset: start, message });
        }
    }
    Ok((rest.len(), true))
}
