//! What a call wrote becomes durable, all of it or nothing, before anybody hears of it.

use std::future::Future;
use std::time::Duration;

use blockhouse_state::{Commit, Write};

use crate::call::Called;
use crate::{Runtime, RuntimeError, Visitor};

/// How often a call is run again because others came first. Someone commits in every round, so with this many rounds
/// only a crowd on one field can starve a caller, who is then told to come back (409).
const ROUNDS: u32 = 24;

/// The first pause between rounds; it doubles up to 16 times this, with a random part so that losers spread out.
const PAUSE: Duration = Duration::from_micros(500);

impl Runtime {
    pub(crate) async fn commit(&self, visitor: &Visitor, mut called: Called) -> Result<Called, RuntimeError> {
        let changes = std::mem::take(&mut called.changes);
        if changes.is_empty() {
            return Ok(called);
        }
        let commit = Commit {
            user: visitor.user.clone(),
            reads: changes.reads.into_iter().collect(),
            writes: changes.writes.into_iter().map(|(key, value)| Write { key, value }).collect(),
            events: changes.events,
            now_ms: called.now_ms,
        };
        self.store(&visitor.user).commit(commit).await?;
        Ok(called)
    }
}

/// Runs `attempt` until it meets no conflict.
pub(crate) async fn with_retries<T, F>(attempt: impl Fn() -> F) -> Result<T, RuntimeError>
where
    F: Future<Output = Result<T, RuntimeError>>,
{
    for round in 0..ROUNDS {
        match attempt().await {
            Err(RuntimeError::Conflict) => {
                metrics::counter!("blockhouse_state_conflicts_total").increment(1);
                let pause = PAUSE * (1 << round.min(4));
                tokio::time::sleep(pause.mul_f64(rand::random::<f64>())).await;
            }
            other => return other,
        }
    }
    Err(RuntimeError::Conflict)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_call_that_loses_is_run_again() {
        let rounds = AtomicU32::new(0);
        let result = with_retries(|| async {
            if rounds.fetch_add(1, Ordering::Relaxed) < 3 { Err(RuntimeError::Conflict) } else { Ok(5) }
        })
        .await;
        assert_eq!(result.ok(), Some(5));
    }

    #[tokio::test]
    async fn a_call_that_always_loses_gives_up() {
        let result: Result<(), _> = with_retries(|| async { Err(RuntimeError::Conflict) }).await;
        assert!(matches!(result, Err(RuntimeError::Conflict)));
    }
}
