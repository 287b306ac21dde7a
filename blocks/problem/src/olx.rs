//! The block's own OLX element: the whole of it is the problem, and its attributes are settings (spec 9.3.1).
//!
//! Courses carry settings that mean nothing (`max_attempts="hah!"`). Such a setting keeps its default: a problem
//! with a mistyped setting is worth more than no problem.

use blockhouse_sdk::block::Fields;
use blockhouse_sdk::prelude::*;
use roxmltree::Document;
use serde_json::Map;

use crate::{ProblemBlock, deadline};

pub(crate) fn parse(element: &str) -> Result<Value> {
    let document = Document::parse(element)?;
    let mut fields = Map::new();
    let declarations = ProblemBlock::declarations();
    for attribute in document.root_element().attributes() {
        let declared =
            declarations.iter().find(|field| field.name == attribute.name() && field.scope == "settings");
        if let Some(value) = declared.and_then(|field| read(field.field_type, attribute.value())) {
            fields.insert(attribute.name().to_owned(), value);
        }
    }
    fields.insert("data".to_owned(), json!(element));
    Ok(Value::Object(fields))
}

/// The value of a setting; none when the text means none.
fn read(field_type: &str, text: &str) -> Option<Value> {
    // Old exports wrote texts as JSON, quotes and all.
    let plain = match serde_json::from_str(text) {
        Ok(Value::String(text)) => text,
        _ => text.to_owned(),
    };
    let trimmed = plain.trim();
    let empty = trimmed.is_empty() || trimmed == "null";
    match field_type {
        "boolean" => match trimmed.to_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(json!(true)),
            "false" | "no" | "off" | "0" => Some(json!(false)),
            _ => None,
        },
        "integer" | "float" if empty => None,
        "integer" => {
            trimmed.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| json!(number as i64))
        }
        "float" => {
            trimmed.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| json!(number))
        }
        "date" => deadline::seconds(trimmed).map(|seconds| json!(deadline::stamp(seconds))),
        "timedelta" => deadline::length(trimmed).map(|_| json!(trimmed)),
        _ => Some(json!(plain)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_settings_and_the_element_is_the_problem() {
        let element = r#"<problem display_name="A" max_attempts="2" weight="0.5" show_reset_button="True" markdown="&gt;&gt;x"><p/></problem>"#;
        let expected = json!({
            "display_name": "A", "max_attempts": 2, "weight": 0.5, "show_reset_button": true, "markdown": ">>x",
            "data": element,
        });
        assert_eq!(parse(element).unwrap_or_default(), expected);
    }

    #[test]
    fn settings_that_mean_nothing_and_fields_of_learners_are_left_out() {
        let element = r#"<problem max_attempts="hah!" weight="" due="soon" attempts="3" seed="5" showanswer="&quot;attempted&quot;" points="2"/>"#;
        assert_eq!(parse(element).unwrap_or_default(), json!({"showanswer": "attempted", "data": element}));
    }
}
