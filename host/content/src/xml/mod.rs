//! XML that authors wrote, read with bounds: no entity declarations, no absurd depth, no absurd size.
//!
//! A text is first looked at for what would cost too much to parse, then parsed. The text stays at hand, so that
//! content can be carried as it was written and never has to be serialised anew.

mod element;
mod escape;
mod survey;

use roxmltree::{Document, Error, ParsingOptions};

use crate::Fault;
pub(crate) use element::Element;
pub(crate) use escape::{attribute_text, cdata, element_text};

/// The largest XML or HTML file that is read, in bytes. The largest in real courses are a few megabytes.
pub(crate) const MAX_FILE: u64 = 32 << 20;

/// How deep elements may be nested. Real content stays below 40.
const MAX_DEPTH: usize = 256;

/// How many attributes one element may have. The parser compares them pairwise.
const MAX_ATTRIBUTES: usize = 1000;

/// How many namespace declarations one file may have. Every element below one copies it.
const MAX_NAMESPACES: usize = 10_000;

/// How many elements, texts and comments one file may have. Each takes about as much memory as 70 bytes of text.
const MAX_NODES: u32 = 1_000_000;

/// The namespace of fields that are written as elements (spec 2.15.5).
pub(crate) const OPTION_NAMESPACE: &str = "http://code.edx.org/xblock/option";

/// The namespace of the framework's own attributes (spec 2.15.5).
pub(crate) const BLOCK_NAMESPACE: &str = "http://code.edx.org/xblock/block";

/// Parses a text.
///
/// # Errors
/// A [`Fault`] at the place where a bound is crossed or the text is not well-formed.
pub(crate) fn parse<'a>(file: &str, text: &'a str) -> Result<Document<'a>, Fault> {
    survey::survey(text).map_err(|refusal| Fault::at(file, text, refusal.offset, refusal.message))?;
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| describe(file, text, &error))
}

/// The parser's complaint in an author's words.
fn describe(file: &str, text: &str, error: &Error) -> Fault {
    let message = match error {
        Error::UnknownEntityReference(name, _) => {
            format!(
                "the entity `&{name};` is not known in XML; write the character itself, or `&amp;{name};` for the text"
            )
        }
        Error::UnknownNamespace(prefix, _) => {
            format!(
                "the prefix `{prefix}:` is not declared; add `xmlns:{prefix}=\"…\"` to the element, or remove the prefix"
            )
        }
        Error::MalformedEntityReference(_) => "a bare `&`; write `&amp;`".to_owned(),
        Error::UnexpectedCloseTag(expected, actual, _) => {
            format!("`</{actual}>` closes `<{expected}>`; close the inner element first")
        }
        Error::InvalidAttributeValue(_) => "a bare `<` in an attribute; write `&lt;`".to_owned(),
        Error::DuplicatedAttribute(name, _) => {
            format!("the attribute `{name}` is given twice; keep one")
        }
        Error::NodesLimitReached => {
            format!("more than {MAX_NODES} elements and texts in one file; split it")
        }
        Error::NoRootNode => "there is no element in the file; write the block's element".to_owned(),
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            return Fault::at(file, text, text.len(), "the file ends inside an element; close what is open");
        }
        Error::NonXmlChar(character, _) => {
            format!("the character U+{:04X} is not allowed in XML; delete it", u32::from(*character))
        }
        other => format!("not well-formed XML: {other}"),
    };
    let position = error.pos();
    Fault { file: file.to_owned(), line: position.row, column: position.col, message }
}

#[cfg(test)]
mod tests;
