//! Texts in the reader's language: catalogues in the Fluent format, one per locale, and the rules by which a reader's
//! locale finds its text. No I/O: whoever has the files hands them in.
//!
//! A catalogue may be a stranger's, so it is bounded before it is parsed, and formatting has no functions and no
//! side effects. The host and the SDK's test host share this crate, so a block's tests see the texts that its
//! readers will see.

mod bounds;
mod catalogues;
mod direction;
mod pseudo;

pub use catalogues::{Argument, CatalogueError, Catalogues};
pub use direction::Direction;
pub use pseudo::{PSEUDO, PSEUDO_RIGHT_TO_LEFT};
