//! Blocks one below the other.
