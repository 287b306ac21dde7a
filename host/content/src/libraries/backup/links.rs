//! The links of a library in its backup. Open edX has none, so they stand in a file of their own, which it leaves alone.

use std::collections::HashSet;
use std::path::Path;

use blockhouse_keys::LibraryKey;
use serde::{Deserialize, Serialize};
use toml::value::Datetime;

use super::form::{Pointer, millis, moment, to_text};
use super::read::{read, refused};
use super::write::put;
use crate::libraries::bulk::NewEntity;
use crate::libraries::change::Change;
use crate::libraries::entity::{self, LINK};
use crate::libraries::links::{Target, check_name, leads_back};
use crate::libraries::publications::Move;
use crate::libraries::version::{self, Held, NewVersion};
use crate::libraries::{Libraries, LibraryError};

pub(in crate::libraries) const FILE: &str = "links.toml";

#[derive(Default, Serialize, Deserialize)]
pub(in crate::libraries) struct LinksFile {
    #[serde(default)]
    link: Vec<LinkHead>,
}

#[derive(Serialize, Deserialize)]
struct LinkHead {
    id: String,
    created: Option<Datetime>,
    #[serde(default)]
    draft: Pointer,
    #[serde(default)]
    published: Pointer,
    #[serde(default)]
    version: Vec<LinkVersion>,
}

/// Where the link leads in this version of it.
#[derive(Serialize, Deserialize)]
struct LinkVersion {
    version_num: u64,
    library: LibraryKey,
    publication: u64,
}

impl Libraries {
    /// Writes the links of a library, if it has any.
    pub(super) async fn write_links(&self, folder: &Path, library: i64) -> Result<(), LibraryError> {
        let mut reader = self.read().await?;
        let condition = format!("e.library_id = ? AND e.kind = '{LINK}' ORDER BY e.id");
        let mut links = LinksFile::default();
        for found in entity::entities(&mut reader, &condition, &[library.into()]).await? {
            let mut version = Vec::new();
            for number in found.standing.seen().into_iter().rev() {
                let held = version::held(&mut reader, found.id, number).await?;
                let gone =
                    || LibraryError::Damaged(format!("version {number} of the link {} is gone", found.name));
                let Target { library, publication } = Target::read(&held.ok_or_else(gone)?.title)?;
                version.push(LinkVersion { version_num: number, library, publication });
            }
            links.link.push(LinkHead {
                id: found.name,
                created: moment(found.standing.created),
                draft: Pointer { version_num: found.standing.draft },
                published: Pointer { version_num: found.standing.published },
                version,
            });
        }
        if links.link.is_empty() {
            return Ok(());
        }
        put(folder, FILE, to_text(&links)?.as_bytes())
    }
}

impl LinksFile {
    /// Those of a backup; none where it is from somewhere else.
    pub(in crate::libraries) fn read(root: &Path) -> Result<Self, LibraryError> {
        let file = root.join(FILE);
        let links: Self = if file.is_file() { read(&file)? } else { Self::default() };
        let mut ids = HashSet::new();
        for link in &links.link {
            check_name(&link.id).map_err(|error| refused(&error.to_string()))?;
            if !ids.insert(&link.id) {
                return Err(refused(&format!("it has the link `{}` twice", link.id)));
            }
            let numbers: HashSet<u64> = link.version.iter().map(|version| version.version_num).collect();
            let pointers = [link.draft.version_num, link.published.version_num];
            let missing = pointers.into_iter().flatten().any(|number| !numbers.contains(&number));
            if missing || numbers.len() < link.version.len() || numbers.contains(&0) {
                return Err(refused(&format!("the versions of the link `{}` are not whole", link.id)));
            }
        }
        Ok(links)
    }

    /// The links that its authors see: names, and where they lead.
    pub(in crate::libraries) fn drafts(self) -> impl Iterator<Item = (String, Target)> {
        self.link.into_iter().filter_map(|link| {
            let draft = link.draft.version_num?;
            let version = link.version.into_iter().find(|version| version.version_num == draft)?;
            Some((link.id, Target { library: version.library, publication: version.publication }))
        })
    }
}

impl LinkHead {
    fn entity(&self, now: i64) -> NewEntity {
        NewEntity {
            kind: LINK,
            type_name: LINK.to_owned(),
            name: self.id.clone(),
            can_stand_alone: false,
            created: millis(self.created.as_ref()).unwrap_or(now),
            draft: self.draft.version_num,
            published: self.published.version_num,
            latest: self.version.iter().map(|version| version.version_num).max().unwrap_or_default(),
        }
    }
}

impl Change<'_> {
    /// Makes the links, and says which of them learners' blocks use. A link to a library that is not there is made all
    /// the same: the library may be restored later.
    pub(super) async fn restore_links(
        &mut self,
        library: i64,
        key: &LibraryKey,
        links: &LinksFile,
    ) -> Result<Vec<Move>, LibraryError> {
        let entities: Vec<_> = links.link.iter().map(|link| link.entity(self.now)).collect();
        let rows = self.begin_all(library, &entities).await?;
        let (mut all, mut moves) = (Vec::new(), Vec::new());
        for link in &links.link {
            let row = rows.get(&(LINK.to_owned(), LINK.to_owned(), link.id.clone()));
            let gone = || LibraryError::Damaged("a link was made and is not there".to_owned());
            let entity = *row.ok_or_else(gone)?;
            if let Some(to) = link.published.version_num {
                moves.push(Move { entity, from: None, to: Some(to) });
            }
            for version in &link.version {
                let target = Target { library: version.library.clone(), publication: version.publication };
                if leads_back(&mut self.tx, key, &target).await? {
                    let message =
                        format!("its link `{}` leads back to {key}; restore it under another key", link.id);
                    return Err(refused(&message));
                }
                all.push((entity, version.version_num, Held { title: target.write(), ..Held::default() }));
            }
        }
        let versions: Vec<_> = all
            .iter()
            .map(|(entity, number, held)| NewVersion { entity: *entity, number: *number, held })
            .collect();
        self.store_versions(&versions).await?;
        Ok(moves)
    }
}
