//! The outbox as its consumers see it. What puts messages in is `message.rs`.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{SqlStore, records};
use crate::StateError;
use crate::database::{Database, Parameter, Row, Statement, Type};
use crate::outbox::{Lease, Message, Outbox};

/// The statements of delivery.
#[derive(Debug)]
pub(super) struct DeliveryStatements {
    renew: Statement,
    take: Statement,
    pub(super) undelivered: Statement,
    delivered: Statement,
    prune: Statement,
    prune_all: Statement,
    forget: Statement,
}

impl DeliveryStatements {
    pub(super) fn new<D: Database>(database: &D) -> Self {
        let [p1, p2, p3, p4] = [1, 2, 3, 4].map(D::parameter);
        let number = D::NUMBER;
        let marks = database.rows(
            1,
            "blockhouse_delivered",
            &[("message_id", Type::Number), ("consumer", Type::Text)],
        );
        let consumers = database.rows(1, "blockhouse_delivered", &[("consumer", Type::Key)]);
        Self {
            renew: Arc::from(format!(
                "UPDATE blockhouse_delivery_lease SET holder = {p1}, until_ms = {p2}
                  WHERE consumer = {p3} AND (holder = {p4} OR until_ms < {})",
                D::parameter(5)
            )),
            take: Arc::from(format!(
                "INSERT INTO blockhouse_delivery_lease (holder, until_ms, consumer) VALUES ({p1}, {p2}, {p3})"
            )),
            undelivered: Arc::from(format!(
                "SELECT CAST(o.id AS {number}) AS id, CAST(o.student_id AS {number}) AS student, o.context, o.usage_id,
                        o.kind, o.data, {created} AS created_text
                   FROM blockhouse_outbox AS o
                   LEFT JOIN blockhouse_delivered AS d ON d.message_id = o.id AND d.consumer = {p1}
                  WHERE o.id > {p2} AND d.message_id IS NULL ORDER BY o.id LIMIT {p3}",
                created = D::time_as_text("o.created"),
            )),
            delivered: Arc::from(format!(
                "INSERT INTO blockhouse_delivered (message_id, consumer)
                 SELECT w.message_id, w.consumer FROM {marks} WHERE true {}",
                D::or_update("message_id, consumer", &["consumer"])
            )),
            prune: Arc::from(format!(
                "DELETE FROM blockhouse_outbox WHERE id IN (
                   SELECT m.message_id FROM (
                     SELECT d.message_id FROM {consumers} JOIN blockhouse_delivered AS d ON d.consumer = w.consumer
                      GROUP BY d.message_id HAVING count(*) = {}) AS m)",
                D::parameter(2)
            )),
            prune_all: Arc::from("DELETE FROM blockhouse_outbox"),
            forget: Arc::from(
                "DELETE FROM blockhouse_delivered
                  WHERE NOT EXISTS (SELECT 1 FROM blockhouse_outbox AS o WHERE o.id = blockhouse_delivered.message_id)",
            ),
        }
    }
}

fn text(text: &str) -> Parameter {
    Parameter::Text(text.to_owned())
}

fn number(number: u64) -> Parameter {
    Parameter::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

#[async_trait]
impl<D: Database> Outbox for SqlStore<D> {
    async fn lease(&self, lease: &Lease<'_>) -> Result<bool, StateError> {
        let Lease { consumer, holder, now_ms, until_ms } = lease;
        let mut connection = self.writers.acquire().await?;
        let renew = vec![text(holder), number(*until_ms), text(consumer), text(holder), number(*now_ms)];
        if D::execute(&mut connection, &self.delivery.renew, renew).await? == 1 {
            return Ok(true);
        }
        let take = vec![text(holder), number(*until_ms), text(consumer)];
        match D::execute(&mut connection, &self.delivery.take, take).await {
            Ok(_) => Ok(true),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn undelivered(&self, consumer: &str, after: i64, limit: u32) -> Result<Vec<Message>, StateError> {
        let parameters = vec![text(consumer), Parameter::Number(after), Parameter::Number(limit.into())];
        let rows = self.reader.fetch(&self.delivery.undelivered, parameters).await?;
        Ok(rows.iter().map(message::<D>).collect::<Result<_, _>>()?)
    }

    async fn delivered(&self, consumer: &str, messages: &[i64]) -> Result<(), StateError> {
        let marks: Vec<_> = messages.iter().map(|id| json!([id, consumer])).collect();
        let mut connection = self.writers.acquire().await?;
        let marks = Parameter::Text(Value::Array(marks).to_string());
        D::execute(&mut connection, &self.delivery.delivered, vec![marks]).await?;
        Ok(())
    }

    async fn prune(&self, consumers: &[String]) -> Result<(), StateError> {
        let mut connection = self.writers.acquire().await?;
        if consumers.is_empty() {
            D::execute(&mut connection, &self.delivery.prune_all, Vec::new()).await?;
        } else {
            let list: Vec<_> = consumers.iter().map(|consumer| json!(consumer)).collect();
            let list = Parameter::Text(Value::Array(list).to_string());
            let parameters = vec![list, number(consumers.len() as u64)];
            D::execute(&mut connection, &self.delivery.prune, parameters).await?;
        }
        D::execute(&mut connection, &self.delivery.forget, Vec::new()).await?;
        Ok(())
    }
}

fn message<D: Database>(row: &Row<D>) -> Result<Message, sqlx::Error> {
    let text = |column| Ok::<_, sqlx::Error>(D::text(row, column)?.unwrap_or_default().to_owned());
    Ok(Message {
        id: D::number(row, "id")?.unwrap_or_default(),
        created: records::time::<D>(row, "created_text")?,
        learner: D::number(row, "student")?.unwrap_or_default(),
        context: text("context")?,
        usage: text("usage_id")?,
        kind: text("kind")?,
        data: text("data")?.into(),
    })
}
