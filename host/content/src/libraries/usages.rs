//! What a usage key of a library means: one of its own definitions, or one that a block includes under a name of its
//! choice (spec 7.2.3).
//!
//! A block that a definition of the library includes is called by its alias, or by its definition's name. Below a
//! definition that comes through a link, the name of the parent stands before it: `alias1-html1`. An own definition
//! always has its own key; an alias of that name is not found.

use blockhouse_keys::{LibraryKey, UsageKey};

use super::LibraryError;
use super::include::{self, Include};
use super::place::{Found, Place};
use crate::storage::database::Fetch;

/// What a key means.
#[derive(Debug)]
pub(super) enum Meaning {
    /// A definition.
    Block(Block),
    /// Somebody includes it, and says so in a way that leads nowhere.
    Broken(String),
    /// There is no such block.
    Nothing,
}

/// A definition, and how the key leads to it.
#[derive(Debug)]
pub(super) struct Block {
    /// Where the definition is.
    pub(super) place: Place,
    /// Its version there.
    pub(super) found: Found,
    /// The name of the definition; its type is that of the key.
    pub(super) name: String,
    /// Whether it came through a link.
    pub(super) linked: bool,
    /// The block that includes it; the first of several.
    pub(super) parent: Option<UsageKey>,
}

impl Block {
    /// The key of a block that this one includes. `usage` is the key of this one.
    pub(super) fn child(
        &self,
        usage: &UsageKey,
        library: &LibraryKey,
        include: &Include,
    ) -> Option<UsageKey> {
        let name = match self.linked {
            true => format!("{}-{}", usage.block_id(), include.alias),
            false => include.alias.clone(),
        };
        library.make_usage_key(&include.block_type, &name).ok().map(UsageKey::Library)
    }
}

/// What a key means in its library at a moment.
pub(super) async fn meaning(
    from: &mut impl Fetch,
    place: Place,
    library: &LibraryKey,
    usage: &UsageKey,
) -> Result<Meaning, LibraryError> {
    let (block_type, name) = (usage.block_type(), usage.block_id());
    let mut including = place.including(from, &[name]).await?;
    including.retain(|(include, ..)| include.block_type == block_type);
    let key =
        |block_type: &str, name: &str| library.make_usage_key(block_type, name).ok().map(UsageKey::Library);
    let first = including.into_iter().next();
    let parent = first.as_ref().and_then(|(_, block_type, name)| key(block_type, name));
    if let Some(found) = place.component(from, block_type, name).await? {
        return Ok(Meaning::Block(Block { place, found, name: name.to_owned(), linked: false, parent }));
    }
    if let Some((include, ..)) = first {
        return included(from, place, &include, parent, false).await;
    }
    below_a_link(from, place, library, usage).await
}

/// The definition that an include names.
async fn included(
    from: &mut impl Fetch,
    place: Place,
    include: &Include,
    parent: Option<UsageKey>,
    linked: bool,
) -> Result<Meaning, LibraryError> {
    let (place, linked) = match &include.link {
        None => (place, linked),
        Some(link) => match place.link(from, link).await? {
            Some(place) => (place, true),
            None => return Ok(Meaning::Broken(format!("Link not found: {link}"))),
        },
    };
    match place.component(from, &include.block_type, &include.name).await? {
        Some(found) => Ok(Meaning::Block(Block { place, found, name: include.name.clone(), linked, parent })),
        None => Ok(Meaning::Nothing),
    }
}

/// A block below one that came through a link. Each step makes the name longer, so that this ends.
async fn below_a_link(
    from: &mut impl Fetch,
    place: Place,
    library: &LibraryKey,
    usage: &UsageKey,
) -> Result<Meaning, LibraryError> {
    let wanted = usage.block_id();
    let above: Vec<&str> = wanted.match_indices('-').filter_map(|(at, _)| wanted.get(..at)).collect();
    if above.iter().all(|name| name.is_empty()) {
        return Ok(Meaning::Nothing);
    }
    let mut waiting: Vec<(Place, Include, String)> = Vec::new();
    for (include, ..) in place.including(from, &above).await? {
        if include.link.is_some() {
            let name = include.alias.clone();
            waiting.push((place, include, name));
        }
    }
    while let Some((place, include, name)) = waiting.pop() {
        let Meaning::Block(parent) = included(from, place, &include, None, true).await? else { continue };
        for inner in include::of_version(from, parent.found.entity, parent.found.version).await? {
            let inner_name = format!("{name}-{}", inner.alias);
            if inner_name == wanted && inner.block_type == usage.block_type() {
                let parent_key = library.make_usage_key(&include.block_type, &name);
                let parent_key = parent_key.ok().map(UsageKey::Library);
                return included(from, parent.place, &inner, parent_key, true).await;
            }
            if wanted.strip_prefix(&inner_name).is_some_and(|rest| rest.starts_with('-')) {
                waiting.push((parent.place, inner, inner_name));
            }
        }
    }
    Ok(Meaning::Nothing)
}
