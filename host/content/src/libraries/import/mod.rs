//! Import into a library that authors edit: what `import` reads for learners becomes drafts, with versions and files of
//! their own.
//!
//! The folder, archive or backup is read as any other, into a store that goes away, so there is one reader of OLX. What
//! is there already gets a next version if it differs, and is left alone if it does not: importing again is harmless.
//! Blocks come in batches of one transaction each; an import that is interrupted can simply be run again.

mod batch;
mod block;
mod files;
mod links;

use std::collections::BTreeSet;
use std::path::Path;

use blockhouse_keys::{LibraryKey, UsageKey};

use super::backup::links::LinksFile;
use super::entity::{COMPONENT, LINK};
use super::library::NewLibrary;
use super::{Author, Libraries, LibraryError, entity};
use crate::import::import_drafts;
use crate::storage::retried;
use crate::store::BACKUP;
use crate::{ContentError, ContentStore, ImportError, Problem, Progress};
pub use block::LeftOut;
use block::{Reader, Ready};

/// How many blocks are one transaction, and in memory together.
const BATCH: usize = 500;

/// The most bytes of files that are in memory together.
const BATCH_BYTES: usize = 32 << 20;

/// What an import into a library did.
#[derive(Debug)]
pub struct LibraryImport {
    /// What the source calls itself.
    pub title: String,
    /// Whether the library was made by it.
    pub made_library: bool,
    /// The blocks that are there now, in the order of the source.
    pub taken: Vec<UsageKey>,
    /// How many of them are new.
    pub new: usize,
    /// How many were there and got a next version.
    pub changed: usize,
    /// The links of a backup that are there now, by name.
    pub links: Vec<String>,
    /// What was not taken, and why.
    pub left_out: Vec<LeftOut>,
    /// What an author should look at.
    pub problems: Vec<Problem>,
}

impl LibraryImport {
    /// How many blocks were there as they are in the source.
    pub fn unchanged(&self) -> usize {
        self.taken.len() - self.new - self.changed
    }
}

/// Why an import into a library stopped. The batches before are there.
#[derive(Debug, thiserror::Error)]
pub enum LibraryImportError {
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] ImportError),
    /// The library cannot be written.
    #[error(transparent)]
    Library(#[from] LibraryError),
}

impl From<ContentError> for LibraryImportError {
    fn from(error: ContentError) -> Self {
        Self::Source(error.into())
    }
}

impl Libraries {
    /// Imports a course, library or backup into a library, which is made if it is not there. With `publish`, learners
    /// see it in the end. Reads files where it is called: not for a thread that serves.
    ///
    /// # Errors
    /// [`LibraryImportError`]. What is wrong with a single block is in what is returned instead.
    pub async fn import(
        &self,
        source: &Path,
        into: &LibraryKey,
        publish: bool,
        by: &Author,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<LibraryImport, LibraryImportError> {
        let reading = |error| ImportError::Read { path: source.to_owned(), source: error };
        let scratch = tempfile::tempdir().map_err(reading)?;
        let store = ContentStore::open(scratch.path())?;
        let report = import_drafts(source, &store, progress)?;
        let no_such = || ContentError::NoSuchContext(report.context.clone());
        let context = store.context(&report.context).ok_or_else(no_such)?;
        let links = match store.files(&report.context) {
            Some(files) => LinksFile::read(&files.join(BACKUP))?,
            None => LinksFile::default(),
        };
        let mut done = LibraryImport {
            made_library: self.make_for(into, &report.title, by).await?,
            title: report.title,
            taken: Vec::new(),
            new: 0,
            changed: 0,
            links: Vec::new(),
            left_out: Vec::new(),
            problems: report.problems,
        };
        // Before the blocks that need them.
        done.links = self.take_links(into, links, by, &mut done.problems).await?;
        let usages = context.usages()?;
        let (total, mut batch, mut bytes) = (usages.len() as u64, Vec::new(), 0);
        let reader = Reader { context: &context, library: into };
        for (at, usage) in (1..).zip(&usages) {
            match reader.read(usage)? {
                Ok(ready) => {
                    bytes += ready.bytes();
                    batch.push(ready);
                }
                Err(left_out) => done.left_out.push(left_out),
            }
            if batch.len() == BATCH || bytes >= BATCH_BYTES {
                self.take(into, &batch, by, &mut done).await?;
                (batch, bytes) = (Vec::new(), 0);
                progress(Progress { done: at, total, what: usage.block_id().to_owned() });
            }
        }
        self.take(into, &batch, by, &mut done).await?;
        if publish {
            self.publish_imported(into, &done, by).await?;
        }
        progress(Progress { done: total, total, what: String::new() });
        Ok(done)
    }

    /// Makes the library if it is not there, and says whether it has.
    async fn make_for(&self, key: &LibraryKey, title: &str, by: &Author) -> Result<bool, LibraryError> {
        match self.library(key).await {
            Ok(_) => return Ok(false),
            Err(LibraryError::NoSuchLibrary(_)) => {}
            Err(error) => return Err(error),
        }
        let new = NewLibrary {
            org: key.org().to_owned(),
            slug: key.slug().to_owned(),
            title: title.to_owned(),
            ..NewLibrary::default()
        };
        self.create_library(new, by).await?;
        Ok(true)
    }

    async fn take(
        &self,
        library: &LibraryKey,
        batch: &[Ready],
        by: &Author,
        done: &mut LibraryImport,
    ) -> Result<(), LibraryError> {
        if batch.is_empty() {
            return Ok(());
        }
        let counted = self.take_batch(library, batch, by).await?;
        done.new += counted.new;
        done.changed += counted.changed;
        done.taken.extend(batch.iter().map(|ready| ready.usage.clone()));
        Ok(())
    }

    /// Publishes what was taken, and nothing else that authors have changed.
    async fn publish_imported(
        &self,
        key: &LibraryKey,
        done: &LibraryImport,
        by: &Author,
    ) -> Result<(), LibraryError> {
        let components = done.taken.iter().map(|usage| (usage.block_type(), usage.block_id()));
        let links = done.links.iter().map(|link| (LINK, link.as_str()));
        let names: BTreeSet<_> = components.chain(links).collect();
        retried!(async {
            let mut change = self.change(by).await?;
            let library = change.library(key).await?;
            let condition =
                format!("e.library_id = ? AND e.pending = 1 AND e.kind IN ('{COMPONENT}', '{LINK}')");
            let mut pending = entity::entities(&mut change.tx, &condition, &[library.id.into()]).await?;
            pending.retain(|entity| names.contains(&(entity.type_name.as_str(), entity.name.as_str())));
            change.publish(&library, &pending).await?;
            change.commit().await
        })
    }
}
