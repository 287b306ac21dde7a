//! A question whose answers are counted.
