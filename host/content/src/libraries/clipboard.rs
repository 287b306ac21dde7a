//! The clipboard of an author: which component or container they copied last (spec 7.3). It holds the key and nothing of
//! the content, so what is pasted is the draft as it is by then, and only if they may still read it.

use std::collections::BTreeMap;
use std::time::Duration;

use blockhouse_keys::{ContainerKey, LibraryKey, UsageKey};
use bytes::Bytes;

use super::{Author, Container, ContainerChild, Libraries, LibraryError, NewComponent};
use crate::storage::database::Fetch as _;
use crate::storage::retried;

/// How long it is remembered what somebody copied.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// What somebody copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copied {
    /// A component.
    Component(UsageKey),
    /// A container with what stands in it.
    Container(ContainerKey),
}

impl Copied {
    fn key(&self) -> &str {
        match self {
            Self::Component(usage) => usage.as_str(),
            Self::Container(container) => container.as_str(),
        }
    }

    fn read(key: &str) -> Result<Self, LibraryError> {
        let component = |_| key.parse().map(Self::Component);
        let read = key.parse().map(Self::Container).or_else(component);
        read.map_err(|_| LibraryError::Damaged(format!("somebody copied `{key}`")))
    }
}

impl Libraries {
    /// Puts something on the author's clipboard, in place of what was there.
    ///
    /// # Errors
    /// The storage is away.
    pub async fn copy(&self, copied: &Copied, by: &Author) -> Result<(), LibraryError> {
        let columns = ["account", "source", "copied"];
        let dialect = self.storage.database.dialect();
        let upsert = dialect.upsert("content_clipboard", &columns, &["account"], &columns[1..], 1);
        retried!(async {
            let mut change = self.change(by).await?;
            let now = change.now;
            change.run(&upsert, &[by.account.into(), copied.key().into(), now.into()]).await?;
            change.commit().await
        })
    }

    /// What the author copied last; `None` when that was long ago.
    ///
    /// # Errors
    /// The storage is away.
    pub async fn clipboard(&self, by: &Author) -> Result<Option<Copied>, LibraryError> {
        let oldest = self.now().saturating_sub_unsigned(KEPT.as_millis().try_into().unwrap_or(u64::MAX));
        let select = "SELECT source FROM content_clipboard WHERE account = ? AND copied > ?";
        let row = self.read().await?.fetch_optional(select, &[by.account.into(), oldest.into()]).await?;
        row.map(|row| Copied::read(&row.text(0)?)).transpose()
    }

    /// The OLX of a component's draft, and its files by their names.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`].
    pub async fn copied(&self, source: &UsageKey) -> Result<(String, BTreeMap<String, Bytes>), LibraryError> {
        let (olx, _) = self.olx(source).await?;
        let mut files = BTreeMap::new();
        for file in self.files(source).await? {
            let data = self.file_bytes(source, &file.digest.to_hex()).await?;
            files.insert(file.path, data);
        }
        Ok((olx, files))
    }

    /// Makes a container that has what another one has: the same components and containers where it stands in the same
    /// library, and copies of them otherwise. What was deleted stays behind. The copies come one by one; an interruption
    /// leaves those that were made.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchContainer`]; [`LibraryError::Invalid`] when the library has no room for the copies.
    pub async fn paste_container(
        &self,
        library: &LibraryKey,
        source: &ContainerKey,
        by: &Author,
    ) -> Result<Container, LibraryError> {
        let title = self.container(source).await?.title;
        let mut children = Vec::new();
        for child in self.children(source, false).await? {
            if source.library_key() == library {
                if self.is_there(&child.key).await? {
                    children.push(child);
                }
            } else if let Some(key) = self.paste_child(library, &child.key, by).await? {
                children.push(ContainerChild { key, version: None });
            }
        }
        let made = self.create_container(library, source.container_type(), &title, by).await?;
        self.set_children(&made.key, |_| children.clone(), by).await
    }

    /// Whether authors see it.
    async fn is_there(&self, key: &str) -> Result<bool, LibraryError> {
        let seen = match Copied::read(key)? {
            Copied::Container(container) => self.container(&container).await.map(drop),
            Copied::Component(usage) => self.component(&usage).await.map(drop),
        };
        Ok(unless_deleted(seen)?.is_some())
    }

    /// Copies what stands in a container of another library; `None` when it was deleted.
    async fn paste_child(
        &self,
        library: &LibraryKey,
        key: &str,
        by: &Author,
    ) -> Result<Option<String>, LibraryError> {
        let pasted = match Copied::read(key)? {
            Copied::Container(container) => {
                let pasted = Box::pin(self.paste_container(library, &container, by)).await;
                pasted.map(|made| made.key.to_string())
            }
            Copied::Component(usage) => self.paste_component(library, &usage, by).await,
        };
        unless_deleted(pasted)
    }

    async fn paste_component(
        &self,
        library: &LibraryKey,
        source: &UsageKey,
        by: &Author,
    ) -> Result<String, LibraryError> {
        let title = self.component(source).await?.title;
        let (olx, files) = self.copied(source).await?;
        let block_type = source.block_type().to_owned();
        let new = NewComponent { block_type, title, olx, can_stand_alone: true, ..NewComponent::default() };
        Ok(self.paste(library, new, files, by).await?.usage.to_string())
    }
}

fn unless_deleted<T>(found: Result<T, LibraryError>) -> Result<Option<T>, LibraryError> {
    match found {
        Err(LibraryError::NoSuchComponent(_) | LibraryError::NoSuchContainer(_)) => Ok(None),
        found => found.map(Some),
    }
}
