//! What was recorded of the reference implementation holds here: the files `fields.json` and `scopes.json` of
//! `tests/vectors/`, or of the directory `BLOCKHOUSE_VECTORS`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says so when it fails"
)]

mod conversions;
mod recorded;
mod scopes;
