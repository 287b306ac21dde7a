//! Learners who watch a video, whose position is kept: one row of StudentModule is read and written in each call.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use blockhouse_bench::resident_mib;
use blockhouse_keys::UsageKey;
use blockhouse_runtime::Request;
use blockhouse_state::DatabaseUrl;
use blockhouse_system_tests::{Host, import_unit, learner, usage};
use tokio::task::JoinSet;

/// A host with a video.
pub(crate) struct Saving {
    host: Arc<Host>,
    video: UsageKey,
    /// Each position differs from the last, or there would be nothing to write.
    position: Arc<AtomicI64>,
}

impl Saving {
    pub(crate) async fn new(data: &Path, database: &DatabaseUrl) -> Result<Self, Box<dyn Error>> {
        import_unit(data, "<video url_name=\"v\" youtube_id_1_0=\"x\"/>");
        let host = Arc::new(Host::at(data, database).await);
        let saving = Self { host, video: usage("video", "v"), position: Arc::new(AtomicI64::new(0)) };
        // The rows are there when the clock starts, for the other contender as well.
        saving.rate(64, Duration::from_millis(500)).await?;
        Ok(saving)
    }

    async fn save(&self, number: i64) -> Result<(), String> {
        let position = self.position.fetch_add(1, Ordering::Relaxed) % 86_400;
        let (hours, minutes, seconds) = (position / 3600, position / 60 % 60, position % 60);
        let request = Request {
            method: "POST".to_owned(),
            suffix: "save_user_state".to_owned(),
            headers: vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())],
            body: format!("saved_video_position={hours:02}%3A{minutes:02}%3A{seconds:02}").into_bytes(),
            ..Request::default()
        };
        let answer = self.host.raw_call(&learner(number), &self.video, "ajax_handler", request).await;
        match answer.map_err(|error| error.to_string())? {
            (200, answer) if answer.get("success") == Some(&true.into()) => Ok(()),
            other => Err(format!("the position was not saved: {other:?}")),
        }
    }

    /// Calls per second of so many learners, each in a closed loop.
    pub(crate) async fn rate(&self, learners: i64, time: Duration) -> Result<f64, Box<dyn Error>> {
        let started = Instant::now();
        let mut running = JoinSet::new();
        for number in 1..=learners {
            let this = self.clone();
            running.spawn(async move {
                let mut calls = 0_u32;
                while started.elapsed() < time {
                    this.save(number).await?;
                    calls += 1;
                }
                Ok::<_, String>(calls)
            });
        }
        let mut calls = 0;
        for outcome in running.join_all().await {
            calls += outcome?;
        }
        Ok(f64::from(calls) / started.elapsed().as_secs_f64())
    }

    /// Resident memory before and after many learners, each of whom saves once.
    pub(crate) async fn memory(&self, at_once: i64, learners: i64) -> Result<(), Box<dyn Error>> {
        let before = resident_mib();
        let mut running = JoinSet::new();
        for first in 0..at_once {
            let this = self.clone();
            running.spawn(async move {
                let mut number = 1_000 + first;
                while number < 1_000 + learners {
                    this.save(number).await?;
                    number += at_once;
                }
                Ok::<_, String>(())
            });
        }
        for outcome in running.join_all().await {
            outcome?;
        }
        println!(
            "\nresident memory: {before:.0} MiB, after a write of each of {learners} learners {:.0} MiB",
            resident_mib()
        );
        Ok(())
    }
}

impl Clone for Saving {
    fn clone(&self) -> Self {
        Self { host: self.host.clone(), video: self.video.clone(), position: self.position.clone() }
    }
}
