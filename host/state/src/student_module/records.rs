//! The rows of StudentModule for those who run the platform.

use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::json;

use super::plan::{self, Plan};
use super::{SqlStore, student};
use crate::database::{Database, Parameter, Row, Statement, Type};
use crate::records::{PastRecord, Record, Records, RecordsOf, Reset};
use crate::{Score, StateError};

/// One statement for each thing to look for.
#[derive(Debug)]
pub(super) struct RecordStatements {
    pub(super) one: Statement,
    pub(super) block: Statement,
    pub(super) context: Statement,
    pub(super) learner: Statement,
    pub(super) history: Statement,
    pub(super) forget_receipts: Statement,
}

impl RecordStatements {
    pub(super) fn new<D: Database>(database: &D) -> Self {
        let number = D::NUMBER;
        let select = format!(
            "SELECT CAST(id AS {number}) AS id, CAST(student_id AS {number}) AS student, module_type, module_id, course_id,
                    state, grade, max_grade, {created} AS created_text, {modified} AS modified_text
               FROM courseware_studentmodule",
            created = D::time_as_text("created"),
            modified = D::time_as_text("modified"),
        );
        let [first, second, third, fourth] = [1, 2, 3, 4].map(D::parameter);
        let page = |condition: String, after: &str, limit: &str| {
            Arc::from(format!("{select} WHERE {condition} AND id > {after} ORDER BY id LIMIT {limit}"))
        };
        let block = format!("module_id = {first} AND course_id = {second}");
        Self {
            one: Arc::from(format!(
                "{select} WHERE student_id = {first} AND module_id = {second} AND course_id = {third}"
            )),
            block: page(block, &third, &fourth),
            context: page(format!("course_id = {first}"), &second, &third),
            learner: page(format!("student_id = {first}"), &second, &third),
            history: Arc::from(format!(
                "SELECT h.state, h.grade, h.max_grade, {created} AS created_text
                   FROM courseware_studentmodulehistory AS h
                   JOIN courseware_studentmodule AS m ON m.id = h.student_module_id
                  WHERE m.student_id = {first} AND m.module_id = {second} AND m.course_id = {third}
                  ORDER BY h.id DESC",
                created = D::time_as_text("h.created"),
            )),
            forget_receipts: Arc::from(format!(
                "DELETE FROM blockhouse_receipts WHERE modified < (SELECT w.moment FROM {})",
                database.rows(1, "blockhouse_receipts", &[("moment", Type::Time)])
            )),
        }
    }
}

fn text(text: &str) -> Parameter {
    Parameter::Text(text.to_owned())
}

/// Learner, usage, context.
pub(super) fn row_of(user: &UserId, usage: &UsageKey) -> Result<Vec<Parameter>, StateError> {
    Ok(vec![Parameter::Number(student(user)?), text(usage.as_str()), text(usage.context_key().as_str())])
}

#[async_trait]
impl<D: Database> Records for SqlStore<D> {
    async fn record(&self, user: &UserId, usage: &UsageKey) -> Result<Option<Record>, StateError> {
        let rows = self.reader.fetch(&self.statements.records.one, row_of(user, usage)?).await?;
        // A database that does not tell capital letters from small ones may know a similar key.
        let mut records = rows.iter().map(record::<D>).collect::<Result<Vec<_>, _>>()?.into_iter();
        Ok(records.find(|record| record.usage == usage.as_str()))
    }

    async fn records(&self, of: &RecordsOf, after: i64, limit: u32) -> Result<Vec<Record>, StateError> {
        let statements = &self.statements.records;
        let (statement, mut parameters) = match of {
            RecordsOf::Block(usage) => {
                (&statements.block, vec![text(usage.as_str()), text(usage.context_key().as_str())])
            }
            RecordsOf::Context(context) => (&statements.context, vec![text(context.as_str())]),
            RecordsOf::Learner(user) => (&statements.learner, vec![Parameter::Number(student(user)?)]),
        };
        parameters.extend([Parameter::Number(after), Parameter::Number(limit.into())]);
        let rows = self.reader.fetch(statement, parameters).await?;
        Ok(rows.iter().map(record::<D>).collect::<Result<_, _>>()?)
    }

    async fn history(&self, user: &UserId, usage: &UsageKey) -> Result<Vec<PastRecord>, StateError> {
        let rows = self.reader.fetch(&self.statements.records.history, row_of(user, usage)?).await?;
        let past = |row: &Row<D>| {
            let state = D::text(row, "state")?.map(Arc::from);
            Ok(PastRecord { state, score: score::<D>(row)?, created: time::<D>(row, "created_text")? })
        };
        Ok(rows.iter().map(past).collect::<Result<_, sqlx::Error>>()?)
    }

    async fn reset(&self, reset: Reset) -> Result<(), StateError> {
        self.writer.store(Plan::reset(reset)?).await
    }

    async fn forget_receipts(&self, before_ms: u64) -> Result<u64, StateError> {
        let moment = Parameter::Text(json!([plan::datetime(before_ms)]).to_string());
        let mut connection = self.writers.acquire().await?;
        Ok(D::execute(&mut connection, &self.statements.records.forget_receipts, vec![moment]).await?)
    }
}

fn record<D: Database>(row: &Row<D>) -> Result<Record, sqlx::Error> {
    let text = |column| Ok::<_, sqlx::Error>(D::text(row, column)?.unwrap_or_default().to_owned());
    Ok(Record {
        id: D::number(row, "id")?.unwrap_or_default(),
        learner: D::number(row, "student")?.unwrap_or_default(),
        block_type: text("module_type")?,
        usage: text("module_id")?,
        context: text("course_id")?,
        state: D::text(row, "state")?.map(Arc::from),
        score: score::<D>(row)?,
        created: time::<D>(row, "created_text")?,
        modified: time::<D>(row, "modified_text")?,
    })
}

fn score<D: Database>(row: &Row<D>) -> Result<Option<Score>, sqlx::Error> {
    let (earned, possible) = (D::real(row, "grade")?, D::real(row, "max_grade")?);
    Ok(earned.zip(possible).map(|(earned, possible)| Score { earned, possible }))
}

/// The databases say points in time in UTC and without saying so. One that cannot be read is the beginning of time: a
/// row that another program has damaged is shown all the same.
pub(super) fn time<D: Database>(row: &Row<D>, column: &str) -> Result<Timestamp, sqlx::Error> {
    let time = D::text(row, column)?.and_then(|text| text.parse::<DateTime>().ok());
    Ok(time
        .and_then(|time| time.to_zoned(TimeZone::UTC).ok())
        .map_or(Timestamp::UNIX_EPOCH, |time| time.timestamp()))
}
