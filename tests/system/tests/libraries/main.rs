//! Content libraries over HTTP (spec 7.3 to 7.6), with the real blocks.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "the words of the tests")]

mod blocks;
mod containers;
mod history;
mod includes;
mod team;
mod versions;
mod world;
