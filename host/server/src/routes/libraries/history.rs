//! What happened to a component (spec 7.3): who saved which version and what it changed, and who published it when.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{Json, Response};
use blockhouse_content::libraries::{HistoryEntry, PublicationEntry};
use blockhouse_keys::UsageKey;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::gate::{self, Need};
use super::shape::moment;
use crate::account::Account;
use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

/// A version of a component.
#[derive(Serialize, ToSchema)]
#[schema(as = LibraryHistoryEntry)]
pub(crate) struct Entry {
    version_num: u64,
    title: String,
    block_type: String,
    changed_by: Option<String>,
    changed_at: Option<String>,
    /// `created`, `renamed` or `edited`.
    action: &'static str,
    /// What is different from the version before: `title`, `olx`, or files by their path.
    changes: Vec<String>,
}

/// A publication of a component.
#[derive(Serialize, ToSchema)]
#[schema(as = LibraryPublication)]
pub(crate) struct Publication {
    /// The number of the library's publication.
    publication: u64,
    title: String,
    block_type: String,
    published_by: Option<String>,
    published_at: Option<String>,
    /// The version that learners saw before; null: it was new to them.
    previous_version_num: Option<u64>,
    /// The version that they see from then on; null: it was taken away.
    version_num: Option<u64>,
    /// Who saved the versions that came to learners with it.
    contributors: Vec<String>,
}

/// The versions that learners have not seen yet, newest first.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/blocks/{usage}/draft_history/",
    operation_id = "library_block_draft_history",
    responses((status = 200, description = "The versions since the last publication", body = Vec<Entry>))
)]
pub(crate) async fn drafts(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Read).await?;
    let entries = state.runtime().libraries().draft_history(usage.as_str()).await?;
    let entries: Vec<_> = entries.into_iter().map(|version| entry(&usage, version)).collect();
    Ok(account.answer(&state, Json(entries)))
}

/// The publications of a component, newest first.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/blocks/{usage}/publish_history/",
    operation_id = "library_block_publish_history",
    responses((status = 200, description = "When it was published, and by whom", body = Vec<Publication>))
)]
pub(crate) async fn publications(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Read).await?;
    let libraries = state.runtime().libraries();
    let versions = libraries.versions(usage.as_str()).await?;
    let found = libraries.publications(usage.as_str()).await?;
    let shown: Vec<_> = found.into_iter().map(|one| publication(&usage, one, &versions)).collect();
    Ok(account.answer(&state, Json(shown)))
}

/// How a component began.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/blocks/{usage}/creation_entry/",
    operation_id = "library_block_creation",
    responses((status = 200, description = "Its oldest version that is known", body = Entry))
)]
pub(crate) async fn creation(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Read).await?;
    let mut versions = state.runtime().libraries().versions(usage.as_str()).await?;
    let first = versions.pop().ok_or_else(|| HttpError::not_found("this component has no versions"))?;
    Ok(account.answer(&state, Json(entry(&usage, first))))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Of {
    /// The key of a component.
    usage_key: String,
    /// The number of a publication, as `publish_history` gives it.
    publication: u64,
}

/// The versions of a component that came to learners with one publication, newest first.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/publish_history_entries/",
    operation_id = "library_publish_history_entries",
    params(Of),
    responses((status = 200, description = "The versions", body = Vec<Entry>))
)]
pub(crate) async fn published(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    of: Result<Query<Of>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(of) = of?;
    let key = gate::library(&state, &account, &library, Need::Read).await?.key;
    let usage = gate::component(&state, &account, &of.usage_key, Need::Read).await?;
    if *gate::library_of(&usage)? != key {
        return Err(HttpError::invalid("usage_key", format!("`{usage}` is not in the library `{key}`")));
    }
    let libraries = state.runtime().libraries();
    let found = libraries.publications(usage.as_str()).await?;
    let found = found.into_iter().find(|one| one.publication == of.publication).ok_or_else(|| {
        HttpError::not_found(format!("`{usage}` was not published with publication {}", of.publication))
    })?;
    let mut versions = libraries.versions(usage.as_str()).await?;
    versions.retain(|version| found.brought(version.version));
    let entries: Vec<_> = versions.into_iter().map(|version| entry(&usage, version)).collect();
    Ok(account.answer(&state, Json(entries)))
}

fn entry(usage: &UsageKey, entry: HistoryEntry) -> Entry {
    Entry {
        action: match (entry.version, entry.changes.as_slice()) {
            (1, _) => "created",
            (_, [only]) if only == "title" => "renamed",
            _ => "edited",
        },
        version_num: entry.version,
        title: entry.title,
        block_type: usage.block_type().to_owned(),
        changed_by: entry.by,
        changed_at: moment(entry.at),
        changes: entry.changes,
    }
}

fn publication(usage: &UsageKey, one: PublicationEntry, versions: &[HistoryEntry]) -> Publication {
    let mut contributors: Vec<_> = versions
        .iter()
        .filter(|version| one.brought(version.version))
        .filter_map(|version| version.by.clone())
        .collect();
    contributors.sort_unstable();
    contributors.dedup();
    let shown = one.to.or(one.from);
    let title = versions.iter().find(|version| Some(version.version) == shown);
    Publication {
        publication: one.publication,
        title: title.map(|version| version.title.clone()).unwrap_or_default(),
        block_type: usage.block_type().to_owned(),
        published_by: one.by,
        published_at: moment(one.at),
        previous_version_num: one.from,
        version_num: one.to,
        contributors,
    }
}
