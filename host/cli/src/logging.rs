//! Structured log lines on standard error, as the configuration says.

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Called once, by the commands that run for long.
pub(crate) fn start(log: &Log) {
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => lines.with_target(false).init(),
        LogFormat::Json => lines.json().init(),
    }
}
