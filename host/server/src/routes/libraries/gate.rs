//! May they? Asked before anything is looked up or changed: no handler has a key that has not come through here.

use blockhouse_content::Access;
use blockhouse_content::libraries::Library;
use blockhouse_keys::{ContainerKey, LibraryKey, UsageKey};

use crate::account::Account;
use crate::error::HttpError;
use crate::path;
use crate::state::AppState;

/// What somebody wants to do with a library (spec 7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// See it with its drafts.
    Read,
    /// Change what is in it.
    Edit,
    /// Delete it, or change its team.
    Manage,
}

/// The library of this address.
pub(crate) async fn library(
    state: &AppState,
    account: &Account,
    address: &str,
    need: Need,
) -> Result<Library, HttpError> {
    library_for(state, account, &address.parse()?, need).await
}

/// The component of this address.
pub(crate) async fn component(
    state: &AppState,
    account: &Account,
    address: &str,
    need: Need,
) -> Result<UsageKey, HttpError> {
    let usage = path::usage(address)?;
    library_for(state, account, library_of(&usage)?, need).await?;
    Ok(usage)
}

/// The container of this address.
pub(super) async fn container(
    state: &AppState,
    account: &Account,
    address: &str,
    need: Need,
) -> Result<ContainerKey, HttpError> {
    let container: ContainerKey = address.parse()?;
    library_for(state, account, container.library_key(), need).await?;
    Ok(container)
}

/// The library with this key.
pub(crate) async fn library_for(
    state: &AppState,
    account: &Account,
    key: &LibraryKey,
    need: Need,
) -> Result<Library, HttpError> {
    let libraries = state.runtime().libraries();
    let library = libraries.library(key).await?;
    let access = libraries.access(&library, &account.person).await?;
    let may = match need {
        Need::Read => access.blocks >= Access::Read,
        Need::Edit => access.blocks >= Access::Edit,
        Need::Manage => access.manage,
    };
    if may {
        return Ok(library);
    }
    Err(HttpError::forbidden("You do not have permission to perform this action."))
}

/// Which library a component is in.
pub(crate) fn library_of(usage: &UsageKey) -> Result<&LibraryKey, HttpError> {
    match usage {
        UsageKey::Library(key) => Ok(key.library_key()),
        other => Err(HttpError::not_found(format!("`{other}` is not in a content library"))),
    }
}
