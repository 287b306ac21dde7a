//! What somebody had before them when they decided to publish, or to go back. Others may have changed something since,
//! and nobody is to publish or lose what they have not seen.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::entity::Entity;
use super::{Author, LibraryError, Pending};

/// Unpublished changes: keys, each with the version of the draft. Written `KEY@VERSION KEY@VERSION`, with version 0 of
/// what was deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen(BTreeMap<String, u64>);

impl Seen {
    /// These.
    pub fn of(pending: &[Pending]) -> Self {
        let seen = |pending: &Pending| (pending.key.clone(), pending.draft.unwrap_or_default());
        Self(pending.iter().map(seen).collect())
    }

    /// Nobody has to have seen again what they changed last themselves, perhaps in an editor that lies open beside the
    /// page. What is not pending any more is done, and hinders nobody.
    ///
    /// # Errors
    /// [`LibraryError::Unseen`] for what others changed since.
    pub(super) fn check(&self, pending: &[Entity], by: &Author) -> Result<(), LibraryError> {
        let mut unseen = Vec::new();
        for entity in pending {
            let (key, draft) = (entity.key()?, entity.standing.draft.unwrap_or_default());
            let is_own = entity.standing.last_draft_created_by.as_ref() == Some(&by.username);
            if !is_own && self.0.get(&key) != Some(&draft) {
                unseen.push(key);
            }
        }
        if unseen.is_empty() { Ok(()) } else { Err(LibraryError::Unseen(unseen)) }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        for (key, draft) in &self.0 {
            write!(f, "{space}{key}@{draft}")?;
            space = " ";
        }
        Ok(())
    }
}

impl FromStr for Seen {
    type Err = Infallible;

    /// What names no version of anything has been seen of nothing.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let one = |word: &str| {
            let (key, draft) = word.rsplit_once('@')?;
            Some((key.to_owned(), draft.parse().ok()?))
        };
        Ok(Self(text.split_whitespace().filter_map(one).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_reads_back_as_it_is_written() {
        let text = "lb:Org:L:html:été@3 lct:Org:L:unit:u@0 link:a@1";
        let Ok(seen) = text.parse::<Seen>();
        assert_eq!(seen.to_string(), text);
        let Ok(nothing) = " no-version x@y".parse::<Seen>();
        assert_eq!(nothing, Seen::default());
    }
}
