//! Rendering every block of a context once, to see which of them this host can show.

use blockhouse_fields::UserId;
use blockhouse_keys::{LearningContextKey, UsageKey};
use blockhouse_runtime::{Runtime, RuntimeError, Version, View, ViewRequest, Visitor};
use indicatif::ProgressBar;

use super::table::{Outcome, Table};

/// Types that the host shows by itself, as the outline around the units, where no block of the type is installed.
const OUTLINE: [&str; 4] = ["course", "library", "chapter", "sequential"];

/// Renders the blocks of an imported context into the table, for a learner who has done nothing yet.
pub(super) async fn all(
    runtime: &Runtime,
    context: &LearningContextKey,
    table: &mut Table,
    bar: &ProgressBar,
) {
    let usages = match runtime.content().context(context).map(|context| context.usages()) {
        Some(Ok(usages)) => usages,
        Some(Err(error)) => return table.add("", Outcome::Failed(format!("{context}: {error}"))),
        None => Vec::new(),
    };
    let visitor = Visitor { user: UserId::Learner(0), locale: "en".to_owned() };
    each(runtime, &visitor, Version::Published, &usages, table, bar).await;
}

/// Renders blocks into the table.
pub(super) async fn each(
    runtime: &Runtime,
    visitor: &Visitor,
    version: Version,
    usages: &[UsageKey],
    table: &mut Table,
    bar: &ProgressBar,
) {
    bar.reset();
    bar.set_length(usages.len() as u64);
    for usage in usages {
        bar.set_message(format!("rendering {}", usage.block_id()));
        let request =
            ViewRequest { visitor: visitor.clone(), usage: usage.clone(), version, view: View::Student };
        let outcome = outcome(usage, runtime.view(request).await.err());
        table.add(usage.block_type(), outcome);
        bar.inc(1);
    }
}

fn outcome(usage: &UsageKey, error: Option<RuntimeError>) -> Outcome {
    match error {
        None => Outcome::Rendered,
        Some(RuntimeError::NotInstalled { block_type }) if OUTLINE.contains(&block_type.as_str()) => {
            Outcome::Outline
        }
        Some(RuntimeError::NotInstalled { .. }) => Outcome::NotInstalled,
        Some(error) => Outcome::Failed(format!("{usage}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn outcome_of_missing(block_type: &str) -> Outcome {
        let usage = format!("block-v1:O+C+R+type@{block_type}+block@b").parse().unwrap();
        outcome(&usage, Some(RuntimeError::NotInstalled { block_type: block_type.to_owned() }))
    }

    #[test]
    fn structure_without_a_block_is_the_outline() {
        assert_eq!(outcome_of_missing("chapter"), Outcome::Outline);
        assert_eq!(outcome_of_missing("course"), Outcome::Outline);
    }

    #[test]
    fn other_blocks_without_a_type_are_not_installed() {
        assert_eq!(outcome_of_missing("drag-and-drop-v2"), Outcome::NotInstalled);
    }

    #[test]
    fn a_failure_names_the_block() {
        let usage: UsageKey = "block-v1:O+C+R+type@html+block@b".parse().unwrap();
        let Outcome::Failed(text) = outcome(&usage, Some(RuntimeError::NoSuchBlock(usage.clone()))) else {
            unreachable!()
        };
        assert!(text.starts_with("block-v1:O+C+R+type@html+block@b: "));
    }
}
