//! `blockhouse inspect`: what a package contains and wants, without running any of it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use blockhouse_fields::{BlockDefinition, FieldDeclaration};
use blockhouse_sandbox::{Capability, Grants, Package, PackageError};
use serde_json::{Value, json};
use wasmparser::{ComponentExternalKind, Parser, Payload};

use crate::plain::Plain;

/// Which package.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The package file.
    #[arg(value_name = "FILE.block")]
    file: PathBuf,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// Why a package cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InspectError {
    /// The file.
    #[error("`{path}` cannot be inspected")]
    Package {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: PackageError,
    },
    /// The component in it.
    #[error("the component in the package is damaged; build the package again: {0}")]
    Component(#[from] wasmparser::BinaryReaderError),
}

/// The interfaces of the contract on the two sides of a component.
#[derive(Default)]
struct Interfaces {
    imports: Vec<String>,
    exports: Vec<String>,
}

/// Prints what the package is.
pub(crate) fn run(args: Args) -> Result<(), InspectError> {
    let package =
        Package::read(&args.file).map_err(|source| InspectError::Package { path: args.file, source })?;
    let interfaces = interfaces(&package.component)?;
    if args.json {
        println!("{:#}", as_json(&package, &interfaces));
    } else {
        print!("{}", Plain(as_table(&package, &interfaces)));
    }
    Ok(())
}

fn interfaces(component: &[u8]) -> Result<Interfaces, wasmparser::BinaryReaderError> {
    let mut found = Interfaces::default();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    found.imports.push(short(import?.name.name));
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    let export = export?;
                    if export.kind == ComponentExternalKind::Instance {
                        found.exports.push(short(export.name.name));
                    }
                }
            }
            _ => {}
        }
    }
    // The shared records are no capability.
    found.imports.retain(|name| name != "types");
    Ok(found)
}

/// `blockhouse:block/student-view@1.0.0` without package and version; a foreign name as it is.
fn short(name: &str) -> String {
    let own = name.strip_prefix("blockhouse:block/").and_then(|name| name.split('@').next());
    own.unwrap_or(name).to_owned()
}

fn views(interfaces: &Interfaces) -> Vec<&str> {
    interfaces.exports.iter().map(String::as_str).filter(|name| name.ends_with("-view")).collect()
}

fn as_json(package: &Package, interfaces: &Interfaces) -> Value {
    json!({
        "definition": package.definition,
        "views": views(interfaces),
        "exports": interfaces.exports,
        "imports": interfaces.imports,
        "component_bytes": package.component.len(),
        "digest": package.digest,
        "locales": package.locales.keys().collect::<Vec<_>>(),
        "public": package.public.iter().map(|(name, bytes)| (name.clone(), json!(bytes.len()))).collect::<serde_json::Map<_, _>>(),
    })
}

fn as_table(package: &Package, interfaces: &Interfaces) -> String {
    let definition = &package.definition;
    let rows = [
        ("type", type_line(definition)),
        ("called", definition.display_name.clone()),
        ("version", definition.version.clone()),
        ("views", listed(&views(interfaces))),
        ("handlers", listed(&definition.handlers)),
        ("exports", listed(&interfaces.exports)),
        ("uses", listed(&interfaces.imports)),
        ("languages", listed(&package.locales.keys().collect::<Vec<_>>())),
        ("capabilities", listed(&definition.capabilities)),
        ("grant with", grant(definition)),
        (
            "page needs",
            listed(&definition.frame_libraries.iter().map(|library| library.name()).collect::<Vec<_>>()),
        ),
        (
            "size",
            format!(
                "{} bytes of wasm, {} files below public/",
                package.component.len(),
                package.public.len()
            ),
        ),
        ("digest", format!("sha256 {}", package.digest)),
    ];
    let mut table: String = rows.iter().map(|(name, value)| format!("{name:<13} {value}\n")).collect();
    if definition.fields.is_empty() {
        return table;
    }
    let width = definition.fields.iter().map(|field| field.name.len()).max().unwrap_or(0).max("field".len());
    table.push_str(&format!("\n{:<width$}  {:<18}  {:<14}  default\n", "field", "scope", "type"));
    table.extend(definition.fields.iter().map(|field| field_line(field, width)));
    table
}

/// What an operator writes in the settings for this package.
fn grant(definition: &BlockDefinition) -> String {
    let asked: BTreeSet<_> =
        definition.capabilities.iter().filter_map(|name| Capability::named(name)).collect();
    let mut all = Grants::default().all;
    if asked.is_subset(&all) {
        return "nothing to grant".to_owned();
    }
    all.extend(asked);
    let names: Vec<_> = all.iter().map(|capability| format!("{:?}", capability.name())).collect();
    format!("[grants_of.{}] capabilities = [{}]", definition.name, names.join(", "))
}

fn type_line(definition: &BlockDefinition) -> String {
    let mut line = definition.name.clone();
    if !definition.aliases.is_empty() {
        line.push_str(&format!(" (also {})", definition.aliases.join(", ")));
    }
    if definition.has_children {
        line.push_str(", has children");
    }
    if definition.has_score {
        line.push_str(", is graded");
    }
    if definition.shows_score {
        line.push_str(", shows its score");
    }
    line
}

fn field_line(field: &FieldDeclaration, width: usize) -> String {
    let name = |value: Value| value.as_str().unwrap_or_default().to_owned();
    format!(
        "{:<width$}  {:<18}  {:<14}  {}\n",
        field.name,
        name(json!(field.scope)),
        name(json!(field.field_type)),
        field.default
    )
}

fn listed(names: &[impl AsRef<str>]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_contract_lose_package_and_version() {
        assert_eq!(short("blockhouse:block/student-view@1.0.0"), "student-view");
        assert_eq!(short("wasi:cli/run@0.2.0"), "wasi:cli/run@0.2.0");
    }

    #[test]
    fn a_list_without_entries_says_none() {
        assert_eq!(listed(&[] as &[&str]), "none");
        assert_eq!(listed(&["a", "b"]), "a, b");
    }
}
