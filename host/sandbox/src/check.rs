//! What a component has to be before wasmtime sees it: well-formed wasm of the features that we run, not
//! extravagant, importing nothing but our contract. And what it says of itself has to be what its package says.

use std::collections::BTreeSet;

use blockhouse_fields::BlockDefinition;
use wasmparser::{ComponentExternalKind, Encoding, Parser, Payload, Validator, WasmFeatures};

use crate::exports::Export;
use crate::grants::Capability;
use crate::install::InstallError;
use crate::limits::Limits;
use crate::wasi;

/// The contract: package and version, as in `wit/types.wit`.
const PACKAGE: &str = "blockhouse:block/";
const VERSION: &str = "1.0.0";
const MAJOR: u64 = 1;

/// What every block may import from it; others are capabilities.
const IMPORTS: [&str; 9] = ["types", "fields", "usage", "files", "user", "log", "clock", "random", "i18n"];

/// A component of more functions than this takes minutes to compile; CPython has a tenth.
const MOST_FUNCTIONS: u64 = 200_000;

/// Components and modules inside one another.
const DEEPEST_NESTING: usize = 8;

/// Which wasm a block may be made of. `engine.rs` has the same list for wasmtime.
fn features() -> WasmFeatures {
    WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::SIMD
        | WasmFeatures::FLOATS
        | WasmFeatures::MULTI_MEMORY
        | WasmFeatures::EXTENDED_CONST
        | WasmFeatures::COMPONENT_MODEL
}

/// Why a component is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Not wasm, damaged, or of a feature that blocks do not have.
    #[error("the component is not valid here: {0}")]
    Invalid(String),
    /// A core module.
    #[error("this is a core module, not a component; make a package of it with `blockhouse build`")]
    CoreModule,
    /// An import that is not of the contract.
    #[error("the component imports `{name}`, which this host does not offer: {hint}")]
    Import {
        /// The import.
        name: String,
        /// What to do.
        hint: String,
    },
    /// An export below our package that the contract does not have.
    #[error("the component exports `{name}`, which this host does not know: {hint}")]
    Export {
        /// The export.
        name: String,
        /// What to do.
        hint: String,
    },
    /// No definition.
    #[error("the component does not export `definition`; every block does: build it with the SDK")]
    NoDefinition,
    /// More of something than a block can have.
    #[error("the component has {count} {what}; {most} are allowed")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: u64,
        /// The most.
        most: u64,
    },
}

/// The full name of an interface of the contract, at our version.
pub(crate) fn interface_name(interface: &str) -> String {
    format!("{PACKAGE}{interface}@{VERSION}")
}

/// Checks a component's form, its size, its imports and its exports, without running or compiling any of it. Returns the
/// capabilities that it imports; whether it gets them is the operator's.
pub(crate) fn component(bytes: &[u8], limits: &Limits) -> Result<BTreeSet<Capability>, Rejected> {
    let invalid = |error: wasmparser::BinaryReaderError| Rejected::Invalid(error.to_string());
    let mut count = Count::default();
    let mut defines = false;
    let mut capabilities = BTreeSet::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(invalid)? {
            Payload::Version { encoding: Encoding::Module, .. } if count.nesting == 0 && !count.started => {
                return Err(Rejected::CoreModule);
            }
            Payload::Version { .. } => count.started = true,
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => count.enter()?,
            Payload::End(_) => count.leave(),
            Payload::FunctionSection(section) => count.functions += u64::from(section.count()),
            Payload::MemorySection(section) => count.memories += u64::from(section.count()),
            Payload::TableSection(section) => count.tables += u64::from(section.count()),
            Payload::ComponentImportSection(section) if count.nesting == 0 => {
                for import in section {
                    capabilities.extend(check_import(import.map_err(invalid)?.name.name)?);
                }
            }
            Payload::ComponentExportSection(section) if count.nesting == 0 => {
                for export in section {
                    let export = export.map_err(invalid)?;
                    if export.kind == ComponentExternalKind::Instance {
                        defines |= check_export(export.name.name)? == Some(Export::Definition);
                    }
                }
            }
            _ => {}
        }
    }
    count.check(limits)?;
    Validator::new_with_features(features()).validate_all(bytes).map_err(invalid)?;
    if defines { Ok(capabilities) } else { Err(Rejected::NoDefinition) }
}

