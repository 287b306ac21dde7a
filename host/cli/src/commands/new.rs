//! `blockhouse new`: a block to begin with.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What to start.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The block's name, which is also its OLX tag: lower-case letters, digits, `_` and `-`.
    name: String,
    /// The language to write it in.
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
    /// The directory to make; by default one of the block's name.
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// Where blockhouse-sdk lies, if not beside the sources of this program.
    #[arg(long, value_name = "DIR")]
    sdk: Option<PathBuf>,
}

/// A language that blocks are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// The smallest and fastest.
    #[default]
    Rust,
    /// On QuickJS.
    Js,
    /// On CPython.
    Python,
}

/// Why there is no new block.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NewError {
    /// Not a name for an OLX tag and a crate.
    #[error("`{0}` cannot name a block; take lower-case letters, digits, `_` and `-`, a letter first")]
    Name(String),
    /// No SDK.
    #[error("blockhouse-sdk is not in `{}`; say where with --sdk DIR", .0.display())]
    NoSdk(PathBuf),
    /// There is something already, or the directory cannot be written.
    #[error("cannot make `{path}`; choose another place with --path DIR")]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// A file's path and its text, both with `{{…}}` where the block's own names go.
type Template = (&'static str, &'static str);

/// What a browser gets is the same in every language.
const PUBLIC: [Template; 2] = [
    ("public/{{name}}.js", include_str!("../build/template/block.js.in")),
    ("public/{{name}}.css", include_str!("../build/template/block.css.in")),
];

const RUST: [Template; 4] = [
    ("Cargo.toml", include_str!("../build/template/rust/Cargo.toml.in")),
    ("src/lib.rs", include_str!("../build/template/rust/lib.rs.in")),
    ("src/tests.rs", include_str!("../build/template/rust/tests.rs.in")),
    ("src/view.html", include_str!("../build/template/rust/view.html.in")),
];

const JAVASCRIPT: [Template; 3] = [
    ("package.json", include_str!("../build/template/javascript/package.json.in")),
    ("src/index.js", include_str!("../build/template/javascript/index.js.in")),
    ("test/{{name}}.test.js", include_str!("../build/template/javascript/test.js.in")),
];

const PYTHON: [Template; 3] = [
    ("pyproject.toml", include_str!("../build/template/python/pyproject.toml.in")),
    ("src/{{module}}/__init__.py", include_str!("../build/template/python/block.py.in")),
    ("tests/test_{{module}}.py", include_str!("../build/template/python/test.py.in")),
];

impl Language {
    fn files(self) -> &'static [Template] {
        match self {
            Language::Rust => &RUST,
            Language::Js => &JAVASCRIPT,
            Language::Python => &PYTHON,
        }
    }

    /// Where its SDK lies below `guest-sdk/`.
    fn sdk(self) -> &'static str {
        match self {
            Language::Rust => "rust",
            Language::Js => "js",
            Language::Python => "python",
        }
    }

    /// How to run its tests without wasm.
    fn test(self, sdk: &Path) -> String {
        match self {
            Language::Rust => "cargo test".to_owned(),
            Language::Js => "npm install && npm test".to_owned(),
            Language::Python => {
                format!("PYTHONPATH={}:src python3 -m unittest discover -s tests", sdk.display())
            }
        }
    }
}

/// Writes the block and says what comes next. Never writes over a file.
pub(crate) fn run(args: Args) -> Result<(), NewError> {
    if !is_name(&args.name) {
        return Err(NewError::Name(args.name));
    }
    let sdk = args.sdk.unwrap_or_else(|| {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guest-sdk").join(args.lang.sdk())
    });
    let sdk = sdk.canonicalize().map_err(|_| NewError::NoSdk(sdk))?;
    let directory = args.path.unwrap_or_else(|| PathBuf::from(&args.name));
    for (path, template) in args.lang.files().iter().chain(&PUBLIC) {
        let path = directory.join(fill_in(path, &args.name, &sdk));
        write_new(&path, &fill_in(template, &args.name, &sdk))
            .map_err(|source| NewError::Write { path: path.clone(), source })?;
    }
    let shown = directory.display();
    println!(
        "made {shown}\n\n  cd {shown}\n\nthen, to run its tests without wasm\n\n  {}\n\nand to make its package\n\n  blockhouse build .",
        args.lang.test(&sdk)
    );
    Ok(())
}

/// A name that is an OLX tag, a crate and part of a file name at once.
fn is_name(name: &str) -> bool {
    let may = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.bytes().all(may) && name.len() <= 64
}

fn fill_in(template: &str, name: &str, sdk: &Path) -> String {
    let words: Vec<String> =
        name.split(['-', '_']).filter(|word| !word.is_empty()).map(capitalized).collect();
    template
        .replace("{{name}}", name)
        .replace("{{module}}", &name.replace('-', "_"))
        .replace("{{Type}}", &words.concat())
        .replace("{{display_name}}", &words.join(" "))
        .replace("{{sdk}}", &sdk.display().to_string())
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    File::create_new(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(name: &str, path: &Path) -> Args {
        Args { name: name.to_owned(), lang: Language::Rust, path: Some(path.to_owned()), sdk: None }
    }

    #[test]
    fn a_new_crate_bears_the_blocks_name() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("word-cloud");
        run(args("word-cloud", &path)).unwrap();
        let source = std::fs::read_to_string(path.join("src/lib.rs")).unwrap();
        assert!(source.contains(r#"name = "word-cloud", display_name = "Word Cloud""#), "{source}");
        assert!(source.contains("struct WordCloud") && !source.contains("{{"));
        assert!(path.join("public/word-cloud.js").is_file());
    }

    #[test]
    fn every_language_has_a_block_to_begin_with() {
        for (lang, main) in [(Language::Js, "src/index.js"), (Language::Python, "src/word_cloud/__init__.py")]
        {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("block");
            run(Args { lang, ..args("word-cloud", &path) }).unwrap();
            let source = std::fs::read_to_string(path.join(main)).unwrap();
            assert!(source.contains("word-cloud") && !source.contains("{{"), "{source}");
            assert!(path.join("public/word-cloud.js").is_file());
        }
    }

    #[test]
    fn what_is_there_already_is_not_written_over() {
        let directory = tempfile::tempdir().unwrap();
        run(args("dice", directory.path())).unwrap();
        assert!(matches!(run(args("dice", directory.path())), Err(NewError::Write { .. })));
    }

    #[test]
    fn a_name_that_is_no_tag_is_refused() {
        for name in ["", "Dice", "1dice", "a/b", "a b", "é"] {
            assert!(matches!(run(args(name, Path::new("/nonexistent"))), Err(NewError::Name(_))), "{name}");
        }
    }
}
