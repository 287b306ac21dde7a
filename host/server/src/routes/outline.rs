//! `GET /learn/{context}`: a course's sections, subsections and units.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use serde::Serialize;

use crate::error::HttpError;
use crate::identity::Identity;
use crate::outline::Outline;
use crate::pages::{Chrome, page};
use crate::path::{self, Path};
use crate::state::AppState;

#[derive(Serialize)]
struct OutlinePage {
    chrome: Chrome,
    outline: Outline,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    identity: Identity,
    uri: Uri,
    Path(context): Path<String>,
) -> Result<Response, HttpError> {
    let context = state.course(&path::context(&context)?)?;
    let outline = Outline::of(&context);
    let chrome = Chrome::in_language(&state, &identity.session, uri.path(), &identity.visitor.locale);
    let html = state.templates().render("outline.html", OutlinePage { chrome, outline })?;
    Ok(identity.answer(&state, page(html)))
}
