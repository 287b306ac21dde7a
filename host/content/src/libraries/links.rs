//! Links: the names by which a library's blocks include those of another library, at one of its publications (spec 7.2,
//! 7.3).
//!
//! A link is an entity as components are, without files: the title of its version says where it leads. So it is
//! drafted, published and reverted with everything else.

use blockhouse_keys::LibraryKey;

use super::change::Change;
use super::entity::{Entity, LINK, Name};
use super::place::At;
use super::version::Held;
use super::{Author, Libraries, LibraryError, library};
use crate::storage::database::{Fetch, Value};
use crate::storage::retried;

/// Characters of a link's name.
const MAX_NAME: usize = 180;

/// A link to another library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What includes call it.
    pub id: String,
    /// The library that it leads to.
    pub library: LibraryKey,
    /// The publication of that library.
    pub version: u64,
    /// The number of that library's latest publication; `None`: the library is gone.
    pub latest: Option<u64>,
}

impl Link {
    /// Whether what it leads to is not there: the library, or this publication of it.
    pub fn is_dead(&self) -> bool {
        self.latest.is_none_or(|latest| latest < self.version)
    }
}

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) library: LibraryKey,
    pub(super) publication: u64,
}

impl Target {
    /// As it stands in the title of the link's version: `lib:ORG:SLUG@N`.
    pub(super) fn read(text: &str) -> Result<Self, LibraryError> {
        let read = |text: &str| {
            let (library, publication) = text.rsplit_once('@')?;
            Some(Self { library: library.parse().ok()?, publication: publication.parse().ok()? })
        };
        read(text).ok_or_else(|| LibraryError::Damaged(format!("a link leads to `{text}`")))
    }

    pub(super) fn write(&self) -> String {
        format!("{}@{}", self.library, self.publication)
    }
}

impl Libraries {
    /// The links that authors see, by name.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn links(&self, key: &LibraryKey) -> Result<Vec<Link>, LibraryError> {
        let library = self.library(key).await?;
        let mut reader = self.read().await?;
        let mut links = Vec::new();
        for (id, target) in targets(&mut reader, library.id, At::Draft).await? {
            let latest = match library::find(&mut reader, &target.library).await {
                Ok(library) => Some(latest(&mut reader, library.id).await?),
                Err(LibraryError::NoSuchLibrary(_)) => None,
                Err(error) => return Err(error),
            };
            links.push(Link { id, library: target.library, version: target.publication, latest });
        }
        Ok(links)
    }

    /// Adds a link to another library, at its latest publication where none is named.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`]; [`LibraryError::Invalid`] for a name that is taken or impossible, a library or
    /// publication that is not there, or one from which links lead back.
    pub async fn add_link(
        &self,
        key: &LibraryKey,
        id: &str,
        to: &LibraryKey,
        version: Option<u64>,
        by: &Author,
    ) -> Result<(), LibraryError> {
        check_name(id)?;
        self.point_link(key, id, Some(to), version, by).await
    }

    /// Lets a link lead to another publication: the latest one where none is named.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLink`], and as [`Libraries::add_link`].
    pub async fn update_link(
        &self,
        key: &LibraryKey,
        id: &str,
        version: Option<u64>,
        by: &Author,
    ) -> Result<(), LibraryError> {
        self.point_link(key, id, None, version, by).await
    }

    /// Takes a link away. What is included through it is then not found.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLink`].
    pub async fn delete_link(&self, key: &LibraryKey, id: &str, by: &Author) -> Result<(), LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let entity = change.entity(&name(key, id)).await?;
            let entity = entity.filter(|entity| entity.standing.draft.is_some());
            let entity = entity.ok_or_else(|| LibraryError::NoSuchLink(id.to_owned()))?;
            change.point_draft(entity.library_id, entity.id, None).await?;
            change.tell_library(key, "updated").await?;
            change.commit().await
        })
    }

    /// With `to` a link is made, otherwise one that is there is changed.
    async fn point_link(
        &self,
        key: &LibraryKey,
        id: &str,
        to: Option<&LibraryKey>,
        version: Option<u64>,
        by: &Author,
    ) -> Result<(), LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let own = change.library(key).await?;
            let entity = name(key, id).find(&mut change.tx).await?;
            let is_there = entity.as_ref().is_some_and(|entity| entity.standing.draft.is_some());
            let target = match (to, &entity) {
                (Some(_), _) if is_there => {
                    return Err(LibraryError::invalid("id", "That link ID is already in use."));
                }
                (Some(to), _) => to.clone(),
                (None, Some(entity)) if is_there => Target::read(&entity.title)?.library,
                (None, _) => return Err(LibraryError::NoSuchLink(id.to_owned())),
            };
            let publication = publication(&mut change.tx, &target, version).await?;
            let target = Target { library: target, publication };
            change.lead(own.id, &name(key, id), entity, &target).await?;
            change.commit().await
        })
    }

    /// Lets a link lead where it does in a backup, whether or not there is such a library. One that does already stays
    /// as it is.
    ///
    /// # Errors
    /// [`LibraryError::Invalid`] for one that would lead back.
    pub(super) async fn take_link(
        &self,
        key: &LibraryKey,
        id: &str,
        target: &Target,
        by: &Author,
    ) -> Result<(), LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let own = change.library(key).await?;
            let entity = name(key, id).find(&mut change.tx).await?;
            let is_drafted = |entity: &Entity| entity.standing.draft.is_some();
            if entity.as_ref().is_some_and(|entity| is_drafted(entity) && entity.title == target.write()) {
                return Ok(());
            }
            change.lead(own.id, &name(key, id), entity, target).await?;
            change.commit().await
        })
    }
}