/// What is counted over the whole component, whatever is nested in it.
#[derive(Default)]
struct Count {
    started: bool,
    nesting: usize,
    functions: u64,
    memories: u64,
    tables: u64,
}

impl Count {
    fn enter(&mut self) -> Result<(), Rejected> {
        self.nesting += 1;
        at_most("levels of nesting", self.nesting as u64, DEEPEST_NESTING as u64)
    }

    fn leave(&mut self) {
        self.nesting = self.nesting.saturating_sub(1);
    }

    fn check(&self, limits: &Limits) -> Result<(), Rejected> {
        at_most("functions", self.functions, MOST_FUNCTIONS)?;
        at_most("memories", self.memories, limits.memories as u64)?;
        at_most("tables", self.tables, limits.tables as u64)
    }
}

fn at_most(what: &'static str, count: u64, most: u64) -> Result<(), Rejected> {
    if count > most { Err(Rejected::TooMany { what, count, most }) } else { Ok(()) }
}

fn check_import(name: &str) -> Result<Option<Capability>, Rejected> {
    let refuse = |hint: String| Err(Rejected::Import { name: name.to_owned(), hint });
    match Interface::parse(name) {
        Some(interface) if interface.major != MAJOR => refuse(other_version(interface.major)),
        Some(interface) if IMPORTS.contains(&interface.name) => Ok(None),
        Some(interface) if Capability::named(interface.name).is_some() => Ok(Capability::named(interface.name)),
        Some(_) => refuse(format!("it has version {VERSION} of the contract; a newer host may offer it")),
        None if wasi::is_offered(name) => Ok(None),
        None if name.starts_with("wasi:") => refuse(
            "blocks have the parts of WASI 0.2 only without which a language cannot start; build with `blockhouse build`".to_owned(),
        ),
        None => refuse(format!("a block can import the interfaces of `{PACKAGE}` only")),
    }
}

/// An export that is none of ours is left alone: toolchains add some for themselves, and nobody calls them.
fn check_export(name: &str) -> Result<Option<Export>, Rejected> {
    let refuse = |hint: String| Err(Rejected::Export { name: name.to_owned(), hint });
    let Some(interface) = Interface::parse(name) else { return Ok(None) };
    if interface.major != MAJOR {
        return refuse(other_version(interface.major));
    }
    match Export::ALL.into_iter().find(|export| export.interface() == interface.name) {
        Some(export) => Ok(Some(export)),
        None if interface.name == "types" => Ok(None),
        None => refuse(format!("it has version {VERSION} of the contract; a newer host may know it")),
    }
}

fn other_version(major: u64) -> String {
    format!("it was built for version {major} of the contract, and this host has {VERSION}")
}

/// An interface of our package: `blockhouse:block/NAME@MAJOR.…`.
struct Interface<'a> {
    name: &'a str,
    major: u64,
}

impl<'a> Interface<'a> {
    fn parse(full: &'a str) -> Option<Self> {
        let (name, version) = full.strip_prefix(PACKAGE)?.split_once('@')?;
        let (major, _) = version.split_once('.')?;
        Some(Self { name, major: major.parse().ok()? })
    }
}

