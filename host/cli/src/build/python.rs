//! A component of a block in Python. Python is asked what the block exports, then componentize-py puts the block, the
//! SDK and CPython into one component.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::language::{LanguageError, run};
use super::staging::{Outline, Staging};

const NEED_PYTHON: &str = "install Python 3.10 or later";
const NEED_TOOL: &str =
    "run `pip install componentize-py==0.25.1`, and have it on PATH or in the block's `.venv`";

/// Asks a block natively; it runs no code of a call.
const ASK: &str = "import importlib, json, sys
block = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])
print(json.dumps({'exports': block.exports(), 'capabilities': list(block.capabilities)}))";

/// Whether the folder is a block in Python.
pub(crate) fn is(folder: &Path) -> bool {
    folder.join("pyproject.toml").is_file()
}

/// The block's component.
pub(crate) fn componentize(folder: &Path) -> Result<Vec<u8>, LanguageError> {
    let folder = folder.canonicalize()?;
    let (module, class) = block(&folder.join("pyproject.toml"))?;
    let source = folder.join("src");
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guest-sdk/python");
    let path =
        std::env::join_paths([&source, &sdk]).map_err(|error| LanguageError::Outline(error.to_string()))?;
    let asked = run(
        Command::new(program(&folder, "python3"))
            .env("PYTHONPATH", path)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .args(["-c", ASK, &module, &class]),
        NEED_PYTHON,
    )?;
    let outline: Outline =
        serde_json::from_slice(&asked).map_err(|error| LanguageError::Outline(error.to_string()))?;

    let staging = Staging::new(&outline)?;
    let entry_directory = staging.path("entry");
    fs::create_dir(&entry_directory)?;
    fs::write(entry_directory.join("component.py"), entry(&module, &class, &outline))?;
    let out = staging.path("block.wasm");
    run(
        Command::new(program(&folder, "componentize-py"))
            .arg("--quiet")
            .arg("-d")
            .arg(staging.path("wit"))
            .args(["-w", "guest", "componentize", "component", "-p"])
            .arg(&entry_directory)
            .arg("-p")
            .arg(&source)
            .arg("-p")
            .arg(&sdk)
            .arg("-o")
            .arg(&out),
        NEED_TOOL,
    )?;
    Ok(fs::read(out)?)
}

/// `[tool.blockhouse] block = "module:Class"`.
fn block(path: &Path) -> Result<(String, String), LanguageError> {
    let problem = |problem: String| LanguageError::Project { path: path.to_owned(), problem };
    let text = fs::read_to_string(path)?;
    let project: toml::Table = text.parse().map_err(|error| problem(format!("is not usable: {error}")))?;
    let name = project
        .get("tool")
        .and_then(|tool| tool.get("blockhouse")?.get("block")?.as_str()?.split_once(':'))
        .ok_or_else(|| {
            problem("does not name the block; write `[tool.blockhouse] block = \"module:Class\"`".into())
        })?;
    Ok((name.0.to_owned(), name.1.to_owned()))
}

fn program(folder: &Path, name: &str) -> PathBuf {
    let own = folder.join(".venv/bin").join(name);
    if own.is_file() { own } else { PathBuf::from(name) }
}

fn entry(module: &str, class: &str, outline: &Outline) -> String {
    let interfaces: Vec<_> = outline.imports().iter().map(|name| name.replace('-', "_")).collect();
    let imports = format!("from wit_world.imports import {}\n", interfaces.join(", "));
    let names: Vec<_> = interfaces.iter().map(|name| format!("{name}={name}")).collect();
    let exports: Vec<_> = outline.exports.iter().map(|name| pascal(name)).collect();
    include_str!("entry/component.py.in")
        .replace("{{imports}}", &imports)
        .replace("{{names}}", &names.join(", "))
        .replace("{{exports}}", &exports.join(", "))
        .replace("{{module}}", module)
        .replace("{{class}}", class)
}

fn pascal(name: &str) -> String {
    name.split('-')
        .map(|word| {
            let mut letters = word.chars();
            let head = letters.next().map(|letter| letter.to_ascii_uppercase());
            head.into_iter().chain(letters).collect::<String>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Result<(String, String), LanguageError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pyproject.toml");
        fs::write(&path, text).unwrap();
        block(&path)
    }

    #[test]
    fn the_project_names_its_block() {
        let names = named("[tool.blockhouse]\nblock = \"journal:Journal\"\n").unwrap();
        assert_eq!(names, ("journal".to_owned(), "Journal".to_owned()));
    }

    #[test]
    fn a_project_without_a_block_is_told_what_to_write() {
        let error = named("[project]\nname = \"a\"\n").unwrap_err();
        assert!(error.to_string().contains("[tool.blockhouse]"), "{error}");
    }

    #[test]
    fn the_entry_exports_what_the_block_has() {
        let outline = Outline { exports: vec!["student-view".to_owned()], capabilities: Vec::new() };
        let text = entry("journal", "Journal", &outline);
        assert!(text.contains("import StudentView\n") && !text.contains("{{"), "{text}");
    }
}
