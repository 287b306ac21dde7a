//! What an author's OLX must be to become a version (spec 7.3): one element of the block's type, within bounds.

use crate::xml;

use super::LibraryError;
use super::include::{self, Include};
use super::library::{MAX_TITLE, check_length};

/// Characters (spec 7.5).
const MAX_OLX: usize = 50_000;

/// Checked OLX.
pub(super) struct Checked {
    /// As the author wrote it, but for `url_name`: the key says what the block is called.
    pub(super) text: String,
    /// What the author calls the block.
    pub(super) display_name: Option<String>,
    /// The blocks that it includes.
    pub(super) includes: Vec<Include>,
}

/// The type of the block that a text is: the name of its element.
///
/// # Errors
/// [`LibraryError::Invalid`] for what is no OLX.
pub fn block_type_of(text: &str) -> Result<String, LibraryError> {
    let document =
        xml::parse("OLX", text).map_err(|fault| LibraryError::invalid("olx", fault.to_string()))?;
    Ok(document.root_element().tag_name().name().to_owned())
}

pub(super) fn check(block_type: &str, text: &str) -> Result<Checked, LibraryError> {
    let refuse = |message: String| LibraryError::invalid("olx", message);
    if text.chars().count() > MAX_OLX {
        return Err(refuse(format!(
            "OLX has at most {MAX_OLX} characters; this has more. Move files out of it."
        )));
    }
    let document = xml::parse("OLX", text).map_err(|fault| refuse(fault.to_string()))?;
    let root = document.root_element();
    let tag = root.tag_name().name();
    if tag != block_type {
        return Err(refuse(format!(
            "Invalid root tag in the new OLX. Expected: <{block_type}> but found: <{tag}>"
        )));
    }
    let includes = include::read(&document).map_err(|fault| refuse(fault.to_string()))?;
    let display_name =
        root.attribute("display_name").map(str::to_owned).filter(|name| !name.trim().is_empty());
    check_length("olx", display_name.as_deref().unwrap_or_default(), MAX_TITLE)?;
    let mut checked = text.to_owned();
    if let Some(name) = root.attribute_node("url_name") {
        let range = name.range();
        // With the space before it, which no other attribute needs then.
        let start = text.get(..range.start).map_or(range.start, |before| before.trim_end().len());
        checked.replace_range(start..range.end, "");
    }
    Ok(Checked { text: checked, display_name, includes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        check("html", text).err().unwrap().to_string()
    }

    #[test]
    fn row_120_olx_is_kept_to_the_byte() {
        let text = "<?xml version='1.0'?>\n<html  a = 'b'>&#x41;<![CDATA[<p>]]></html>\n";
        assert_eq!(check("html", text).unwrap().text, text);
    }

    #[test]
    fn row_121_other_tags_bad_xml_and_long_texts_are_refused() {
        assert!(refusal("<problem/>").contains("Expected: <html>"));
        assert!(refusal("<html>\n<p></html>").starts_with("OLX:2:"));
        assert!(refusal(&format!("<html>{}</html>", "x".repeat(MAX_OLX))).contains("50000"));
    }

    #[test]
    fn the_name_in_the_olx_is_the_title_and_url_name_goes() {
        let checked = check("html", "<html url_name=\"x\"\n display_name='A'/>").unwrap();
        assert_eq!(
            (checked.text.as_str(), checked.display_name.as_deref()),
            ("<html\n display_name='A'/>", Some("A"))
        );
    }
}
