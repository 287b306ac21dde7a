//! `GET /learn/{context}/{unit}/scores`: the scores on a unit's page, in words, for the page to show after an answer.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{Json, Response};

use super::unit;
use crate::error::HttpError;
use crate::identity::Identity;
use crate::path::{self, Path};
use crate::state::AppState;

pub(crate) async fn show(
    State(state): State<AppState>,
    identity: Identity,
    Path((context, usage)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let (context, usage) = (path::context(&context)?, path::usage(&usage)?);
    state.course(&context)?;
    if usage.context_key() != context {
        return Err(HttpError::not_found(format!("`{context}` has no unit `{usage}`")));
    }
    let blocks = unit::blocks(&state, &identity.visitor, &usage).await?;
    let texts = state.templates().texts();
    let language = texts.language(&identity.visitor.locale);
    let scores: BTreeMap<_, _> = unit::scores(&state, &identity.visitor, &blocks)
        .await?
        .into_iter()
        .map(|(usage, score)| (usage.to_string(), texts.score(language, score)))
        .collect();
    Ok(identity.answer(&state, Json(scores)))
}
