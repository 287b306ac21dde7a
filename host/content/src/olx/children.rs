//! The children of an element whose fields are written anew.

use super::OlxError;
use crate::xml::{self, Element, OPTION_NAMESPACE};

/// An element that was written from fields, with the children of what it takes the place of, as they stand there.
///
/// # Errors
/// [`OlxError::Malformed`] when one of the two is not XML.
pub fn with_children_of(written: &str, original: &str) -> Result<String, OlxError> {
    let document = xml::parse("OLX", original).map_err(OlxError::Malformed)?;
    let children = document
        .root_element()
        .children()
        .filter(|child| child.is_element() && child.tag_name().namespace() != Some(OPTION_NAMESPACE))
        .filter_map(|child| original.get(child.range()));
    let mut inside = String::new();
    for child in children {
        inside.extend(["\n  ", child]);
    }
    let written = xml::parse("OLX", written).map_err(OlxError::Malformed)?;
    let mut element = Element::take(written.root_element(), |_| false);
    let body = format!("{}{inside}\n", element.body().trim_end());
    element.set_body(body);
    Ok(element.to_xml())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_change_and_children_stay_as_they_were_written() {
        let original = "<unit display_name='A'><xblock-include definition='html/a'/>\n\
                        <xblock-include definition='html/b' usage='c'/></unit>";
        assert_eq!(
            with_children_of("<?xml version='1.0'?>\n<unit display_name=\"B\"/>\n", original).unwrap(),
            "<unit display_name=\"B\">\n  <xblock-include definition='html/a'/>\n  \
             <xblock-include definition='html/b' usage='c'/>\n</unit>"
        );
    }
}
