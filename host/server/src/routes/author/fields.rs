//! A form made from the declarations of a block's fields, for a block without an editor of its own.

use std::collections::BTreeMap;

use blockhouse_fields::{FieldDeclaration, FieldType};
use blockhouse_runtime::{AuthoredFields, BlockInfo, Version};
use serde::Serialize;
use serde_json::Value;

use crate::account::Account;
use crate::state::AppState;

#[derive(Serialize)]
pub(super) struct Field {
    name: String,
    label: String,
    help: String,
    value: String,
    default: String,
    /// `line`, `text` or `choice`.
    control: &'static str,
    choices: Vec<String>,
}

/// The form made from the declarations, for a block without an editor of its own. OLX that cannot be read has no
/// fields to show: it is mended as OLX.
pub(super) async fn form(
    state: &AppState,
    account: &Account,
    block: &BlockInfo,
    typed: &BTreeMap<String, String>,
) -> Vec<Field> {
    if block.has_studio_view || !block.writes_fields {
        return Vec::new();
    }
    let fields = state.runtime().fields(&account.identity.visitor, &block.usage, Version::Draft).await;
    let Ok(fields) = fields else { return Vec::new() };
    let shown = |field: &FieldDeclaration| {
        let control = control(field, fields.set.get(&field.name));
        let value = typed.get(&field.name).cloned().unwrap_or_else(|| control.value.clone());
        Field { value, ..control }
    };
    editable_fields(&fields).map(shown).collect()
}

pub(super) fn editable_fields(fields: &AuthoredFields) -> impl Iterator<Item = &FieldDeclaration> {
    fields.declared.fields.iter().filter(|field| field.scope.is_authored())
}

fn control(field: &FieldDeclaration, set: Option<&Value>) -> Field {
    let choices: Vec<_> = match &field.values {
        Some(Value::Array(values)) => {
            values.iter().map(|value| shown(Some(value.get("value").unwrap_or(value)))).collect()
        }
        _ if field.field_type == FieldType::Boolean => vec!["true".to_owned(), "false".to_owned()],
        _ => Vec::new(),
    };
    let is_line = matches!(
        field.field_type,
        FieldType::Integer
            | FieldType::Float
            | FieldType::Date
            | FieldType::DateTime
            | FieldType::RelativeTime
    ) || (field.field_type == FieldType::String
        && field.scope == blockhouse_fields::Scope::Settings);
    Field {
        label: field.display_name.clone().unwrap_or_else(|| field.name.replace('_', " ")),
        help: field.help.clone(),
        value: shown(set),
        default: shown(Some(&field.default).filter(|value| !value.is_null())),
        control: match (choices.is_empty(), is_line) {
            (false, _) => "choice",
            (true, true) => "line",
            (true, false) => "text",
        },
        choices,
        name: field.name.clone(),
    }
}

/// A value as one types it: text as it is, everything else as JSON.
pub(super) fn shown(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Nothing stands for the default.
pub(super) fn read(field: &FieldDeclaration, text: String) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    match field.field_type {
        FieldType::String | FieldType::XmlString => Some(Value::String(text)),
        _ => Some(serde_json::from_str(&text).unwrap_or(Value::String(text))),
    }
}
