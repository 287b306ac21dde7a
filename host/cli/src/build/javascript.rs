//! A component of a block in JavaScript. Node is asked what the block exports, then componentize-qjs puts the block, the
//! SDK and the QuickJS engine into one component.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::language::{LanguageError, run};
use super::staging::{Outline, Staging, copy};

/// What stays out of the component: the tool itself, and files that are not the block's code.
const NOT_CODE: [&str; 6] = [".bin", "@andreiltd", "componentize-qjs", "examples", "public", "test"];

const NEED_NODE: &str = "install Node.js 20 or later";
const NEED_TOOL: &str = "run `npm install` in the block's folder";

/// Asks a block natively; it runs no code of a call.
const ASK: &str = "const { default: block } = await import(process.argv[1]);
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => '-' + letter.toLowerCase());
console.log(JSON.stringify({ exports: Object.keys(block.exports).map(kebab), capabilities: block.capabilities }));";

#[derive(Deserialize)]
struct Project {
    #[serde(default = "index")]
    main: String,
}

fn index() -> String {
    "index.js".to_owned()
}

/// Whether the folder is a block in JavaScript.
pub(crate) fn is(folder: &Path) -> bool {
    folder.join("package.json").is_file()
}

/// The block's component.
pub(crate) fn componentize(folder: &Path) -> Result<Vec<u8>, LanguageError> {
    let folder = folder.canonicalize()?;
    let Project { main } = project(&folder.join("package.json"))?;
    let asked = run(
        Command::new("node")
            .current_dir(&folder)
            .args(["--input-type=module", "--eval", ASK])
            .arg(folder.join(&main)),
        NEED_NODE,
    )?;
    let outline: Outline =
        serde_json::from_slice(&asked).map_err(|error| LanguageError::Outline(error.to_string()))?;

    let staging = Staging::new(&outline)?;
    let root = staging.path("block");
    copy(&folder, &root, &NOT_CODE)?;
    fs::write(root.join("component.js"), entry(&main, &outline))?;
    let out = staging.path("block.wasm");
    run(
        Command::new(tool(&folder))
            .args(["--world", "guest", "--sync", "--wit"])
            .arg(staging.path("wit"))
            .arg("--js")
            .arg(root.join("component.js"))
            .arg("--module-root")
            .arg(&root)
            .arg("--output")
            .arg(&out),
        NEED_TOOL,
    )?;
    Ok(fs::read(out)?)
}

fn project(path: &Path) -> Result<Project, LanguageError> {
    let text = fs::read(path)?;
    serde_json::from_slice(&text).map_err(|error| LanguageError::Project {
        path: path.to_owned(),
        problem: format!("is not usable: {error}"),
    })
}

/// Where `npm install` put it: in the block's own folder or, for an SDK that is a folder beside it, in the SDK's.
fn tool(folder: &Path) -> PathBuf {
    let name = "componentize-qjs";
    [folder.to_owned(), folder.join("node_modules/blockhouse-sdk")]
        .into_iter()
        .map(|place| place.join("node_modules/.bin").join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| PathBuf::from(name))
}

fn entry(main: &str, outline: &Outline) -> String {
    let imports = outline.imports();
    let lines = imports
        .iter()
        .map(|name| format!("import * as {} from \"blockhouse:block/{name}@1.0.0\";\n", camel(name)))
        .collect::<String>();
    let names: Vec<_> = imports.iter().map(|name| camel(name)).collect();
    let exports: Vec<_> = outline.exports.iter().map(|name| camel(name)).collect();
    include_str!("entry/component.js.in")
        .replace("{{imports}}", &lines)
        .replace("{{names}}", &names.join(", "))
        .replace("{{exports}}", &exports.join(", "))
        .replace("{{main}}", main.trim_start_matches("./"))
}

fn camel(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        let head = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &head.into_iter().chain(letters).collect::<String>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_contract_become_names_of_javascript() {
        assert_eq!(camel("student-view-data"), "studentViewData");
        assert_eq!(camel("olx"), "olx");
    }

    #[test]
    fn the_entry_exports_what_the_block_has() {
        let outline = Outline { exports: vec!["student-view".to_owned()], capabilities: Vec::new() };
        let text = entry("./src/index.js", &outline);
        assert!(text.contains("export const { studentView } = block.exports;"), "{text}");
        assert!(text.contains("from \"./src/index.js\";") && !text.contains("{{"), "{text}");
    }
}
