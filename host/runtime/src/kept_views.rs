//! Views that are the same for everybody: rendered once, kept, and shown again without running the block.
//!
//! What a call answers depends on the block's code and on what the host told it. So a view during which the host told
//! nothing but what the author wrote ([`Place::becomes_personal`](crate::mediate::Place::becomes_personal) was not
//! called) comes out alike whoever looks, and whenever. It is kept for one definition and one version of the block
//! type; nothing is ever kept of a call that asked for a learner's state, for who is looking, for the time, for chance,
//! for the language or for other blocks. Who may look at all is decided before, for each request.

use std::sync::Arc;

use blockhouse_content::{Definition, Recent, Version};
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::Fragment;

use crate::View;
use crate::resolve::Loaded;

/// The kept views of one host, the least recently shown ones leaving first.
pub(crate) struct KeptViews(Recent<Key, Arc<Kept>>);

/// Drafts and published versions do not push out each other.
type Key = (UsageKey, Version, View);

struct Kept {
    /// What the author had written.
    definition: Arc<Definition>,
    /// The version of the block type that rendered it.
    digest: String,
    fragment: Fragment,
}

impl KeptViews {
    /// Keeps at most so many bytes; none of 0.
    pub(crate) fn new(most_bytes: usize) -> Self {
        Self(Recent::new(most_bytes))
    }

    /// The view of a block as it was rendered before, if nothing on which it depends is different.
    pub(crate) fn get(&self, block: &Loaded, view: View) -> Option<Fragment> {
        if !self.0.is_on() {
            return None;
        }
        let kept = self.0.get(&key(block, view))?;
        let same = kept.definition == block.definition && kept.digest == block.block_type.digest();
        same.then(|| kept.fragment.clone())
    }

    /// Keeps a view that is the same for everybody.
    pub(crate) fn keep(&self, block: &Loaded, view: View, fragment: &Fragment) {
        let kept = Kept {
            definition: Arc::clone(&block.definition),
            digest: block.block_type.digest().to_owned(),
            fragment: fragment.clone(),
        };
        self.0.keep(key(block, view), Arc::new(kept), size(block, fragment));
    }
}

fn key(block: &Loaded, view: View) -> Key {
    (block.usage().clone(), block.version, view)
}

/// About the memory that a kept view takes, with the definition that it holds.
fn size(block: &Loaded, fragment: &Fragment) -> usize {
    let resources: usize =
        fragment.resources.iter().map(|resource| size_of_val(resource) + resource.data.len()).sum();
    size_of::<Kept>()
        + size_of::<Definition>()
        + block.definition.olx.len()
        + fragment.content.len()
        + resources
}
