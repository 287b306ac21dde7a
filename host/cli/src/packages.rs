//! Follows the operator's registry of packages while a host serves, whoever changes it.

use std::time::{Duration, SystemTime};

use blockhouse_runtime::{Registry, Runtime};

use crate::causes::on_one_line;

/// How often the registry is looked at.
const INTERVAL: Duration = Duration::from_secs(1);

/// Takes up what the registry says, now.
pub(crate) fn take_up(runtime: &Runtime, registry: &Registry) {
    match runtime.take_up(registry) {
        Ok(refused) => {
            for error in refused {
                tracing::error!(error = on_one_line(&error), "left out a version of a block type");
            }
        }
        Err(error) => tracing::error!(error = on_one_line(&error), "the installed packages stay as they are"),
    }
}

/// Takes up every change for as long as the process lives.
pub(crate) fn follow(runtime: Runtime, registry: Registry) {
    tokio::spawn(async move {
        let mut interval = tokio::time::interval(INTERVAL);
        // Whatever changed since the start is not missed; taking up what is there already costs nothing.
        let mut seen = None;
        loop {
            interval.tick().await;
            let now = changed(&registry);
            if now != seen {
                seen = now;
                let (runtime, registry) = (runtime.clone(), registry.clone());
                // Compiling takes a while, and calls must not wait for it.
                let _ = tokio::task::spawn_blocking(move || take_up(&runtime, &registry)).await;
            }
        }
    });
}

/// When the registry changed last.
fn changed(registry: &Registry) -> Option<SystemTime> {
    std::fs::metadata(registry.path()).and_then(|metadata| metadata.modified()).ok()
}
