//! Which blocks include themselves. Authors are refused one that would (`component.rs`), but what comes back or comes
//! in as it was, by a reversion or a backup, is checked when it is shown. What learners see changes with publications
//! only, so of each it is found out once.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use lru::LruCache;

use super::links::latest;
use super::place::{At, Found, Place};
use super::{Libraries, LibraryError};
use crate::storage::database::Fetch;

/// How many answers are kept.
const KEPT: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// A version of a component in its library after the publication with this number. Apart from what is published now
/// stands what a link shows: the number of the former is read before the walk, and may be one too low for what the walk
/// saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Moment {
    library: i64,
    publication: u64,
    is_now: bool,
    entity: i64,
    version: u64,
}

/// What was found out.
#[derive(Debug)]
pub(super) struct Circles(Mutex<LruCache<Moment, bool>>);

impl Default for Circles {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Circles {
    /// To be called when a library goes: SQLite gives its rows to the next one.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Libraries {
    /// Whether a component includes itself.
    pub(super) async fn includes_itself(
        &self,
        from: &mut impl Fetch,
        place: Place,
        found: Found,
    ) -> Result<bool, LibraryError> {
        let (publication, is_now) = match place.at {
            // Changes with every save.
            At::Draft => return place.includes_itself(from, found).await,
            At::Published => (latest(from, place.library).await?, true),
            At::Publication(number) => (number, false),
        };
        let Found { entity, version } = found;
        let moment = Moment { library: place.library, publication, is_now, entity, version };
        let known = || self.circles.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found_out = known().get(&moment).copied();
        if let Some(answer) = found_out {
            return Ok(answer);
        }
        let answer = place.includes_itself(from, found).await?;
        known().put(moment, answer);
        Ok(answer)
    }
}
