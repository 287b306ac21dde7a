//! What happened to libraries, in the words of the platform's event bus (spec 7.7). An event is stored with what it
//! tells of, so that nobody hears of something that did not take place.

use serde_json::Value;
use sqlx::Row;

use super::{Libraries, LibraryError, Writing};

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct LibraryEvent {
    /// Grows with every event.
    pub id: i64,
    /// Such as `org.openedx.content_authoring.library_block.created.v1`.
    pub name: String,
    /// The event's data.
    pub data: Value,
    /// Milliseconds since 1970.
    pub created: i64,
}

pub(super) async fn emit(
    tx: &mut Writing<'_>,
    subject: &str,
    verb: &str,
    data: Value,
    now: i64,
) -> Result<(), LibraryError> {
    sqlx::query("INSERT INTO library_event (name, data, created) VALUES (?, ?, ?)")
        .bind(format!("org.openedx.content_authoring.{subject}.{verb}.v1"))
        .bind(data.to_string())
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

impl Libraries {
    /// The events after one, oldest first.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn events(&self, after: i64, most: u32) -> Result<Vec<LibraryEvent>, LibraryError> {
        let rows =
            sqlx::query("SELECT id, name, data, created FROM library_event WHERE id > ? ORDER BY id LIMIT ?")
                .bind(after)
                .bind(most)
                .fetch_all(&self.pool)
                .await?;
        rows.iter()
            .map(|row| {
                let data = serde_json::from_str(row.try_get("data")?)?;
                Ok(LibraryEvent {
                    id: row.try_get("id")?,
                    name: row.try_get("name")?,
                    data,
                    created: row.try_get("created")?,
                })
            })
            .collect()
    }

    /// Forgets the events up to one, after they have been delivered.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn forget_events(&self, up_to: i64) -> Result<(), LibraryError> {
        sqlx::query("DELETE FROM library_event WHERE id <= ?").bind(up_to).execute(&self.pool).await?;
        Ok(())
    }
}
