//! Children of a block in a library: `<xblock-include definition="TYPE/ID" [source="LINK"] [usage="ALIAS"] />` (spec
//! 7.2.2).
//!
//! What OLX includes is noted in a table under the digest of the OLX, so that it can be asked the other way round: who
//! includes this block? Whether what is included exists is not decided here: it may come later, or be published later.

use roxmltree::{Document, Node};

use super::LibraryError;
use super::change::Change;
use crate::Fault;
use crate::import::{is_container, is_part};
use crate::storage::database::{Fetch, Row, Value};
use crate::storage::{Digest, number};
use crate::xml::{self, OPTION_NAMESPACE, attribute_text};

/// The element.
const TAG: &str = "xblock-include";

/// The most that one block includes.
const MAX_INCLUDES: usize = 500;

/// The most characters in the name of a block (spec 7.5), and in that of a type or a link.
const MAX_NAME: usize = 500;
const MAX_SHORT_NAME: usize = 180;

/// One include.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Include {
    /// The included definition: `TYPE/ID`.
    pub(super) block_type: String,
    pub(super) name: String,
    /// The link to the library that has the definition; none: the library of the OLX.
    pub(super) link: Option<String>,
    /// What the included block is called where it is used: `usage`, or the definition's own name.
    pub(super) alias: String,
}

/// What an element includes. Only in a block that includes something, or can have nothing in it but blocks, every element
/// must be an include.
///
/// # Errors
/// A [`Fault`] at an element that cannot be read, in the words of spec 7.2.2.
pub(super) fn read(document: &Document<'_>) -> Result<Vec<Include>, Fault> {
    let root = document.root_element();
    let block_type = root.tag_name().name();
    let is_block = |node: &Node<'_, '_>| {
        node.is_element()
            && node.tag_name().namespace() != Some(OPTION_NAMESPACE)
            && !is_part(block_type, node.tag_name().name())
    };
    let children: Vec<_> = root.children().filter(is_block).collect();
    if !is_container(block_type) && !children.iter().any(|child| child.has_tag_name(TAG)) {
        return Ok(Vec::new());
    }
    if let Some(first) = children.get(MAX_INCLUDES) {
        return Err(fault(*first, format!("more than {MAX_INCLUDES} blocks in one; make several of it")));
    }
    children.into_iter().map(include).collect()
}

/// As [`read`], of a text that nobody is waiting to be told about.
pub(super) fn of_text(text: &str) -> Vec<Include> {
    if !text.contains(TAG) {
        return Vec::new();
    }
    let document = xml::parse("OLX", text);
    document.and_then(|document| read(&document)).unwrap_or_default()
}

/// The text of a block that includes one more definition, behind all that it has. Nothing else in it changes.
///
/// # Errors
/// A [`Fault`] for a text that is no element.
pub(super) fn added(text: &str, block_type: &str, name: &str) -> Result<String, Fault> {
    let document = xml::parse("OLX", text)?;
    let range = document.root_element().range();
    let include = format!("<{TAG} definition=\"{}\"/>", attribute_text(&format!("{block_type}/{name}")));
    let (before, root, after) =
        match (text.get(..range.start), text.get(range.clone()), text.get(range.end..)) {
            (Some(before), Some(root), Some(after)) => (before, root, after),
            _ => return Err(Fault::of_file("OLX", "the element cannot be found")),
        };
    let root = match (root.strip_suffix("/>"), root.rfind("</")) {
        (Some(open), _) => {
            let tag = root.trim_start_matches('<').split(|c: char| c.is_whitespace() || c == '/').next();
            format!("{}>\n  {include}\n</{}>", open.trim_end(), tag.unwrap_or_default())
        }
        (None, Some(close)) => {
            let (inside, close) = root.split_at(close);
            format!("{}\n  {include}\n{close}", inside.trim_end())
        }
        (None, None) => return Err(Fault::of_file("OLX", "the element does not end")),
    };
    Ok(format!("{before}{root}{after}"))
}

fn include(node: Node<'_, '_>) -> Result<Include, Fault> {
    if !node.has_tag_name(TAG) {
        let message = format!("Expected an <{TAG} /> XML node, but got <{}>", node.tag_name().name());
        return Err(fault(node, message));
    }
    let Some(definition) = node.attribute("definition") else {
        let message = format!("<{TAG}> is missing the required definition=\"...\" attribute");
        return Err(fault(node, message));
    };
    let attribute = |name| node.attribute(name).filter(|value| !value.is_empty());
    match definition.split('/').collect::<Vec<_>>().as_slice() {
        [block_type, name] if !block_type.is_empty() && !name.is_empty() => {
            let (link, alias) = (attribute("source"), attribute("usage").unwrap_or(name));
            let is_long = |text: &str, most: usize| text.chars().count() > most;
            if [*name, alias].iter().any(|name| is_long(name, MAX_NAME))
                || [Some(*block_type), link].into_iter().flatten().any(|name| is_long(name, MAX_SHORT_NAME))
            {
                return Err(fault(node, format!("<{TAG}> names something by a name that is too long")));
            }
            Ok(Include {
                block_type: (*block_type).to_owned(),
                name: (*name).to_owned(),
                link: link.map(str::to_owned),
                alias: alias.to_owned(),
            })
        }
        _ => Err(fault(node, format!("Invalid definition attribute: {definition}"))),
    }
}

