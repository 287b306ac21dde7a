//! Libraries themselves: making, finding, changing and deleting them.

use std::cmp::Reverse;

use blockhouse_keys::LibraryKey;

use super::change::Change;
use super::team::Level;
use super::{Author, Libraries, LibraryError};
use crate::storage::database::{Fetch, Row, Value, insert};
use crate::storage::retried;

/// The licences that a library can have (spec 7.3.3).
pub const LICENSES: [&str; 7] =
    ["", "CC:4.0:BY", "CC:4.0:BY:NC", "CC:4.0:BY:NC:ND", "CC:4.0:BY:NC:SA", "CC:4.0:BY:ND", "CC:4.0:BY:SA"];

/// Characters (spec 7.5).
pub(super) const MAX_TITLE: usize = 500;
const MAX_DESCRIPTION: usize = 10_000;

/// A library.
#[derive(Clone, Debug, PartialEq)]
pub struct Library {
    pub(super) id: i64,
    /// Its key.
    pub key: LibraryKey,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// One of [`LICENSES`].
    pub license: String,
    /// Whether anybody may learn from it.
    pub allow_public_learning: bool,
    /// Whether every author may read it.
    pub allow_public_read: bool,
    /// Milliseconds since 1970, as all moments here.
    pub created: i64,
    /// When it was last changed.
    pub updated: i64,
    /// When something of it was last published.
    pub last_published: Option<i64>,
    /// By whom.
    pub published_by: Option<String>,
    /// When something of it was last saved.
    pub last_draft_created: Option<i64>,
    /// By whom.
    pub last_draft_created_by: Option<String>,
}

const SELECT: &str = "SELECT id, library_key, title, description, license, allow_public_learning, \
    allow_public_read, created, updated, last_published, published_by, last_draft_created, last_draft_created_by \
    FROM content_library";

impl Library {
    fn read(row: &Row) -> Result<Self, LibraryError> {
        let damaged = |error: blockhouse_keys::InvalidKey| LibraryError::Damaged(error.to_string());
        Ok(Self {
            id: row.int(0)?,
            key: row.text(1)?.parse().map_err(damaged)?,
            title: row.text(2)?,
            description: row.text(3)?,
            license: row.text(4)?,
            allow_public_learning: row.int(5)? != 0,
            allow_public_read: row.int(6)? != 0,
            created: row.int(7)?,
            updated: row.int(8)?,
            last_published: row.maybe_int(9)?,
            published_by: row.maybe_text(10)?,
            last_draft_created: row.maybe_int(11)?,
            last_draft_created_by: row.maybe_text(12)?,
        })
    }

    fn has(&self, text: &str) -> bool {
        let Self { key, title, description, .. } = self;
        [key.slug(), key.org(), title, description].into_iter().any(|part| part.to_lowercase().contains(text))
    }
}

/// A library to be made.
#[derive(Clone, Debug, Default)]
pub struct NewLibrary {
    /// The organisation.
    pub org: String,
    /// The name in the organisation.
    pub slug: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// One of [`LICENSES`].
    pub license: String,
    /// Whether anybody may learn from it.
    pub allow_public_learning: bool,
    /// Whether every author may read it.
    pub allow_public_read: bool,
}

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct LibraryPatch {
    /// What people call it.
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// One of [`LICENSES`].
    pub license: Option<String>,
    /// Whether anybody may learn from it.
    pub allow_public_learning: Option<bool>,
    /// Whether every author may read it.
    pub allow_public_read: Option<bool>,
}

/// Which libraries are wanted, and in what order.
#[derive(Clone, Debug, Default)]
pub struct LibraryFilter {
    /// Of one organisation.
    pub org: Option<String>,
    /// With this in slug, organisation, title or description, whatever the case.
    pub text: Option<String>,
    /// `title`, `created` or `updated`, with `-` before it for the other direction; anything else is ignored.
    pub order: Option<String>,
}

