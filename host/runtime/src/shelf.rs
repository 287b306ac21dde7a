//! What is loaded: brought from the disk when it is first asked for, once however many ask at the same time, and
//! forgotten when others were asked for since. Whoever has got something keeps it, whatever leaves the shelf meanwhile.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use tokio::sync::SetOnce;

/// Things by their digest, the most recently used ones of them.
pub(crate) struct Shelf<T, E> {
    places: Mutex<LruCache<String, Place<T, E>>>,
}

/// Where a thing will be once it is loaded, or why it could not be.
type Place<T, E> = Arc<SetOnce<Result<T, E>>>;

/// How it stands with one thing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found<T> {
    /// It is there.
    Ready(T),
    /// It could not be loaded when it was last tried.
    Failed,
    /// Nobody has asked yet, or it is just being loaded.
    NotYet,
}

impl<T, E> Shelf<T, E>
where
    T: Clone + Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    /// A shelf with so many places.
    pub(crate) fn new(places: NonZeroUsize) -> Self {
        Self { places: Mutex::new(LruCache::new(places)) }
    }

    /// Looks, without loading anything.
    pub(crate) fn find(&self, digest: &str) -> Found<T> {
        match self.places().get(digest).and_then(|place| place.get()) {
            Some(Ok(thing)) => Found::Ready(thing.clone()),
            Some(Err(_)) => Found::Failed,
            None => Found::NotYet,
        }
    }

    /// Waits for the thing. Whoever comes first has it loaded, on a thread that may wait, and those who come meanwhile
    /// get what came of that; it goes on when all of them have left. What failed is tried again for whoever comes
    /// later.
    pub(crate) async fn get<L>(&self, digest: &str, load: L, broken: fn(String) -> E) -> Result<T, E>
    where
        L: FnOnce() -> Result<T, E> + Send + 'static,
    {
        let (place, is_first) = self.place(digest);
        if is_first {
            let place = Arc::clone(&place);
            tokio::spawn(async move {
                let loaded = tokio::task::spawn_blocking(load).await;
                // Nobody else sets it.
                let _ = place.set(loaded.unwrap_or_else(|error| Err(broken(error.to_string()))));
            });
        }
        place.wait().await.clone()
    }

    /// Takes a thing away.
    pub(crate) fn forget(&self, digest: &str) {
        self.places().pop(digest);
    }

    /// How many are there, being loaded or loaded.
    pub(crate) fn len(&self) -> usize {
        self.places().len()
    }

    /// The place of a thing, and whether it is new.
    fn place(&self, digest: &str) -> (Place<T, E>, bool) {
        let mut places = self.places();
        match places.get(digest) {
            Some(place) if !matches!(place.get(), Some(Err(_))) => (Arc::clone(place), false),
            _ => {
                let place = Place::default();
                places.put(digest.to_owned(), Arc::clone(&place));
                (place, true)
            }
        }
    }

    fn places(&self) -> MutexGuard<'_, LruCache<String, Place<T, E>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;

    fn shelf(places: usize) -> Arc<Shelf<&'static str, String>> {
        Arc::new(Shelf::new(NonZeroUsize::new(places).unwrap()))
    }

    async fn get(shelf: &Shelf<&'static str, String>, digest: &'static str) -> Result<&'static str, String> {
        shelf.get(digest, move || Ok(digest), |broken| broken).await
    }

    #[tokio::test]
    async fn many_who_ask_at_once_have_it_loaded_once() {
        let (shelf, loads) = (shelf(4), Arc::new(AtomicUsize::new(0)));
        let (go_on, wait) = mpsc::channel::<()>();
        let wait = Arc::new(Mutex::new(wait));
        let asking: Vec<_> = (0..50)
            .map(|_| {
                let (shelf, loads, wait) = (Arc::clone(&shelf), Arc::clone(&loads), Arc::clone(&wait));
                let load = move || {
                    loads.fetch_add(1, Ordering::SeqCst);
                    wait.lock().unwrap().recv().unwrap();
                    Ok("thing")
                };
                tokio::spawn(async move { shelf.get("a", load, |broken| broken).await })
            })
            .collect();
        // On this one thread, all of them have asked by the time that this task is polled again.
        tokio::task::yield_now().await;
        assert_eq!(shelf.find("a"), Found::NotYet);
        go_on.send(()).unwrap();
        for asked in asking {
            assert_eq!(asked.await.unwrap(), Ok("thing"));
        }
        assert_eq!(loads.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn what_was_not_asked_for_since_leaves_first() {
        let shelf = shelf(2);
        for digest in ["a", "b", "a", "c"] {
            assert_eq!(get(&shelf, digest).await, Ok(digest));
        }
        assert_eq!(shelf.len(), 2);
        assert_eq!(shelf.find("b"), Found::NotYet);
        assert_eq!(shelf.find("a"), Found::Ready("a"));
    }

    #[tokio::test]
    async fn loading_goes_on_when_the_one_who_asked_has_left() {
        let (shelf, loads) = (shelf(2), Arc::new(AtomicUsize::new(0)));
        let (go_on, wait) = mpsc::channel::<()>();
        let load = |loads: &Arc<AtomicUsize>, wait: mpsc::Receiver<()>| {
            let loads = Arc::clone(loads);
            move || {
                loads.fetch_add(1, Ordering::SeqCst);
                wait.recv().unwrap();
                Ok("thing")
            }
        };
        let first = tokio::spawn({
            let (shelf, load) = (Arc::clone(&shelf), load(&loads, wait));
            async move { shelf.get("a", load, |broken| broken).await }
        });
        tokio::task::yield_now().await;
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        go_on.send(()).unwrap();
        let (_unused, never) = mpsc::channel();
        assert_eq!(shelf.get("a", load(&loads, never), |broken| broken).await, Ok("thing"));
        assert_eq!(loads.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn what_failed_is_tried_again_for_the_next() {
        let shelf = shelf(2);
        let failed = shelf.get("a", || Err("no disk".to_owned()), |broken| broken).await;
        assert_eq!(failed, Err("no disk".to_owned()));
        assert_eq!(shelf.find("a"), Found::Failed);
        assert_eq!(get(&shelf, "a").await, Ok("a"));
    }

    #[tokio::test]
    async fn nobody_waits_for_a_load_that_broke_off() {
        let shelf = shelf(2);
        let broken = shelf.get("a", || panic!("a defect"), |_| "broken".to_owned()).await;
        assert_eq!(broken, Err("broken".to_owned()));
    }

    #[tokio::test]
    async fn what_was_taken_away_is_loaded_anew() {
        let shelf = shelf(2);
        assert_eq!(get(&shelf, "a").await, Ok("a"));
        shelf.forget("a");
        assert_eq!((shelf.len(), shelf.find("a")), (0, Found::NotYet));
        assert_eq!(shelf.get("a", || Ok("another"), |broken| broken).await, Ok("another"));
    }
}
