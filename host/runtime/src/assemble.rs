//! A fragment as a page can use it: wrapped, with absolute addresses (spec 2.8.2, 3.5.2).

use blockhouse_content::Definition;
use blockhouse_fields::FrameLibrary;
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::{Fragment, Resource};

use crate::escape::escape;
use crate::resolve::Loaded;
use crate::{Runtime, Urls, View};

/// Where a block finds the files of its author.
pub(crate) struct Files<'a> {
    definition: &'a Definition,
    urls: &'a dyn Urls,
}

impl Files<'_> {
    /// The address of `/static/NAME`; itself when the block has no such file.
    pub(crate) fn url(&self, name: &str) -> String {
        let usage = self.definition.owner_of_files();
        if self.definition.files.is_none() {
            return self.urls.static_url(&usage.context_key(), name);
        }
        match self.definition.own_file(name) {
            Some((name, hash)) => self.urls.file_url(usage, hash, name),
            None => format!("{STATIC}{name}"),
        }
    }
}

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
        // Before the block's own, which use them. What several blocks of a page ask for is there once.
        let libraries =
            FrameLibrary::ALL.iter().filter(|library| definition.frame_libraries.contains(library));
        let resources = libraries.map(|library| script(urls.frame_library_url(*library)));
        fragment.resources.splice(..0, resources);
        // What an author edits is shown as it is: it comes back from the page and is stored.
        if view != View::Studio && fragment.content.contains(STATIC) {
            fragment.content = replace_static(&fragment.content, &self.files(&block.definition));
        }
        self.assemble(block.usage(), view, fragment)
    }

    /// The files of a block's author.
    pub(crate) fn files<'a>(&'a self, definition: &'a Definition) -> Files<'a> {
        Files { definition, urls: &*self.inner.parts.urls }
    }

    /// Wraps the content.
    pub(crate) fn assemble(&self, usage: &UsageKey, view: View, mut fragment: Fragment) -> Fragment {
        fragment.content = wrap(usage, view, &fragment);
        // The wrapper carries them from here on; a page that acted on both would start the block twice.
        (fragment.js_init_fn, fragment.js_init_version, fragment.json_init_args) = (None, None, None);
        fragment
    }
}

fn script(url: String) -> Resource {
    Resource {
        kind: "url".to_owned(),
        data: url,
        mimetype: "application/javascript".to_owned(),
        placement: "head".to_owned(),
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
fn replace_static(html: &str, files: &Files<'_>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(STATIC) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let name = found.trim_start_matches(STATIC);
        let name = name.split(['"', '\'', ')', ' ', '<', '>', '&', '?', '#']).next().unwrap_or_default();
        rest = found.get(STATIC.len() + name.len()..).unwrap_or_default();
        if before.ends_with(['"', '\'', '(']) && !name.is_empty() && !name.contains("..") {
            out.push_str(&files.url(name));
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

    use blockhouse_content::Version;
    use blockhouse_fields::UserId;
    use blockhouse_keys::LearningContextKey;

    use super::*;

    struct Plain;
    impl Urls for Plain {
        fn handler_url(&self, _: &UserId, usage: &UsageKey, _: Version, handler: &str) -> String {
            format!("h:{usage}/{handler}")
        }
        fn resource_url(&self, block_type: &str, _: &str, path: &str) -> String {
            format!("r:{block_type}/{path}")
        }
        fn frame_library_url(&self, library: FrameLibrary) -> String {
            format!("l:{}", library.name())
        }
        fn static_url(&self, _: &LearningContextKey, name: &str) -> String {
            format!("s:{name}")
        }
        fn file_url(&self, _: &UsageKey, hash: &str, name: &str) -> String {
            format!("f:{hash}/{name}")
        }
    }

    fn definition(files: Option<&[(&str, &str)]>) -> Definition {
        let owned = |(name, hash): &(&str, &str)| ((*name).to_owned(), (*hash).to_owned());
        let usage = "block-v1:A+B+C+type@html+block@x".parse().unwrap();
        let files = files.map(|files| files.iter().map(owned).collect());
        Definition { files, ..Definition::of_element(&usage, "<html/>") }
    }

    fn replaced(html: &str) -> String {
        replace_static(html, &Files { definition: &definition(None), urls: &Plain })
    }

    #[test]
    fn row_125_a_block_with_files_of_its_own_names_the_very_bytes() {
        let definition = definition(Some(&[("a b.png", "12ab")]));
        let files = Files { definition: &definition, urls: &Plain };
        assert_eq!(replace_static("<img src='/static/a%20b.png'>", &files), "<img src='f:12ab/a b.png'>");
        assert_eq!(replace_static("<img src='/static/other.png'>", &files), "<img src='/static/other.png'>");
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

    /// What the recorded class shows in a view, before it is wrapped. Any other name is no view here: a block has those
    /// that the contract has an interface for.
    fn recorded_view(name: &str) -> Option<(View, Fragment)> {
        let (view, content, init) = match name {
            "student_view" => (View::Student, "<p>0</p>", Some("H")),
            "public_view" => (View::Public, "public", None),
            _ => return None,
        };
        let fragment = Fragment {
            content: content.to_owned(),
            js_init_fn: init.map(str::to_owned),
            json_init_args: init.map(|_| serde_json::json!({"n": 0})),
            ..Fragment::default()
        };
        Some((view, fragment))
    }

    #[test]
    fn golden_views_are_wrapped_as_recorded() {
        let own = || std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors"));
        let directory = std::env::var_os("BLOCKHOUSE_VECTORS").map_or_else(own, std::path::PathBuf::from);
        let text = std::fs::read(directory.join("handlers.json")).unwrap();
        let file: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let usage: UsageKey = "lb:A:B:h:us".parse().unwrap();
        let mut compared = 0;
        for row in file["views"].as_array().unwrap() {
            let Some((view, fragment)) = recorded_view(row["view"].as_str().unwrap()) else { continue };
            // The recording has no real key, other quotes, and spaces in its JSON.
            let recorded = row["out"]["content"].as_str().unwrap().replace('\'', "\"");
            let recorded = recorded.replace("\"us\"", "\"lb:A:B:h:us\"").replace("\"n\": 0", "\"n\":0");
            assert_eq!(wrap(&usage, view, &fragment), recorded, "{row}");
            compared += 1;
        }
        assert!(compared > 0);
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
