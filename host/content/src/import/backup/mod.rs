//! Backups of content libraries: a package of entities in TOML and OLX (spec 7.6.10) becomes a library `lib:ORG:SLUG`.
//!
//! What is published is served: each entity at its published version. Units, subsections and sections become the blocks
//! that hold the same in a course, below them the components; whatever no container holds stands directly in the library.
//! The backup itself, with its drafts and collections, is kept beside the blocks as it came, so that it can be
//! exported again.

mod assets;
mod entity;
mod walk;

use std::collections::BTreeMap;

use blockhouse_keys::LearningContextKey;
use serde::Deserialize;

use super::source::Source;
use super::{ImportError, ImportReport, Of, Problem, Severity};
use crate::store::BACKUP;
use crate::{ContentStore, Fault};
use entity::Entity;
use walk::Walk;

/// The file that says which library it is.
pub(super) const PACKAGE: &str = "package.toml";

/// The only form of backups that there is.
const FORMAT: u32 = 1;

#[derive(Deserialize)]
struct Package {
    meta: Meta,
    learning_package: LearningPackage,
}

#[derive(Deserialize)]
struct Meta {
    format_version: u32,
}

#[derive(Deserialize)]
struct LearningPackage {
    title: String,
    key: String,
}

/// Imports the backup that `source` holds.
pub(super) fn import(
    source: &mut Source<'_>,
    into: &ContentStore,
    of: Of,
) -> Result<ImportReport, ImportError> {
    let package = package(source)?;
    let library = package.learning_package;
    let invalid = |source| ImportError::Key { file: PACKAGE.to_owned(), source };
    let context: LearningContextKey = library.key.parse().map_err(invalid)?;
    let LearningContextKey::Library(_) = &context else {
        let message = format!("the key is a {}; a backup holds a library, `lib:ORG:SLUG`", context.kind());
        return Err(ImportError::Root(Fault::of_file(PACKAGE, message)));
    };
    let root = context.make_usage_key("library", "library").map_err(invalid)?;
    let mut problems = Vec::new();
    let entities = entities(source, of, &mut problems);
    let mut writer = into.new_version(&context)?;
    let title = if library.title.trim().is_empty() { context.to_string() } else { library.title };
    let blocks =
        Walk::new(source, &mut writer, &context, &entities, &mut problems).run(root.clone(), &title)?;
    for file in source.files("") {
        match source.open_file(&file) {
            Ok(open) => writer.add_file(&format!("{BACKUP}/{file}"), open)?,
            Err(fault) => problems.push(Problem { usage: None, severity: Severity::Error, fault }),
        }
    }
    let published = writer.publish(&title, &root)?;
    source.finish();
    into.reload()?;
    Ok(ImportReport {
        context,
        title,
        version: published.version,
        unchanged: published.unchanged,
        blocks,
        problems,
    })
}

fn package(source: &mut Source<'_>) -> Result<Package, ImportError> {
    let text = source.read(PACKAGE).map_err(ImportError::Root)?;
    let package: Package =
        toml::from_str(&text).map_err(|error| ImportError::Root(not_toml(PACKAGE, &text, &error)))?;
    if package.meta.format_version != FORMAT {
        let message = format!(
            "a backup of the form {}; this host reads the form {FORMAT}",
            package.meta.format_version
        );
        return Err(ImportError::Root(Fault::of_file(PACKAGE, message)));
    }
    Ok(package)
}

/// The entities by key, each at the version that is wanted. One whose file cannot be read is a problem of its own.
fn entities(source: &mut Source<'_>, of: Of, problems: &mut Vec<Problem>) -> BTreeMap<String, Entity> {
    let mut entities = BTreeMap::new();
    for file in source.files("entities") {
        if !file.ends_with(".toml") || file.split('/').any(|part| part == entity::VERSIONS) {
            continue;
        }
        let (severity, fault) = match Entity::read(source, &file, of) {
            Ok(Some((key, _))) if entities.contains_key(&key) => {
                (Severity::Error, Fault::of_file(file, format!("the key `{key}` is used again; left out")))
            }
            Ok(Some((key, entity))) => {
                entities.insert(key, entity);
                continue;
            }
            Ok(None) if of == Of::Drafts => {
                (Severity::Warning, Fault::of_file(file, "deleted, so that it is left out"))
            }
            Ok(None) => (Severity::Warning, Fault::of_file(file, "not published, so that it is not served")),
            Err(fault) => (Severity::Error, fault),
        };
        problems.push(Problem { usage: None, severity, fault });
    }
    entities
}

/// The parser's complaint, at its place.
fn not_toml(file: &str, text: &str, error: &toml::de::Error) -> Fault {
    let offset = error.span().map_or(0, |span| span.start);
    Fault::at(file, text, offset, format!("not what a backup has here: {}", error.message()))
}

#[cfg(test)]
mod tests;
