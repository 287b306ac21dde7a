//! Up and down votes.
