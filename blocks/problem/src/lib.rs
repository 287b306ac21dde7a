//! The problem block: questions that are graded.
pub mod calc;
pub mod capa;
pub mod deadline;
pub mod form;
pub mod rules;
pub mod seed;
#[cfg(test)]
mod testing;
