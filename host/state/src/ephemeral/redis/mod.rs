//! Anonymous visitors' state in Redis or Valkey, for several hosts.
//!
//! The same promises as in memory: a place is lost as a whole or not at all, a commit whose reads are out of date changes
//! nothing, and every change renews a place's time to live. How much is kept at most is the server's own setting
//! (`maxmemory`, with a policy that evicts); what it evicts looks unset, and a commit that has read it is run again.

#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use blockhouse_fields::{StoreKey, UserId};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Script};
use serde_json::json;

use super::cache::Place;
use super::visitor;
use crate::{BlockRef, Commit, Snapshot, StateError, StateStore, Stored, check};

/// How long a request waits for the server. A visitor who gets a notice quickly can try again.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Connecting again waits no longer than this.
const MOST_DELAY: Duration = Duration::from_secs(1);

/// What every key begins with, so that a server may be shared. The number changes with the meaning of what is stored.
const PREFIX: &str = "blockhouse:visitors:1:";

/// The most bytes that one commit may write.
const MOST_BYTES: usize = 8 << 20;

static COMMIT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("commit.lua")));

/// The state of all hosts' anonymous visitors. Keeps `UserId::Anonymous` only.
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
    ttl: Duration,
}

impl RedisStore {
    /// A store on the server at `url` (`redis://host:port/database`) that forgets a place `ttl` after its last change.
    /// The server may be away: calls fail until it comes, and nothing else does. Needs a Tokio runtime.
    ///
    /// # Errors
    /// `url` is no address of a Redis server.
    pub fn new(url: &str, ttl: Duration) -> Result<Self, StateError> {
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(TIMEOUT))
            .set_connection_timeout(Some(TIMEOUT))
            .set_max_delay(MOST_DELAY)
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_lazy_with_config(Client::open(url)?, config)?;
        Ok(Self { connection, ttl })
    }
}

#[async_trait]
impl StateStore for RedisStore {
    async fn load(&self, user: &UserId, blocks: &[BlockRef]) -> Result<Snapshot, StateError> {
        visitor(user)?;
        let places = places(user, blocks);
        // One transaction, so that all places are read at one moment.
        let mut pipeline = redis::pipe();
        pipeline.atomic();
        for (place, _) in &places {
            pipeline.hgetall(key(place));
        }
        let found: Vec<Vec<(String, String)>> = pipeline.query_async(&mut self.connection.clone()).await?;
        let mut snapshot = Snapshot::default();
        for ((place, wanted), fields) in places.into_iter().zip(found) {
            for (field, json) in fields {
                if wanted.is_none_or(|names| names.iter().any(|name| **name == *field)) {
                    snapshot.values.insert(place.key(&Arc::from(field)), Stored { json: Arc::from(json) });
                }
            }
        }
        Ok(snapshot)
    }

    /// Events of a visitor are heard and dropped: there is no grade and no completion to keep (rows 163, 164).
    async fn commit(&self, commit: Commit) -> Result<(), StateError> {
        visitor(&commit.user)?;
        check::one_person(&commit)?;
        let mut writes = Vec::with_capacity(commit.writes.len());
        for write in &commit.writes {
            writes.push((&write.key, check::value(write)?.map(|value| value.get().to_owned())));
        }
        if writes.is_empty() {
            return Ok(());
        }
        let bytes: usize = writes.iter().map(|(_, value)| value.as_deref().map_or(0, str::len)).sum();
        if bytes > MOST_BYTES {
            return Err(StateError::TooLong { what: "state of an anonymous visitor", limit: MOST_BYTES });
        }

        let mut call = Arguments::default();
        call.values.push(self.ttl.as_millis().to_string());
        call.list(commit.reads.iter().map(|(key, revision)| (key, revision.0.as_deref())));
        call.list(writes.iter().map(|(key, value)| (*key, value.as_deref())));
        let mut script = COMMIT.prepare_invoke();
        call.places.iter().for_each(|place| {
            script.key(place);
        });
        call.values.iter().for_each(|value| {
            script.arg(value);
        });
        match script.invoke_async::<i64>(&mut self.connection.clone()).await? {
            1 => Ok(()),
            _ => Err(StateError::Conflict),
        }
    }

    async fn ready(&self) -> Result<(), StateError> {
        Ok(redis::cmd("PING").exec_async(&mut self.connection.clone()).await?)
    }
}

/// Every place that a visitor's blocks read from, once, with the names of the fields that are wanted of it, or all.
fn places<'a>(user: &UserId, blocks: &'a [BlockRef]) -> Vec<(Place, Option<&'a [Arc<str>]>)> {
    let mut places: Vec<(Place, Option<&[Arc<str>]>)> = Vec::new();
    for block in blocks {
        if block.user_state {
            places.push((Place::UserState(user.clone(), block.usage.clone()), None));
        }
        if block.receipts {
            places.push((Place::Receipts(user.clone(), block.usage.clone()), None));
        }
        for (owner, names) in [(Some(user.clone()), &block.own_files), (None, &block.shared_files)] {
            if !names.is_empty() {
                places.push((Place::Files(owner, block.usage.clone()), Some(names)));
            }
        }
        if !block.summary_fields.is_empty() {
            places.push((Place::UserStateSummary(block.usage.clone()), Some(&block.summary_fields)));
        }
        let preferences = Place::Preferences(user.clone(), Arc::from(block.usage.block_type()));
        if block.preferences && !places.iter().any(|(known, _)| *known == preferences) {
            places.push((preferences, None));
        }
    }
    if blocks.iter().any(|block| block.user_info) {
        places.push((Place::UserInfo(user.clone()), None));
    }
    places
}

/// The key of a place: a JSON array, so that no two places have the same one whatever their parts contain.
fn key(place: &Place) -> String {
    let parts = match place {
        Place::UserState(user, usage) => json!(["user_state", user.to_string(), usage.as_str()]),
        Place::UserStateSummary(usage) => json!(["user_state_summary", usage.as_str()]),
        Place::Preferences(user, block_type) => json!(["preferences", user.to_string(), block_type]),
        Place::UserInfo(user) => json!(["user_info", user.to_string()]),
        Place::Receipts(user, usage) => json!(["receipts", user.to_string(), usage.as_str()]),
        Place::Files(user, usage) => {
            json!(["files", user.as_ref().map(ToString::to_string), usage.as_str()])
        }
    };
    format!("{PREFIX}{parts}")
}

/// What `commit.lua` is given.
#[derive(Default)]
struct Arguments {
    places: Vec<String>,
    values: Vec<String>,
}

impl Arguments {
    fn list<'a>(&mut self, entries: impl ExactSizeIterator<Item = (&'a StoreKey, Option<&'a str>)>) {
        self.values.push(entries.len().to_string());
        for (store_key, value) in entries {
            let place = key(&Place::of(store_key));
            let position = self.places.iter().position(|known| *known == place).unwrap_or_else(|| {
                self.places.push(place);
                self.places.len() - 1
            });
            self.values.push((position + 1).to_string());
            self.values.push(check::field(store_key).to_string());
            self.values.push(if value.is_some() { "1" } else { "0" }.to_owned());
            self.values.push(value.unwrap_or_default().to_owned());
        }
    }
}

impl From<redis::RedisError> for StateError {
    fn from(error: redis::RedisError) -> Self {
        Self::Unavailable(Arc::new(error))
    }
}
