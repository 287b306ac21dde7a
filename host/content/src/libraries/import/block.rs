//! One block of what is imported: its OLX as a library keeps it, with the files that it names; or why it stays out.

use std::collections::BTreeMap;

use blockhouse_keys::{LibraryKey, UsageKey};
use bytes::Bytes;

use super::files;
use crate::import::is_container;
use crate::libraries::olx::{self, Checked};
use crate::xml::{self, Element, attribute_text};
use crate::{ContentError, Definition, PublishedContext};

/// What only puts blocks in order. A library does so with its containers.
const OUTLINE: [&str; 9] = [
    "course",
    "library",
    "chapter",
    "section",
    "sequential",
    "subsection",
    "videosequence",
    "problemset",
    "library_content",
];

/// What was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The type of the block.
    pub block_type: String,
    /// The key that it has in the source.
    pub usage: UsageKey,
    /// Why; `None`: it only puts others in order.
    pub reason: Option<String>,
}

/// A block that can be taken.
pub(super) struct Ready {
    /// Its key in the library.
    pub(super) usage: UsageKey,
    pub(super) title: String,
    pub(super) olx: Checked,
    /// By path, with `static/` before it.
    pub(super) files: BTreeMap<String, Bytes>,
}

impl Ready {
    pub(super) fn bytes(&self) -> usize {
        self.olx.text.len() + self.files.values().map(Bytes::len).sum::<usize>()
    }
}

/// Reads blocks of the source for a library.
pub(super) struct Reader<'a> {
    pub(super) context: &'a PublishedContext,
    pub(super) library: &'a LibraryKey,
}

impl Reader<'_> {
    /// A block, or why it is not taken.
    pub(super) fn read(&self, usage: &UsageKey) -> Result<Result<Ready, LeftOut>, ContentError> {
        let definition = self.context.definition(usage)?;
        Ok(self.ready(&definition).map_err(|reason| LeftOut {
            block_type: definition.block_type.clone(),
            usage: usage.clone(),
            reason,
        }))
    }

    fn ready(&self, definition: &Definition) -> Result<Ready, Option<String>> {
        let Definition { usage, block_type, .. } = definition;
        if OUTLINE.contains(&block_type.as_str()) {
            return Err(None);
        }
        if let Some(fault) = &definition.fault {
            return Err(Some(fault.to_string()));
        }
        let own = self.library.make_usage_key(block_type, usage.block_id());
        let own = UsageKey::Library(own.map_err(|error| Some(error.to_string()))?);
        let text = self.with_includes(definition)?;
        let olx = olx::check(block_type, &text).map_err(|error| Some(error.to_string()))?;
        let files = files::named(&text, self.context)?;
        let title = definition.display_name.clone().unwrap_or_else(|| block_type.clone());
        Ok(Ready { usage: own, title, olx, files })
    }

    /// The block's element, its child blocks as includes.
    fn with_includes(&self, definition: &Definition) -> Result<String, Option<String>> {
        let children: Vec<_> =
            definition.children.iter().filter(|child| !OUTLINE.contains(&child.block_type())).collect();
        if children.is_empty() {
            return Ok(definition.olx.to_string());
        }
        if !is_container(&definition.block_type) {
            let message =
                format!("a <{}> keeps its blocks in a way that only it knows", definition.block_type);
            return Err(Some(message));
        }
        let document = xml::parse("OLX", &definition.olx).map_err(|fault| Some(fault.to_string()))?;
        let mut element = Element::take(document.root_element(), |_| false);
        let mut body = element.body().to_owned();
        for child in children {
            let name = format!("{}/{}", child.block_type(), child.block_id());
            body.push_str(&format!("\n  <xblock-include definition=\"{}\"/>", attribute_text(&name)));
        }
        body.push('\n');
        element.set_body(body);
        Ok(element.to_xml())
    }
}
