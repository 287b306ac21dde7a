//! May they? Asked before anything is looked up or changed.

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

/// The library, for somebody who may do this with it.
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

/// A library's key from an address.
pub(super) fn library_key(text: &str) -> Result<LibraryKey, HttpError> {
    Ok(text.parse()?)
}

/// A component's key from an address, and its library's.
pub(crate) fn component_key(text: &str) -> Result<(UsageKey, LibraryKey), HttpError> {
    match path::usage(text)? {
        UsageKey::Library(key) => {
            let library = key.library_key().clone();
            Ok((UsageKey::Library(key), library))
        }
        other => Err(HttpError::not_found(format!("`{other}` is not in a content library"))),
    }
}

/// A container's key from an address.
pub(super) fn container_key(text: &str) -> Result<ContainerKey, HttpError> {
    Ok(text.parse()?)
}
