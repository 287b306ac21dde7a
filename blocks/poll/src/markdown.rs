//! The author's Markdown as HTML.

use pulldown_cmark::{Event, Parser, html};

/// HTML of this text. HTML in the text is shown as it was typed: a poll's texts need no markup of their own.
pub(crate) fn to_html(markdown: &str) -> String {
    let events = Parser::new(markdown).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let mut page = String::new();
    html::push_html(&mut page, events);
    page.truncate(page.trim_end().len());
    page
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn a_line_is_a_paragraph() {
        assert_eq!(to_html("Which *one*?"), "<p>Which <em>one</em>?</p>");
        assert_eq!(to_html(""), "");
    }

    #[test]
    fn html_is_shown_as_it_was_typed() {
        assert_eq!(to_html("a <script>x</script>"), "<p>a &lt;script&gt;x&lt;/script&gt;</p>");
    }
}
