//! What a text of unknown kind says: for people and scripts that met a key and want to know what it
//! is.

use serde::{Serialize, Serializer};

use crate::{
    AssetKey, BlockTypeKey, CollectionKey, ContainerKey, DefinitionKey, InvalidKey, LearningContextKey,
    UsageKey,
    plugin::{PREFIX, USAGE_SUFFIX},
    text::Parts,
};

/// What a key is and what it consists of. In JSON the parts are an object in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// The kind of key, such as `library usage key`.
    pub kind: &'static str,
    /// The parts by name; one that the key leaves out is `None`.
    #[serde(serialize_with = "as_object")]
    pub parts: Vec<(&'static str, Option<String>)>,
    /// The canonical text, which may differ from the text that was read.
    pub text: String,
}

impl Inspection {
    fn new(kind: &'static str, parts: Parts<'_>, text: &str) -> Self {
        let parts = parts.into_iter().map(|(name, part)| (name, part.map(str::to_owned))).collect();
        Self { kind, parts, text: text.to_owned() }
    }
}

/// Says what kind of key a text is, going by its namespace or its deprecated form.
///
/// A bare block type is not recognised, since every text is one.
///
/// ```
/// let seen = blockhouse_keys::inspect("lib:MITx:reallyhardproblems")?;
/// assert_eq!(seen.kind, "library key");
/// assert_eq!(seen.parts[0], ("org", Some("MITx".into())));
/// # Ok::<(), blockhouse_keys::InvalidKey>(())
/// ```
///
/// # Errors
/// When the namespace is unknown, or the text is not a key of the kind that it announces.
pub fn inspect(text: &str) -> Result<Inspection, InvalidKey> {
    let namespace = text.split_once(':').map(|(namespace, _)| namespace);
    match namespace {
        Some("course-v1" | "slashes" | "lib" | "library-v1") => context(text),
        Some(plugin) if plugin.starts_with(PREFIX) && !plugin.ends_with(USAGE_SUFFIX) => context(text),
        Some(plugin) if plugin.starts_with(PREFIX) => usage(text),
        Some(
            "block-v1" | "lb" | "lib-block-v1" | "i4x" | "location" | "aside-usage-v1" | "aside-usage-v2",
        ) => usage(text),
        Some("def-v1" | "bundle-olx" | "aside-def-v1" | "aside-def-v2") => {
            let key: DefinitionKey = text.parse()?;
            Ok(Inspection::new(key.kind(), key.parts(), key.as_str()))
        }
        Some("lib-collection") => {
            let key: CollectionKey = text.parse()?;
            Ok(Inspection::new(CollectionKey::KIND, key.parts(), key.as_str()))
        }
        Some("lct") => {
            let key: ContainerKey = text.parse()?;
            Ok(Inspection::new(ContainerKey::KIND, key.parts(), key.as_str()))
        }
        Some("block-type-v1") => {
            let key: BlockTypeKey = text.parse()?;
            Ok(Inspection::new(BlockTypeKey::KIND, key.parts(), key.as_str()))
        }
        _ if namespace == Some("asset-v1") || text.starts_with("/c4x/") => {
            let key: AssetKey = text.parse()?;
            Ok(Inspection::new(AssetKey::KIND, key.parts(), key.as_str()))
        }
        None if text.contains('/') => context(text),
        Some(other) => Err(unknown(text, &format!("`{}` is not a known namespace", other.escape_debug()))),
        None => Err(unknown(text, "it has no namespace")),
    }
}

fn context(text: &str) -> Result<Inspection, InvalidKey> {
    let key: LearningContextKey = text.parse()?;
    Ok(Inspection::new(key.kind(), key.parts(), key.as_str()))
}

fn usage(text: &str) -> Result<Inspection, InvalidKey> {
    let key: UsageKey = text.parse()?;
    Ok(Inspection::new(key.kind(), key.parts(), key.as_str()))
}

fn unknown(text: &str, problem: &str) -> InvalidKey {
    let reason = format!(
        "{problem}; known are course-v1, lib, library-v1, block-v1, lb, lib-block-v1, \
         aside-usage-v1, aside-usage-v2, def-v1, bundle-olx, aside-def-v1, aside-def-v2, asset-v1, \
         block-type-v1, lib-collection, lct, and those of plug-ins, which begin with x-"
    );
    InvalidKey::new("key", text, reason)
}

fn as_object<S: Serializer>(parts: &[(&str, Option<String>)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(parts.iter().map(|(name, part)| (name, part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_recognised_by_its_namespace_or_form() {
        let kinds = [
            ("course-v1:o+c+r", "course key"),
            ("org/course/run", "course key"),
            ("lib:o:s", "library key"),
            ("library-v1:o+l", "legacy library key"),
            ("block-v1:o+c+r+type@t+block@i", "course usage key"),
            ("i4x://org/course/problem/p1", "course usage key"),
            ("lb:o:s:t:i", "library usage key"),
            ("lib-block-v1:o+l+type@t+block@i", "legacy library usage key"),
            ("aside-usage-v2:lb$:o$:s$:t$:i::a", "aside usage key"),
            ("def-v1:519665f6223ebd6980884f2b+type@t", "definition key"),
            ("bundle-olx:4b33677f-7eb7-4376-8752-024ee057d7e8:5:t:a.xml", "bundle definition key"),
            ("aside-def-v1:def-v1:519665f6223ebd6980884f2b+type@t::a", "aside definition key"),
            ("asset-v1:o+c+r+type@asset+block@a.png", "asset key"),
            ("/c4x/org/course/asset/a.png", "asset key"),
            ("block-type-v1:xblock_asides.v1:tagging", "block-type key"),
            ("lib-collection:o:s:c", "collection key"),
            ("lct:o:s:unit:u", "container key"),
            ("x-pathway:o:s", "plug-in context key"),
            ("x-pathway-block:o:s:t:i", "plug-in usage key"),
        ];
        for (text, kind) in kinds {
            let seen = inspect(text).unwrap();
            assert_eq!((seen.kind, &*seen.text), (kind, text));
        }
    }

    #[test]
    fn parts_are_an_object_in_order() {
        let seen = inspect("course-v1:o+c+r").unwrap();
        let json = serde_json::to_string(&seen).unwrap();
        let parts = r#"{"org":"o","course":"c","run":"r","branch":null,"version_guid":null}"#;
        assert_eq!(json, format!(r#"{{"kind":"course key","parts":{parts},"text":"course-v1:o+c+r"}}"#));
    }

    #[test]
    fn an_unknown_namespace_is_answered_with_the_known_ones() {
        let invalid = inspect("LIB:o:s").unwrap_err();
        assert!(
            invalid.reason.starts_with("`LIB` is not a known namespace; known are course-v1"),
            "{invalid}"
        );
        assert!(inspect("problem").unwrap_err().reason.starts_with("it has no namespace"));
    }
}