impl Libraries {
    /// Makes a library. Its maker becomes its first admin.
    ///
    /// # Errors
    /// [`LibraryError::Invalid`] for a value that cannot be, or a key that exists.
    pub async fn create_library(&self, new: NewLibrary, by: &Author) -> Result<Library, LibraryError> {
        let key = self.new_key(&new.org, &new.slug)?;
        check_title(&new.title)?;
        check_description(&new.description)?;
        check_license(&new.license)?;
        retried!(async {
            let mut change = self.change(by).await?;
            let now = change.now;
            change.begin_library(&key, &new, now, now).await?;
            change.commit().await
        })?;
        self.library(&key).await
    }

    /// A library.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn library(&self, key: &LibraryKey) -> Result<Library, LibraryError> {
        find(&mut self.read().await?, key).await
    }

    /// The libraries that a filter lets through.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn libraries(&self, filter: &LibraryFilter) -> Result<Vec<Library>, LibraryError> {
        let rows = self.read().await?.fetch(&format!("{SELECT} ORDER BY id"), &[]).await?;
        let mut found: Vec<Library> = rows.iter().map(Library::read).collect::<Result<_, _>>()?;
        // Here, not in the database: the three do not agree on letters and cases, and libraries are few.
        let text = filter.text.as_deref().unwrap_or_default().to_lowercase();
        found.retain(|library| filter.org.as_deref().is_none_or(|org| org == library.key.org()));
        found.retain(|library| text.is_empty() || library.has(&text));
        let title = |library: &Library| library.title.to_lowercase();
        match filter.order.as_deref() {
            Some("title") => found.sort_by_cached_key(title),
            Some("-title") => found.sort_by_cached_key(|library| Reverse((title(library), library.id))),
            Some("created") => found.sort_by_key(|library| library.created),
            Some("-created") => found.sort_by_key(|library| Reverse((library.created, library.id))),
            Some("updated") => found.sort_by_key(|library| library.updated),
            Some("-updated") => found.sort_by_key(|library| Reverse((library.updated, library.id))),
            _ => found.sort_by(|a, b| (a.key.org(), a.key.slug()).cmp(&(b.key.org(), b.key.slug()))),
        }
        Ok(found)
    }

    /// Changes what is said about a library.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`]; [`LibraryError::Invalid`].
    pub async fn update_library(
        &self,
        key: &LibraryKey,
        patch: LibraryPatch,
        by: &Author,
    ) -> Result<Library, LibraryError> {
        if let Some(title) = &patch.title {
            check_title(title)?;
        }
        if let Some(description) = &patch.description {
            check_description(description)?;
        }
        if let Some(license) = &patch.license {
            check_license(license)?;
        }
        retried!(async {
            let mut change = self.change(by).await?;
            let library = change.library(key).await?;
            let values: [Value<'_>; 7] = [
                patch.title.as_ref().unwrap_or(&library.title).into(),
                patch.description.as_ref().unwrap_or(&library.description).into(),
                patch.license.as_ref().unwrap_or(&library.license).into(),
                i64::from(patch.allow_public_learning.unwrap_or(library.allow_public_learning)).into(),
                i64::from(patch.allow_public_read.unwrap_or(library.allow_public_read)).into(),
                change.now.into(),
                library.id.into(),
            ];
            let update = "UPDATE content_library SET title = ?, description = ?, license = ?, \
                          allow_public_learning = ?, allow_public_read = ?, updated = ? WHERE id = ?";
            change.run(update, &values).await?;
            change.tell_library(key, "updated").await?;
            change.commit().await
        })?;
        self.library(key).await
    }

    /// Deletes a library with all that is in it.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn delete_library(&self, key: &LibraryKey, by: &Author) -> Result<(), LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let library = change.library(key).await?;
            for statement in DELETE {
                change.run(statement, &[library.id.into()]).await?;
            }
            change.tell_library(key, "deleted").await?;
            change.commit().await
        })?;
        self.circles.forget();
        self.opened.forget();
        Ok(())
    }

    /// The key that a library of this organisation and slug has. New keys are held to more than old ones (spec 1.4.5).
    fn new_key(&self, org: &str, slug: &str) -> Result<LibraryKey, LibraryError> {
        let org_is_plain = !org.is_empty()
            && org.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        let allowed = &self.rules.organizations;
        if !org_is_plain || (!allowed.is_empty() && !allowed.iter().any(|known| known == org)) {
            return Err(LibraryError::invalid("org", format!("No such organization '{org}' found.")));
        }
        let key =
            Some(slug).filter(|slug| !slug.contains('.')).and_then(|slug| LibraryKey::new(org, slug).ok());
        key.ok_or_else(|| {
            LibraryError::invalid(
                "slug",
                "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.",
            )
        })
    }
}

