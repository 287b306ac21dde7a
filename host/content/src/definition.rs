//! A block as its author wrote it: what every learning context hands to the runtime.

use std::collections::BTreeMap;
use std::sync::Arc;

use blockhouse_keys::UsageKey;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use crate::{Fault, hex};

/// What an author wrote for one block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// The block's key.
    pub usage: UsageKey,
    /// The block type: the OLX tag, in the case in which the author wrote it (spec 2.15.3).
    pub block_type: String,
    /// The block's own element. Child blocks and pointers to files are taken out; settings of `policy.json` are put in.
    pub olx: Arc<str>,
    /// SHA-256 in hex of `olx` and `inherited`: definitions of one type and digest have equal fields.
    pub digest: String,
    /// The child blocks in the author's order.
    pub children: Vec<UsageKey>,
    /// The block of which this is a child. Of a block used in several places, the first.
    pub parent: Option<UsageKey>,
    /// The name that the author gave it.
    pub display_name: Option<String>,
    /// Settings that hold because an ancestor has them, the nearest first, as the text of the attribute (spec 9.1).
    pub inherited: BTreeMap<String, String>,
    /// Why the author's files do not define this block. Its `olx` is then an empty element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// The number of this version of the block, where its context numbers them. An edit says on which it is based.
    #[serde(skip)]
    pub number: Option<u64>,
    /// Values that the context sets whatever the author wrote, as text of the attribute (spec 6.6). They are part of
    /// `digest`.
    #[serde(skip)]
    pub overrides: BTreeMap<String, String>,
    /// Where the block has files of its own (spec 3.11.3): the address of each by its name after `/static/`, the hash
    /// of its bytes. `None` where files belong to the whole context.
    #[serde(skip)]
    pub files: Option<BTreeMap<String, String>>,
    /// The block whose content and files these are, where that is another one, of another context.
    #[serde(skip)]
    pub source: Option<UsageKey>,
}

impl Definition {
    /// A block that is this element and nothing else.
    pub fn of_element(usage: &UsageKey, olx: &str) -> Self {
        Self {
            usage: usage.clone(),
            block_type: usage.block_type().to_owned(),
            digest: hex::sha256(olx.as_bytes()),
            fault: None,
            olx: olx.into(),
            children: Vec::new(),
            parent: None,
            display_name: None,
            inherited: BTreeMap::new(),
            number: None,
            overrides: BTreeMap::new(),
            files: None,
            source: None,
        }
    }

    /// A block that cannot be shown, and what is wrong in which file.
    pub fn broken(usage: &UsageKey, file: &str, message: impl Into<String>) -> Self {
        let empty = Self::of_element(usage, &format!("<{}/>", usage.block_type()));
        Self { fault: Some(Fault::of_file(file, message)), ..empty }
    }

    /// The same block with other values of some fields.
    #[must_use]
    pub fn overridden(self, overrides: BTreeMap<String, String>) -> Self {
        if overrides.is_empty() {
            return self;
        }
        // Texts only, so it cannot fail.
        let text = serde_json::to_vec(&(&self.digest, &overrides)).unwrap_or_default();
        Self { digest: hex::sha256(&text), overrides, ..self }
    }

    /// The block whose files these are.
    pub fn owner_of_files(&self) -> &UsageKey {
        self.source.as_ref().unwrap_or(&self.usage)
    }

    /// The block's own file that `/static/NAME` means: its name and the hash of its bytes. The name stands as the file is
    /// called, or as a browser would write it (spec 3.11.3).
    pub fn own_file(&self, name: &str) -> Option<(&str, &str)> {
        let files = self.files.as_ref()?;
        let decoded = percent_decode_str(name).decode_utf8_lossy();
        let (name, hash) = files.get_key_value(name).or_else(|| files.get_key_value(&*decoded))?;
        Some((name, hash))
    }
}
