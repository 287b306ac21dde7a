//! Completion as it is stored.

use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::UserId;
use blockhouse_keys::{LearningContextKey, UsageKey};

use super::{SqlStore, records, student};
use crate::StateError;
use crate::completions::{Completion, Completions};
use crate::database::{Database, Parameter, Row, Statement};

/// The two questions.
#[derive(Debug)]
pub(super) struct CompletionStatements {
    /// Learner, usage, context.
    pub(super) one: Statement,
    /// Learner, context.
    pub(super) context: Statement,
}

impl CompletionStatements {
    pub(super) fn new<D: Database>() -> Self {
        let [first, second, third] = [1, 2, 3].map(D::parameter);
        let select = format!(
            "SELECT block_key, block_type, completion, {modified} AS modified_text
               FROM completion_blockcompletion WHERE user_id = {first}",
            modified = D::time_as_text("modified"),
        );
        Self {
            one: Arc::from(format!("{select} AND block_key = {second} AND course_key = {third}")),
            context: Arc::from(format!("{select} AND course_key = {second} ORDER BY block_key")),
        }
    }
}

#[async_trait]
impl<D: Database> Completions for SqlStore<D> {
    async fn completion(&self, user: &UserId, usage: &UsageKey) -> Result<Option<Completion>, StateError> {
        let statement = &self.statements.completions.one;
        let rows = self.reader.fetch(statement, records::row_of(user, usage)?).await?;
        // A database that does not tell capital letters from small ones may know a similar key.
        let mut found = rows.iter().map(completion::<D>).collect::<Result<Vec<_>, _>>()?.into_iter();
        Ok(found.find(|found| found.usage == usage.as_str()))
    }

    async fn completions(
        &self,
        user: &UserId,
        context: &LearningContextKey,
    ) -> Result<Vec<Completion>, StateError> {
        let Ok(student) = student(user) else { return Ok(Vec::new()) };
        let parameters = vec![Parameter::Number(student), Parameter::Text(context.as_str().to_owned())];
        let rows = self.reader.fetch(&self.statements.completions.context, parameters).await?;
        Ok(rows.iter().map(completion::<D>).collect::<Result<_, _>>()?)
    }
}

fn completion<D: Database>(row: &Row<D>) -> Result<Completion, sqlx::Error> {
    let text = |column| Ok::<_, sqlx::Error>(D::text(row, column)?.unwrap_or_default().to_owned());
    Ok(Completion {
        usage: text("block_key")?,
        block_type: text("block_type")?,
        fraction: D::real(row, "completion")?.unwrap_or_default(),
        modified: records::time::<D>(row, "modified_text")?,
    })
}
