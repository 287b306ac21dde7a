//! `GET /api/xblock/v2/xblocks/{usage}/`: what a block is (spec 3.10).

use axum::extract::{RawQuery, State};
use axum::response::{Json, Response};
use blockhouse_runtime::BlockInfo;
use serde::Serialize;

use crate::error::HttpError;
use crate::identity::Identity;
use crate::path::{self, Path};
use crate::state::AppState;

/// A block's metadata.
#[derive(Serialize)]
pub(crate) struct Metadata {
    block_id: String,
    block_type: String,
    display_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    children: Option<Vec<String>>,
}

impl Metadata {
    pub(crate) fn of(block: BlockInfo, with_children: bool) -> Self {
        let children = with_children.then(|| block.children.iter().map(ToString::to_string).collect());
        Self {
            block_id: block.usage.to_string(),
            block_type: block.block_type,
            display_name: block.display_name,
            children,
        }
    }
}

pub(crate) async fn show(
    State(state): State<AppState>,
    identity: Identity,
    RawQuery(query): RawQuery,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let with_children = includes_children(query.as_deref().unwrap_or_default())?;
    let (usage, version) = path::versioned(&usage)?;
    let version = version.unwrap_or_else(|| identity.visitor.usual_version());
    let block = state.runtime().block(&identity.visitor, &usage, version).await?;
    Ok(identity.answer(&state, Json(Metadata::of(block, with_children))))
}

/// Reads `include=`, a list divided by commas.
fn includes_children(query: &str) -> Result<bool, HttpError> {
    let lists = query.split('&').filter_map(|pair| pair.strip_prefix("include="));
    let decoded =
        lists.map(|list| percent_encoding::percent_decode_str(list).decode_utf8_lossy().into_owned());
    let names: Vec<String> = decoded
        .flat_map(|list| list.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>())
        .collect();
    match names.iter().find(|name| !matches!(name.as_str(), "" | "children")) {
        Some(unknown) => Err(HttpError::bad_request(format!("`include` takes `children`, not `{unknown}`"))),
        None => Ok(names.iter().any(|name| name == "children")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_are_included_on_request() {
        assert!(includes_children("a=b&include=children").unwrap());
        assert!(includes_children("include=%20children%2C").unwrap());
        assert!(!includes_children("").unwrap());
        assert!(!includes_children("include=").unwrap());
    }

    #[test]
    fn an_unknown_include_is_refused() {
        assert!(includes_children("include=children,grades").is_err());
    }
}
