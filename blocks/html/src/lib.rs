//! Text that an author wrote.
