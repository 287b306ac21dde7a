//! Where a definition is looked for: a library at a moment, which is its draft, what is published, or what was after one
//! of its publications.

use std::collections::{BTreeSet, HashSet};

use blockhouse_keys::{LibraryKey, UsageKey};

use super::LibraryError;
use super::entity::{COMPONENT, LINK};
use super::include::Include;
use super::library;
use super::links::Target;
use crate::storage::database::{Fetch, Value, list};
use crate::storage::number;

/// The most blocks that are looked at to see whether one includes itself.
const MAX_WALK: usize = 2000;

/// A moment of a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// What authors see.
    Draft,
    /// What learners see.
    Published,
    /// What learners saw after the publication with this number.
    Publication(u64),
}

impl At {
    /// An SQL expression for the version of the entity `e` at this moment; 0 or NULL: it is not there. Its values go
    /// where it stands.
    pub(super) fn version(self) -> (&'static str, Option<Value<'static>>) {
        match self {
            Self::Draft => ("e.draft", None),
            Self::Published => ("e.published", None),
            Self::Publication(publication) => (
                "(SELECT r.new_version FROM content_publication_record r \
                 WHERE r.entity_id = e.id AND r.number <= ? ORDER BY r.number DESC LIMIT 1)",
                Some(number(publication).into()),
            ),
        }
    }
}

/// A library at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) library: i64,
    pub(super) at: At,
}

/// The version of an entity that is there at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) entity: i64,
    pub(super) version: u64,
}

impl Place {
    /// The component with this type and name.
    pub(super) async fn component(
        self,
        from: &mut impl Fetch,
        block_type: &str,
        name: &str,
    ) -> Result<Option<Found>, LibraryError> {
        self.find(from, COMPONENT, block_type, name).await
    }