/// Takes a library away, those rows first that are found by others.
const DELETE: [&str; 10] = [
    "DELETE FROM content_library_item WHERE collection_id IN \
     (SELECT id FROM content_library_collection WHERE library_id = ?)",
    "DELETE FROM content_library_collection WHERE library_id = ?",
    "DELETE FROM content_library_grant WHERE library_id = ?",
    "DELETE FROM content_entity_child WHERE entity_id IN (SELECT id FROM content_entity WHERE library_id = ?)",
    "DELETE FROM content_entity_file WHERE entity_id IN (SELECT id FROM content_entity WHERE library_id = ?)",
    "DELETE FROM content_entity_version WHERE entity_id IN (SELECT id FROM content_entity WHERE library_id = ?)",
    "DELETE FROM content_entity WHERE library_id = ?",
    "DELETE FROM content_publication_record WHERE library_id = ?",
    "DELETE FROM content_publication WHERE library_id = ?",
    "DELETE FROM content_library WHERE id = ?",
];

impl Change<'_> {
    /// Begins a library and gives its row. Whose change it is becomes its first admin.
    pub(super) async fn begin_library(
        &mut self,
        key: &LibraryKey,
        new: &NewLibrary,
        created: i64,
        updated: i64,
    ) -> Result<i64, LibraryError> {
        let columns = [
            "library_key",
            "title",
            "description",
            "license",
            "allow_public_learning",
            "allow_public_read",
            "created",
            "updated",
        ];
        let values: [Value<'_>; 8] = [
            key.as_str().into(),
            (&new.title).into(),
            (&new.description).into(),
            (&new.license).into(),
            i64::from(new.allow_public_learning).into(),
            i64::from(new.allow_public_read).into(),
            created.into(),
            updated.into(),
        ];
        match self.tx.execute(&insert("content_library", &columns, 1), &values).await {
            Err(error) if error.is_duplicate() => {
                return Err(LibraryError::invalid("slug", "A library with that ID already exists."));
            }
            outcome => outcome?,
        };
        let id = find(&mut self.tx, key).await?.id;
        let by = self.by;
        self.grant_account(id, by.account, &by.username, "", Level::Admin).await?;
        self.tell_library(key, "created").await?;
        Ok(id)
    }
}

pub(super) async fn find(from: &mut impl Fetch, key: &LibraryKey) -> Result<Library, LibraryError> {
    let row = from.fetch_optional(&format!("{SELECT} WHERE library_key = ?"), &[key.as_str().into()]).await?;
    Library::read(&row.ok_or_else(|| LibraryError::NoSuchLibrary(key.clone()))?)
}

pub(super) fn check_title(title: &str) -> Result<(), LibraryError> {
    if title.trim().is_empty() {
        return Err(LibraryError::invalid("title", "This field may not be blank."));
    }
    check_length("title", title, MAX_TITLE)
}

pub(super) fn check_description(text: &str) -> Result<(), LibraryError> {
    check_length("description", text, MAX_DESCRIPTION)
}

pub(super) fn check_length(field: &'static str, text: &str, most: usize) -> Result<(), LibraryError> {
    match text.chars().count() {
        length if length > most => Err(LibraryError::invalid(
            field,
            format!("Ensure this field has no more than {most} characters."),
        )),
        _ => Ok(()),
    }
}

fn check_license(license: &str) -> Result<(), LibraryError> {
    if LICENSES.contains(&license) {
        return Ok(());
    }
    Err(LibraryError::invalid("license", format!("\"{license}\" is not a valid choice.")))
}
