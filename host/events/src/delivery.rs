//! The loop that brings the outbox to a consumer.

use std::sync::Arc;
use std::time::Duration;

use blockhouse_state::{Lease, Outbox, StateError};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::backoff;
use crate::{Consumer, PublishedEvent};

/// Events in one go.
const BATCH: u32 = 100;

/// How often delivery happens.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two looks into an empty outbox.
    pub poll: Duration,
    /// How long a host has the right to deliver without renewing it. Longer than a consumer may take.
    pub lease: Duration,
    /// The first pause after a failure; it doubles with each further one.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// Between two looks at the whole outbox, for messages whose commit was overtaken; and between two prunings.
    pub whole: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(250),
            lease: Duration::from_secs(30),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            whole: Duration::from_secs(30),
        }
    }
}

/// The delivery of one host. Dropping it ends it; what was on its way is delivered again.
pub struct Delivery {
    _tasks: JoinSet<()>,
}

impl Delivery {
    /// Begins to deliver to each of `consumers`, on the current Tokio runtime. `clock` gives milliseconds since 1970 and
    /// has to agree, more or less, among the hosts on one database.
    pub fn start(
        outbox: Arc<dyn Outbox>,
        consumers: Vec<Arc<dyn Consumer>>,
        clock: fn() -> u64,
        pace: Pace,
    ) -> Self {
        let holder = format!("{:032x}", rand::random::<u128>());
        let mut tasks = JoinSet::new();
        let names: Vec<String> = consumers.iter().map(|consumer| consumer.name().to_owned()).collect();
        tasks.spawn(prune(outbox.clone(), names, pace));
        for consumer in consumers {
            let line = Line { outbox: outbox.clone(), consumer, holder: holder.clone(), clock, pace };
            tasks.spawn(line.run());
        }
        Self { _tasks: tasks }
    }
}

async fn prune(outbox: Arc<dyn Outbox>, consumers: Vec<String>, pace: Pace) {
    loop {
        if let Err(error) = outbox.prune(&consumers).await {
            tracing::warn!(%error, "delivered events cannot be pruned");
        }
        sleep(pace.whole).await;
    }
}

/// The way to one consumer.
struct Line {
    outbox: Arc<dyn Outbox>,
    consumer: Arc<dyn Consumer>,
    holder: String,
    clock: fn() -> u64,
    pace: Pace,
}

/// What became of one go.
enum Went {
    /// Some were delivered, up to this number.
    Up(i64),
    /// There was nothing.
    Nothing,
    /// Another host delivers.
    Elsewhere,
    /// Nothing was delivered, and the reason is logged.
    Wrong,
}

impl Line {
    async fn run(self) {
        let (mut after, mut failures, mut whole) = (0, 0, Instant::now());
        loop {
            if whole.elapsed() > self.pace.whole {
                (after, whole) = (0, Instant::now());
            }
            let pause = match self.go(after).await {
                Went::Up(last) => {
                    (after, failures) = (last, 0);
                    continue;
                }
                Went::Nothing => self.pace.poll,
                Went::Elsewhere => {
                    after = 0;
                    self.pace.lease / 2
                }
                Went::Wrong => {
                    let pause = backoff::pause(failures, self.pace.first_pause, self.pace.longest_pause);
                    failures += 1;
                    pause
                }
            };
            sleep(pause).await;
        }
    }

    async fn go(&self, after: i64) -> Went {
        match self.try_to_go(after).await {
            Ok(went) => went,
            Err(error) => {
                tracing::warn!(consumer = self.consumer.name(), %error, "the outbox cannot be read");
                Went::Wrong
            }
        }
    }

    async fn try_to_go(&self, after: i64) -> Result<Went, StateError> {
        let consumer = self.consumer.name();
        let now_ms = (self.clock)();
        let until_ms = now_ms.saturating_add(u64::try_from(self.pace.lease.as_millis()).unwrap_or(u64::MAX));
        if !self.outbox.lease(&Lease { consumer, holder: &self.holder, now_ms, until_ms }).await? {
            return Ok(Went::Elsewhere);
        }
        let messages = self.outbox.undelivered(consumer, after, BATCH).await?;
        let Some((oldest, last)) = messages.first().zip(messages.last()) else {
            metrics::gauge!("blockhouse_events_lag_seconds", "consumer" => consumer.to_owned()).set(0.0);
            return Ok(Went::Nothing);
        };
        let (last, created) = (last.id, u64::try_from(oldest.created.as_millisecond()).unwrap_or_default());
        let lag = Duration::from_millis(now_ms.saturating_sub(created));
        metrics::gauge!("blockhouse_events_lag_seconds", "consumer" => consumer.to_owned())
            .set(lag.as_secs_f64());

        let ids: Vec<i64> = messages.iter().map(|message| message.id).collect();
        let events: Vec<_> = messages.into_iter().map(PublishedEvent::new).collect();
        if let Err(error) = self.consumer.take(&events).await {
            metrics::counter!("blockhouse_events_failures_total", "consumer" => consumer.to_owned())
                .increment(1);
            tracing::warn!(consumer, %error, events = events.len(), "events are not taken; they are tried again");
            return Ok(Went::Wrong);
        }
        self.outbox.delivered(consumer, &ids).await?;
        let delivered = ids.len() as u64;
        metrics::counter!("blockhouse_events_delivered_total", "consumer" => consumer.to_owned())
            .increment(delivered);
        Ok(Went::Up(last))
    }
}
