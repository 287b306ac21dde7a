//! A host in memory, to test a block without wasm.
//!
//! It keeps the promises of the real one that a block can notice: every call gets a fresh block, a call that fails
//! leaves no trace but in its log and on other servers, learners share what is shared and nothing else, and views neither
//! publish nor send requests. It checks no
//! limits, and no types beyond those of JSON.

mod catalogues;
mod host;
pub(crate) mod imports;
mod state;

pub use host::{TestHost, Visitor};
pub use state::{Details, Event, Write};