fn fault(node: Node<'_, '_>, message: String) -> Fault {
    Fault::at("OLX", node.document().input_text(), node.range().start, message)
}

impl Include {
    /// The columns in which [`Include::from_row`] finds one, of a table that is called `i`.
    pub(super) const COLUMNS: &'static str = "i.type, i.name, i.link, i.alias";

    /// From the first columns of a row.
    pub(super) fn from_row(row: &Row) -> Result<Self, LibraryError> {
        Ok(Self {
            block_type: row.text(0)?,
            name: row.text(1)?,
            link: row.maybe_text(2)?,
            alias: row.text(3)?,
        })
    }
}

/// What the OLX of a version includes, in order.
pub(super) async fn of_version(
    from: &mut impl Fetch,
    entity: i64,
    version: u64,
) -> Result<Vec<Include>, LibraryError> {
    let select = format!(
        "SELECT {} FROM content_entity_file f JOIN content_include i ON i.digest = f.digest \
         WHERE f.entity_id = ? AND f.version = ? AND f.path = 'block.xml' ORDER BY i.place",
        Include::COLUMNS
    );
    let rows = from.fetch(&select, &[entity.into(), number(version).into()]).await?;
    rows.iter().map(Include::from_row).collect()
}

impl Change<'_> {
    /// Notes what the OLX with a digest includes.
    pub(super) async fn keep_includes(
        &mut self,
        digest: Digest,
        includes: &[Include],
    ) -> Result<(), LibraryError> {
        if includes.is_empty() {
            return Ok(());
        }
        let columns = ["digest", "place", "type", "name", "link", "alias"];
        let dialect = self.storage.database.dialect();
        let upsert = dialect.upsert("content_include", &columns, &["digest", "place"], &[], includes.len());
        let values: Vec<Value<'_>> = includes
            .iter()
            .zip(0_i64..)
            .flat_map(|(include, place)| -> [Value<'_>; 6] {
                [
                    digest.as_bytes().into(),
                    place.into(),
                    (&include.block_type).into(),
                    (&include.name).into(),
                    include.link.as_deref().into(),
                    (&include.alias).into(),
                ]
            })
            .collect();
        self.run(&upsert, &values).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<Include>, String> {
        let document = xml::parse("OLX", text).unwrap();
        read(&document).map_err(|fault| fault.message)
    }

    #[test]
    fn an_include_names_a_definition_and_perhaps_a_link_and_another_name() {
        let text = "<unit><xblock-include definition='html/a'/>\n\
                    <xblock-include definition='unit/b' source='linked' usage='alias1'/></unit>";
        let found = read_text(text).unwrap();
        let (a, b) = (&found[0], &found[1]);
        assert_eq!(found.len(), 2);
        assert_eq!((&*a.block_type, &*a.name, a.link.as_deref(), &*a.alias), ("html", "a", None, "a"));
        assert_eq!(
            (&*b.block_type, &*b.name, b.link.as_deref(), &*b.alias),
            ("unit", "b", Some("linked"), "alias1")
        );
        assert_eq!(of_text(text).len(), 2);
    }

    #[test]
    fn whatever_is_no_include_is_refused_in_the_words_of_the_spec() {
        let long = format!("<xblock-include definition='html/a' source='{}'/>", "x".repeat(181));
        for (inside, message) in [
            ("<html/>", "Expected an <xblock-include /> XML node, but got <html>"),
            ("<xblock-include/>", "<xblock-include> is missing the required definition=\"...\" attribute"),
            ("<xblock-include definition='a'/>", "Invalid definition attribute: a"),
            ("<xblock-include definition='a/b/c'/>", "Invalid definition attribute: a/b/c"),
            ("<xblock-include definition='/b'/>", "Invalid definition attribute: /b"),
            (&long, "<xblock-include> names something by a name that is too long"),
        ] {
            assert_eq!(read_text(&format!("<unit>{inside}</unit>")).unwrap_err(), message);
        }
    }

    #[test]
    fn an_include_is_added_behind_what_is_there_and_changes_nothing_else() {
        for (before, after) in [
            ("<unit/>", "<unit>\n  +\n</unit>"),
            (
                "<?xml version='1.0'?>\n<unit a='/>' />\n",
                "<?xml version='1.0'?>\n<unit a='/>'>\n  +\n</unit>\n",
            ),
            (
                "<unit>\n  <xblock-include definition='a/b'/>\n</unit >",
                "<unit>\n  <xblock-include definition='a/b'/>\n  +\n</unit >",
            ),
        ] {
            let expected = after.replace('+', "<xblock-include definition=\"html/x\"/>");
            assert_eq!(added(before, "html", "x").unwrap(), expected);
        }
    }

    #[test]
    fn a_block_that_has_no_blocks_may_hold_any_element() {
        assert_eq!(read_text("<problem><p/></problem>").unwrap(), []);
        assert_eq!(read_text("<unit> </unit>").unwrap(), []);
    }
}
