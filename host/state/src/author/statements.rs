//! The statements on the table of authors' previews. An author makes a handful of calls a minute, so each row has a
//! statement of its own.

use std::sync::Arc;

use crate::database::{Database, Statement};

pub(super) struct Statements {
    /// Author, context, the moment up to which everything is forgotten, and 1 where files are wanted too.
    pub(super) select: Statement,
    /// Author, context, scope, owner, field, value, moment.
    pub(super) set: Statement,
    /// Author, scope, owner, field.
    pub(super) delete: Statement,
    /// Author, and the moment up to which everything is forgotten.
    pub(super) forget: Statement,
    /// Author and usage key.
    pub(super) reset_block: Statement,
    /// Author and context.
    pub(super) reset_context: Statement,
    /// Author.
    pub(super) reset_everything: Statement,
}

impl Statements {
    pub(super) fn new<D: Database>() -> Self {
        let [p1, p2, p3, p4, p5, p6, p7] = [1, 2, 3, 4, 5, 6, 7].map(D::parameter);
        let table = "blockhouse_authorstate";
        let delete = |condition: String| {
            Arc::from(format!("DELETE FROM {table} WHERE author_id = {p1} AND {condition}"))
        };
        let or_update = D::or_update("author_id, scope, owner, field_name", &["value", "modified_ms"]);
        Self {
            select: Arc::from(format!(
                "SELECT scope, owner, field_name, value FROM {table}
                  WHERE author_id = {p1} AND context = {p2} AND modified_ms > {p3}
                    AND (scope NOT IN ('file', 'shared_file') OR {p4} = 1)"
            )),
            set: Arc::from(format!(
                "INSERT INTO {table} (author_id, context, scope, owner, field_name, value, modified_ms)
                 SELECT {p1}, {p2}, {p3}, {p4}, {p5}, {p6}, {p7} FROM (SELECT 1 AS one) AS w WHERE true {or_update}"
            )),
            delete: delete(format!("scope = {p2} AND owner = {p3} AND field_name = {p4}")),
            forget: delete(format!("modified_ms <= {p2}")),
            reset_block: delete(format!(
                "scope IN ('user_state', 'user_state_summary', 'receipts', 'file', 'shared_file') AND owner = {p2}"
            )),
            reset_context: delete(format!("context = {p2}")),
            reset_everything: delete("true".to_owned()),
        }
    }
}
