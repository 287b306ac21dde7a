//! The document of a block's frame: the fragment, what it needs, and the script that starts it.
//!
//! Its content is the block's, unescaped. That is safe only together with the policy of [`frame_policy`], so the two
//! are never sent apart.

use std::collections::BTreeMap;

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{IntoResponse, Response};
use blockhouse_i18n::Direction;
use blockhouse_keys::UsageKey;
use blockhouse_runtime::{Fragment, Resource, RuntimeError, Urls, Version, Visitor, card};
use serde::Serialize;

use crate::error::HttpError;
use crate::frame_policy;
use crate::state::AppState;

/// What stands in a handler URL for the handler's name; the frame's script puts the name there (spec 2.17.6).
const HANDLER_NAME: &str = "handler_name";

/// A frame's document.
pub(crate) struct FramePage<'a> {
    /// What the document is called.
    pub(crate) title: &'a str,
    /// Whether the document shows it, too.
    pub(crate) shows_title: bool,
    /// The language of its text.
    pub(crate) locale: &'a str,
    /// What to show.
    pub(crate) fragment: &'a Fragment,
    /// The address of each block's handlers, with `handler_name` for the handler's name.
    pub(crate) handler_urls: BTreeMap<String, String>,
    /// The number of the draft that is edited in it; none where nothing is.
    pub(crate) draft: Option<u64>,
    /// The other sites whose pages may hold it.
    pub(crate) ancestors: &'a [String],
    /// Whether it is at a host that is its own.
    pub(crate) has_origin: bool,
}

/// What the template is given.
#[derive(Serialize)]
struct Document<'a> {
    title: &'a str,
    shows_title: bool,
    locale: &'a str,
    direction: &'a str,
    assets: &'a str,
    content: &'a str,
    head: String,
    foot: String,
    handler_urls: String,
    draft: Option<u64>,
}

impl FramePage<'_> {
    /// The document with its policy.
    pub(crate) fn render(&self, state: &AppState) -> Result<Response, HttpError> {
        // `<` cannot occur in the JSON, so it cannot end its script element.
        let handler_urls = serde_json::json!(self.handler_urls).to_string().replace('<', "\\u003c");
        let html = state.templates().render(
            "frame.html",
            Document {
                title: self.title,
                shows_title: self.shows_title,
                locale: self.locale,
                direction: Direction::of(self.locale).html(),
                assets: state.assets().base(),
                content: &self.fragment.content,
                head: markup(&self.fragment.resources, "head"),
                foot: markup(&self.fragment.resources, "foot"),
                handler_urls,
                draft: self.draft,
            },
        )?;
        let policy =
            frame_policy::policy(self.fragment, state.urls().origin(), self.ancestors, self.has_origin);
        let caching = axum::http::HeaderValue::from_static("private, no-store");
        Ok(([(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, caching)], html).into_response())
    }

    /// The card of a block that cannot be shown. `message` is for whoever looks.
    pub(crate) fn failure(
        state: &AppState,
        error: Option<&RuntimeError>,
        message: &str,
        id: &str,
    ) -> Response {
        let mut fragment = match error {
            Some(error) => card(error, Some(id)),
            None => plain_card(message, id),
        };
        if error.is_some() && state.config().development {
            fragment.content.push_str(&format!("<pre class=\"bh-card-detail\">{}</pre>", escape(message)));
        }
        let document = FramePage {
            title: "Notice",
            shows_title: false,
            locale: "en",
            fragment: &fragment,
            handler_urls: BTreeMap::new(),
            draft: None,
            ancestors: state.embed_origins(),
            has_origin: false,
        };
        // Should the template be broken, the card alone still says it.
        document.render(state).unwrap_or_else(|_| fragment.content.into_response())
    }
}

/// The handler addresses of a block and of everything inside it, for one visitor.
pub(crate) async fn handler_urls(
    state: &AppState,
    visitor: &Visitor,
    usage: &UsageKey,
    version: Version,
) -> BTreeMap<String, String> {
    let mut urls = BTreeMap::new();
    let mut pending = vec![(usage.clone(), version)];
    while let Some((usage, version)) = pending.pop() {
        let text = usage.to_string();
        if urls.contains_key(&text) {
            continue;
        }
        urls.insert(text, state.urls().handler_url(&visitor.user, &usage, version, HANDLER_NAME));
        let block = state.runtime().block(visitor, &usage, version).await;
        let children = block.map(|block| block.children).unwrap_or_default();
        pending.extend(children.into_iter().map(|child| (child, version.of_children())));
    }
    urls
}

