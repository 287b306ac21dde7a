//! String and XMLString (spec 2.3).

use crate::{ConversionError, FieldValue};

const TEXT: &str = "text";

/// Null or text without the characters that XML cannot have. Bytes are UTF-8.
pub(crate) fn string(value: FieldValue) -> Result<FieldValue, ConversionError> {
    match value {
        FieldValue::Null => Ok(FieldValue::Null),
        FieldValue::Text(text) => Ok(FieldValue::Text(sanitize(text))),
        FieldValue::Bytes(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(FieldValue::Text(sanitize(text))),
            Err(error) => {
                Err(ConversionError::unreadable("UTF-8 text", FieldValue::Bytes(error.into_bytes())))
            }
        },
        other => Err(ConversionError::wrong_kind(TEXT, other)),
    }
}

/// As [`string`], and the text as it came is one well-formed XML element.
///
/// A document type is refused, so no entity is ever expanded.
pub(crate) fn xml_string(value: FieldValue) -> Result<FieldValue, ConversionError> {
    let text = match &value {
        FieldValue::Text(text) => text.as_str(),
        FieldValue::Bytes(bytes) => std::str::from_utf8(bytes).unwrap_or_default(),
        _ => return string(value),
    };
    roxmltree::Document::parse(text)
        .map_err(|error| ConversionError::NotXml { problem: error.to_string() })?;
    string(value)
}

/// Takes out what XML 1.0 has no way to write.
fn sanitize(mut text: String) -> String {
    let impossible = |character: char| matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(impossible) {
        text.retain(|character| !impossible(character));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_xml_is_refused_and_does_not_exhaust_the_stack() {
        let deep = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
        let _ = xml_string(FieldValue::Text(deep));
    }

    #[test]
    fn a_document_type_is_refused() {
        let error = xml_string(FieldValue::Text("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>".into()));
        assert!(matches!(error, Err(ConversionError::NotXml { .. })), "{error:?}");
    }
}
