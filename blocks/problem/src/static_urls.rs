//! Author's files: `/static/diagram.png` in an attribute becomes the address at which it is served.

/// `html` with every attribute value that starts with `/static/` replaced by what `address` says of the rest.
pub(crate) fn rewrite(html: &str, address: impl Fn(&str) -> String) -> String {
    const START: &str = "=\"/static/";
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(START) {
        let Some((name, following)) = after.split_once('"') else { break };
        out.push_str(before);
        out.push_str("=\"");
        out.push_str(&address(name));
        out.push('"');
        rest = following;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::rewrite;

    #[test]
    fn only_whole_attribute_values_are_addresses() {
        let html = r#"<img src="/static/a b.png"/>/static/c <a href="x/static/d">"#;
        let expected = r#"<img src="/s?a b.png"/>/static/c <a href="x/static/d">"#;
        assert_eq!(rewrite(html, |name| format!("/s?{name}")), expected);
        assert_eq!(rewrite("<img src=\"/static/open", |name| name.to_owned()), "<img src=\"/static/open");
    }
}