/// The HTML of the resources of one placement (spec 2.7.2).
fn markup(resources: &[Resource], placement: &str) -> String {
    resources.iter().filter(|resource| resource.placement == placement).map(element).collect()
}

fn element(resource: &Resource) -> String {
    let Resource { kind, data, mimetype, .. } = resource;
    match (kind.as_str(), mimetype.as_str()) {
        ("text", "text/css") => format!("<style>{data}</style>\n"),
        ("text", "application/javascript") => format!("<script>{data}</script>\n"),
        ("text", "text/html") => format!("{data}\n"),
        ("url", "text/css") => format!("<link rel=\"stylesheet\" href=\"{}\">\n", escape(data)),
        ("url", "application/javascript") => {
            format!("<script src=\"{}\"></script>\n", escape(data))
        }
        _ => {
            tracing::warn!(kind, mimetype, "a resource of this kind has no place on a page and is left out");
            String::new()
        }
    }
}

fn plain_card(message: &str, id: &str) -> Fragment {
    let (message, id) = (escape(message), escape(id));
    let content = format!(
        "<div class=\"bh-card bh-card-error\" role=\"note\"><p>{message}</p>\
         <p class=\"bh-card-id\">Reference: <code>{id}</code></p></div>"
    );
    Fragment { content, ..Fragment::default() }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(kind: &str, mimetype: &str, data: &str) -> Resource {
        Resource {
            kind: kind.to_owned(),
            data: data.to_owned(),
            mimetype: mimetype.to_owned(),
            placement: "head".to_owned(),
        }
    }

    #[test]
    fn each_kind_of_resource_has_its_element() {
        assert_eq!(element(&resource("text", "text/css", "p{}")), "<style>p{}</style>\n");
        assert_eq!(
            element(&resource("url", "application/javascript", "/a.js")),
            "<script src=\"/a.js\"></script>\n"
        );
        assert_eq!(element(&resource("text", "text/html", "<b>")), "<b>\n");
    }

    /// Markup without what makes no difference to a browser: quotes, the types that are the default, line breaks beside
    /// a text, and an ampersand that is escaped or not.
    fn meaning(html: &str) -> String {
        let plain = html.replace('\'', "\"").replace('\n', "").replace("&amp;", "&");
        [" type=\"text/css\"", " type=\"application/javascript\""]
            .iter()
            .fold(plain, |html, default| html.replace(default, ""))
    }

    #[test]
    fn golden_resources_become_the_recorded_elements() {
        let own = || std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors"));
        let directory = std::env::var_os("BLOCKHOUSE_VECTORS").map_or_else(own, std::path::PathBuf::from);
        let text = std::fs::read(directory.join("fragments.json")).unwrap();
        let file: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let mut compared = 0;
        for row in file["fragments"].as_array().unwrap() {
            let fragment: Fragment = serde_json::from_value(row["to_dict"].clone()).unwrap();
            for placement in ["head", "foot"] {
                // A failure is recorded where a resource has no place on a page; the sandbox lets none through.
                let Some(recorded) = row[format!("{placement}_html")].as_str() else { continue };
                assert_eq!(meaning(&markup(&fragment.resources, placement)), meaning(recorded), "{row}");
                compared += 1;
            }
        }
        assert!(compared > 0);
    }

    #[test]
    fn an_address_cannot_leave_its_attribute() {
        assert!(!element(&resource("url", "text/css", "\"><script>")).contains("<script>"));
    }

    #[test]
    fn a_resource_of_an_unknown_type_is_left_out() {
        assert_eq!(element(&resource("url", "text/html", "/a.html")), "");
    }

    #[test]
    fn resources_go_where_they_belong() {
        let resources = [resource("text", "text/css", "a"), resource("text", "text/css", "b")];
        assert_eq!(markup(&resources, "head"), "<style>a</style>\n<style>b</style>\n");
        assert_eq!(markup(&resources, "foot"), "");
    }
}
