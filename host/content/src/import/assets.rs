//! The files beside the blocks: assets, and whatever else the folder holds.

use std::collections::BTreeSet;

use super::source::Source;
use super::used::Used;
use super::{ImportError, Problem, Severity};
use crate::store::VersionWriter;

/// How many names are in memory at a time. The folder is listed once for each such batch.
const BATCH: usize = 1024;

/// Copies every file that did not become a part of a block. One that cannot be read is a problem of its own.
pub(super) fn copy(
    source: &mut Source<'_>,
    used: &mut Used,
    writer: &mut VersionWriter,
    problems: &mut Vec<Problem>,
) -> Result<(), ImportError> {
    let mut last = String::new();
    loop {
        let mut names = unused(source, used, &last)?;
        for name in &names {
            match source.open_file(name) {
                Ok(file) => writer.add_file(name, file)?,
                Err(fault) => problems.push(Problem { usage: None, severity: Severity::Error, fault }),
            }
        }
        match names.pop_last() {
            Some(name) => last = name,
            None => return Ok(()),
        }
    }
}

/// The first files in order after `last` that are no part of a block.
fn unused(source: &Source<'_>, used: &mut Used, last: &str) -> Result<BTreeSet<String>, ImportError> {
    let mut first = BTreeSet::new();
    source.each_file("", &mut |name| {
        let beyond = first.len() == BATCH && first.last().is_some_and(|largest| name > *largest);
        if *name > *last && !beyond && !used.contains(&name)? {
            first.insert(name);
            if first.len() > BATCH {
                first.pop_last();
            }
        }
        Ok::<_, ImportError>(())
    })?;
    Ok(first)
}
