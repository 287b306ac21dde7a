//! `POST /api/admin/recordings`: the next calls of a block type are recorded, for `blockhouse replay`.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::Json;
use blockhouse_runtime::{MOST_RECORDED, RecordingOrder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::HttpError;
use crate::openapi::Problem;
use crate::operator::Operator;
use crate::state::AppState;

/// What is to be recorded.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// The block type.
    block_type: String,
    /// How many calls, from now on. 0 calls off what was ordered before.
    #[schema(maximum = 100)]
    calls: u32,
    /// Whether learners' data is taken out: of their texts only the length stays, and numbers stay. Such a recording may
    /// take another way when it is run again.
    #[serde(default = "yes")]
    redacted: bool,
}

fn yes() -> bool {
    true
}

/// Records the next calls of a block type in the host's data directory.
#[utoipa::path(
    post,
    path = "/api/admin/recordings",
    operation_id = "record_calls",
    request_body = Order,
    responses((status = 200, description = "What is recorded from now on", body = Order), (status = 400, description = "Too many calls at once, or not an order", body = Problem), (status = 404, description = "No such block type is installed", body = Problem))
)]
pub(crate) async fn order(
    _: Operator,
    State(state): State<AppState>,
    order: Result<Json<Order>, JsonRejection>,
) -> Result<Json<Order>, HttpError> {
    let Json(order) = order?;
    if order.calls > MOST_RECORDED {
        return Err(HttpError::invalid(
            "calls",
            format!("at most {MOST_RECORDED} calls are recorded at a time"),
        ));
    }
    let wanted = RecordingOrder { calls: order.calls, redacted: order.redacted };
    state.runtime().record_calls(&order.block_type, wanted)?;
    Ok(Json(order))
}
