//! What the operator may see and change of one learner.

pub(crate) mod completion;
pub(crate) mod file;
pub(crate) mod row;
pub(crate) mod score;

use axum::Router;
use axum::routing::get;
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;

use crate::error::HttpError;
use crate::path;
use crate::state::AppState;

pub(super) fn routes() -> Router<AppState> {
    const BLOCK: &str = "/api/admin/learners/{learner}/blocks/{usage}";
    Router::new()
        .route(BLOCK, get(row::show).delete(row::reset))
        .route(&format!("{BLOCK}/score"), get(score::show).put(score::set).delete(score::delete))
        .route(&format!("{BLOCK}/files/{{name}}"), get(file::show))
        .route(&format!("{BLOCK}/completion"), get(completion::show).put(completion::set))
        .route("/api/admin/learners/{learner}/completion/{context}", get(completion::list))
}

/// One learner in one block, which need not exist any more.
struct Place {
    learner: i64,
    usage: UsageKey,
}

impl Place {
    fn parse(learner: &str, usage: &str) -> Result<Self, HttpError> {
        Ok(Self { learner: learner_number(learner)?, usage: path::usage(usage)? })
    }

    fn user(&self) -> UserId {
        UserId::Learner(self.learner)
    }

    /// 404: nothing of the kind is kept.
    fn has_no(&self, what: &str) -> HttpError {
        HttpError::not_found(format!("learner {} has no {what} for `{}`", self.learner, self.usage))
    }
}

/// The number of an account, as the platform's tables hold it.
pub(super) fn learner_number(text: &str) -> Result<i64, HttpError> {
    let number = text.parse::<i32>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    number.map(i64::from).ok_or_else(|| {
        HttpError::bad_request(format!("`{text}` is no learner's number; it is 0 to {}", i32::MAX))
    })
}
