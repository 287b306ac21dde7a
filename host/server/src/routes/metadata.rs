//! `GET /api/xblock/v2/xblocks/{usage}/`: what a block is (spec 3.10).

use axum::extract::{RawQuery, State};
use axum::response::{Json, Response};
use blockhouse_keys::UsageKey;
use blockhouse_runtime::{BlockInfo, Question};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::HttpError;
use crate::identity::Identity;
use crate::openapi::Problem;
use crate::path::{self, Path};
use crate::state::AppState;

/// A block's metadata.
#[derive(Serialize, ToSchema)]
pub(crate) struct Metadata {
    block_id: String,
    block_type: String,
    display_name: String,
    /// What was asked for besides.
    #[serde(flatten)]
    #[schema(ignore)]
    included: Map<String, Value>,
}

impl Metadata {
    pub(crate) fn of(block: BlockInfo, included: Map<String, Value>) -> Self {
        Self {
            block_id: block.usage.to_string(),
            block_type: block.block_type,
            display_name: block.display_name,
            included,
        }
    }
}

/// What may be asked for besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Include {
    Children,
    EditableChildren,
    IndexDictionary,
    StudentViewData,
}

impl Include {
    const ALL: [(&'static str, Self); 4] = [
        ("children", Self::Children),
        ("editable_children", Self::EditableChildren),
        ("index_dictionary", Self::IndexDictionary),
        ("student_view_data", Self::StudentViewData),
    ];
}

#[utoipa::path(
    get,
    path = "/api/xblock/v2/xblocks/{usage}/",
    operation_id = "block",
    params(("usage" = String, Path, description = "A usage key, with `@draft`, `@published` or `@N` behind it for a version"), ("include" = Option<String>, Query, description = "What else, divided by commas: children, editable_children, index_dictionary, student_view_data")),
    responses((status = 200, description = "What the block is", body = Metadata), (status = 400, description = "An unknown include", body = Problem), (status = 403, description = "Not for whoever asks", body = Problem), (status = 404, description = "No such block, context or version", body = Problem), (status = 422, description = "The content is broken", body = Problem), (status = 500, description = "The block failed", body = Problem))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    identity: Identity,
    RawQuery(query): RawQuery,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let includes = includes(query.as_deref().unwrap_or_default())?;
    let (usage, version) = path::versioned(&usage)?;
    let visitor = &identity.visitor;
    let version = version.unwrap_or_else(|| visitor.usual_version());
    let block = state.runtime().block(visitor, &usage, version).await?;
    let mut included = Map::new();
    for (name, include) in includes {
        let value = match include {
            Include::Children => keys(block.children.iter()),
            // Those of another context are edited there.
            Include::EditableChildren => {
                keys(block.children.iter().filter(|child| child.context_key() == usage.context_key()))
            }
            Include::IndexDictionary => {
                let index = state.runtime().ask(visitor, &usage, version, Question::Index).await?;
                index.unwrap_or_else(|| Value::Object(Map::new()))
            }
            Include::StudentViewData => {
                let data = state.runtime().ask(visitor, &usage, version, Question::StudentViewData).await?;
                data.unwrap_or(Value::Null)
            }
        };
        included.insert(name.to_owned(), value);
    }
    Ok(identity.answer(&state, Json(Metadata::of(block, included))))
}

fn keys<'a>(usages: impl Iterator<Item = &'a UsageKey>) -> Value {
    usages.map(|usage| Value::from(usage.as_str())).collect()
}

/// Reads `include=`, a list divided by commas.
fn includes(query: &str) -> Result<Vec<(&'static str, Include)>, HttpError> {
    let lists = query.split('&').filter_map(|pair| pair.strip_prefix("include="));
    let decoded =
        lists.map(|list| percent_encoding::percent_decode_str(list).decode_utf8_lossy().into_owned());
    let names: Vec<String> = decoded
        .flat_map(|list| list.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>())
        .filter(|name| !name.is_empty())
        .collect();
    let known = |name: &String| {
        Include::ALL.into_iter().find(|(known, _)| known == name).ok_or_else(|| {
            let known = Include::ALL.map(|(known, _)| known).join(", ");
            HttpError::bad_request(format!("`include` takes {known}; not `{name}`"))
        })
    };
    names.iter().map(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn included(query: &str) -> Vec<&'static str> {
        includes(query).ok().unwrap().into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn children_are_included_on_request() {
        assert_eq!(included("a=b&include=children"), ["children"]);
        assert_eq!(included("include=%20children%2Cindex_dictionary"), ["children", "index_dictionary"]);
        assert!(included("").is_empty());
        assert!(included("include=").is_empty());
    }

    #[test]
    fn an_unknown_include_is_refused() {
        assert!(includes("include=children,grades").is_err());
    }
}
