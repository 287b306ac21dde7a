//! YAML 1.1, the language in which OLX writes everything but text (spec 2.3.1).
//!
//! Only what a safe loader gives is ever made: plain values. Tags that would name a class of some program are refused,
//! and so are documents whose aliases unfold to more than they say. The grammar is the business of `saphyr-parser`;
//! what scalars and tags mean is said here ([`scalar`]), because YAML 1.2, which crates implement, reads `yes`, `017`
//! and `1:30` differently.
//!
//! In grammar the parser follows YAML 1.2 too. What that changes in values is put right where the tree is built
//! ([`nodes`]). What is left: tabs may stand where blanks may, keys may be empty, an anchor may be given twice, U+0085 is
//! no line break, and a comment needs a blank before it also after a quote.

mod nodes;
mod scalar;
mod timestamp;

use std::collections::HashMap;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::FieldValue;
use nodes::{Content, Node};

/// Why a text is not YAML, or more than plain values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YamlError {
    /// A character that YAML does not allow, at this place (from 0).
    #[error("the character U+{character:04X} at position {position} is not allowed")]
    Character {
        /// The code point.
        character: u32,
        /// How many characters stand before it.
        position: usize,
    },
    /// The text does not follow the grammar.
    #[error("{0}")]
    Syntax(String),
    /// Nesting, or the unfolding of aliases, goes too far.
    #[error("{0}")]
    TooLarge(&'static str),
    /// A tag that means nothing here, or that does not fit its value.
    #[error("the tag `{tag}` is not known here or does not fit its value")]
    Tag {
        /// The tag in full.
        tag: String,
    },
    /// A mapping's key is a list or a mapping.
    #[error("a list or a mapping cannot be a key")]
    Key,
    /// What stands after `<<` cannot be merged.
    #[error("expected a mapping, or a list of mappings, to merge")]
    Merge,
}

/// Why a text cannot be loaded: it is not YAML, or a scalar does not say what its form promises.
#[derive(Debug, PartialEq)]
pub(crate) enum LoadError {
    Yaml(YamlError),
    /// For instance a date with a thirteenth month.
    Scalar {
        expected: &'static str,
        text: String,
    },
}

impl From<YamlError> for LoadError {
    fn from(error: YamlError) -> Self {
        Self::Yaml(error)
    }
}

/// The value that the text says; null for an empty one.
pub(crate) fn load(text: &str) -> Result<FieldValue, LoadError> {
    match nodes::read(text)? {
        Some(node) => construct(node),
        None => Ok(FieldValue::Null),
    }
}

fn construct(node: Node) -> Result<FieldValue, LoadError> {
    let Node { tag, content } = node;
    let unfit = |tag: &str| LoadError::Yaml(YamlError::Tag { tag: tag.to_owned() });
    match (tag.strip_prefix(nodes::STANDARD_TAG).unwrap_or_default(), content) {
        ("binary", Content::Scalar(text)) => bytes(&text).map(FieldValue::Bytes).ok_or_else(|| unfit(&tag)),
        (kind @ ("null" | "bool" | "int" | "float" | "str" | "timestamp"), Content::Scalar(text)) => {
            scalar::construct(kind, &text)
                .map_err(|expected| LoadError::Scalar { expected, text: text.to_string() })
        }
        ("seq", Content::List(items)) => Ok(FieldValue::List(construct_all(items)?)),
        ("map", Content::Mapping(pairs)) => Ok(FieldValue::Dict(construct_pairs(merge(pairs)?)?)),
        ("set", Content::Mapping(pairs)) => {
            let members = construct_pairs(merge(pairs)?)?;
            Ok(FieldValue::Set(members.into_iter().map(|(member, _)| member).collect()))
        }
        ("omap" | "pairs", Content::List(items)) => {
            let pairs = items.into_iter().map(|item| match item.content {
                Content::Mapping(pairs) => match <[_; 1]>::try_from(pairs) {
                    Ok([(key, value)]) => Ok(FieldValue::List(vec![construct(key)?, construct(value)?])),
                    Err(_) => Err(unfit(&tag)),
                },
                _ => Err(unfit(&tag)),
            });
            Ok(FieldValue::List(pairs.collect::<Result<_, _>>()?))
        }
        _ => Err(unfit(&tag)),
    }
}

fn construct_all(nodes: Vec<Node>) -> Result<Vec<FieldValue>, LoadError> {
    nodes.into_iter().map(construct).collect()
}

/// Keys and values; of equal keys the first keeps its place and the last its value.
fn construct_pairs(pairs: Vec<(Node, Node)>) -> Result<Vec<(FieldValue, FieldValue)>, LoadError> {
    let mut members: Vec<(FieldValue, FieldValue)> = Vec::with_capacity(pairs.len());
    let mut places = HashMap::new();
    for (key, value) in pairs {
        let key = construct(key)?;
        let value = construct(value)?;
        let place = *places.entry(key.identity().ok_or(YamlError::Key)?).or_insert(members.len());
        match members.get_mut(place) {
            Some(member) => member.1 = value,
            None => members.push((key, value)),
        }
    }
    Ok(members)
}

