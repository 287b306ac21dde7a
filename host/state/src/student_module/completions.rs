//! Completion as it is stored.

use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::UserId;
use blockhouse_keys::LearningContextKey;

use super::{SqlStore, records, student};
use crate::StateError;
use crate::completions::{Completion, Completions};
use crate::database::{Database, Parameter, Row};

#[async_trait]
impl<D: Database> Completions for SqlStore<D> {
    async fn completions(
        &self,
        user: &UserId,
        context: &LearningContextKey,
    ) -> Result<Vec<Completion>, StateError> {
        let Ok(student) = student(user) else { return Ok(Vec::new()) };
        let statement = Arc::from(format!(
            "SELECT block_key, block_type, completion, {modified} AS modified_text FROM completion_blockcompletion
              WHERE user_id = {first} AND course_key = {second} ORDER BY block_key",
            modified = D::time_as_text("modified"),
            first = D::parameter(1),
            second = D::parameter(2),
        ));
        let parameters = vec![Parameter::Number(student), Parameter::Text(context.as_str().to_owned())];
        let rows = self.reader.fetch(&statement, parameters).await?;
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
