//! Which of a course's files a block names. In a course files belong to all blocks; in a library each block has its own.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use percent_encoding::percent_decode_str;

use crate::libraries::files::MAX_FILE;
use crate::{PublishedContext, xml};

/// How the address of a file begins in a text (spec 3.11.1).
const STATIC: &str = "/static/";

/// The longest name that is looked for.
const MAX_NAME: usize = 300;

/// The files that a block's OLX names, as the block is to keep them.
pub(super) fn named(
    olx: &str,
    context: &PublishedContext,
) -> Result<BTreeMap<String, Bytes>, Option<String>> {
    let mut files = BTreeMap::new();
    for name in names(olx) {
        let Some(path) = context.asset(&name) else { continue };
        let read = std::fs::metadata(&path).and_then(|found| Ok((found.len(), std::fs::read(&path)?)));
        let (size, data) =
            read.map_err(|error| Some(format!("its file `{name}` cannot be read: {error}")))?;
        if size > MAX_FILE as u64 {
            return Err(Some(format!("its file `{name}` is larger than {} MiB", MAX_FILE >> 20)));
        }
        let decoded = percent_decode_str(&name).decode_utf8().map(|name| name.into_owned());
        files.insert(format!("static/{}", decoded.unwrap_or(name)), data.into());
    }
    Ok(files)
}

/// What may be the name of a file: behind `/static/`, or alone in an attribute as those of transcripts are.
fn names(olx: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for piece in olx.split(STATIC).skip(1) {
        let end = |c: char| c.is_whitespace() || "\"'<>()&;,?#\\".contains(c);
        let name = piece.split(end).next().unwrap_or_default();
        names.insert(name.to_owned());
    }
    if let Ok(document) = xml::parse("OLX", olx) {
        for node in document.descendants().filter(|node| node.is_element()) {
            for attribute in node.attributes() {
                let value = attribute.value();
                if value.contains('.') && !value.contains(['/', '<', '\n', '{']) {
                    names.insert(value.to_owned());
                }
                // The English transcript of old courses (spec 9.4).
                if attribute.name() == "sub" && node.has_tag_name("video") {
                    names.insert(format!("subs_{value}.srt.sjson"));
                }
            }
        }
    }
    names.retain(|name| !name.is_empty() && name.len() <= MAX_NAME);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_in_text_and_in_attributes() {
        let found = names(
            "<video sub='old' handout='/static/h.pdf'><transcript language='de' src='de.srt'/>\
             <![CDATA[<img src=\"/static/sub/a%20b.png\"> url(/static/c.css)]]></video>",
        );
        let expected = ["c.css", "de.srt", "h.pdf", "sub/a%20b.png", "subs_old.srt.sjson"];
        assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
    }
}
