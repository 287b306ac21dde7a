//! Carries what blocks published from the outbox to those who listen: a webhook, a file.
//!
//! Each consumer gets every event at least once, and a learner's events in the order in which they happened. One that
//! is down loses nothing: it gets what it missed when it is back. Nothing here decides what an event means, and no
//! request ever waits for a consumer.

mod backoff;
mod consumer;
mod delivery;
mod event;
mod json_lines;
mod webhook;

pub use consumer::{Consumer, ConsumerError};
pub use delivery::{Delivery, Pace};
pub use event::PublishedEvent;
pub use json_lines::JsonLines;
pub use webhook::Webhook;
