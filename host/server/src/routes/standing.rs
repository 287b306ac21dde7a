//! `GET /learn/{context}/{unit}/standing`: scores and progress on a unit's page, in words, for the page to show after an
//! answer.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{Json, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::unit;
use crate::error::HttpError;
use crate::identity::Identity;
use crate::openapi::Problem;
use crate::path::{self, Path};
use crate::progress::Progress;
use crate::state::AppState;

#[derive(Serialize, ToSchema)]
pub(crate) struct UnitStanding {
    blocks: BTreeMap<String, BlockStanding>,
    /// The unit's progress; none for those who have none.
    progress: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct BlockStanding {
    score: Option<String>,
    done: bool,
}

/// Scores and progress on a unit's page, in words.
#[utoipa::path(
    get,
    path = "/learn/{context}/{unit}/standing",
    operation_id = "standing",
    responses(
        (status = 200, description = "How whoever asks stands", body = UnitStanding),
        (status = 422, description = "The content is broken", body = Problem),
    )
)]
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
    let scores = unit::scores(&state, &identity.visitor, &blocks).await?;
    let progress = Progress::of(&state, &identity.visitor, &context).await?;
    let texts = state.templates().texts();
    let language = texts.language(&identity.visitor.locale);
    let standing = UnitStanding {
        progress: progress.as_ref().and_then(|progress| {
            texts.progress(language, progress.tally(blocks.iter().map(|block| &block.usage)))
        }),
        blocks: blocks
            .iter()
            .map(|block| {
                let score = scores.get(&block.usage).map(|score| texts.score(language, *score));
                let done = progress.as_ref().and_then(|progress| progress.is_done(&block.usage));
                (block.usage.to_string(), BlockStanding { score, done: done.unwrap_or_default() })
            })
            .collect(),
    };
    Ok(identity.answer(&state, Json(standing)))
}
