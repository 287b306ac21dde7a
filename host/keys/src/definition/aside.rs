//! Definition keys of asides: `aside-def-v2:KEY::TYPE` and `aside-def-v1:` (spec 1.7.4).

use std::sync::Arc;

use crate::{
    DefinitionKey, InvalidKey,
    aside::Encoding,
    error::Reason,
    text::{Parts, key_text, ordered_by_parts},
};

const V1: &str = "aside-def-v1:";
const V2: &str = "aside-def-v2:";

/// What an aside of one type keeps beside a definition.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AsideDefinitionKey {
    text: Arc<str>,
    definition: Arc<DefinitionKey>,
    aside_type: Arc<str>,
}

key_text!(AsideDefinitionKey, "aside definition key");
ordered_by_parts!(AsideDefinitionKey);

impl AsideDefinitionKey {
    /// The key of the aside of this type beside a definition. It is written in the second version.
    ///
    /// # Errors
    /// When the type has a control character.
    pub fn new(definition: DefinitionKey, aside_type: &str) -> Result<Self, InvalidKey> {
        let refuse = |reason| InvalidKey::new(Self::KIND, format!("{V2}{definition}::{aside_type}"), reason);
        let text = Encoding::V2.put_together(definition.as_str(), aside_type).map_err(refuse)?;
        let text = [V2, &text].concat().into();
        Ok(Self { text, definition: definition.into(), aside_type: aside_type.into() })
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let (key, aside_type) = match (text.strip_prefix(V1), text.strip_prefix(V2)) {
            (Some(rest), _) => Encoding::V1.take_apart(rest)?,
            (None, Some(rest)) => Encoding::V2.take_apart(rest)?,
            (None, None) => return Err("it must be aside-def-v2:KEY::TYPE".into()),
        };
        let definition =
            DefinitionKey::read(&key).map_err(|reason| format!("in the definition's key, {reason}"))?;
        Ok(Self { text: text.into(), definition: definition.into(), aside_type: aside_type.into() })
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The definition that it stands beside; it may be an aside's itself.
    pub fn definition_key(&self) -> &DefinitionKey {
        &self.definition
    }

    /// The type of the aside.
    pub fn aside_type(&self) -> &str {
        &self.aside_type
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![("definition_key", Some(self.definition.as_str())), ("aside_type", Some(&self.aside_type))]
    }

    fn order(&self) -> impl Ord + '_ {
        (&self.definition, &self.aside_type, &self.text)
    }
}
