//! HTML as the words that a reader sees, for a search index. It is not a sanitiser: its output is text.

/// The text without tags, comments, scripts and styles, each run of white space as one space.
pub(crate) fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = behind(tag);
    }
    text.push_str(rest);
    unescape(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What follows the tag, comment, script or style sheet that begins here. One without an end takes all.
fn behind(tag: &str) -> &str {
    let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
    let end = match name.to_ascii_lowercase().as_str() {
        "script" => "</script",
        "style" => "</style",
        _ if tag.starts_with("!--") => "-->",
        _ => ">",
    };
    let Some(at) = find_ignoring_case(tag, end) else {
        return "";
    };
    let rest = tag.get(at + end.len()..).unwrap_or_default();
    match end.starts_with('<') {
        true => rest.split_once('>').map_or("", |(_, rest)| rest),
        false => rest,
    }
}

fn find_ignoring_case(text: &str, ascii: &str) -> Option<usize> {
    text.as_bytes().windows(ascii.len()).position(|window| window.eq_ignore_ascii_case(ascii.as_bytes()))
}

fn unescape(text: &str) -> String {
    // `&amp;` comes last: `&amp;lt;` is the text `&lt;`.
    let entities =
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.into_iter().fold(text.to_owned(), |text, (entity, character)| match text.contains(entity) {
        true => text.replace(entity, character),
        false => text,
    })
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn tags_comments_scripts_and_styles_go() {
        let html =
            "<p>Hi <b>you</b></p><!-- no > no --><SCRIPT>if (a<b) {}</script ><style>p{}</style> there";
        assert_eq!(plain_text(html), "Hi you there");
    }

    #[test]
    fn entities_become_characters() {
        assert_eq!(plain_text("a&nbsp;&lt;&amp;lt;"), "a <&lt;");
    }

    #[test]
    fn a_tag_without_an_end_takes_the_rest() {
        assert_eq!(plain_text("a <b c"), "a");
    }
}
