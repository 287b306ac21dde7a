//! List, Dict, Set, and the two score types, which are dicts of a fixed form (spec 2.3).

use std::collections::HashSet;

use crate::numbers;
use crate::{ConversionError, FieldValue};

const LIST: &str = "a list";
const DICT: &str = "a dict";
const SET: &str = "a set, or a list of values that are neither lists nor dicts";
const SCORE: &str = "a dict of exactly `raw_earned` and `raw_possible`";
const SCORE_RANGE: &str = "numbers with 0 <= raw_earned <= raw_possible";

/// Null or a list.
pub(crate) fn list(value: FieldValue) -> Result<FieldValue, ConversionError> {
    match value {
        FieldValue::Null | FieldValue::List(_) => Ok(value),
        other => Err(ConversionError::wrong_kind(LIST, other)),
    }
}

/// Null or a dict.
pub(crate) fn dict(value: FieldValue) -> Result<FieldValue, ConversionError> {
    match value {
        FieldValue::Null | FieldValue::Dict(_) => Ok(value),
        other => Err(ConversionError::wrong_kind(DICT, other)),
    }
}

/// Null or a set. Of a list the members are taken, of a dict the keys, of text the characters, of bytes the
/// octets.
pub(crate) fn set(value: FieldValue) -> Result<FieldValue, ConversionError> {
    let members = match value {
        FieldValue::Null | FieldValue::Set(_) => return Ok(value),
        FieldValue::List(items) => items,
        FieldValue::Dict(members) => members.into_iter().map(|(key, _)| key).collect(),
        FieldValue::Text(text) => text.chars().map(|character| FieldValue::Text(character.into())).collect(),
        FieldValue::Bytes(bytes) => bytes.into_iter().map(|octet| FieldValue::Int(octet.into())).collect(),
        other => return Err(ConversionError::wrong_kind(SET, other)),
    };
    let mut seen = HashSet::new();
    let mut distinct = Vec::new();
    for member in members {
        let Some(identity) = member.identity() else {
            return Err(ConversionError::wrong_kind(SET, member));
        };
        if seen.insert(identity) {
            distinct.push(member);
        }
    }
    Ok(FieldValue::Set(distinct))
}

/// Null or earned and possible points.
pub(crate) fn score(value: FieldValue) -> Result<FieldValue, ConversionError> {
    let FieldValue::Dict(members) = &value else {
        return match value {
            FieldValue::Null => Ok(FieldValue::Null),
            other => Err(ConversionError::wrong_kind(SCORE, other)),
        };
    };
    let points = |name: &str| {
        members
            .iter()
            .find(|(key, _)| matches!(key, FieldValue::Text(text) if text == name))
            .map(|(_, value)| value)
    };
    let (2, Some(earned), Some(possible)) = (members.len(), points("raw_earned"), points("raw_possible"))
    else {
        return Err(ConversionError::wrong_kind(SCORE, value));
    };
    match (number(earned), number(possible)) {
        (Some(earned), Some(possible)) if (0.0..=possible).contains(&earned) => Ok(value),
        (Some(_), Some(_)) => Err(ConversionError::out_of_range(SCORE_RANGE, value)),
        _ => Err(ConversionError::wrong_kind(SCORE_RANGE, value)),
    }
}

/// Null or a list of scores.
pub(crate) fn list_score(value: FieldValue) -> Result<FieldValue, ConversionError> {
    match value {
        FieldValue::Null => Ok(FieldValue::Null),
        FieldValue::List(items) => {
            Ok(FieldValue::List(items.into_iter().map(score).collect::<Result<_, _>>()?))
        }
        other => Err(ConversionError::wrong_kind("a list of scores", other)),
    }
}

fn number(value: &FieldValue) -> Option<f64> {
    match value {
        FieldValue::Float(value) => Some(*value),
        FieldValue::Int(value) => numbers::nearest(value),
        FieldValue::Bool(value) => Some(f64::from(*value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_that_compare_equal_are_one() {
        let value = FieldValue::List(vec![
            FieldValue::Int(1.into()),
            FieldValue::Float(1.0),
            FieldValue::Bool(true),
            FieldValue::Text("1".into()),
        ]);
        let expected = FieldValue::Set(vec![FieldValue::Int(1.into()), FieldValue::Text("1".into())]);
        assert_eq!(set(value), Ok(expected));
    }

    #[test]
    fn a_list_is_no_member_of_a_set() {
        let error = set(FieldValue::List(vec![FieldValue::List(Vec::new())]));
        assert!(matches!(error, Err(ConversionError::WrongKind { .. })), "{error:?}");
    }
}
