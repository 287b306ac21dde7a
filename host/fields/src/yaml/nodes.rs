//! The tree that a YAML text describes, with every tag resolved and every alias copied.

use std::collections::HashMap;
use std::rc::Rc;

use libyaml_safer::{Event, EventData, Parser, ScalarStyle};

use super::{YamlError, scalar};

/// Before the names of YAML's own tags.
pub(super) const STANDARD_TAG: &str = "tag:yaml.org,2002:";

/// As deep as `serde_json` reads, so that what OLX says can be stored and read again.
const MAX_DEPTH: usize = 127;

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
    let mut bytes = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut bytes);
    let mut reader = Reader {
        parser,
        anchors: HashMap::new(),
        copied: 0,
    };
    let mut document = None;
    loop {
        match reader.next()?.data {
            EventData::StreamEnd => return Ok(document),
            EventData::DocumentStart { .. } if document.is_some() => {
                return Err(YamlError::Syntax(
                    "expected one document, found another".into(),
                ));
            }
            EventData::DocumentStart { .. } => {
                let first = reader.next()?;
                document = Some(reader.node(first, 0)?);
            }
            _ => {}
        }
    }
}

struct Reader<'t> {
    parser: Parser<&'t mut &'t [u8]>,
    /// Each anchored node with the number of nodes that it consists of.
    anchors: HashMap<String, (Node, usize)>,
    copied: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Result<Event, YamlError> {
        self.parser
            .parse()
            .map_err(|error| YamlError::Syntax(error.to_string()))
    }

    fn node(&mut self, event: Event, depth: usize) -> Result<Node, YamlError> {
        if depth > MAX_DEPTH {
            return Err(YamlError::TooLarge(
                "lists and mappings are nested too deep",
            ));
        }
        let (anchor, node) = match event.data {
            EventData::Alias { anchor } => return self.alias(&anchor),
            EventData::Scalar {
                anchor,
                tag,
                value,
                plain_implicit,
                style,
                ..
            } => {
                let may_resolve =
                    plain_implicit && (style == ScalarStyle::Plain || tag.as_deref() == Some("!"));
                let tag = match specific(tag) {
                    Some(tag) => tag,
                    None if may_resolve => standard_tag(scalar::resolve(&value)),
                    None => standard_tag("str"),
                };
                (
                    anchor,
                    Node {
                        tag,
                        content: Content::Scalar(value.into()),
                    },
                )
            }
            EventData::SequenceStart { anchor, tag, .. } => {
                let tag = specific(tag).unwrap_or_else(|| standard_tag("seq"));
                (
                    anchor,
                    Node {
                        tag,
                        content: Content::List(self.list(depth)?),
                    },
                )
            }
            EventData::MappingStart { anchor, tag, .. } => {
                let tag = specific(tag).unwrap_or_else(|| standard_tag("map"));
                (
                    anchor,
                    Node {
                        tag,
                        content: Content::Mapping(self.mapping(depth)?),
                    },
                )
            }
            _ => {
                return Err(YamlError::Syntax(format!(
                    "expected a value at {}",
                    event.start_mark
                )));
            }
        };
        if let Some(anchor) = anchor {
            let size = size(&node);
            self.count_copy(size)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok(node)
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, YamlError> {
        let mut items = Vec::new();
        loop {
            let event = self.next()?;
            if event.data == EventData::SequenceEnd {
                return Ok(items);
            }
            items.push(self.node(event, depth + 1)?);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Vec<(Node, Node)>, YamlError> {
        let mut pairs = Vec::new();
        loop {
            let event = self.next()?;
            if event.data == EventData::MappingEnd {
                return Ok(pairs);
            }
            let key = self.node(event, depth + 1)?;
            let event = self.next()?;
            pairs.push((key, self.node(event, depth + 1)?));
        }
    }

    fn alias(&mut self, anchor: &str) -> Result<Node, YamlError> {
        let Some((node, size)) = self.anchors.get(anchor) else {
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
            return Err(YamlError::TooLarge(
                "aliases unfold to more than 100000 values",
            ));
        }
        Ok(())
    }
}

/// The tag that was written, unless it leaves the choice open.
fn specific(tag: Option<String>) -> Option<Rc<str>> {
    tag.filter(|tag| tag != "!").map(Rc::from)
}

fn size(node: &Node) -> usize {
    1 + match &node.content {
        Content::Scalar(_) => 0,
        Content::List(items) => items.iter().map(size).sum(),
        Content::Mapping(pairs) => pairs
            .iter()
            .map(|(key, value)| size(key) + size(value))
            .sum(),
    }
}

fn check_characters(text: &str) -> Result<(), YamlError> {
    let allowed = |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    match text
        .chars()
        .enumerate()
        .find(|(_, character)| !allowed(*character))
    {
        Some((position, character)) => Err(YamlError::Character {
            character: character.into(),
            position,
        }),
        None => Ok(()),
    }
}
