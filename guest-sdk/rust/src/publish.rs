//! What a handler tells the host. Events are committed with the handler's writes, or not at all; a view that
//! publishes gets an error (spec 2.11).

use serde::Serialize;

use crate::{Result, backend};

/// The learner's score: `max` is at least 0 and `earned` lies between 0 and `max`.
pub fn grade(earned: f64, max: f64) -> Result<()> {
    backend::publish_grade(earned, max, false)
}

/// The learner's score, unless a better one is known.
pub fn grade_if_higher(earned: f64, max: f64) -> Result<()> {
    backend::publish_grade(earned, max, true)
}

/// How much of the block is done, from 0.0 to 1.0. It may go down.
pub fn completion(fraction: f64) -> Result<()> {
    backend::publish_completion(fraction)
}

/// Any other event, for the platform's log.
pub fn event(name: &str, data: impl Serialize) -> Result<()> {
    backend::publish_event(name, &serde_json::to_string(&data)?)
}