impl Change<'_> {
    /// Lets a link lead somewhere; it is made if it is not there.
    async fn lead(
        &mut self,
        library: i64,
        name: &Name<'_>,
        link: Option<Entity>,
        target: &Target,
    ) -> Result<(), LibraryError> {
        if leads_back(&mut self.tx, &name.library, target).await? {
            let message =
                format!("Links lead from {} back to {}: a link cycle.", target.library, name.library);
            return Err(LibraryError::invalid("opaque_key", message));
        }
        let held = Held { title: target.write(), ..Held::default() };
        match link {
            Some(link) => {
                self.next_version(&link, &held).await?;
            }
            None => self.begin(library, name, false, &held).await?,
        }
        self.tell_library(&name.library, "updated").await
    }
}

/// # Errors
/// [`LibraryError::Invalid`] for a name that no link can have.
pub(super) fn check_name(id: &str) -> Result<(), LibraryError> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !id.is_empty() && id.chars().count() <= MAX_NAME && id.chars().all(plain) {
        return Ok(());
    }
    let message =
        format!("A link's ID has at most {MAX_NAME} letters, numbers, underscores, hyphens and dots.");
    Err(LibraryError::invalid("id", message))
}

fn name<'a>(library: &LibraryKey, id: &'a str) -> Name<'a> {
    Name { library: library.clone(), kind: LINK, type_name: LINK, name: id }
}

/// The links of a library at a moment: names, and where they lead.
async fn targets(from: &mut impl Fetch, library: i64, at: At) -> Result<Vec<(String, Target)>, LibraryError> {
    let (version, value) = at.version();
    let select = format!(
        "SELECT e.name, v.title FROM content_entity e \
         JOIN content_entity_version v ON v.entity_id = e.id AND v.version = {version} \
         WHERE e.library_id = ? AND e.kind = '{LINK}' ORDER BY e.name"
    );
    let values: Vec<Value<'_>> = value.into_iter().chain([library.into()]).collect();
    let rows = from.fetch(&select, &values).await?;
    rows.iter().map(|row| Ok((row.text(0)?, Target::read(&row.text(1)?)?))).collect()
}

/// The number of a library's latest publication; 0: nothing was ever published.
pub(super) async fn latest(from: &mut impl Fetch, library: i64) -> Result<u64, LibraryError> {
    let select = "SELECT MAX(number) FROM content_publication WHERE library_id = ?";
    let row = from.fetch_optional(select, &[library.into()]).await?;
    let number = row.map(|row| row.maybe_int(0)).transpose()?.flatten();
    Ok(number.map_or(0, i64::cast_unsigned))
}

/// The publication that is asked for, if there is such a one.
async fn publication(
    from: &mut impl Fetch,
    library: &LibraryKey,
    wanted: Option<u64>,
) -> Result<u64, LibraryError> {
    let found = match library::find(from, library).await {
        Err(error @ LibraryError::NoSuchLibrary(_)) => {
            return Err(LibraryError::invalid("opaque_key", error.to_string()));
        }
        found => found?,
    };
    let latest = latest(from, found.id).await?;
    match wanted.unwrap_or(latest) {
        0 => {
            let message =
                format!("{library} has published nothing that a link could lead to; publish it first.");
            Err(LibraryError::invalid("version", message))
        }
        number if number > latest => {
            let message = format!("{library} has no version {number}; its latest is {latest}.");
            Err(LibraryError::invalid("version", message))
        }
        number => Ok(number),
    }
}

/// Whether links lead from there to a library.
pub(super) async fn leads_back(
    from: &mut impl Fetch,
    own: &LibraryKey,
    first: &Target,
) -> Result<bool, LibraryError> {
    let mut seen = std::collections::BTreeSet::new();
    let mut waiting = vec![Target { library: first.library.clone(), publication: first.publication }];
    while let Some(next) = waiting.pop() {
        if next.library == *own {
            return Ok(true);
        }
        if !seen.insert((next.library.to_string(), next.publication)) {
            continue;
        }
        match library::find(from, &next.library).await {
            Ok(library) => {
                let links = targets(from, library.id, At::Publication(next.publication)).await?;
                waiting.extend(links.into_iter().map(|(_, target)| target));
            }
            Err(LibraryError::NoSuchLibrary(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}
