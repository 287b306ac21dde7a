//! Hosts as processes, and what becomes of learners' state when processes, databases and disks fail.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests, and what serves them; they fail by panicking"
)]

mod authors;
mod crash;
mod database;
mod disk;
#[path = "../../../../host/sandbox/tests/support/guest.rs"]
#[allow(unreachable_pub, reason = "the sandbox's tests share it")]
mod guest;
mod journal;
mod outage;
mod tally;
mod voters;
