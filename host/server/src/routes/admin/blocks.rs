//! Block versions as the operator sees them: what they cost, how they fail, and which are set aside. As JSON at
//! `/api/admin/blocks`, as a page at `/admin/blocks`.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::response::{Json, Redirect, Response};
use blockhouse_runtime::{BlockReport, BlockVersion, SmokeView, Standing};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::HttpError;
use crate::operator::Operator;
use crate::pages::{Chrome, page};
use crate::session::Session;
use crate::state::AppState;

/// The answer of the API.
#[derive(Serialize, ToSchema)]
#[schema(as = BlockReports)]
pub(crate) struct Blocks {
    #[schema(value_type = Vec<Report>)]
    blocks: Vec<BlockReport>,
}

/// How a [`BlockVersion`] looks in JSON.
#[derive(ToSchema)]
#[schema(as = BlockVersion)]
#[expect(dead_code, reason = "it stands for a type of the runtime")]
pub(crate) struct Named {
    block_type: String,
    /// SHA-256 of the component, in hex.
    digest: String,
}

/// How a [`BlockReport`] looks in JSON.
#[derive(ToSchema)]
#[schema(as = BlockReport)]
#[expect(dead_code, reason = "it stands for a type of the runtime")]
pub(crate) struct Report {
    block_type: String,
    digest: String,
    /// Whether it is the one that is called now.
    installed: bool,
    /// `state` is `good`, or `set_aside` with `until_ms`.
    #[schema(value_type = Object)]
    standing: Standing,
    /// How often the host has ended while it ran, since it last ran well.
    crashes: u32,
    /// What it has cost since the host started.
    #[schema(value_type = Object)]
    costs: blockhouse_runtime::Costs,
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
    /// How its views fared when it was installed.
    smoke_run: Vec<SmokeView>,
    /// The capabilities that the operator granted to its type.
    granted: String,
}

impl Row {
    fn new(report: BlockReport, granted: String, smoke_run: Vec<SmokeView>) -> Self {
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
            granted,
            smoke_run,
            report,
        }
    }
}

/// What each version costs, how it fails, and whether it is set aside.
#[utoipa::path(
    get,
    path = "/api/admin/blocks",
    operation_id = "block_reports",
    responses((status = 200, description = "All versions that ran or are installed", body = Blocks))
)]
pub(crate) async fn list(_: Operator, State(state): State<AppState>) -> Json<Blocks> {
    Json(Blocks { blocks: state.runtime().block_reports() })
}

pub(crate) async fn show(
    _: Operator,
    State(state): State<AppState>,
    session: Session,
) -> Result<Response, HttpError> {
    let of = state.clone();
    // Reports are files.
    let rows = tokio::task::spawn_blocking(move || {
        let registry = of.config().registry.as_ref();
        let row = |report: BlockReport| {
            let granted = of.runtime().granted_to(&report.block.block_type);
            let smoke_run =
                registry.map(|registry| registry.report(&report.block.digest)).unwrap_or_default();
            Row::new(report, granted, smoke_run)
        };
        of.runtime().block_reports().into_iter().map(row).collect()
    });
    let blocks = rows.await.map_err(|error| HttpError::internal(error.to_string()))?;
    let chrome = Chrome::new(&state, &session, "/admin/blocks").await;
    Ok(page(state.templates().render("admin/blocks.html", BlocksPage { chrome, blocks })?))
}

/// Whether the version was set aside.
#[derive(Serialize, ToSchema)]
pub(crate) struct Released {
    released: bool,
}

/// Lets a version run again that is set aside.
#[utoipa::path(
    post,
    path = "/api/admin/blocks/release",
    operation_id = "release_block",
    request_body= Named,
    responses((status = 200, description = "Whether it was set aside", body = Released))
)]
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
