//! The problem block: questions that are graded.
pub mod calc;
pub mod capa;
#[cfg(test)]
mod testing;
