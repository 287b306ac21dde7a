//! What is served at the hosts of frames: the documents of blocks and what they need. A page there, or a session, would
//! be within reach of whatever a block runs.

use axum::extract::Request;

use crate::error::HttpError;
use crate::state::AppState;

/// How the addresses begin that may be asked for there.
const SERVED: [&str; 6] =
    ["/frame/", "/frame-libraries/", "/assets/", "/xblock/resource/", "/static/", "/files/"];

/// Refuses what is not served at the host that was asked.
pub(crate) fn check(state: &AppState, request: &Request) -> Result<(), HttpError> {
    let is_frames = state.urls().frames().is_some_and(|frames| frames.have(request.headers()));
    if is_frames && !SERVED.iter().any(|served| request.uri().path().starts_with(served)) {
        return Err(HttpError::not_found("only blocks are shown at this host"));
    }
    Ok(())
}
