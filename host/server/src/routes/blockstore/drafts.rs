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
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Blockstore, Body, json, uuid};
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::Path;

#[derive(Deserialize, ToSchema)]
#[schema(as = NewDraft)]
pub(super) struct New {
    #[schema(value_type = String, format = "uuid")]
    bundle_uuid: Uuid,
    name: String,
}

/// Changes: files in base64, links by name; `null` deletes.
#[derive(Deserialize, ToSchema)]
#[schema(as = DraftEdit)]
pub(super) struct Edit {
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Option<String>>)]
    files: BTreeMap<FilePath, Option<String>>,
    // utoipa has no maps of what may be null.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Target>)]
    links: BTreeMap<String, Option<Target>>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = LinkTarget)]
struct Target {
    #[schema(value_type = String, format = "uuid")]
    bundle_uuid: Uuid,
    version: u64,
}

/// All drafts.
#[utoipa::path(
    get,
    path = "/api/v1/drafts",
    operation_id = "drafts",
    responses((status = 200, description = "All of them", body = Vec<json::Draft>))
)]
pub(super) async fn list(State(blockstore): State<Blockstore>) -> Result<Json<Vec<json::Draft>>, HttpError> {
    let bundles = blockstore.store.bundles(&BundleFilter::default()).await?;
    let drafts = bundles.iter().flat_map(|bundle| {
        let drafts = bundle.drafts.iter();
        drafts.map(|(name, uuid)| blockstore.draft_json(*uuid, bundle.uuid, name))
    });
    Ok(Json(drafts.collect()))
}

/// Begins a draft.
#[utoipa::path(
    post,
    path = "/api/v1/drafts",
    operation_id = "create_draft",
    request_body= New,
    responses((status = 201, description = "The new draft", body = json::Draft))
)]
pub(super) async fn open(
    State(blockstore): State<Blockstore>,
    Body(New { bundle_uuid, name }): Body<New>,
) -> Result<(StatusCode, Json<json::Draft>), HttpError> {
    let bundle = blockstore.store.bundle(bundle_uuid).await.map_err(HttpError::from_body)?;
    if bundle.drafts.contains_key(&name) {
        return Err(HttpError::bad_request("The fields bundle, name must make a unique set."));
    }
    let draft = blockstore.store.open_draft(bundle_uuid, &name).await?;
    Ok((StatusCode::CREATED, Json(blockstore.draft_json(draft.uuid, draft.bundle, &draft.name))))
}

/// A draft.
#[utoipa::path(
    get,
    path = "/api/v1/drafts/{uuid}",
    operation_id = "draft",
    responses((status = 200, description = "The draft with its files and links", body = json::WholeDraft))
)]
pub(super) async fn show(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<Json<json::WholeDraft>, HttpError> {
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

/// Changes files and links of a draft.
#[utoipa::path(
    patch,
    path = "/api/v1/drafts/{uuid}",
    operation_id = "edit_draft",
    request_body= Edit,
    responses(
        (status = 204, description = "It is changed"),
        (status = 409, description = "It has been edited meanwhile", body = Problem),
    )
)]
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

/// The addresses of a new version and of the draft that it came from.
#[derive(Serialize, ToSchema)]
pub(super) struct Committed {
    bundle_version: String,
    updated_draft: String,
}

/// What to say about a version; the body may be empty.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = CommitDescription)]
pub(super) struct Described {
    #[serde(default)]
    change_description: String,
}

/// Makes a version of a draft.
#[utoipa::path(
    post,
    path = "/api/v1/drafts/{uuid}/commit",
    operation_id = "commit_draft",
    request_body(content = Option<Described>),
    responses(
        (status = 201, description = "Where the version and the draft are", body = Committed),
        (status = 409, description = "It has been edited meanwhile", body = Problem),
    )
)]
pub(super) async fn commit(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<Committed>), HttpError> {
    let draft = uuid(&id)?;
    let Described { change_description } = serde_json::from_slice(&body).unwrap_or_default();
    let commit = Commit { description: change_description, ..Commit::default() };
    let version = blockstore.store.commit_draft(draft, commit).await?;
    let shown = Committed {
        bundle_version: blockstore.version_url(version.bundle, version.number),
        updated_draft: blockstore.draft_url(draft),
    };
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Throws a draft away.
#[utoipa::path(
    delete,
    path = "/api/v1/drafts/{uuid}",
    operation_id = "delete_draft",
    responses((status = 204, description = "It is gone"))
)]
pub(super) async fn delete(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<StatusCode, HttpError> {
    blockstore.store.delete_draft(uuid(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
