//! Addresses that a block hands to its page. The server knows how they look; the runtime only asks.

use blockhouse_content::Version;
use blockhouse_fields::{FrameLibrary, UserId};
use blockhouse_keys::{LearningContextKey, UsageKey};

/// Where the parts of a block are to be found. Every address is absolute.
pub trait Urls: Send + Sync {
    /// Where `user` calls `handler` of a version of `usage`. The address carries its own authorization (spec 3.6.4),
    /// and replacing the handler's name in it gives a valid address too (spec 3.6.3).
    fn handler_url(&self, user: &UserId, usage: &UsageKey, version: Version, handler: &str) -> String;

    /// A file below `public/` of the package with this digest. `path` includes `public/`.
    fn resource_url(&self, block_type: &str, digest: &str, path: &str) -> String;

    /// A library that older front ends expect on their page.
    fn frame_library_url(&self, library: FrameLibrary) -> String;

    /// An author's file of a learning context: `diagram.png` for `/static/diagram.png`.
    fn static_url(&self, context: &LearningContextKey, name: &str) -> String;

    /// A block's own file with this hash. The name is for people; the hash alone says which bytes (spec 3.11.3).
    fn file_url(&self, usage: &UsageKey, hash: &str, name: &str) -> String;
}
