//! What happens to every request, whatever it asks for: it gets an id, a span in the log and a place in the counters,
//! is refused where there are too many, and its answer, good or bad, is completed.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use crate::error::Unanswered;
use crate::request_id::{self, RequestId};
use crate::state::AppState;
use crate::telemetry::Observed;
use crate::{frame_hosts, rate_limit, security_headers};

/// All routes have this around them, in one layer: every further one costs each request some memory of its own.
pub(crate) async fn answer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    let observed = Observed::begin(&request, &id);
    let span = observed.span();
    let answered = async {
        let unanswered = Unanswered::of(&request);
        let may_pass =
            frame_hosts::check(&state, &request).and_then(|()| rate_limit::by_address(&state, &request));
        let response = match may_pass {
            Ok(()) => next.run(request).await,
            Err(refused) => refused.into_response(),
        };
        let mut response = unanswered.render(&state, id.as_str(), response).await;
        security_headers::complete(&mut response, state.urls().frames());
        response.headers_mut().insert(request_id::HEADER, id.into_header());
        observed.end(&response);
        response
    };
    answered.instrument(span).await
}
