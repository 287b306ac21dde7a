//! Block versions as the operator sees them: what they cost, how they fail, and which are set aside. As JSON at
//! `/api/admin/blocks`, as a page at `/admin/blocks`.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::response::{Json, Redirect, Response};
use blockhouse_runtime::{BlockReport, BlockVersion, Standing};
use serde::Serialize;

use crate::error::HttpError;
use crate::operator::Operator;
use crate::pages::{Chrome, page};
use crate::session::Session;
use crate::state::AppState;

/// The answer of the API.
#[derive(Serialize)]
pub(crate) struct Blocks {
    blocks: Vec<BlockReport>,
}

#[derive(Serialize)]
struct BlocksPage {
    chrome: Chrome,
    blocks: Vec<Row>,
}

/// One version, in the page's words.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    report: BlockReport,
    digest_short: String,
    failed: u64,
    cpu_ms_mean: f64,
    set_aside: bool,
    errors: Vec<String>,
}

impl From<BlockReport> for Row {
    fn from(report: BlockReport) -> Self {
        let costs = &report.costs;
        let well = costs.outcomes.get("ok").copied().unwrap_or_default();
        Self {
            digest_short: report.block.digest.chars().take(12).collect(),
            failed: costs.calls.saturating_sub(well),
            cpu_ms_mean: if costs.calls == 0 { 0.0 } else { costs.cpu_ms / costs.calls as f64 },
            set_aside: report.standing != Standing::Good,
            errors: costs
                .last_errors
                .iter()
                .map(|error| format!("{}: {}", error.entry, error.error))
                .collect(),
            report,
        }
    }
}

pub(crate) async fn list(_: Operator, State(state): State<AppState>) -> Json<Blocks> {
    Json(Blocks { blocks: state.runtime().block_reports() })
}

pub(crate) async fn show(
    _: Operator,
    State(state): State<AppState>,
    session: Session,
) -> Result<Response, HttpError> {
    let blocks = state.runtime().block_reports().into_iter().map(Row::from).collect();
    let chrome = Chrome::new(&state, &session, "/admin/blocks");
    Ok(page(state.templates().render("admin/blocks.html", BlocksPage { chrome, blocks })?))
}

/// Whether the version was set aside.
#[derive(Serialize)]
pub(crate) struct Released {
    released: bool,
}

pub(crate) async fn release(
    _: Operator,
    State(state): State<AppState>,
    block: Result<Json<BlockVersion>, JsonRejection>,
) -> Result<Json<Released>, HttpError> {
    let Json(block) = block?;
    Ok(Json(Released { released: state.runtime().release_block(&block) }))
}

pub(crate) async fn release_by_form(
    _: Operator,
    State(state): State<AppState>,
    block: Result<Form<BlockVersion>, FormRejection>,
) -> Result<Redirect, HttpError> {
    let Form(block) = block?;
    state.runtime().release_block(&block);
    Ok(Redirect::to("/admin/blocks"))
}
