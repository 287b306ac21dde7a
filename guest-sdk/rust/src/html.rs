//! Text in HTML. What a learner or an author wrote as text is escaped here before it enters a fragment.

use std::borrow::Cow;

/// The text with `&`, `<`, `>`, `"` and `'` as entities: safe as content and inside a quoted attribute.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn what_html_could_misread_becomes_entities() {
        assert_eq!(escape(r#"<a b='c' d="&">"#), "&lt;a b=&#39;c&#39; d=&quot;&amp;&quot;&gt;");
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(escape("plain"), std::borrow::Cow::Borrowed("plain")));
    }
}
