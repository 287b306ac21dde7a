//! `GET /learn/{context}`: a course's sections, subsections and units.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use serde::Serialize;

use crate::error::HttpError;
use crate::identity::Identity;
use crate::offer::Offer;
use crate::outline::Outline;
use crate::pages::{Chrome, page};
use crate::path::{self, Path};
use crate::progress::{Progress, Tally};
use crate::session::Session;
use crate::state::AppState;

#[derive(Serialize)]
struct OutlinePage {
    chrome: Chrome,
    outline: Outline,
    /// Of the whole course; none for those who have none.
    tally: Option<Tally>,
    progress: Option<String>,
    offer: Option<Offer>,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    identity: Identity,
    session: Session,
    uri: Uri,
    Path(context): Path<String>,
) -> Result<Response, HttpError> {
    let context = state.course(&path::context(&context)?)?;
    let mut outline = Outline::of(&context);
    let progress = Progress::of(&state, &identity.visitor, context.key()).await?;
    let tally = progress.map(|progress| outline.count(&context, &progress));
    let texts = state.templates().texts();
    let progress = tally.and_then(|tally| texts.progress(texts.language(&identity.visitor.locale), tally));
    let chrome = Chrome::in_language(&state, &identity.session, uri.path(), &identity.visitor.locale).await;
    let offer = Offer::of(&state, &session, &identity.visitor, context.key(), uri.path()).await;
    let values = OutlinePage { chrome, outline, tally, progress, offer };
    let html = state.templates().render("outline.html", values)?;
    Ok(identity.answer(&state, page(html)))
}
