//! What one handler call has sent. When others change the state that it read, the call is run again; what it sent
//! cannot be taken back, so a request that it makes again is answered as it was the first time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use blockhouse_sandbox::HttpRequest;

use super::Answer;

/// The requests of one call, and what came of them, failures too: one that came too late may have been carried out.
#[derive(Debug, Default)]
pub(crate) struct Sent(Mutex<Runs>);

#[derive(Debug, Default)]
struct Runs {
    /// Of the run before, and not asked for again so far.
    before: Vec<(HttpRequest, Answer)>,
    now: Vec<(HttpRequest, Answer)>,
}

impl Sent {
    /// The call is run again.
    pub(crate) fn run_again(&self) {
        let mut runs = self.runs();
        runs.before = std::mem::take(&mut runs.now);
    }

    /// What came of a request in the run before. A request that was sent twice there was answered twice.
    pub(crate) fn recall(&self, request: &HttpRequest) -> Option<Answer> {
        let mut runs = self.runs();
        let place = runs.before.iter().position(|(sent, _)| sent == request)?;
        let (request, answer) = runs.before.remove(place);
        runs.now.push((request, answer.clone()));
        Some(answer)
    }

    /// Remembers what came of a request.
    pub(crate) fn remember(&self, request: HttpRequest, answer: Answer) {
        self.runs().now.push((request, answer));
    }

    fn runs(&self) -> MutexGuard<'_, Runs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use blockhouse_sandbox::{HttpFailure, HttpMethod, HttpResponse};

    use super::*;

    fn request(url: &str) -> HttpRequest {
        HttpRequest { method: HttpMethod::Post, url: url.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    fn answer(status: u16) -> Answer {
        Ok(HttpResponse { status, headers: Vec::new(), body: Vec::new() })
    }

    #[test]
    fn a_request_that_is_made_again_is_answered_as_before_in_every_run() {
        let sent = Sent::default();
        sent.remember(request("a"), Err(HttpFailure::TooSlow));
        for _ in 0..3 {
            sent.run_again();
            assert_eq!(sent.recall(&request("a")), Some(Err(HttpFailure::TooSlow)));
        }
    }

    #[test]
    fn the_same_request_twice_has_two_answers() {
        let sent = Sent::default();
        assert_eq!(sent.recall(&request("a")), None);
        sent.remember(request("a"), answer(200));
        assert_eq!(sent.recall(&request("a")), None);
        sent.remember(request("a"), answer(409));
        sent.run_again();
        assert_eq!(sent.recall(&request("a")), Some(answer(200)));
        assert_eq!(sent.recall(&request("a")), Some(answer(409)));
        assert_eq!(sent.recall(&request("a")), None);
    }

    #[test]
    fn another_request_is_not_answered_with_what_came_of_this_one() {
        let sent = Sent::default();
        sent.remember(request("a"), answer(200));
        sent.run_again();
        assert_eq!(sent.recall(&request("b")), None);
    }
}
