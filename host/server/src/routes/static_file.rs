//! `GET /static/{context}/{name}`: an author's file (spec 3.11). In an origin of its own, whatever it contains
//! (row 207): see `security_headers`.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use tower_http::services::ServeFile;

use crate::error::HttpError;
use crate::path::{self, Path};
use crate::state::AppState;

pub(crate) async fn show(
    State(state): State<AppState>,
    Path((context, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, HttpError> {
    let missing = || HttpError::not_found(format!("there is no file `{name}` here"));
    let context = state.runtime().content().context(&path::context(&context)?).ok_or_else(missing)?;
    let file = context.asset(&name).ok_or_else(missing)?;
    // Ranges, so that a video can be searched; revalidation, because an author may replace the file.
    let mut response = ServeFile::new(file)
        .try_call(request)
        .await
        .map_err(|error| HttpError::internal(format!("the file `{name}` cannot be read: {error}")))?
        .into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    Ok(response)
}
