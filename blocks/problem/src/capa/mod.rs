//! Problems: the author's XML, what it asks, how answers are graded, and how it looks.
//!
//! Everything here is a function of the XML, the seed and the answers. No field, no clock and no learner is known
//! here; the block (`crate::block`) brings those together.

pub mod answers;
pub mod correct_map;
pub mod document;
pub mod feedback;
pub mod input;
pub mod markup;
pub mod python_random;
pub mod render;
pub mod response;
pub mod words;

mod decimal;
mod python_number;
mod python_regex;
mod tolerance;

#[cfg(test)]
mod golden;
