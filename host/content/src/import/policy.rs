//! `policy.json`: settings that override those in the elements.

use serde_json::{Map, Value};

use super::source::Source;
use crate::{Fault, xml::Element};

/// Entries that carry what the element has anyway, or what the exporter could not place.
const IGNORED: [&str; 2] = ["xml_attributes", "children"];

/// The settings of a run by `type/name`.
#[derive(Default)]
pub(super) struct Policy {
    settings: Map<String, Value>,
}

impl Policy {
    /// The file of a run's policy. A run without one has none.
    pub(super) fn file(source: &Source<'_>, run: &str) -> Option<String> {
        let candidates = [format!("policies/{run}/policy.json"), format!("policies/{run}.json")];
        candidates.into_iter().find(|file| source.has(file))
    }

    /// The policy that a file of this text is.
    pub(super) fn parse(file: &str, text: &str) -> Result<Self, Fault> {
        let settings = serde_json::from_str(text).map_err(|error| Fault {
            file: file.to_owned(),
            line: u32::try_from(error.line()).unwrap_or(u32::MAX),
            column: u32::try_from(error.column()).unwrap_or(u32::MAX),
            message: format!("not a JSON object of settings by block, so that none of them hold: {error}"),
        })?;
        Ok(Self { settings })
    }

    /// Puts a block's settings into its element. JSON other than text is written as JSON.
    pub(super) fn apply(&self, block_type: &str, name: &str, element: &mut Element) {
        let Some(Value::Object(settings)) = self.settings.get(&format!("{block_type}/{name}")) else {
            return;
        };
        for (setting, value) in settings.iter().filter(|(setting, _)| !IGNORED.contains(&setting.as_str())) {
            match value {
                Value::String(text) => element.set(setting, text),
                other => element.set(setting, &other.to_string()),
            }
        }
    }
}
