//! What a guest prints, cut into the lines of its log.

use crate::host::LogLevel;

/// A longer line becomes several.
const MOST_LINE: usize = 4 << 10;

/// Where a guest prints to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

impl Stream {
    pub(crate) fn level(self) -> LogLevel {
        match self {
            Stream::Out => LogLevel::Info,
            Stream::Err => LogLevel::Warn,
        }
    }
}

/// The lines that have begun.
#[derive(Default)]
pub(crate) struct Printed {
    out: Vec<u8>,
    err: Vec<u8>,
}

impl Printed {
    /// Takes what was printed and gives the lines that it completes.
    pub(crate) fn print(&mut self, stream: Stream, bytes: &[u8]) -> Vec<String> {
        let begun = self.begun(stream);
        let mut lines = Vec::new();
        for byte in bytes {
            if *byte != b'\n' {
                begun.push(*byte);
            }
            if *byte == b'\n' || begun.len() >= MOST_LINE {
                lines.push(text(begun));
            }
        }
        lines
    }

    /// The line that has begun and will not go on.
    pub(crate) fn rest(&mut self, stream: Stream) -> Option<String> {
        let begun = self.begun(stream);
        (!begun.is_empty()).then(|| text(begun))
    }

    fn begun(&mut self, stream: Stream) -> &mut Vec<u8> {
        match stream {
            Stream::Out => &mut self.out,
            Stream::Err => &mut self.err,
        }
    }
}

fn text(begun: &mut Vec<u8>) -> String {
    let text = String::from_utf8_lossy(begun).into_owned();
    begun.clear();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_written_when_it_ends() {
        let mut printed = Printed::default();
        assert!(printed.print(Stream::Out, b"one").is_empty());
        assert_eq!(printed.print(Stream::Out, b" line\nand"), ["one line"]);
        assert_eq!(printed.rest(Stream::Out).as_deref(), Some("and"));
        assert_eq!(printed.rest(Stream::Out), None);
    }

    #[test]
    fn the_two_streams_do_not_mix() {
        let mut printed = Printed::default();
        printed.print(Stream::Out, b"out");
        assert_eq!(printed.print(Stream::Err, b"err\n"), ["err"]);
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let lines = Printed::default().print(Stream::Out, &[b'a'; 2 * MOST_LINE + 1]);
        assert_eq!(lines.len(), 2);
    }
}
