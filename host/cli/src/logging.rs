//! Structured log lines on standard error, as the configuration says.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// What stands before a further line of an event. No event begins with it.
const FURTHER: &[u8] = b"\n  | ";

/// Called once, by the commands that run for long.
pub(crate) fn start(log: &Log) {
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter);
    match log.format {
        LogFormat::Text => lines.with_target(false).with_writer(|| Events(io::stderr())).init(),
        LogFormat::Json => lines.json().with_writer(io::stderr).init(),
    }
}

/// Writes events, each with one call. A text in one of them (a block's line, an author's course, a browser's request) may have
/// line breaks in it: what follows such a break cannot be taken for an event of the host.
struct Events<W>(W);

impl<W: Write> Write for Events<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let (text, end) = match event.split_last() {
            Some((b'\n', text)) => (text, &b"\n"[..]),
            _ => (event, &b""[..]),
        };
        let mut marked = Vec::with_capacity(event.len());
        for byte in text {
            match byte {
                b'\n' => marked.extend_from_slice(FURTHER),
                b'\r' => marked.extend_from_slice(b"\\r"),
                other => marked.push(*other),
            }
        }
        marked.extend_from_slice(end);
        self.0.write_all(&marked)?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_blocks_line_cannot_be_taken_for_an_event_of_the_host() {
        let written = Written::default();
        let events = written.clone();
        let lines = tracing_subscriber::fmt().without_time().with_ansi(false).with_target(false);
        let lines = lines.with_writer(move || Events(events.clone())).finish();
        let (usage, message) = ("usage", "fine\nERROR the disk is full\r\u{1b}[2J");
        tracing::subscriber::with_default(lines, || {
            tracing::info!(usage, message);
            tracing::warn!(error = %"first\nERROR second", "the call failed");
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let starts: Vec<_> = text.lines().map(|line| line.get(..5).unwrap_or(line)).collect();
        assert_eq!(starts, [" INFO", "  | E", " WARN", "  | E"], "{text:?}");
        assert!(!text.contains(['\r', '\u{1b}']), "{text:?}");
    }
}