/// Compares the manifest with what the block says of itself, and refuses a definition that no host can use.
pub(crate) fn manifest(manifest: &BlockDefinition, described: &BlockDefinition) -> Result<(), InstallError> {
    let differences = [
        ("name", manifest.name != described.name),
        ("aliases", manifest.aliases != described.aliases),
        ("version", manifest.version != described.version),
        ("display_name", manifest.display_name != described.display_name),
        ("icon", manifest.icon != described.icon),
        ("has_children", manifest.has_children != described.has_children),
        ("has_score", manifest.has_score != described.has_score),
        ("shows_score", manifest.shows_score != described.shows_score),
        ("custom_completion", manifest.custom_completion != described.custom_completion),
        ("completion", manifest.completion != described.completion),
        ("fields", manifest.fields != described.fields),
        ("handlers", manifest.handlers != described.handlers),
        ("capabilities", manifest.capabilities != described.capabilities),
        ("frame_libraries", manifest.frame_libraries != described.frame_libraries),
    ];
    if let Some((key, _)) = differences.into_iter().find(|(_, differs)| *differs) {
        return Err(InstallError::Manifest(key));
    }
    for name in std::iter::once(&described.name).chain(&described.aliases) {
        if !is_block_type(name) {
            let text = format!("`{name}` is no block type: it is lower-case letters, digits, `_` and `-`");
            return Err(InstallError::Definition(text));
        }
    }
    let mut names = BTreeSet::new();
    match described.fields.iter().find(|field| !names.insert(field.name.as_str())) {
        Some(field) => Err(InstallError::Definition(format!("it declares the field `{}` twice", field.name))),
        None => Ok(()),
    }
}

/// A block type is an OLX tag, a part of keys and a part of addresses.
fn is_block_type(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    name.len() <= 64 && name.as_bytes().first().is_some_and(u8::is_ascii_lowercase) && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<(), Rejected> {
        component(&wat::parse_str(text).unwrap(), &Limits::default()).map(drop)
    }

    #[test]
    fn a_core_module_is_told_from_a_component() {
        assert_eq!(checked("(module)"), Err(Rejected::CoreModule));
    }

    #[test]
    fn bytes_that_are_no_wasm_are_invalid() {
        assert!(matches!(component(b"<html>", &Limits::default()), Err(Rejected::Invalid(_))));
    }

    #[test]
    fn row_203_an_import_of_wasi_is_refused_and_says_what_to_do() {
        let error =
            checked(r#"(component (import "wasi:http/outgoing-handler@0.2.0" (instance)))"#).unwrap_err();
        assert!(error.to_string().contains("blockhouse build"), "{error}");
    }

    #[test]
    fn row_203_an_import_from_nowhere_is_refused() {
        let error = checked(r#"(component (import "open" (func)))"#).unwrap_err();
        assert!(error.to_string().contains("only"), "{error}");
    }

    #[test]
    fn an_import_of_another_major_version_is_refused() {
        let error =
            checked(r#"(component (import "blockhouse:block/fields@2.0.0" (instance)))"#).unwrap_err();
        assert!(error.to_string().contains("version 2"), "{error}");
    }

    #[test]
    fn row_045_a_service_that_this_host_does_not_have_is_refused() {
        let import = checked(r#"(component (import "blockhouse:block/sockets@1.1.0" (instance)))"#);
        assert!(matches!(import, Err(Rejected::Import { .. })));
    }

    #[test]
    fn a_component_without_a_definition_is_refused() {
        assert_eq!(checked("(component)"), Err(Rejected::NoDefinition));
    }

    #[test]
    fn threads_and_wide_memories_are_refused() {
        for memory in ["1 1 shared", "i64 1"] {
            let text = format!("(component (core module (memory {memory})))");
            assert!(matches!(checked(&text), Err(Rejected::Invalid(_))), "{memory}");
        }
    }

    #[test]
    fn memories_are_counted_over_all_nested_modules() {
        let text = format!("(component {})", "(core module (memory 1))".repeat(5));
        assert_eq!(checked(&text), Err(Rejected::TooMany { what: "memories", count: 5, most: 4 }));
    }

    #[test]
    fn a_block_type_is_a_plain_name() {
        assert!(is_block_type("drag-and-drop_2"));
        for name in ["", "2d", "Html", "a b", "a/b", "é"] {
            assert!(!is_block_type(name), "{name}");
        }
    }
}
