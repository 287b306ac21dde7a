//! Reading an element (spec 2.15.1, 2.15.2).

use blockhouse_fields::{BlockDefinition, FieldDeclaration, Scope};
use jiff::civil::Date;
use roxmltree::Node;
use serde_json::Value;

use super::{CONTENT, FAMILY, OlxBlock, OlxError, OlxFields, Types};
use crate::xml::{self, OPTION_NAMESPACE};

/// Reads the fields of a block from its own element. Child blocks, where the type has any, are passed over.
///
/// `today` completes dates that authors wrote without a year.
///
/// # Errors
/// [`OlxError`] when the text is not well-formed, when a value is not of its field's type, or when there are elements
/// inside a type without children.
pub fn read_fields(definition: &BlockDefinition, olx: &str, today: Date) -> Result<OlxFields, OlxError> {
    let document = xml::parse(&definition.name, olx).map_err(OlxError::Malformed)?;
    fields(definition, document.root_element(), today)
}

/// Reads a block and the blocks inside its element.
///
/// # Errors
/// As [`read_fields`], and [`OlxError::NoSuchType`] for a tag that `types` does not know.
pub fn read(types: &Types<'_>, olx: &str, today: Date) -> Result<OlxBlock, OlxError> {
    let document = xml::parse("OLX", olx).map_err(OlxError::Malformed)?;
    block(types, document.root_element(), today)
}

fn block(types: &Types<'_>, node: Node<'_, '_>, today: Date) -> Result<OlxBlock, OlxError> {
    let block_type = node.tag_name().name();
    let definition = types(&block_type.to_lowercase())
        .filter(|_| node.tag_name().namespace().is_none())
        .ok_or_else(|| OlxError::NoSuchType(block_type.to_owned()))?;
    let fields = fields(definition, node, today)?;
    let children = children(node).map(|child| block(types, child, today)).collect::<Result<_, _>>()?;
    Ok(OlxBlock { block_type: block_type.to_owned(), fields, children })
}

/// The elements that are child blocks.
fn children<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(|child| child.is_element() && child.tag_name().namespace() != Some(OPTION_NAMESPACE))
}

fn fields(definition: &BlockDefinition, node: Node<'_, '_>, today: Date) -> Result<OlxFields, OlxError> {
    if let (false, Some(child)) = (definition.has_children, children(node).next()) {
        return Err(OlxError::NoChildren {
            block_type: definition.name.clone(),
            child: child.tag_name().name().to_owned(),
        });
    }
    let mut fields = OlxFields::default();
    for option in node.children().filter(|child| child.tag_name().namespace() == Some(OPTION_NAMESPACE)) {
        let name = option.tag_name().name();
        // An element without text is an empty text, and only `none` says null. Open edX reads both as null, so that an
        // empty text would not come back from what it writes itself.
        let is_null = option.attribute("none") == Some("true");
        let text = (!is_null).then(|| option.text().unwrap_or_default());
        fields.set(definition, name, text, today)?;
    }
    // After the option elements, so that an attribute wins.
    for attribute in node.attributes() {
        match attribute.namespace() {
            None if attribute.name() == FAMILY => {}
            None => fields.set(definition, attribute.name(), Some(attribute.value()), today)?,
            Some(namespace) => fields.unknown(definition, &format!("{{{namespace}}}{}", attribute.name())),
        }
    }
    let leading =
        node.first_child().filter(Node::is_text).and_then(|text| text.text()).unwrap_or_default().trim();
    if !leading.is_empty() && definition.field(CONTENT).is_some_and(|field| field.scope == Scope::Content) {
        fields.set(definition, CONTENT, Some(leading), today)?;
    }
    Ok(fields)
}

impl OlxFields {
    /// Sets a field from text, or to null where there is none. An unknown name is a warning.
    fn set(
        &mut self,
        definition: &BlockDefinition,
        name: &str,
        text: Option<&str>,
        today: Date,
    ) -> Result<(), OlxError> {
        let Some(field) = definition.field(name).filter(|field| is_in_olx(field)) else {
            self.unknown(definition, name);
            return Ok(());
        };
        let value = text.map_or(Ok(Value::Null), |text| field.read_text(text, today))?;
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    fn unknown(&mut self, definition: &BlockDefinition, name: &str) {
        self.warnings.push(format!("{} does not contain field {name}", definition.name));
    }
}

/// The tree itself is not a matter of fields in OLX.
pub(super) fn is_in_olx(field: &FieldDeclaration) -> bool {
    !matches!(field.scope, Scope::Children | Scope::Parent)
}
