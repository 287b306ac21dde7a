//! Events on their way out. A commit stores them beside the state that they speak of; consumers get them later, each at
//! its own pace, at least once and in the order of the commits.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::StateError;

/// An event as it left a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Its number. Of one learner's events, a later one has a larger number.
    pub id: i64,
    /// When the commit took place.
    pub created: Timestamp,
    /// The learner's number.
    pub learner: i64,
    /// The learning context's key.
    pub context: String,
    /// The block's usage key.
    pub usage: String,
    /// `grade`, `completion`, or the block's own name for it.
    pub kind: String,
    /// JSON text.
    pub data: Arc<str>,
}

/// A host's claim to deliver to one consumer.
#[derive(Clone, Debug)]
pub struct Lease<'a> {
    /// The consumer's name, at most 64 characters.
    pub consumer: &'a str,
    /// The host's name, at most 64 characters, and different for every process.
    pub holder: &'a str,
    /// Now, in milliseconds since 1970.
    pub now_ms: u64,
    /// Until when nobody else delivers.
    pub until_ms: u64,
}

/// The messages that wait.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Takes or renews the lease; false while another host holds it. One host at a time keeps the order.
    async fn lease(&self, lease: &Lease<'_>) -> Result<bool, StateError>;

    /// Up to `limit` messages numbered above `after` that `consumer` has not got, in order.
    ///
    /// Numbers are given before commits take place, so a message may turn up below others that are delivered already:
    /// ask with `after` 0 now and then.
    async fn undelivered(&self, consumer: &str, after: i64, limit: u32) -> Result<Vec<Message>, StateError>;

    /// Notes that `consumer` has these messages.
    async fn delivered(&self, consumer: &str, messages: &[i64]) -> Result<(), StateError>;

    /// Forgets the messages that every one of `consumers` has; where there is no consumer, all.
    async fn prune(&self, consumers: &[String]) -> Result<(), StateError>;
}
