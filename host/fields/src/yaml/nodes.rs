//! The tree that a YAML text describes, with every tag resolved and every alias copied.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};

use super::{YamlError, scalar};

/// Before the names of YAML's own tags.
pub(super) const STANDARD_TAG: &str = "tag:yaml.org,2002:";

/// A list or mapping inside so many others is the deepest that `serde_json` reads, so that what OLX says can be stored
/// and read again.
const MAX_DEPTH: usize = 126;

/// How many nodes aliases may add.
const MAX_COPIED: usize = 100_000;

/// One node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// In full.
    pub(super) tag: Rc<str>,
    pub(super) content: Content,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Scalar(Rc<str>),
    List(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

/// YAML's own tag of this name.
pub(super) fn standard_tag(name: &str) -> Rc<str> {
    format!("{STANDARD_TAG}{name}").into()
}

/// The one document of the text; `None` where there is none.
pub(super) fn read(text: &str) -> Result<Option<Node>, YamlError> {
    check_characters(text)?;
    let text = &join_surrogates(text);
    // Blanks after the last line break mean nothing. At the end of a block scalar the parser takes them for a line.
    let text = match text.trim_end_matches(' ') {
        lines if lines.ends_with(['\n', '\r']) => lines,
        _ => text,
    };
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        length: text.chars().count(),
        ends_in_line: !text.ends_with(['\n', '\r']),
        anchors: HashMap::new(),
        copied: 0,
    };
    let mut document = None;
    loop {
        match reader.next()?.0 {
            Event::StreamEnd => return Ok(document),
            Event::DocumentStart(_) if document.is_some() => {
                return Err(YamlError::Syntax("expected one document, found another".into()));
            }
            Event::DocumentStart(_) => {
                let first = reader.next()?;
                document = Some(reader.node(first, 0)?);
            }
            _ => {}
        }
    }
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    /// How many characters the text has.
    length: usize,
    /// Whether the last line of the text has no end.
    ends_in_line: bool,
    /// Each anchored node with the number of nodes that it consists of.
    anchors: HashMap<usize, (Node, usize)>,
    copied: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Span), YamlError> {
        match self.parser.next_event() {
            Some(event) => event.map_err(|error| YamlError::Syntax(error.to_string())),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, (event, span): (Event<'t>, Span), depth: usize) -> Result<Node, YamlError> {
        if depth > MAX_DEPTH {
            return Err(YamlError::TooLarge("lists and mappings are nested too deep"));
        }
        let (anchor, node) = match event {
            Event::Alias(anchor) => return self.alias(anchor),
            Event::Scalar(value, style, anchor, tag) => {
                let tag = match (specific(tag.as_deref()), style) {
                    (Some(tag), _) => tag,
                    (None, ScalarStyle::Plain) => standard_tag(scalar::resolve(&value)),
                    (None, _) if tag.is_some() => standard_tag(scalar::resolve(&value)),
                    (None, _) => standard_tag("str"),
                };
                let value = match style {
                    ScalarStyle::Literal | ScalarStyle::Folded => self.without_added_break(&value, span),
                    _ => &value,
                };
                (anchor, Node { tag, content: Content::Scalar(value.into()) })
            }
            Event::SequenceStart(anchor, tag) => {
                let tag = specific(tag.as_deref()).unwrap_or_else(|| standard_tag("seq"));
                (anchor, Node { tag, content: Content::List(self.list(depth)?) })
            }
            Event::MappingStart(anchor, tag) => {
                let tag = specific(tag.as_deref()).unwrap_or_else(|| standard_tag("map"));
                (anchor, Node { tag, content: Content::Mapping(self.mapping(depth)?) })
            }
            _ => return Err(YamlError::Syntax("expected a value".into())),
        };
        if anchor > 0 {
            let size = size(&node);
            self.count_copy(size)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok(node)
    }

    /// In YAML 1.1 a block scalar ends as the text ends. The parser follows YAML 1.2, where its last line always has an
    /// end, and adds one that the text does not have.
    fn without_added_break<'v>(&self, value: &'v str, span: Span) -> &'v str {
        match value.strip_suffix('\n') {
            Some(shorter) if self.ends_in_line && span.end.index() == self.length => shorter,
            _ => value,
        }
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, YamlError> {
        let mut items = Vec::new();
        loop {
            let event = self.next()?;
            if event.0 == Event::SequenceEnd {
                return Ok(items);
            }
            items.push(self.node(event, depth + 1)?);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Vec<(Node, Node)>, YamlError> {
        let mut pairs = Vec::new();
        loop {
            let event = self.next()?;
            if event.0 == Event::MappingEnd {
                return Ok(pairs);
            }
            let key = self.node(event, depth + 1)?;
            let event = self.next()?;
            pairs.push((key, self.node(event, depth + 1)?));
        }
    }

    fn alias(&mut self, anchor: usize) -> Result<Node, YamlError> {
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(YamlError::Syntax(format!(
                "the alias `*{anchor}` stands for nothing that is complete"
            )));
        };
        let (node, size) = (node.clone(), *size);
        self.count_copy(size)?;
        Ok(node)
    }

    fn count_copy(&mut self, size: usize) -> Result<(), YamlError> {
        self.copied = self.copied.saturating_add(size);
        if self.copied > MAX_COPIED {
            return Err(YamlError::TooLarge("aliases unfold to more than 100000 values"));
        }
        Ok(())
    }
}

/// The tag in full, unless there is none or it is a lone `!`, which leaves the choice to the value's form.
fn specific(tag: Option<&Tag>) -> Option<Rc<str>> {
    let tag = tag.filter(|tag| !(tag.handle.is_empty() && tag.suffix == "!"))?;
    Some(format!("{}{}", tag.handle, tag.suffix).into())
}

fn size(node: &Node) -> usize {
    1 + match &node.content {
        Content::Scalar(_) => 0,
        Content::List(items) => items.iter().map(size).sum(),
        Content::Mapping(pairs) => pairs.iter().map(|(key, value)| size(key) + size(value)).sum(),
    }
}

/// Writes the two escapes by which JSON says a character beyond U+FFFF as the one that YAML has for it.
fn join_surrogates(text: &str) -> Cow<'_, str> {
    let mut joined = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('\\') {
        let (before, from) = rest.split_at(start);
        joined += before;
        let length = match surrogate_pair(from) {
            Some(character) => {
                joined += &format!("\\U{:08x}", u32::from(character));
                "\\ud83d\\ude00".len()
            }
            // The backslash with what it escapes, which may be another backslash.
            None => {
                let length = from.chars().take(2).map(char::len_utf8).sum();
                joined += from.get(..length).unwrap_or_default();
                length
            }
        };
        rest = from.get(length..).unwrap_or_default();
    }
    if joined.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(joined + rest) }
}

fn surrogate_pair(escapes: &str) -> Option<char> {
    let unit = |from: usize| {
        let digits = escapes.get(from..from + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    };
    char::decode_utf16([unit(0)?, unit(6)?]).next()?.ok().filter(|character| character.len_utf16() == 2)
}

fn check_characters(text: &str) -> Result<(), YamlError> {
    let allowed = |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    match text.chars().enumerate().find(|(_, character)| !allowed(*character)) {
        Some((position, character)) => Err(YamlError::Character { character: character.into(), position }),
        None => Ok(()),
    }
}
