//! All files and links of a version or a draft, as the API gives them: at once.

use std::collections::{BTreeMap, BTreeSet};

use super::wire;
use crate::bundles::{
    BundleError, Changes, Digest, FileChange, FileInfo, FilePath, Link, LinkChange, Version,
};

/// A tree.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    /// What is said about it, if it is a version.
    pub(super) version: Option<Version>,
    files: BTreeMap<FilePath, Entry>,
    /// By name.
    pub(super) links: BTreeMap<String, Link>,
}

#[derive(Debug)]
struct Entry {
    size: u64,
    digest: Digest,
    modified: bool,
    address: String,
}

impl Snapshot {
    pub(super) fn of_version(found: wire::Version) -> Result<Self, BundleError> {
        let version = Version {
            bundle: found.bundle_uuid,
            number: found.version_num,
            digest: found.snapshot.hash_digest,
            description: found.change_description,
            created: found.snapshot.created_at,
            created_by: None,
        };
        Ok(Self { version: Some(version), ..Self::new(found.snapshot.files, found.snapshot.links) })
    }

    pub(super) fn new(files: BTreeMap<FilePath, wire::File>, links: BTreeMap<String, wire::Link>) -> Self {
        let files = files.into_iter().map(|(path, file)| {
            let wire::File { url, size, hash_digest, modified } = file;
            (path, Entry { size, digest: hash_digest, modified, address: url })
        });
        let links = links.into_iter().map(|(name, link)| {
            let wire::Link { direct, mut indirect, modified } = link;
            indirect.sort();
            indirect.dedup();
            (name.clone(), Link { name, direct, indirect, modified })
        });
        Self { version: None, files: files.collect(), links: links.collect() }
    }

    pub(super) fn info(&self, path: &FilePath) -> Option<FileInfo> {
        self.files.get(path).map(|entry| entry.info(path))
    }

    pub(super) fn infos(&self, folder: Option<&FilePath>) -> Vec<FileInfo> {
        let chosen = self.files.iter().filter(|(path, _)| folder.is_none_or(|folder| path.is_in(folder)));
        chosen.map(|(path, entry)| entry.info(path)).collect()
    }

    /// Where a file's contents are; nowhere, if it has no such file.
    pub(super) fn address(&self, path: &FilePath) -> &str {
        self.files.get(path).map_or("", |entry| &entry.address)
    }

    /// What is different in `after`.
    pub(super) fn compare(&self, after: &Self) -> Changes {
        let paths: BTreeSet<_> = self.files.keys().chain(after.files.keys()).collect();
        let digest = |snapshot: &Self, path| snapshot.files.get(path).map(|entry| entry.digest);
        let files = paths.into_iter().filter(|path| digest(self, *path) != digest(after, *path));
        let names: BTreeSet<_> = self.links.keys().chain(after.links.keys()).collect();
        let direct = |snapshot: &Self, name| snapshot.links.get(name).map(|link| link.direct.clone());
        let links = names.into_iter().filter(|name| direct(self, *name) != direct(after, *name));
        Changes {
            files: files
                .map(|path| FileChange {
                    path: path.clone(),
                    before: self.info(path),
                    after: after.info(path),
                    changed: None,
                    changed_by: None,
                })
                .collect(),
            links: links
                .map(|name| LinkChange {
                    name: name.clone(),
                    before: self.links.get(name).cloned(),
                    after: after.links.get(name).cloned(),
                })
                .collect(),
        }
    }
}

impl Entry {
    fn info(&self, path: &FilePath) -> FileInfo {
        FileInfo { path: path.clone(), size: self.size, digest: self.digest, modified: self.modified }
    }
}
