//! The assets of a course: everything below `static/`, copied file by file.

use super::source::Source;
use super::{ImportError, Problem, Severity};
use crate::store::VersionWriter;

/// Copies the assets. One that cannot be read is a problem of its own.
pub(super) fn copy(
    source: &mut Source<'_>,
    writer: &mut VersionWriter,
    problems: &mut Vec<Problem>,
) -> Result<(), ImportError> {
    for path in source.files("static") {
        let Some(name) = path.strip_prefix("static/") else {
            continue;
        };
        match source.open_file(&path) {
            Ok(file) => writer.add_asset(name, file)?,
            Err(fault) => problems.push(Problem {
                usage: None,
                severity: Severity::Error,
                fault,
            }),
        }
    }
    Ok(())
}
