//! A number of places that learning contexts share. Whoever holds least comes first, and of those, whoever was served
//! longest ago: a context with a thousand calls waiting delays its own calls, not those of others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// The places.
pub(crate) struct FairShare {
    /// How many of them one context may hold.
    most_each: usize,
    state: Mutex<State>,
}

struct State {
    free: usize,
    contexts: HashMap<Arc<str>, Context>,
    waiting: Vec<(Arc<str>, oneshot::Sender<()>)>,
    /// Counts the places that were given.
    given: u64,
}

#[derive(Default)]
struct Context {
    held: usize,
    last: u64,
}

impl State {
    fn has_room_for(&self, key: &str, most_each: usize) -> bool {
        self.free > 0 && self.contexts.get(key).is_none_or(|context| context.held < most_each)
    }

    fn take(&mut self, key: &Arc<str>) {
        self.free -= 1;
        self.given += 1;
        let context = self.contexts.entry(Arc::clone(key)).or_default();
        context.held += 1;
        context.last = self.given;
    }

    fn give_back(&mut self, key: &Arc<str>) {
        self.free += 1;
        let Some(context) = self.contexts.get_mut(key) else { return };
        context.held -= 1;
        if context.held == 0 && !self.waiting.iter().any(|(waiting, _)| waiting == key) {
            self.contexts.remove(key);
        }
    }

    fn serve(&mut self, most_each: usize) {
        loop {
            let next = self
                .waiting
                .iter()
                .enumerate()
                .filter(|(_, (key, _))| self.has_room_for(key, most_each))
                .min_by_key(|(_, (key, _))| {
                    self.contexts.get(key).map_or((0, 0), |context| (context.held, context.last))
                })
                .map(|(index, _)| index);
            let Some(index) = next else { return };
            let (key, turn) = self.waiting.remove(index);
            if turn.send(()).is_ok() {
                self.take(&key);
            }
        }
    }
}

impl FairShare {
    pub(crate) fn new(places: usize, most_each: usize) -> Arc<Self> {
        let state = State { free: places, contexts: HashMap::new(), waiting: Vec::new(), given: 0 };
        Arc::new(Self { most_each, state: Mutex::new(state) })
    }

    /// A place for this context, at once or when its turn has come.
    pub(crate) async fn acquire(self: &Arc<Self>, key: &Arc<str>) -> Place {
        let place = || Place { share: Arc::clone(self), key: Arc::clone(key) };
        let receiver = {
            let mut state = self.lock();
            if state.has_room_for(key, self.most_each) {
                state.take(key);
                return place();
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting.push((Arc::clone(key), sender));
            receiver
        };
        let mut waiting = Waiting { share: self, key, receiver: Some(receiver) };
        if let Some(receiver) = &mut waiting.receiver {
            // The sender goes only by sending, or with all the places.
            let _ = receiver.await;
        }
        waiting.receiver = None;
        place()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_back(&self, key: &Arc<str>) {
        let mut state = self.lock();
        state.give_back(key);
        state.serve(self.most_each);
    }
}

/// Somebody who waits, and may stop to.
struct Waiting<'a> {
    share: &'a FairShare,
    key: &'a Arc<str>,
    receiver: Option<oneshot::Receiver<()>>,
}

impl Drop for Waiting<'_> {
    /// A place that was given in the very moment in which nobody wanted it any more goes to the next. The lock keeps
    /// one from being given after this.
    fn drop(&mut self) {
        let Some(mut receiver) = self.receiver.take() else { return };
        let mut state = self.share.lock();
        receiver.close();
        if receiver.try_recv().is_ok() {
            state.give_back(self.key);
            state.serve(self.share.most_each);
        } else {
            state.waiting.retain(|(_, sender)| !sender.is_closed());
        }
    }
}

/// The right to one place.
pub(crate) struct Place {
    share: Arc<FairShare>,
    key: Arc<str>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.share.give_back(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    fn key(text: &str) -> Arc<str> {
        text.into()
    }

    #[tokio::test]
    async fn one_context_cannot_take_all_the_places() {
        let share = FairShare::new(4, 3);
        let mut held = Vec::new();
        for _ in 0..3 {
            held.push(share.acquire(&key("hog")).await);
        }
        assert!(timeout(Duration::from_millis(10), share.acquire(&key("hog"))).await.is_err());
        assert!(timeout(Duration::from_millis(10), share.acquire(&key("other"))).await.is_ok());
    }

    #[tokio::test]
    async fn a_newcomer_comes_before_a_crowd_of_one_context() {
        let share = FairShare::new(1, 1);
        let held = share.acquire(&key("hog")).await;
        let (sender, mut order) = tokio::sync::mpsc::unbounded_channel();
        for name in ["hog", "hog", "hog", "other"] {
            let (share, sender) = (Arc::clone(&share), sender.clone());
            tokio::spawn(async move {
                let _place = share.acquire(&key(name)).await;
                let _ = sender.send(name);
            });
            tokio::task::yield_now().await;
        }
        drop(held);
        assert_eq!(order.recv().await, Some("other"));
    }

    #[tokio::test]
    async fn whoever_stops_waiting_keeps_no_place() {
        let share = FairShare::new(1, 1);
        let held = share.acquire(&key("a")).await;
        assert!(timeout(Duration::from_millis(5), share.acquire(&key("b"))).await.is_err());
        drop(held);
        assert!(timeout(Duration::from_millis(50), share.acquire(&key("c"))).await.is_ok());
        assert!(share.lock().contexts.is_empty());
    }
}
