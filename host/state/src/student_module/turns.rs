//! Who asks the database: of those who come at the same time, a few ask for all. Whoever finds a free place leads, and
//! takes along those who wait; whoever finds none waits until somebody has asked for them, or until it is their turn to
//! lead. There is no task of its own in between, so that asking alone costs no change of threads.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// The places of those who lead, and the questions that wait.
#[derive(Debug)]
pub(super) struct Turns<Q, A>(Arc<Mutex<State<Q, A>>>);

#[derive(Debug)]
struct State<Q, A> {
    free: usize,
    waiting: VecDeque<Waiting<Q, A>>,
}

#[derive(Debug)]
struct Waiting<Q, A> {
    question: Q,
    reply: oneshot::Sender<Turn<Q, A>>,
}

/// What becomes of somebody with a question.
#[derive(Debug)]
pub(super) enum Turn<Q, A> {
    /// Somebody has asked for them.
    Answered(A),
    /// They ask it themselves, and for those who wait.
    Lead(Q, Lead<Q, A>),
}

/// The right to ask. Dropped, it goes to whoever has waited longest.
#[derive(Debug)]
pub(super) struct Lead<Q, A>(Arc<Mutex<State<Q, A>>>);

/// Those for whom somebody asks. Whoever has no answer when this is dropped waits on, in their old place.
#[derive(Debug)]
pub(super) struct Others<'l, Q, A> {
    lead: &'l Lead<Q, A>,
    waiting: VecDeque<Waiting<Q, A>>,
}

fn lock<Q, A>(state: &Mutex<State<Q, A>>) -> MutexGuard<'_, State<Q, A>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<Q, A> Turns<Q, A> {
    /// With so many who may lead at once.
    pub(super) fn new(places: usize) -> Self {
        Self(Arc::new(Mutex::new(State { free: places, waiting: VecDeque::new() })))
    }

    /// Waits for an answer, or for the right to ask. None only when nobody can lead any more.
    pub(super) async fn turn(&self, question: Q) -> Option<Turn<Q, A>> {
        let outcome = {
            let mut state = lock(&self.0);
            if state.free > 0 {
                state.free -= 1;
                return Some(Turn::Lead(question, Lead(Arc::clone(&self.0))));
            }
            let (reply, outcome) = oneshot::channel();
            state.waiting.push_back(Waiting { question, reply });
            outcome
        };
        outcome.await.ok()
    }
}

impl<Q, A> Lead<Q, A> {
    /// Takes along those who have waited longest.
    pub(super) fn others(&self, most: usize) -> Others<'_, Q, A> {
        let mut state = lock(&self.0);
        // Who has stopped waiting is asked for no more.
        state.waiting.retain(|waiting| !waiting.reply.is_closed());
        let most = most.min(state.waiting.len());
        Others { lead: self, waiting: state.waiting.drain(..most).collect() }
    }
}

impl<Q, A> Drop for Lead<Q, A> {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        let next = loop {
            match state.waiting.pop_front() {
                Some(gone) if gone.reply.is_closed() => {}
                next => break next,
            }
        };
        let Some(Waiting { question, reply }) = next else {
            state.free += 1;
            return;
        };
        drop(state);
        // Should they go in this very moment, the right comes back with the question, and is dropped again.
        let _ = reply.send(Turn::Lead(question, Lead(Arc::clone(&self.0))));
    }
}

impl<Q, A> Others<'_, Q, A> {
    /// What they want to know.
    pub(super) fn questions(&self) -> impl Iterator<Item = &Q> {
        self.waiting.iter().map(|waiting| &waiting.question)
    }

    /// Answers all of them.
    pub(super) fn answer(&mut self, mut answer: impl FnMut(&Q) -> A) {
        for Waiting { question, reply } in self.waiting.drain(..) {
            let _ = reply.send(Turn::Answered(answer(&question)));
        }
    }
}

impl<Q, A> Drop for Others<'_, Q, A> {
    fn drop(&mut self) {
        let mut state = lock(&self.lead.0);
        for waiting in self.waiting.drain(..).rev() {
            state.waiting.push_front(waiting);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::task::JoinHandle;
    use tokio::time::timeout;

    use super::*;

    type Words = Turns<&'static str, String>;

    async fn lead(turns: &Words, question: &'static str) -> Lead<&'static str, String> {
        match turns.turn(question).await {
            Some(Turn::Lead(_, lead)) => lead,
            other => panic!("{other:?}"),
        }
    }

    /// Somebody who comes while nobody else may lead, and waits.
    async fn second(turns: &Arc<Words>) -> JoinHandle<Option<Turn<&'static str, String>>> {
        let turns = turns.clone();
        let waiting = tokio::spawn(async move { turns.turn("second").await });
        tokio::task::yield_now().await;
        waiting
    }

    #[tokio::test]
    async fn whoever_leads_answers_for_those_who_wait() {
        let turns = Arc::new(Words::new(1));
        let lead = lead(&turns, "first").await;
        let waiting = second(&turns).await;
        lead.others(9).answer(|question| format!("{question}!"));
        assert!(matches!(waiting.await.unwrap(), Some(Turn::Answered(answer)) if answer == "second!"));
    }

    #[tokio::test]
    async fn whoever_was_not_asked_for_leads_next() {
        let turns = Arc::new(Words::new(1));
        let first = lead(&turns, "first").await;
        let waiting = second(&turns).await;
        drop(first);
        assert!(matches!(waiting.await.unwrap(), Some(Turn::Lead("second", _))));
        assert!(matches!(turns.turn("third").await, Some(Turn::Lead("third", _))));
    }

    #[tokio::test]
    async fn those_whose_leader_gives_up_wait_on_and_lead_next() {
        let turns = Arc::new(Words::new(1));
        let first = lead(&turns, "first").await;
        let waiting = second(&turns).await;
        let others = first.others(9);
        assert_eq!(others.questions().count(), 1);
        drop(others);
        drop(first);
        assert!(matches!(waiting.await.unwrap(), Some(Turn::Lead("second", _))));
    }

    #[tokio::test]
    async fn whoever_stops_waiting_takes_no_place() {
        let turns = Words::new(1);
        let first = lead(&turns, "first").await;
        assert!(timeout(Duration::from_millis(5), turns.turn("second")).await.is_err());
        drop(first);
        let third = timeout(Duration::from_secs(5), turns.turn("third")).await.unwrap();
        assert!(matches!(third, Some(Turn::Lead("third", _))));
    }
}
