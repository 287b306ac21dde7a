//! Fields that have a row of their own: `user_state_summary`, `preferences` and `user_info`.

use std::sync::Arc;

use blockhouse_keys::UsageKey;
use sqlx::sqlite::SqliteConnection;

use super::plan::Plan;

/// Which row, besides the learner.
#[derive(Debug)]
pub(super) enum FieldRow {
    /// Usage and field; no learner.
    UserStateSummary(UsageKey, Arc<str>),
    /// Block type and field.
    Preferences(Arc<str>, Arc<str>),
    /// Field.
    UserInfo(Arc<str>),
}

impl FieldRow {
    pub(super) fn field(&self) -> &Arc<str> {
        match self {
            Self::UserStateSummary(_, field) | Self::Preferences(_, field) | Self::UserInfo(field) => field,
        }
    }

    /// Inserts the row, or gives it a new value.
    pub(super) async fn set(
        &self,
        connection: &mut SqliteConnection,
        plan: &Plan,
        value: &str,
    ) -> Result<(), sqlx::Error> {
        let statement = match self {
            Self::UserStateSummary(usage, field) => sqlx::query(
                "INSERT INTO courseware_xmoduleuserstatesummaryfield
                     (value, created, modified, field_name, usage_id)
                 VALUES (?1, ?2, ?2, ?3, ?4)
                 ON CONFLICT (usage_id, field_name)
                 DO UPDATE SET value = excluded.value, modified = excluded.modified",
            )
            .bind(value)
            .bind(&plan.now)
            .bind(&**field)
            .bind(usage.as_str()),
            Self::Preferences(block_type, field) => sqlx::query(
                "INSERT INTO courseware_xmodulestudentprefsfield
                     (value, created, modified, field_name, module_type, student_id)
                 VALUES (?1, ?2, ?2, ?3, ?4, ?5)
                 ON CONFLICT (student_id, module_type, field_name)
                 DO UPDATE SET value = excluded.value, modified = excluded.modified",
            )
            .bind(value)
            .bind(&plan.now)
            .bind(&**field)
            .bind(&**block_type)
            .bind(plan.student),
            Self::UserInfo(field) => sqlx::query(
                "INSERT INTO courseware_xmodulestudentinfofield
                     (value, created, modified, field_name, student_id)
                 VALUES (?1, ?2, ?2, ?3, ?4)
                 ON CONFLICT (student_id, field_name)
                 DO UPDATE SET value = excluded.value, modified = excluded.modified",
            )
            .bind(value)
            .bind(&plan.now)
            .bind(&**field)
            .bind(plan.student),
        };
        statement.execute(connection).await?;
        Ok(())
    }

    /// Takes the row out. One that is not there stays that way.
    pub(super) async fn delete(
        &self,
        connection: &mut SqliteConnection,
        student: i64,
    ) -> Result<(), sqlx::Error> {
        let statement = match self {
            Self::UserStateSummary(usage, field) => sqlx::query(
                "DELETE FROM courseware_xmoduleuserstatesummaryfield
                 WHERE usage_id = ? AND field_name = ?",
            )
            .bind(usage.as_str())
            .bind(&**field),
            Self::Preferences(block_type, field) => sqlx::query(
                "DELETE FROM courseware_xmodulestudentprefsfield
                 WHERE student_id = ? AND module_type = ? AND field_name = ?",
            )
            .bind(student)
            .bind(&**block_type)
            .bind(&**field),
            Self::UserInfo(field) => sqlx::query(
                "DELETE FROM courseware_xmodulestudentinfofield
                 WHERE student_id = ? AND field_name = ?",
            )
            .bind(student)
            .bind(&**field),
        };
        statement.execute(connection).await?;
        Ok(())
    }
}
