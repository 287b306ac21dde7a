//! The progress bar of long work. It is drawn on a terminal only: a log is not filled with it.

use std::io::IsTerminal;

use blockhouse_content::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar that shows nothing yet.
pub(crate) fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Shows how far an import or export is.
pub(crate) fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.total);
    bar.set_position(progress.done);
    bar.set_message(progress.what);
}
