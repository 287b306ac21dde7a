//! A whole host in this process, with the real blocks and SQLite. What takes several hosts, or the death of one, is in
//! `hosts`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod arbitrary;
#[path = "../../../../host/sandbox/tests/support/attack.rs"]
#[allow(unreachable_pub, reason = "the sandbox's tests share it")]
mod attack;
mod authoring;
mod claims;
mod course_files;
mod fragments;
#[path = "../../../../host/sandbox/tests/support/guest.rs"]
#[allow(unreachable_pub, reason = "the sandbox's tests share it")]
mod guest;
mod handler_tokens;
#[path = "../../../../host/sandbox/tests/support/host.rs"]
#[allow(dead_code, unreachable_pub, reason = "the sandbox's tests share it")]
mod host;
mod json_handlers;
mod kept_views;
mod languages;
mod libraries;
mod limits;
mod loading;
mod packages;
mod pathways;
mod progress;
mod relatives;
mod resets;
mod scopes;
mod sessions;
mod state;
mod submissions;
mod threats;
mod versions;
mod views;
