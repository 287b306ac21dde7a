//! The table at the end of an import: what became of the blocks of each type.

use std::collections::BTreeMap;
use std::fmt;

/// What became of one block.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// Its view was rendered.
    Rendered,
    /// The host shows it by itself, as a part of the outline.
    Outline,
    /// No block of its type is installed.
    NotInstalled,
    /// It has a block type, but no view came of it; and why.
    Failed(String),
    /// It was not taken into the library, and why.
    LeftOut(String),
}

/// The outcomes so far.
#[derive(Default)]
pub(super) struct Table {
    types: BTreeMap<String, Row>,
    failures: Vec<String>,
    left_out: Vec<String>,
}

#[derive(Clone, Copy, Default)]
struct Row {
    rendered: usize,
    outline: usize,
    not_installed: usize,
    failed: usize,
    left_out: usize,
}

impl Table {
    /// Counts a block.
    pub(super) fn add(&mut self, block_type: &str, outcome: Outcome) {
        let row = self.types.entry(block_type.to_owned()).or_default();
        match outcome {
            Outcome::Rendered => row.rendered += 1,
            Outcome::Outline => row.outline += 1,
            Outcome::NotInstalled => row.not_installed += 1,
            Outcome::Failed(reason) => {
                row.failed += 1;
                self.failures.push(reason);
            }
            Outcome::LeftOut(reason) => {
                row.left_out += 1;
                self.left_out.push(reason);
            }
        }
    }

    /// Why blocks failed, in reading order.
    pub(super) fn failures(&self) -> impl Iterator<Item = &str> {
        self.failures.iter().map(String::as_str)
    }
}

impl Table {
    /// Why blocks were not taken, in reading order.
    pub(super) fn left_out(&self) -> impl Iterator<Item = &str> {
        self.left_out.iter().map(String::as_str)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only an import into a library leaves blocks out.
        let with_left_out = !self.left_out.is_empty();
        let [blocks, rendered, outline, missing, failed] =
            ["blocks", "rendered", "outline", "not installed", "failed"];
        write!(f, "{:<24} {blocks:>8} {rendered:>8} {outline:>8} {missing:>13} {failed:>8}", "block type")?;
        writeln!(f, "{}", if with_left_out { "  left out" } else { "" })?;
        let mut total = Row::default();
        for (block_type, row) in &self.types {
            write_row(f, block_type, row, with_left_out)?;
            total.rendered += row.rendered;
            total.outline += row.outline;
            total.not_installed += row.not_installed;
            total.failed += row.failed;
            total.left_out += row.left_out;
        }
        write_row(f, "total", &total, with_left_out)
    }
}

fn write_row(f: &mut fmt::Formatter<'_>, name: &str, row: &Row, with_left_out: bool) -> fmt::Result {
    let Row { rendered, outline, not_installed, failed, left_out } = row;
    let blocks = rendered + outline + not_installed + failed + left_out;
    write!(f, "{name:<24} {blocks:>8} {rendered:>8} {outline:>8} {not_installed:>13} {failed:>8}")?;
    if with_left_out { writeln!(f, " {left_out:>9}") } else { writeln!(f) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_stands_in_one_column_and_in_the_total() {
        let mut table = Table::default();
        table.add("chapter", Outcome::Outline);
        table.add("html", Outcome::Rendered);
        table.add("html", Outcome::Failed("h: broken".to_owned()));
        table.add("poll", Outcome::NotInstalled);
        let text = table.to_string();
        let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert!(rows.contains(&vec!["chapter", "1", "0", "1", "0", "0"]));
        assert!(rows.contains(&vec!["html", "2", "1", "0", "0", "1"]));
        assert!(rows.contains(&vec!["poll", "1", "0", "0", "1", "0"]));
        assert!(rows.contains(&vec!["total", "4", "1", "1", "1", "1"]));
        assert_eq!(table.failures().collect::<Vec<_>>(), ["h: broken"]);
        table.add("html", Outcome::LeftOut("i: too long".to_owned()));
        let text = table.to_string();
        let total = text.lines().last().unwrap_or_default().split_whitespace().collect::<Vec<_>>();
        assert_eq!(total, ["total", "5", "1", "1", "1", "1", "1"]);
        assert_eq!(table.left_out().collect::<Vec<_>>(), ["i: too long"]);
    }
}
