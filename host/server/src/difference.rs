//! What changed between two texts, line by line, for a reader.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// One line of a comparison.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    /// `same`, `added`, `removed`, or `skipped` for unchanged lines that are left out.
    pub(crate) kind: &'static str,
    /// Without its line break.
    pub(crate) text: String,
}

/// The changed lines with some around them.
pub(crate) fn lines(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for (position, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if position > 0 {
            lines.push(Line { kind: "skipped", text: "…".to_owned() });
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let kind = match change.tag() {
                ChangeTag::Equal => "same",
                ChangeTag::Insert => "added",
                ChangeTag::Delete => "removed",
            };
            lines.push(Line { kind, text: change.value().trim_end_matches(['\n', '\r']).to_owned() });
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_shown_as_removed_and_added() {
        let shown: Vec<_> =
            lines("a\nb\nc\n", "a\nB\nc\n").into_iter().map(|line| (line.kind, line.text)).collect();
        let line = |kind, text: &str| (kind, text.to_owned());
        assert_eq!(shown, [line("same", "a"), line("removed", "b"), line("added", "B"), line("same", "c")]);
    }

    #[test]
    fn equal_texts_have_no_lines() {
        assert_eq!(lines("a\n", "a\n"), []);
    }
}
