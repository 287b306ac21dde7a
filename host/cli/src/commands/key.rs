//! `blockhouse key`: what a text says as an opaque key.

use std::process::ExitCode;

use blockhouse_keys::{Inspection, InvalidKey, inspect};
use serde::Serialize;

/// Which key to look at.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The key, such as `lb:org:library:problem:p1`; in quotes, if the shell might read it.
    key: String,
}

/// Prints kind, parts and canonical text, or what is wrong, as one JSON object for people and
/// scripts alike. A text that is not a key ends with the exit code of a failure.
pub(crate) fn run(args: Args) -> ExitCode {
    let answer = Answer::from(inspect(&args.key));
    match serde_json::to_string_pretty(&answer) {
        Ok(json) => println!("{json}"),
        Err(error) => {
            eprintln!("blockhouse: {error}");
            return ExitCode::FAILURE;
        }
    }
    match answer {
        Answer::Key(_) => ExitCode::SUCCESS,
        Answer::NotAKey { .. } => ExitCode::FAILURE,
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Key(Inspection),
    NotAKey { error: InvalidKey },
}

impl From<Result<Inspection, InvalidKey>> for Answer {
    fn from(inspected: Result<Inspection, InvalidKey>) -> Self {
        match inspected {
            Ok(inspection) => Self::Key(inspection),
            Err(error) => Self::NotAKey { error },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_answered_with_kind_parts_and_text() {
        let json = serde_json::to_value(Answer::from(inspect("lib:org:slug"))).unwrap();
        let parts = serde_json::json!({"org": "org", "slug": "slug"});
        let wanted = serde_json::json!({"kind": "library key", "parts": parts, "text": "lib:org:slug"});
        assert_eq!(json, wanted);
    }

    #[test]
    fn what_is_not_a_key_is_answered_with_the_reason() {
        let json = serde_json::to_value(Answer::from(inspect("lib:org:"))).unwrap();
        assert_eq!(json["error"]["text"], "lib:org:");
        assert!(json["error"]["reason"].as_str().unwrap().starts_with("the slug is empty"));
    }
}
