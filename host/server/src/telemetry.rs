//! What operators see: a span and counters per request. Neither ever names a person or holds a token, so addresses
//! appear as their route (`/frame/{usage}/{credential}/{view}`), not as they were called.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::response::Response;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::request_id::RequestId;

/// How often the recorder folds its samples, which bounds its memory when nobody scrapes it.
const UPKEEP: Duration = Duration::from_secs(5);

/// The process's metrics. One process has one recorder, however many servers it runs.
pub(crate) fn recorder() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    let handle = HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another metrics recorder was there first; /metrics stays empty");
        }
        metrics::describe_counter!("blockhouse_http_requests_total", "Requests by route, method and status");
        metrics::describe_histogram!(
            "blockhouse_http_request_duration_seconds",
            metrics::Unit::Seconds,
            "Time from a request's head to its response's head"
        );
        handle
    });
    handle.clone()
}

/// Folds samples for ever.
pub(crate) async fn upkeep(handle: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        handle.run_upkeep();
    }
}

/// A request that is being answered.
pub(crate) struct Observed {
    route: Option<MatchedPath>,
    method: &'static str,
    span: tracing::Span,
    started: Instant,
}

impl Observed {
    /// Its time begins now.
    pub(crate) fn begin(request: &Request, id: &RequestId) -> Self {
        let route = request.extensions().get::<MatchedPath>().cloned();
        let method = method(request.method());
        let span = tracing::info_span!(
            "request",
            request_id = id.as_str(),
            method,
            route = route.as_ref().map(MatchedPath::as_str)
        );
        Self { route, method, span, started: Instant::now() }
    }

    /// The span that its log lines belong to.
    pub(crate) fn span(&self) -> tracing::Span {
        self.span.clone()
    }

    /// Counts it and its time.
    pub(crate) fn end(self, response: &Response) {
        let Self { route, method, started, .. } = self;
        let (status, seconds) = (response.status(), started.elapsed().as_secs_f64());
        tracing::debug!(status = status.as_u16(), seconds, "answered");
        let route = route.as_ref().map_or("none", MatchedPath::as_str).to_owned();
        metrics::counter!("blockhouse_http_requests_total", "route" => route.clone(), "method" => method,
            "status" => status.as_str().to_owned())
        .increment(1);
        metrics::histogram!("blockhouse_http_request_duration_seconds", "route" => route).record(seconds);
    }
}

/// A label with few values: a client may invent methods.
fn method(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("OTHER")
}
