//! A fragment as a page can use it: wrapped, with absolute addresses (spec 2.8.2, 3.5.2).

use blockhouse_keys::{LearningContextKey, UsageKey};
use blockhouse_sandbox::Fragment;

use crate::escape::escape;
use crate::resolve::Loaded;
use crate::{Runtime, Urls, View};

/// What stands before the name of an author's file (spec 3.11.1).
const STATIC: &str = "/static/";

impl Runtime {
    /// What a block rendered, with addresses for its package's files.
    pub(crate) fn assemble_block(&self, block: &Loaded, view: View, mut fragment: Fragment) -> Fragment {
        let (definition, digest) = (block.block_type.definition(), block.block_type.digest());
        let urls = &*self.inner.parts.urls;
        fragment.resources.retain_mut(|resource| {
            if resource.kind == "url" && resource.data.starts_with("public/") {
                resource.data = urls.resource_url(&definition.name, digest, &resource.data);
            }
            let fetchable = resource.kind != "url" || is_web_address(&resource.data);
            if !fetchable {
                tracing::warn!(usage = %block.usage(), resource = resource.data, "not a web address, left out");
            }
            fetchable
        });
        self.assemble(block.usage(), view, fragment)
    }

    /// Wraps the content and makes authors' `/static/` references addresses of the context's files.
    pub(crate) fn assemble(&self, usage: &UsageKey, view: View, mut fragment: Fragment) -> Fragment {
        let urls = &*self.inner.parts.urls;
        if fragment.content.contains(STATIC) {
            fragment.content = replace_static(&fragment.content, &usage.context_key(), urls);
        }
        fragment.content = wrap(usage, view, &fragment);
        // The wrapper carries them from here on; a page that acted on both would start the block twice.
        (fragment.js_init_fn, fragment.js_init_version, fragment.json_init_args) = (None, None, None);
        fragment
    }
}

/// A resource is fetched from the web, or it comes with the package; no other scheme has a meaning here.
fn is_web_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The element that the browser's runtime finds a block by. Attribute values and arguments are escaped.
fn wrap(usage: &UsageKey, view: View, fragment: &Fragment) -> String {
    let view = view.name();
    let init = fragment
        .js_init_fn
        .as_deref()
        .map(|name| format!(" data-init=\"{}\" data-runtime-version=\"1\"", escape(name)))
        .unwrap_or_default();
    // `<` cannot occur in the JSON, so no argument can end the script element.
    let args = fragment
        .json_init_args
        .as_ref()
        .map(|args| {
            let json = args.to_string().replace('<', "\\u003c");
            format!("<script type=\"json/xblock-args\" class=\"xblock_json_init_args\">{json}</script>")
        })
        .unwrap_or_default();
    format!(
        "<div class=\"xblock-v1 xblock-v1-{view}\" data-usage=\"{}\" data-block-type=\"{}\"{init}>{}{args}</div>",
        escape(usage.as_str()),
        escape(usage.block_type()),
        fragment.content,
    )
}

/// Only where an attribute value or a CSS `url()` begins with it; `/static/` in running text stays.
fn replace_static(html: &str, context: &LearningContextKey, urls: &dyn Urls) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(STATIC) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let name = found.trim_start_matches(STATIC);
        let name = name.split(['"', '\'', ')', ' ', '<', '>', '&', '?', '#']).next().unwrap_or_default();
        rest = found.get(STATIC.len() + name.len()..).unwrap_or_default();
        if before.ends_with(['"', '\'', '(']) && !name.is_empty() && !name.contains("..") {
            out.push_str(&urls.static_url(context, name));
        } else {
            out.push_str(STATIC);
            out.push_str(name);
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use blockhouse_fields::UserId;

    use super::*;

    struct Plain;
    impl Urls for Plain {
        fn handler_url(&self, _: &UserId, usage: &UsageKey, handler: &str) -> String {
            format!("h:{usage}/{handler}")
        }
        fn resource_url(&self, block_type: &str, _: &str, path: &str) -> String {
            format!("r:{block_type}/{path}")
        }
        fn static_url(&self, _: &LearningContextKey, name: &str) -> String {
            format!("s:{name}")
        }
    }

    fn replaced(html: &str) -> String {
        replace_static(html, &"course-v1:A+B+C".parse().unwrap(), &Plain)
    }

    #[test]
    fn static_references_in_attributes_become_addresses() {
        assert_eq!(replaced("<img src=\"/static/a/b.png\">"), "<img src=\"s:a/b.png\">");
        assert_eq!(replaced("url(/static/x.svg)"), "url(s:x.svg)");
    }

    #[test]
    fn running_text_and_climbing_paths_stay() {
        assert_eq!(replaced("see /static/a.png"), "see /static/a.png");
        assert_eq!(replaced("'/static/../key'"), "'/static/../key'");
        assert_eq!(replaced("\"/static/\""), "\"/static/\"");
    }

    #[test]
    fn row_035_the_wrapper_escapes_attributes_and_arguments() {
        let usage: UsageKey = "block-v1:A+B+C+type@html+block@x".parse().unwrap();
        let fragment = Fragment {
            content: "hi".to_owned(),
            js_init_fn: Some("A\"B".to_owned()),
            json_init_args: Some(serde_json::json!("</script>")),
            ..Fragment::default()
        };
        let html = wrap(&usage, View::Student, &fragment);
        assert!(html.contains("data-init=\"A&quot;B\""));
        assert_eq!(html.matches("</script>").count(), 1);
    }
}
