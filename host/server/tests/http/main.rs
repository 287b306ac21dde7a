//! The server as its clients meet it: requests and answers, over blocks that stand for any.
//!
//! One program, because each costs the time to build the whole server into it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod answers;
mod api;
mod blockstore;
mod capabilities;
mod frames;
mod handlers;
mod openapi;
mod operator;
mod operator_blocks;
mod operator_state;
mod outgoing;
mod pages;
mod puppet;
mod storage;
mod support;
