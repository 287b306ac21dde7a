//! What the fuzz targets share: declarations of fields, and a room on disk that an import may not leave.

mod fields;
mod room;

pub use fields::{TODAY, definition, every_type};
pub use room::Room;
