//! One linear look at a text before it is parsed: depth, attributes, namespaces, entity declarations.
//!
//! The look is lenient about everything else: what is not well-formed is for the parser to say.

use std::collections::BTreeSet;

use super::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_NAMESPACES};

/// What the look found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Prefixes that are used and nowhere declared.
    pub(super) undeclared: BTreeSet<String>,
    /// Where the root element's tag name ends, which is where a declaration can be put.
    pub(super) declarations: Option<usize>,
}

/// Why a text is not parsed at all.
#[derive(Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) offset: usize,
    pub(super) message: String,
}

/// Looks at a text.
pub(super) fn survey(text: &str) -> Result<Survey, Refusal> {
    let mut look = Look::default();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + found;
        let rest = text.get(start..).unwrap_or_default();
        let length = if rest.starts_with("<!--") {
            through(rest, "-->")
        } else if rest.starts_with("<![CDATA[") {
            through(rest, "]]>")
        } else if rest.starts_with("<?") {
            through(rest, "?>")
        } else if rest.starts_with("<!") {
            doctype(rest, start)?
        } else if rest.starts_with("</") {
            look.depth = look.depth.saturating_sub(1);
            through(rest, ">")
        } else {
            look.start_tag(rest, start)?
        };
        at = start + length;
    }
    Ok(Survey {
        undeclared: look.used.difference(&look.declared).cloned().collect(),
        declarations: look.root_name_end,
    })
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
    match rest
        .get(..length)
        .and_then(|declaration| declaration.find("<!ENTITY"))
    {
        Some(at) => Err(Refusal {
            offset: start + at,
            message:
                "entity declarations are refused; write the text itself in place of the entity"
                    .to_owned(),
        }),
        None => Ok(length),
    }
}

#[derive(Default)]
struct Look {
    depth: usize,
    namespaces: usize,
    used: BTreeSet<String>,
    declared: BTreeSet<String>,
    root_name_end: Option<usize>,
}

impl Look {
    /// Takes in a start tag and returns its length.
    fn start_tag(&mut self, rest: &str, start: usize) -> Result<usize, Refusal> {
        let refuse = |offset: usize, message: String| {
            Err(Refusal {
                offset: start + offset,
                message,
            })
        };
        let mut name_start = 1;
        let mut in_name = true;
        let mut quote = None;
        let mut attributes = 0;
        let mut length = rest.len();
        for (at, byte) in rest.bytes().enumerate().skip(1) {
            if let Some(open) = quote {
                if byte == open {
                    (quote, name_start) = (None, at + 1);
                }
                continue;
            }
            let ends_name = matches!(
                byte,
                b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'>' | b'/' | b'"' | b'\''
            );
            if ends_name && in_name {
                in_name = false;
                self.name(rest.get(name_start..at).unwrap_or_default());
                self.root_name_end.get_or_insert(start + at);
            } else if !ends_name && !in_name {
                (in_name, name_start) = (true, at);
            }
            match byte {
                b'"' | b'\'' => quote = Some(byte),
                b'=' => attributes += 1,
                b'>' => {
                    length = at + 1;
                    break;
                }
                _ => {}
            }
            if attributes > MAX_ATTRIBUTES {
                return refuse(
                    0,
                    format!("an element with more than {MAX_ATTRIBUTES} attributes; remove some"),
                );
            }
        }
        if self.namespaces > MAX_NAMESPACES {
            return refuse(
                0,
                format!(
                    "more than {MAX_NAMESPACES} namespace declarations; declare each once, on the root"
                ),
            );
        }
        if !rest.get(..length).is_some_and(|tag| tag.ends_with("/>")) {
            self.depth += 1;
        }
        if self.depth > MAX_DEPTH {
            return refuse(
                0,
                format!("elements are nested deeper than {MAX_DEPTH}; make the structure flatter"),
            );
        }
        Ok(length)
    }

    /// Takes in the name of a tag or an attribute.
    fn name(&mut self, name: &str) {
        let Some((prefix, local)) = name.split_once(':') else {
            return;
        };
        match prefix {
            "xmlns" => {
                self.namespaces += 1;
                self.declared.insert(local.to_owned());
            }
            "" | "xml" => {}
            prefix if local.is_empty() || local.contains(':') || !is_prefix(prefix) => {}
            prefix if !self.used.contains(prefix) => {
                self.used.insert(prefix.to_owned());
            }
            _ => {}
        }
    }
}

/// Whether a declaration of this prefix would be well-formed.
fn is_prefix(prefix: &str) -> bool {
    prefix.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && prefix.chars().all(|character| {
            character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
        })
}
