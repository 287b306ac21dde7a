//! What happened to libraries, in the words of the platform's event bus (spec 7.7). An event is stored by the change
//! that it tells of, so that nobody hears of something that did not take place, and delivered later, to each consumer
//! at least once.

use blockhouse_keys::LibraryKey;
use serde_json::Value as Json;

use super::change::Change;
use super::{Libraries, LibraryError};
use crate::storage::database::{Fetch as _, Row, Value, list};

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct LibraryEvent {
    /// Of one library's events, a later one has a larger number.
    pub id: i64,
    /// Milliseconds since 1970.
    pub created: i64,
    /// The number of the author's account.
    pub account: i64,
    /// The library's key.
    pub library: String,
    /// The key of what changed: `lb:…`, `lct:…`, `lib-collection:…`, or the library's own.
    pub subject: String,
    /// Such as `org.openedx.content_authoring.library_block.created.v1`.
    pub name: String,
    /// The event's data, JSON text.
    pub data: String,
}

/// A host's claim to deliver to one consumer.
#[derive(Clone, Copy, Debug)]
pub struct EventLease<'a> {
    /// The consumer's name, at most 64 characters.
    pub consumer: &'a str,
    /// The host's name, at most 64 characters, and different for every process.
    pub holder: &'a str,
    /// Now, in milliseconds since 1970.
    pub now_ms: i64,
    /// Until when nobody else delivers.
    pub until_ms: i64,
}

impl Change<'_> {
    /// Notes that `kind` (`library_block`, …) `subject` was `verb` (`created`, …).
    pub(super) async fn tell(
        &mut self,
        library: &LibraryKey,
        subject: &str,
        kind: &str,
        verb: &str,
        data: Json,
    ) -> Result<(), LibraryError> {
        let insert = "INSERT INTO content_event (created, account, library, subject, name, data) VALUES (?, ?, ?, ?, ?, ?)";
        let (name, data) = (format!("org.openedx.content_authoring.{kind}.{verb}.v1"), data.to_string());
        let values: [Value<'_>; 6] = [
            self.now.into(),
            self.by.account.into(),
            library.as_str().into(),
            subject.into(),
            (&name).into(),
            (&data).into(),
        ];
        self.run(insert, &values).await?;
        Ok(())
    }

    /// As [`Change::tell_key`] of many components, with few statements.
    pub(super) async fn tell_keys(
        &mut self,
        library: &LibraryKey,
        told: &[(String, &'static str)],
    ) -> Result<(), LibraryError> {
        let texts: Vec<(&str, String, String)> = told
            .iter()
            .map(|(key, verb)| {
                let data = serde_json::json!({ "library_key": library.as_str(), "usage_key": key });
                let name = format!("org.openedx.content_authoring.library_block.{verb}.v1");
                (key.as_str(), name, data.to_string())
            })
            .collect();
        let rows: Vec<[Value<'_>; 6]> = texts
            .iter()
            .map(|(key, name, data)| -> [Value<'_>; 6] {
                [
                    self.now.into(),
                    self.by.account.into(),
                    library.as_str().into(),
                    (*key).into(),
                    name.into(),
                    data.into(),
                ]
            })
            .collect();
        let columns = ["created", "account", "library", "subject", "name", "data"];
        self.insert("content_event", &columns, &rows).await
    }

    /// Notes that a library was `verb`.
    pub(super) async fn tell_library(&mut self, key: &LibraryKey, verb: &str) -> Result<(), LibraryError> {
        let data = serde_json::json!({ "library_key": key.as_str() });
        self.tell(key, key.as_str(), "content_library", verb, data).await
    }
}

impl Libraries {
    /// Takes or renews the right to deliver to a consumer; false while another host holds it. One host at a time keeps
    /// the order.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn lease_events(&self, lease: &EventLease<'_>) -> Result<bool, LibraryError> {
        let mut tx = self.storage.database.write().await?;
        let columns = ["consumer", "holder", "until_ms"];
        let begin =
            self.storage.database.dialect().upsert("content_event_lease", &columns, &["consumer"], &[], 1);
        tx.execute(&begin, &[lease.consumer.into(), lease.holder.into(), 0.into()]).await?;
        let take = "UPDATE content_event_lease SET holder = ?, until_ms = ? \
                    WHERE consumer = ? AND (holder = ? OR until_ms < ?)";
        let values: [Value<'_>; 5] = [
            lease.holder.into(),
            lease.until_ms.into(),
            lease.consumer.into(),
            lease.holder.into(),
            lease.now_ms.into(),
        ];
        tx.execute(take, &values).await?;
        let select = "SELECT holder FROM content_event_lease WHERE consumer = ?";
        let row = tx.fetch_optional(select, &[lease.consumer.into()]).await?;
        let mine = row.map(|row| row.text(0)).transpose()?.as_deref() == Some(lease.holder);
        tx.commit().await?;
        Ok(mine)
    }

    /// Up to `limit` events numbered above `after` that a consumer has not got, oldest first.
    ///
    /// Numbers are given before changes end, so an event may turn up below others that are delivered already: ask with
    /// `after` 0 now and then.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn undelivered_events(
        &self,
        consumer: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LibraryEvent>, LibraryError> {
        let select = "SELECT e.id, e.created, e.account, e.library, e.subject, e.name, e.data FROM content_event e \
                      WHERE e.id > ? AND NOT EXISTS (SELECT d.event_id FROM content_event_delivered d \
                      WHERE d.event_id = e.id AND d.consumer = ?) ORDER BY e.id LIMIT ?";
        let values: [Value<'_>; 3] = [after.into(), consumer.into(), i64::from(limit).into()];
        let event = |row: &Row| {
            Ok(LibraryEvent {
                id: row.int(0)?,
                created: row.int(1)?,
                account: row.int(2)?,
                library: row.text(3)?,
                subject: row.text(4)?,
                name: row.text(5)?,
                data: row.text(6)?,
            })
        };
        self.read().await?.fetch(select, &values).await?.iter().map(event).collect()
    }

    /// Notes that a consumer has these events.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn delivered_events(&self, consumer: &str, events: &[i64]) -> Result<(), LibraryError> {
        if events.is_empty() {
            return Ok(());
        }
        let columns = ["event_id", "consumer"];
        let dialect = self.storage.database.dialect();
        let upsert = dialect.upsert("content_event_delivered", &columns, &columns, &[], events.len());
        let values: Vec<Value<'_>> =
            events.iter().flat_map(|id| [(*id).into(), consumer.into()] as [Value<'_>; 2]).collect();
        let mut tx = self.storage.database.write().await?;
        tx.execute(&upsert, &values).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets the events that every one of `consumers` has; where there is no consumer, all.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn prune_events(&self, consumers: &[String]) -> Result<(), LibraryError> {
        let mut tx = self.storage.database.write().await?;
        let done = if consumers.is_empty() {
            "1 = 1".to_owned()
        } else {
            format!(
                "(SELECT COUNT(*) FROM content_event_delivered d WHERE d.event_id = content_event.id \
                 AND d.consumer IN ({})) = {}",
                list(consumers.len()),
                consumers.len()
            )
        };
        let values: Vec<Value<'_>> = consumers.iter().map(Value::from).collect();
        tx.execute(&format!("DELETE FROM content_event WHERE {done}"), &values).await?;
        let left = "DELETE FROM content_event_delivered WHERE NOT EXISTS \
                    (SELECT e.id FROM content_event e WHERE e.id = content_event_delivered.event_id)";
        tx.execute(left, &[]).await?;
        Ok(tx.commit().await?)
    }
}
