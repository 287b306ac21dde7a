//! The same read and the same write by sqlx, with nothing around them: one durable transaction after the other, as a
//! program does that asks its database directly.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, Row};
use tokio::sync::Mutex;

pub(crate) struct Bare {
    connection: Mutex<SqliteConnection>,
}

impl Bare {
    pub(crate) async fn new(file: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10));
        Ok(Self { connection: Mutex::new(SqliteConnection::connect_with(&options).await?) })
    }

    /// Transactions per second.
    pub(crate) async fn rate(&self, time: Duration) -> Result<f64, Box<dyn Error>> {
        let mut connection = self.connection.lock().await;
        let started = Instant::now();
        let mut transactions = 0_u32;
        while started.elapsed() < time {
            transact(&mut connection, i64::from(transactions % 64 + 1), transactions).await?;
            transactions += 1;
        }
        Ok(f64::from(transactions) / started.elapsed().as_secs_f64())
    }
}

async fn transact(connection: &mut SqliteConnection, student: i64, value: u32) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let row = sqlx::query(
        "SELECT id, state FROM courseware_studentmodule WHERE student_id = ? AND module_id = ? AND course_id = ?",
    )
    .bind(student)
    .bind("block-v1:Test+System+1+type@video+block@v")
    .bind("course-v1:Test+System+1")
    .fetch_one(&mut *transaction)
    .await?;
    sqlx::query("UPDATE courseware_studentmodule SET state = ?, modified = ? WHERE id = ?")
        .bind(format!(
            "{{\"saved_video_position\":\"{:02}:{:02}:{:02}\"}}",
            value / 3600 % 24,
            value / 60 % 60,
            value % 60
        ))
        .bind("2023-11-14 22:13:20.123000")
        .bind(row.try_get::<i64, _>("id")?)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}
