//! A whole host in this process, with the real blocks and SQLite. What takes several hosts, or the death of one, is in
//! `hosts`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod authoring;
mod claims;
#[path = "../../../../host/sandbox/tests/support/guest.rs"]
#[allow(unreachable_pub, reason = "the sandbox's tests share it")]
mod guest;
mod kept_views;
mod languages;
mod libraries;
mod loading;
mod progress;
mod relatives;
mod resets;
mod sessions;
mod state;
mod submissions;
mod threats;
mod versions;
mod views;