    /// Where a link of this library leads; `None`: there is no such link, or no such library any more.
    pub(super) async fn link(self, from: &mut impl Fetch, name: &str) -> Result<Option<Self>, LibraryError> {
        let Some(found) = self.find(from, LINK, LINK, name).await? else { return Ok(None) };
        let select = "SELECT title FROM content_entity_version WHERE entity_id = ? AND version = ?";
        let row = from.fetch_optional(select, &[found.entity.into(), number(found.version).into()]).await?;
        let Some(row) = row else { return Ok(None) };
        let target = Target::read(&row.text(0)?)?;
        match library::find(from, &target.library).await {
            Ok(library) => Ok(Some(Self { library: library.id, at: At::Publication(target.publication) })),
            Err(LibraryError::NoSuchLibrary(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn find(
        self,
        from: &mut impl Fetch,
        kind: &str,
        type_name: &str,
        name: &str,
    ) -> Result<Option<Found>, LibraryError> {
        let (version, value) = self.at.version();
        let select = format!(
            "SELECT e.id, {version} FROM content_entity e \
             WHERE e.library_id = ? AND e.kind = ? AND e.type = ? AND e.name = ?"
        );
        let named: [Value<'_>; 4] = [self.library.into(), kind.into(), type_name.into(), name.into()];
        let values: Vec<_> = value.into_iter().chain(named).collect();
        let Some(row) = from.fetch_optional(&select, &values).await? else { return Ok(None) };
        let version = row.maybe_int(1)?.unwrap_or_default();
        let version = u64::try_from(version).unwrap_or_default();
        Ok((version > 0).then_some(Found { entity: row.int(0)?, version }))
    }

    /// Who includes a block under one of these names here: what they include, and their own type and name.
    pub(super) async fn including(
        self,
        from: &mut impl Fetch,
        aliases: &[&str],
    ) -> Result<Vec<(Include, String, String)>, LibraryError> {
        let (version, value) = self.at.version();
        let select = format!(
            "SELECT {}, e.type, e.name FROM content_include i \
             JOIN content_entity_file f ON f.digest = i.digest AND f.path = 'block.xml' \
             JOIN content_entity e ON e.id = f.entity_id AND f.version = {version} \
             WHERE i.alias IN ({}) AND e.library_id = ? ORDER BY e.id, i.place",
            Include::COLUMNS,
            list(aliases.len())
        );
        let aliases = aliases.iter().map(|alias| Value::from(*alias));
        let values: Vec<_> = value.into_iter().chain(aliases).chain([self.library.into()]).collect();
        let rows = from.fetch(&select, &values).await?;
        rows.iter().map(|row| Ok((Include::from_row(row)?, row.text(4)?, row.text(5)?))).collect()
    }

    /// The components of this library that include one of its definitions, under whatever name.
    pub(super) async fn including_definition(
        self,
        from: &mut impl Fetch,
        block_type: &str,
        name: &str,
    ) -> Result<BTreeSet<i64>, LibraryError> {
        let (version, value) = self.at.version();
        let select = format!(
            "SELECT DISTINCT e.id FROM content_include i \
             JOIN content_entity_file f ON f.digest = i.digest AND f.path = 'block.xml' \
             JOIN content_entity e ON e.id = f.entity_id AND f.version = {version} \
             WHERE i.name = ? AND i.type = ? AND i.link IS NULL AND e.library_id = ?"
        );
        let of: [Value<'_>; 3] = [name.into(), block_type.into(), self.library.into()];
        let values: Vec<_> = value.into_iter().chain(of).collect();
        from.fetch(&select, &values).await?.iter().map(|row| Ok(row.int(0)?)).collect()
    }

    /// The components of this library that include something.
    pub(super) async fn including_components(
        self,
        from: &mut impl Fetch,
        library: &LibraryKey,
    ) -> Result<Vec<UsageKey>, LibraryError> {
        let (version, value) = self.at.version();
        let select = format!(
            "SELECT DISTINCT e.type, e.name FROM content_include i \
             JOIN content_entity_file f ON f.digest = i.digest AND f.path = 'block.xml' \
             JOIN content_entity e ON e.id = f.entity_id AND f.version = {version} WHERE e.library_id = ?"
        );
        let values: Vec<_> = value.into_iter().chain([self.library.into()]).collect();
        let mut usages = Vec::new();
        for row in from.fetch(&select, &values).await? {
            usages.extend(library.make_usage_key(&row.text(0)?, &row.text(1)?).ok().map(UsageKey::Library));
        }
        Ok(usages)
    }

    /// Whether a component includes itself, through however many others of its library. Links do not lead back
    /// (spec 7.1.4), so they need not be followed.
    pub(super) async fn includes_itself(
        self,
        from: &mut impl Fetch,
        first: Found,
    ) -> Result<bool, LibraryError> {
        let (mut seen, mut waiting) = (HashSet::new(), vec![first]);
        while let Some(next) = waiting.pop() {
            for found in self.containers_in(from, next).await? {
                if found.entity == first.entity {
                    return Ok(true);
                }
                if seen.len() < MAX_WALK && seen.insert(found.entity) {
                    waiting.push(found);
                }
            }
        }
        Ok(false)
    }

    /// The components of this library that a component includes and that include something themselves.
    async fn containers_in(self, from: &mut impl Fetch, parent: Found) -> Result<Vec<Found>, LibraryError> {
        let (version, value) = self.at.version();
        let select = format!(
            "SELECT e.id, g.version FROM content_entity_file f \
             JOIN content_include i ON i.digest = f.digest AND i.link IS NULL \
             JOIN content_entity e ON e.library_id = ? AND e.kind = 'component' AND e.type = i.type AND e.name = i.name \
             JOIN content_entity_file g ON g.entity_id = e.id AND g.path = 'block.xml' AND g.version = {version} \
             WHERE f.entity_id = ? AND f.version = ? AND f.path = 'block.xml' \
             AND EXISTS (SELECT x.digest FROM content_include x WHERE x.digest = g.digest)"
        );
        let of: [Value<'_>; 2] = [parent.entity.into(), number(parent.version).into()];
        let values: Vec<_> = [self.library.into()].into_iter().chain(value).chain(of).collect();
        let rows = from.fetch(&select, &values).await?;
        rows.iter().map(|row| Ok(Found { entity: row.int(0)?, version: row.count(1)? })).collect()
    }
}
