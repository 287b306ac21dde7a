//! What a host that serves clears away by itself.

use std::time::Duration;

use blockhouse_runtime::Runtime;

use crate::causes::on_one_line;

/// How often there is something to look for.
const INTERVAL: Duration = Duration::from_secs(3600);

/// Clears away for as long as the process lives. Several hosts on one database do not disturb each other.
pub(crate) fn start(runtime: Runtime) {
    tokio::spawn(async move {
        let mut interval = tokio::time::interval(INTERVAL);
        loop {
            interval.tick().await;
            match runtime.forget_old_receipts().await {
                Ok(0) => {}
                Ok(receipts) => tracing::info!(receipts, "forgot old receipts of submissions"),
                Err(error) => tracing::warn!(error = on_one_line(&error), "old receipts were not forgotten"),
            }
        }
    });
}