/// Puts what `<<` refers to before the mapping's own pairs, so that these win. A key `=` is only text.
fn merge(pairs: Vec<(Node, Node)>) -> Result<Vec<(Node, Node)>, YamlError> {
    let mut merged = Vec::new();
    let mut own = Vec::with_capacity(pairs.len());
    for (mut key, value) in pairs {
        match key.tag.strip_prefix(nodes::STANDARD_TAG) {
            Some("merge") => match value.content {
                Content::Mapping(pairs) => merged.extend(merge(pairs)?),
                Content::List(items) => {
                    for item in items.into_iter().rev() {
                        let Content::Mapping(pairs) = item.content else {
                            return Err(YamlError::Merge);
                        };
                        merged.extend(merge(pairs)?);
                    }
                }
                Content::Scalar(_) => return Err(YamlError::Merge),
            },
            Some("value") => {
                key.tag = nodes::standard_tag("str");
                own.push((key, value));
            }
            _ => own.push((key, value)),
        }
    }
    merged.extend(own);
    Ok(merged)
}

/// Base64, in which everything that is no letter of it is skipped.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let letters: String = text
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '='))
        .collect();
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical)
        .with_decode_allow_trailing_bits(true);
    text.is_ascii().then(|| GeneralPurpose::new(&STANDARD, config).decode(letters).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json_text::compact;

    #[track_caller]
    fn loads(text: &str, json: &str) {
        assert_eq!(compact(&load(text).unwrap()), json, "{text}");
    }

    #[track_caller]
    fn fails(text: &str) -> LoadError {
        load(text).unwrap_err()
    }

    #[test]
    fn an_alias_is_a_copy_and_a_merge_gives_way_to_own_keys() {
        loads("{a: &x {b: 1, c: 2}, d: {<<: *x, b: 3}}", r#"{"a": {"b": 1, "c": 2}, "d": {"b": 3, "c": 2}}"#);
        loads("{<<: [{a: 1}, {a: 2, b: 2}]}", r#"{"a": 1, "b": 2}"#);
        loads("{=: 1}", r#"{"=": 1}"#);
    }

    #[test]
    fn aliases_that_unfold_without_end_are_refused() {
        let mut bomb = "- &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..10 {
            let alias = format!("*a{}", level - 1);
            bomb += &format!("- &a{level} [{}]\n", [alias.as_str(); 10].join(","));
        }
        assert!(matches!(fails(&bomb), LoadError::Yaml(YamlError::TooLarge(_))));
        assert!(matches!(fails("&a [*a]"), LoadError::Yaml(YamlError::Syntax(_))));
        assert!(matches!(fails(&"[".repeat(100_000)), LoadError::Yaml(_)));
        assert!(matches!(fails(&"- ".repeat(100_000)), LoadError::Yaml(_)));
    }

    #[test]
    fn the_deepest_list_that_is_read_can_be_read_as_json_again() {
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        let value = load(&nested(127)).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&compact(&value)).is_ok());
        assert_eq!(
            fails(&nested(128)),
            LoadError::Yaml(YamlError::TooLarge("lists and mappings are nested too deep"))
        );
    }

    #[test]
    fn a_character_in_two_escapes_is_one() {
        assert_eq!(load(r#""\ud83d\ude00 \\ud83d\u00e9""#), Ok(FieldValue::Text("😀 \\ud83dé".into())));
        assert!(load(r#""\ud83d""#).is_err());
    }

    #[test]
    fn a_block_scalar_ends_as_the_text_ends() {
        for (text, value) in [("|\n x", "x"), ("|\n x\n", "x\n"), (">\n a\n b", "a b"), ("|\n x\n ", "x\n")] {
            assert_eq!(load(text), Ok(FieldValue::Text(value.into())), "{text:?}");
        }
    }

    #[test]
    fn tags_make_plain_values_only() {
        loads("!!set {a, b}", r#"["a", "b"]"#);
        loads("!!omap [a: 1]", r#"[["a", 1]]"#);
        loads("!!binary aGk=", r#""aGk=""#);
        loads("!!str 1", r#""1""#);
        for text in ["!!python/object:os.system x", "!local x", "=", "!!set [a]", "{[a]: b}"] {
            assert!(matches!(fails(text), LoadError::Yaml(YamlError::Tag { .. } | YamlError::Key)), "{text}");
        }
    }

    #[test]
    fn a_character_that_yaml_does_not_allow_is_named() {
        assert_eq!(fails("a\u{b}b"), LoadError::Yaml(YamlError::Character { character: 0xb, position: 1 }));
    }

    #[test]
    fn only_one_document_is_read() {
        loads("--- 1\n", "1");
        assert!(matches!(fails("--- 1\n--- 2\n"), LoadError::Yaml(YamlError::Syntax(_))));
    }
}
