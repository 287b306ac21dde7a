//! What an author's HTML may leave to the moment of showing it (spec 9.2): who reads, in which course, and where
//! the course's files are.

use blockhouse_sdk::prelude::*;
use user::VisitorKind;

const STATIC: &str = "/static/";

/// The HTML with the placeholders filled in.
///
/// `%%USER_EMAIL%%` stays as it is for everybody: a block never learns a learner's address.
pub(crate) fn apply(html: &str) -> String {
    let mut html = rewrite_static(html);
    if html.contains("%%COURSE_ID%%") {
        html = html.replace("%%COURSE_ID%%", &escape(&usage::context_key()));
    }
    if html.contains("%%USER_ID%%") && user::kind() != VisitorKind::Anonymous {
        html = html.replace("%%USER_ID%%", &escape(&user::anonymous_id()));
    }
    html
}

/// Points `"/static/NAME"`, with any quotes or in `url(…)`, to where the author's file is served.
fn rewrite_static(html: &str) -> String {
    let mut rewritten = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, behind)) = rest.split_once(STATIC) {
        rewritten.push_str(before);
        let name = match before.chars().last() {
            Some(quote @ ('"' | '\'')) => behind.split(quote).next(),
            Some('(') => behind.split(')').next(),
            _ => None,
        };
        // A query or fragment is the browser's and stays behind the address.
        let name = name.and_then(|name| name.split(['?', '#']).next()).filter(|name| !name.is_empty());
        rest = behind;
        match name {
            Some(name) => {
                rewritten.push_str(&escape(&usage::static_url(name)));
                rest = rest.get(name.len()..).unwrap_or_default();
            }
            None => rewritten.push_str(STATIC),
        }
    }
    rewritten.push_str(rest);
    rewritten
}
