//! Links, and what they bring along.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::version::{self, digest};
use super::{EmbeddedBundles, draft, number, uuid as parsed};
use crate::bundles::{BundleError, Dependency, Link, Tree};
use crate::storage::database::{Fetch, Row, Transaction, Value};

const AT: &str = "SELECT l.name, l.target, l.target_version, l.target_digest, l.indirect FROM content_link l \
    WHERE l.bundle_id = ? AND l.from_version <= ? AND (l.to_version IS NULL OR l.to_version > ?)";

/// A link as a row has it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct LinkRow {
    pub(super) direct: Dependency,
    /// Fixed when the link is made: what a version depends on never changes.
    pub(super) indirect: Vec<Dependency>,
}

impl EmbeddedBundles {
    pub(super) async fn select_links(&self, tree: Tree) -> Result<Vec<Link>, BundleError> {
        let mut reader = self.storage.database.read().await?;
        let mut links = BTreeMap::new();
        match tree {
            Tree::Version { bundle, number: version } => {
                let id = version::bundle_id(&mut reader, bundle, version).await?;
                for (name, row) in links_at(&mut reader, id, version).await? {
                    links.insert(name.clone(), row.into_link(name, false));
                }
            }
            Tree::Draft(uuid) => {
                let id = draft::find(&mut reader, uuid).await?.id;
                // In one statement, so that a commit that happens meanwhile is seen as a whole or not at all.
                let select = "SELECT l.name, l.target, l.target_version, l.target_digest, l.indirect, o.draft_id \
                     FROM content_draft d JOIN content_link l ON l.bundle_id = d.bundle_id \
                     AND l.from_version <= d.base_version \
                     AND (l.to_version IS NULL OR l.to_version > d.base_version) \
                     LEFT JOIN content_draft_link o ON o.draft_id = d.id AND o.name = l.name \
                     WHERE d.id = ? AND o.draft_id IS NULL \
                     UNION ALL SELECT o.name, o.target, o.target_version, o.target_digest, o.indirect, o.draft_id \
                     FROM content_draft_link o WHERE o.draft_id = ? AND o.target IS NOT NULL";
                for row in reader.fetch(select, &[id.into(), id.into()]).await? {
                    let name = row.text(0)?;
                    let modified = row.maybe_int(5)?.is_some();
                    links.insert(name.clone(), LinkRow::read(&row, 1)?.into_link(name, modified));
                }
            }
        }
        Ok(links.into_values().collect())
    }
}

/// The links of a version by name.
pub(super) async fn links_at(
    from: &mut impl Fetch,
    bundle_id: i64,
    version: u64,
) -> Result<BTreeMap<String, LinkRow>, BundleError> {
    let version = number(version);
    let rows = from.fetch(AT, &[bundle_id.into(), version.into(), version.into()]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, LinkRow::read(row, 1)?))).collect()
}

impl LinkRow {
    /// Reads the four columns of a link, from `column` on.
    pub(super) fn read(row: &Row, column: usize) -> Result<Self, BundleError> {
        let indirect = row.text(column + 3)?;
        Ok(Self {
            direct: Dependency {
                bundle: parsed(&row.text(column)?)?,
                version: row.count(column + 1)?,
                digest: digest(&row.bytes(column + 2)?)?,
            },
            indirect: serde_json::from_str(&indirect)
                .map_err(|error| BundleError::Damaged(format!("dependencies of a link: {error}")))?,
        })
    }

    /// The link `name` of bundle `own` to a version, if that version exists and does not lead back.
    pub(super) async fn resolve(
        from: &mut impl Fetch,
        own: Uuid,
        name: &str,
        bundle: Uuid,
        version: u64,
    ) -> Result<Self, BundleError> {
        let target = version::find(from, bundle, version).await?;
        let id = version::bundle_id(from, bundle, version).await?;
        let mut indirect = BTreeSet::new();
        for link in links_at(from, id, version).await?.into_values() {
            indirect.insert(link.direct);
            indirect.extend(link.indirect);
        }
        if bundle == own || indirect.iter().any(|dependency| dependency.bundle == own) {
            return Err(BundleError::LinkCycle { name: name.to_owned(), bundle: own });
        }
        Ok(Self {
            direct: Dependency { bundle, version, digest: target.digest },
            indirect: indirect.into_iter().collect(),
        })
    }

    /// Writes a draft's change of a link. `None`: the link is deleted.
    pub(super) async fn insert_overlay(
        transaction: &mut Transaction,
        draft_id: i64,
        name: &str,
        link: Option<&Self>,
    ) -> Result<(), BundleError> {
        let insert = "INSERT INTO content_draft_link \
                      (draft_id, name, target, target_version, target_digest, indirect) VALUES (?, ?, ?, ?, ?, ?)";
        let target = link.map(|link| link.direct.bundle.to_string());
        let indirect = link.map_or_else(|| Ok("[]".to_owned()), Self::indirect_text)?;
        let values: [Value<'_>; 6] = [
            draft_id.into(),
            name.into(),
            target.as_deref().into(),
            link.map(|link| number(link.direct.version)).into(),
            link.map(|link| link.direct.digest.as_bytes()).into(),
            (&indirect).into(),
        ];
        transaction.execute(insert, &values).await?;
        Ok(())
    }

    /// Writes a link that holds from a version on.
    pub(super) async fn insert(
        &self,
        transaction: &mut Transaction,
        bundle_id: i64,
        name: &str,
        from_version: u64,
    ) -> Result<(), BundleError> {
        let insert = "INSERT INTO content_link \
                      (bundle_id, name, from_version, target, target_version, target_digest, indirect) \
                      VALUES (?, ?, ?, ?, ?, ?, ?)";
        let (target, indirect) = (self.direct.bundle.to_string(), self.indirect_text()?);
        let values: [Value<'_>; 7] = [
            bundle_id.into(),
            name.into(),
            number(from_version).into(),
            (&target).into(),
            number(self.direct.version).into(),
            self.direct.digest.as_bytes().into(),
            (&indirect).into(),
        ];
        transaction.execute(insert, &values).await?;
        Ok(())
    }

    fn indirect_text(&self) -> Result<String, BundleError> {
        serde_json::to_string(&self.indirect).map_err(BundleError::unavailable)
    }

    pub(super) fn into_link(self, name: String, modified: bool) -> Link {
        Link { name, direct: self.direct, indirect: self.indirect, modified }
    }
}
