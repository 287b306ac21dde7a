//! Definitions in bundles: `bundle-olx:UUID:VERSION_OR_DRAFT:TYPE:PATH` (spec 1.7.5).

use std::sync::Arc;

use crate::{
    characters::{Class, is_decimal_digit},
    colons,
    error::Reason,
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "bundle-olx:";

/// An OLX file in a bundle, at a version or in a draft.
///
/// A version is a decimal number without leading zeros; whatever has something else than decimal
/// digits in it names a draft.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BundleDefinitionKey {
    text: Arc<str>,
}

key_text!(BundleDefinitionKey, "bundle definition key");
ordered_by_parts!(BundleDefinitionKey);

impl BundleDefinitionKey {
    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let rest =
            text.strip_prefix(NAMESPACE).ok_or("it must be bundle-olx:UUID:VERSION_OR_DRAFT:TYPE:PATH")?;
        let fields = [
            ("bundle uuid", Class::AsciiSlug),
            ("version or draft", Class::Name),
            ("block type", Class::AsciiSlug),
            ("path", Class::Path),
        ];
        let [uuid, version_or_draft, _, _] = colons::split(rest, fields)?;
        if !is_canonical_uuid(uuid) {
            return Err(
                "the bundle uuid is not 32 hexadecimal digits in lower case, grouped 8-4-4-4-12".into()
            );
        }
        if version_or_draft.chars().all(is_decimal_digit) && !is_version(version_or_draft) {
            return Err("the version is not a decimal number without leading zeros".into());
        }
        Ok(Self { text: text.into() })
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bundle's uuid.
    pub fn bundle_uuid(&self) -> &str {
        colons::part(&self.text, 1)
    }

    /// The number of the version as text, which may exceed any machine integer; `None` for a draft.
    pub fn version(&self) -> Option<&str> {
        Some(colons::part(&self.text, 2)).filter(|text| is_version(text))
    }

    /// The name of the draft; `None` for a version.
    pub fn draft(&self) -> Option<&str> {
        Some(colons::part(&self.text, 2)).filter(|text| !is_version(text))
    }

    /// The type of the block.
    pub fn block_type(&self) -> &str {
        colons::part(&self.text, 3)
    }

    /// The file's path in the bundle. It is not safe to open: `..` is allowed in it.
    pub fn olx_path(&self) -> &str {
        colons::part(&self.text, 4)
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![
            ("bundle_uuid", Some(self.bundle_uuid())),
            ("version_or_draft", Some(colons::part(&self.text, 2))),
            ("block_type", Some(self.block_type())),
            ("olx_path", Some(self.olx_path())),
        ]
    }

    fn order(&self) -> impl Ord + '_ {
        (self.bundle_uuid(), self.block_type(), self.olx_path(), self.as_str())
    }
}

fn is_version(text: &str) -> bool {
    text == "0" || (!text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()))
}

fn is_canonical_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "4b33677f-7eb7-4376-8752-024ee057d7e8";

    fn read(version: &str) -> Result<BundleDefinitionKey, Reason> {
        BundleDefinitionKey::read(&format!("bundle-olx:{UUID}:{version}:problem:problem/a/definition.xml"))
    }

    #[test]
    fn digits_are_a_version_and_other_names_a_draft() {
        let published = read("5").unwrap();
        assert_eq!((published.version(), published.draft()), (Some("5"), None));
        let draft = read("studio_draft").unwrap();
        assert_eq!((draft.version(), draft.draft()), (None, Some("studio_draft")));
        assert_eq!(draft.olx_path(), "problem/a/definition.xml");
    }

    #[test]
    fn versions_with_leading_zeros_or_foreign_digits_are_refused() {
        for version in ["05", "00", "٠", "5٠", ""] {
            assert!(read(version).is_err(), "{version}");
        }
    }

    #[test]
    fn the_uuid_is_canonical() {
        for uuid in ["not-a-uuid", "4B33677f-7eb7-4376-8752-024ee057d7e8", "4b33677f7eb743768752024ee057d7e8"]
        {
            assert!(
                BundleDefinitionKey::read(&format!("bundle-olx:{uuid}:5:problem:a.xml")).is_err(),
                "{uuid}"
            );
        }
    }
}
