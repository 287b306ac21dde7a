//! `GET /`: the courses and libraries.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::error::HttpError;
use crate::identity::Identity;
use crate::outline::Outline;
use crate::pages::{Chrome, page};
use crate::state::AppState;

#[derive(Serialize)]
struct CoursesPage {
    chrome: Chrome,
    courses: Vec<Course>,
}

#[derive(Serialize)]
struct Course {
    title: String,
    key: String,
    url: String,
    units: usize,
}

pub(crate) async fn show(State(state): State<AppState>, identity: Identity) -> Result<Response, HttpError> {
    let contexts = state.runtime().content().contexts();
    let mut courses: Vec<_> = contexts
        .iter()
        .map(|context| {
            let outline = Outline::of(context);
            let units = outline.units();
            Course { title: outline.title, key: context.key().to_string(), url: outline.url, units }
        })
        .collect();
    courses.sort_by(|one, other| (&one.title, &one.key).cmp(&(&other.title, &other.key)));
    let chrome = Chrome::in_language(&state, &identity.session, "/", &identity.visitor.locale).await;
    let html = state.templates().render("courses.html", CoursesPage { chrome, courses })?;
    Ok(identity.answer(&state, page(html)))
}
