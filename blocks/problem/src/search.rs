//! What a search index should know of a problem (spec 9.3.12).

use blockhouse_sdk::prelude::*;
use roxmltree::Node;

use crate::ProblemBlock;
use crate::capa::document::Problem;

/// Elements whose text is not what the problem says: answers, hints and programs.
const SILENT: &[&str] = &[
    "additional_answer",
    "answer",
    "choicehint",
    "compoundhint",
    "correcthint",
    "demandhint",
    "hintgroup",
    "optionhint",
    "regexphint",
    "script",
    "solution",
    "stringequalhint",
    "style",
];

pub(crate) fn index(block: &ProblemBlock) -> Value {
    let (text, types) = block.with_problem(|problem| (text(problem), types(problem))).unwrap_or_default();
    json!({
        "content": { "display_name": *block.display_name, "capa_content": text },
        "content_type": "CAPA",
        "problem_types": types,
    })
}

fn text(problem: &Problem) -> String {
    let mut words = Vec::new();
    collect(problem.root(), &mut words);
    words.join(" ")
}

fn collect(node: Node, words: &mut Vec<String>) {
    for child in node.children() {
        if child.is_text() {
            words.extend(child.text().unwrap_or_default().split_whitespace().map(str::to_owned));
        } else if !SILENT.contains(&child.tag_name().name()) {
            collect(child, words);
        }
    }
}

fn types(problem: &Problem) -> Vec<&'static str> {
    let mut types: Vec<&str> = problem.parts().iter().map(|part| part.tag).collect();
    types.sort_unstable();
    types.dedup();
    types
}
