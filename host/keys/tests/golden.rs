//! Recorded vectors: a text, the key classes of the reference that accept it, and what each makes
//! of it (spec 1.8).
//!
//! The file is `tests/vectors/opaque_keys.json` of the repository, or the one of that name in the
//! directory `BLOCKHOUSE_VECTORS`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use blockhouse_keys::{
    AssetKey, BlockTypeKey, CollectionKey, ContainerKey, CourseKey, DefinitionKey, InvalidKey,
    LearningContextKey, LibraryUsageKey, Parts, UsageKey,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct File {
    classes_tried: Vec<String>,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    input: String,
    valid_for: BTreeMap<String, Expected>,
    /// Classes that failed with another error than that of an invalid key: the reference has a bug
    /// there and gives no verdict.
    other_errors: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Expected {
    class: String,
    #[serde(rename = "str")]
    text: String,
    deprecated: bool,
    fields: BTreeMap<String, Value>,
    context_key: Option<String>,
}

/// What we made of a text, in the words of the vectors.
struct Read {
    class: &'static str,
    text: String,
    deprecated: bool,
    parts: BTreeMap<String, Option<String>>,
    context_key: Option<String>,
}

#[test]
fn row_003_golden_vectors_hold_for_every_key_class() {
    let file = file();
    let mut failures = Vec::new();
    for vector in &file.vectors {
        for class in file.classes_tried.iter().filter(|&class| !vector.other_errors.contains_key(class)) {
            if let Err(failure) = check(class, vector) {
                failures.push(format!("{:?} as {class}: {failure}", vector.input));
            }
        }
    }
    assert!(file.vectors.len() > 100, "the file is not the one that was recorded");
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn row_004_golden_texts_are_printed_as_they_were_read() {
    for vector in &file().vectors {
        let Some((class, expected)) = vector.valid_for.iter().next() else {
            continue;
        };
        if quirk(&vector.input, expected).is_none() && !is_alias(&vector.input) {
            assert_eq!(read(class, &vector.input).unwrap().text, vector.input);
        }
    }
}

fn file() -> File {
    let repository = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let directory = env::var_os("BLOCKHOUSE_VECTORS").map_or(repository, PathBuf::from);
    let path = directory.join("opaque_keys.json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn check(class: &str, vector: &Vector) -> Result<(), String> {
    let read = read(class, &vector.input);
    match (vector.valid_for.get(class), read) {
        (None, Err(_)) => Ok(()),
        (None, Ok(read)) => Err(format!("read as {}, must be refused", read.text)),
        (Some(expected), read) => match (quirk(&vector.input, expected), read) {
            (Some(_), Err(_)) => Ok(()),
            (Some(reason), Ok(_)) => Err(format!("read, must be refused: {reason}")),
            (None, Err(invalid)) => Err(format!("refused: {invalid}")),
            (None, Ok(read)) => compare(expected, &read),
        },
    }
}

/// Why a text that the reference accepts is refused here. No other row is skipped.
fn quirk(input: &str, expected: &Expected) -> Option<&'static str> {
    if input.contains(char::is_control) {
        return Some("a newline passes at the end of a part (1.4.4) and in unrestricted names");
    }
    if expected.text != input && !is_alias(input) {
        return Some("parts are dropped or become `None`: it prints as another key (1.2.4, 1.3.1, 1.6.2)");
    }
    if is_alias(input)
        && expected.text != input.replacen("slashes:", "course-v1:", 1)
        && expected.class != "BlockTypeKeyV1"
    {
        return Some("parts are dropped behind the alias of course-v1 (1.2.4)");
    }
    let is_empty = |name: &str| expected.fields.get(name).is_some_and(|value| value == "");
    let without_family = expected.deprecated && expected.text.starts_with("block-type-v1:");
    if expected.class == "BlockTypeKeyV1"
        && (is_empty("block_type") || is_empty("block_family") || without_family)
    {
        return Some("an empty type names nothing; without its family, a bare type holds the namespace");
    }
    None
}

/// Texts whose canonical form differs without any loss.
fn is_alias(input: &str) -> bool {
    ["slashes:", "block-type-v1:xblock.v1:", "block-type-v1:xmodule.v1:"]
        .iter()
        .any(|alias| input.starts_with(alias))
}

fn compare(expected: &Expected, read: &Read) -> Result<(), String> {
    let same = |what: &str, expected: &dyn ToString, found: &dyn ToString| {
        let (expected, found) = (expected.to_string(), found.to_string());
        if expected == found { Ok(()) } else { Err(format!("{what} is {found}, must be {expected}")) }
    };
    same("the class", &expected.class, &read.class)?;
    same("the text", &expected.text, &read.text)?;
    same("deprecated", &expected.deprecated, &read.deprecated)?;
    for (name, value) in &expected.fields {
        let part =
            read.parts.get(name.trim_start_matches('_')).ok_or_else(|| format!("there is no part {name}"))?;
        match value {
            Value::Object(course) => compare_course_without_run(course, read)?,
            Value::Null => same(name, &"null", &part.as_deref().unwrap_or("null"))?,
            _ => same(name, &value.as_str().unwrap_or_default(), &part.as_deref().unwrap_or("null"))?,
        }
    }
    match expected.context_key.as_deref() {
        // The reference cannot print a course without a run.
        None | Some("!TypeError") => Ok(()),
        Some(context) => same("the context", &context, &read.context_key.as_deref().unwrap_or("null")),
    }
}

/// The reference spells out the course of a deprecated key, its run null and its branch the key's
/// revision.
fn compare_course_without_run(expected: &serde_json::Map<String, Value>, read: &Read) -> Result<(), String> {
    let part = |name: &str| read.parts.get(name).cloned().flatten();
    let course: CourseKey =
        part("course_key").unwrap_or_default().parse().map_err(|invalid| format!("{invalid}"))?;
    let found = [course.org().map(str::to_owned), course.course().map(str::to_owned), part("revision")];
    let wanted =
        ["org", "course", "branch"].map(|name| expected.get(name).and_then(Value::as_str).map(str::to_owned));
    if found == wanted && course.run() == Some("") {
        return Ok(());
    }
    Err(format!("the course and revision are {found:?}, must be {wanted:?}"))
}

fn read(class: &str, input: &str) -> Result<Read, InvalidKey> {
    match class {
        "LearningContextKey" => context(input.parse()?),
        // The reference calls a legacy library a course key that is not a course; here it is a type
        // of its own.
        "CourseKey" => match input.parse()? {
            LearningContextKey::Library(_) => Err(input.parse::<CourseKey>().unwrap_err()),
            key => context(key),
        },
        "UsageKey" => usage(input.parse()?),
        "UsageKeyV2" => usage(input.parse::<LibraryUsageKey>()?.into()),
        "DefinitionKey" => {
            let key: DefinitionKey = input.parse()?;
            let class = match (key.kind(), input) {
                ("definition key", _) => "DefinitionLocator",
                ("bundle definition key", _) => "BundleDefinitionLocator",
                (_, text) if text.starts_with("aside-def-v1:") => "AsideDefinitionKeyV1",
                _ => "AsideDefinitionKeyV2",
            };
            Ok(Read::new(class, key.as_str(), key.parts()))
        }
        "AssetKey" => {
            let key: AssetKey = input.parse()?;
            let read = Read::new("AssetLocator", key.as_str(), key.parts());
            Ok(Read {
                context_key: Some(key.course_key().to_string()),
                deprecated: key.is_deprecated(),
                ..read
            })
        }
        "CollectionKey" => {
            let key: CollectionKey = input.parse()?;
            Ok(Read::new("LibraryCollectionLocator", key.as_str(), key.parts()))
        }
        "ContainerKey" => {
            let key: ContainerKey = input.parse()?;
            Ok(Read::new("LibraryContainerLocator", key.as_str(), key.parts()))
        }
        "BlockTypeKey" => {
            let key: BlockTypeKey = input.parse()?;
            let deprecated = key.family() == "xblock.v1";
            Ok(Read { deprecated, ..Read::new("BlockTypeKeyV1", key.as_str(), key.parts()) })
        }
        other => panic!("the vectors name a key class that the test does not know: {other}"),
    }
}

fn context(key: LearningContextKey) -> Result<Read, InvalidKey> {
    let class = match &key {
        LearningContextKey::Course(_) => "CourseLocator",
        LearningContextKey::Library(_) => "LibraryLocatorV2",
        _ => "LibraryLocator",
    };
    let deprecated = key.as_course().is_some_and(CourseKey::is_deprecated);
    Ok(Read { deprecated, ..Read::new(class, key.as_str(), key.parts()) })
}

fn usage(key: UsageKey) -> Result<Read, InvalidKey> {
    let class = match &key {
        UsageKey::Course(key) if key.as_str().starts_with("location:") => "DeprecatedLocation",
        UsageKey::Course(_) => "BlockUsageLocator",
        UsageKey::Library(_) => "LibraryUsageLocatorV2",
        UsageKey::LegacyLibrary(_) => "LibraryUsageLocator",
        key if key.as_str().starts_with("aside-usage-v1:") => "AsideUsageKeyV1",
        _ => "AsideUsageKeyV2",
    };
    let deprecated = matches!(&key, UsageKey::Course(key) if key.is_deprecated());
    let context_key = Some(key.context_key().to_string());
    Ok(Read { deprecated, context_key, ..Read::new(class, key.as_str(), key.parts()) })
}

impl Read {
    fn new(class: &'static str, text: &str, parts: Parts<'_>) -> Self {
        let parts =
            parts.into_iter().map(|(name, part)| (name.to_owned(), part.map(str::to_owned))).collect();
        Self { class, text: text.to_owned(), deprecated: false, parts, context_key: None }
    }
}
