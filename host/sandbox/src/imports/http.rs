//! `http`: requests to the servers that the operator listed. Waiting for one is not the block's processor time.

use wasmtime::Result;

use crate::bindings::http::{
    Host as HttpHost, HttpError, Method, Request as WitRequest, Response as WitResponse,
};
use crate::host::Host;
use crate::http::{HttpBounds, HttpFailure, HttpMethod, HttpRequest, HttpResponse};
use crate::state::State;

impl<H: Host> HttpHost for State<H> {
    async fn send(&mut self, request: WitRequest) -> Result<Result<WitResponse, HttpError>> {
        let request = HttpRequest::from(request);
        self.quota.http_request(request.bytes())?;
        self.wait();
        let limits = self.budget.limits();
        let bounds = HttpBounds { response_bytes: limits.http_response_bytes, time: limits.http_time() };
        let answer = self.meter.exclude(self.host.http_send(request, bounds)).await;
        Ok(answer.map(WitResponse::from).map_err(HttpError::from))
    }
}

impl From<WitRequest> for HttpRequest {
    fn from(WitRequest { method, url, headers, body }: WitRequest) -> Self {
        let method = match method {
            Method::Get => HttpMethod::Get,
            Method::Head => HttpMethod::Head,
            Method::Post => HttpMethod::Post,
            Method::Put => HttpMethod::Put,
            Method::Patch => HttpMethod::Patch,
            Method::Delete => HttpMethod::Delete,
        };
        Self { method, url, headers, body }
    }
}

impl From<HttpResponse> for WitResponse {
    fn from(HttpResponse { status, headers, body }: HttpResponse) -> Self {
        Self { status, headers, body }
    }
}

impl From<HttpFailure> for HttpError {
    fn from(failure: HttpFailure) -> Self {
        match failure {
            HttpFailure::NotInAHandler => Self::NotInAHandler,
            HttpFailure::Refused(text) => Self::Refused(text),
            HttpFailure::Invalid(text) => Self::Invalid(text),
            HttpFailure::TooLarge => Self::TooLarge,
            HttpFailure::TooSlow => Self::TooSlow,
            HttpFailure::Unreachable(text) => Self::Unreachable(text),
        }
    }
}
