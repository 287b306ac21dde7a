//! `/api/v1/drafts`.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Json;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blockhouse_content::bundles::{
    BundleFilter, Commit, DraftEdit, Expected, FileEdit, FilePath, LinkEdit, Tree,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Blockstore, Body, uuid};
use crate::error::HttpError;
use crate::path::Path;

#[derive(Deserialize)]
pub(super) struct New {
    bundle_uuid: Uuid,
    name: String,
}

/// Changes: files in base64, links by name; `null` deletes.
#[derive(Deserialize)]
pub(super) struct Edit {
    #[serde(default)]
    files: BTreeMap<FilePath, Option<String>>,
    #[serde(default)]
    links: BTreeMap<String, Option<Target>>,
}

#[derive(Deserialize)]
struct Target {
    bundle_uuid: Uuid,
    version: u64,
}

pub(super) async fn list(State(blockstore): State<Blockstore>) -> Result<Json<Vec<Value>>, HttpError> {
    let bundles = blockstore.store.bundles(&BundleFilter::default()).await?;
    let drafts = bundles.iter().flat_map(|bundle| {
        let drafts = bundle.drafts.iter();
        drafts.map(|(name, uuid)| blockstore.draft_json(*uuid, bundle.uuid, name))
    });
    Ok(Json(drafts.collect()))
}

pub(super) async fn open(
    State(blockstore): State<Blockstore>,
    Body(New { bundle_uuid, name }): Body<New>,
) -> Result<(StatusCode, Json<Value>), HttpError> {
    let bundle = blockstore.store.bundle(bundle_uuid).await.map_err(HttpError::from_body)?;
    if bundle.drafts.contains_key(&name) {
        return Err(HttpError::bad_request("The fields bundle, name must make a unique set."));
    }
    let draft = blockstore.store.open_draft(bundle_uuid, &name).await?;
    Ok((StatusCode::CREATED, Json(blockstore.draft_json(draft.uuid, draft.bundle, &draft.name))))
}

pub(super) async fn show(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<Json<Value>, HttpError> {
    let draft = blockstore.store.draft(uuid(&id)?).await?;
    let base = match draft.base_version {
        0 => None,
        number => Some(blockstore.store.version(draft.bundle, number).await?),
    };
    let tree = Tree::Draft(draft.uuid);
    let files = blockstore.store.files(tree, None).await?;
    let links = blockstore.store.links(tree).await?;
    Ok(Json(blockstore.staged_json(&draft, base.as_ref(), &files, &links)))
}

pub(super) async fn edit(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
    Body(edit): Body<Edit>,
) -> Result<StatusCode, HttpError> {
    let mut files = BTreeMap::new();
    for (path, contents) in edit.files {
        let edit = match contents {
            None => FileEdit::Delete,
            Some(text) => {
                let contents = STANDARD
                    .decode(&text)
                    .map_err(|error| HttpError::bad_request(format!("`{path}` is not in base64: {error}")))?;
                FileEdit::Write(contents.into())
            }
        };
        files.insert(path, edit);
    }
    let links = edit.links.into_iter().map(|(name, target)| {
        let edit = target.map_or(LinkEdit::Delete, |Target { bundle_uuid, version }| LinkEdit::Set {
            bundle: bundle_uuid,
            version,
        });
        (name, edit)
    });
    let edit = DraftEdit { files, links: links.collect(), expected: Expected::Anything, by: None };
    blockstore.store.edit_draft(uuid(&id)?, edit).await.map_err(HttpError::from_body)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What to say about a version; the body may be empty.
#[derive(Default, Deserialize)]
struct Described {
    #[serde(default)]
    change_description: String,
}

pub(super) async fn commit(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), HttpError> {
    let draft = uuid(&id)?;
    let Described { change_description } = serde_json::from_slice(&body).unwrap_or_default();
    let commit = Commit { description: change_description, ..Commit::default() };
    let version = blockstore.store.commit_draft(draft, commit).await?;
    let shown = json!({
        "bundle_version": blockstore.version_url(version.bundle, version.number),
        "updated_draft": blockstore.draft_url(draft),
    });
    Ok((StatusCode::CREATED, Json(shown)))
}

pub(super) async fn delete(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<StatusCode, HttpError> {
    blockstore.store.delete_draft(uuid(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
