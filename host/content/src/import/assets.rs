//! The files beside the blocks: assets, and whatever else the folder holds.

use super::source::Source;
use super::{ImportError, Problem, Severity};
use crate::store::VersionWriter;

/// Copies every file that did not become a part of a block. One that cannot be read is a problem of its own.
pub(super) fn copy(
    source: &mut Source<'_>,
    writer: &mut VersionWriter,
    problems: &mut Vec<Problem>,
) -> Result<(), ImportError> {
    for name in source.unread() {
        match source.open_file(&name) {
            Ok(file) => writer.add_file(&name, file)?,
            Err(fault) => problems.push(Problem { usage: None, severity: Severity::Error, fault }),
        }
    }
    Ok(())
}
