//! One indexed read with nothing around it: what a view that has state must at least wait for.

use std::error::Error;
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

/// The row of a learner in one block, by the table's unique index.
const ROW: &str =
    "SELECT state FROM courseware_studentmodule WHERE student_id = ? AND module_id = ? AND course_id = ?";

pub(crate) struct Read {
    pool: SqlitePool,
    module: String,
    course: String,
}

impl Read {
    pub(crate) async fn new(database: &Path, module: String, course: String) -> Result<Self, Box<dyn Error>> {
        let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(database)).await?;
        Ok(Self { pool, module, course })
    }

    pub(crate) async fn once(&self) -> Result<Option<Option<String>>, sqlx::Error> {
        let query = sqlx::query_scalar(ROW).bind(1_i64).bind(&self.module).bind(&self.course);
        query.fetch_optional(&self.pool).await
    }
}
