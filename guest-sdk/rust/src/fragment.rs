//! What a view returns: HTML, what it needs on its page, and how its script starts (spec 2.7).

use serde::Serialize;
use serde_json::Value;

use crate::{Error, Result};

/// A rendered view. Every method adds to it and hands it on.
///
/// ```
/// # use blockhouse_sdk::Fragment;
/// let fragment = Fragment::new("<p>Hello</p>").css_url("public/hello.css").js_url("public/hello.js").init("Hello");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fragment {
    /// HTML.
    pub content: String,
    /// In order, without repetitions.
    pub resources: Vec<Resource>,
    /// The global JavaScript function that starts the block's page.
    pub init_function: Option<String>,
    /// That function's third argument.
    pub init_arguments: Option<Value>,
}

/// A script, style sheet or snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Whether `data` is the resource itself or says where it is.
    pub kind: ResourceKind,
    /// The text, or a URL: `https:`, or a path that begins with `public/`.
    pub data: String,
    /// `text/css`, `application/javascript` or `text/html`.
    pub mimetype: String,
    /// Where on the page it belongs.
    pub placement: Placement,
}

/// How a resource's data is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// The resource itself.
    Text,
    /// Where it is.
    Url,
}

/// Where a resource goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Before the content.
    Head,
    /// After the content.
    Foot,
}

const CSS: &str = "text/css";
const JAVASCRIPT: &str = "application/javascript";

impl Fragment {
    /// A fragment of this HTML. What a learner or author wrote has to pass [`crate::escape`] first.
    pub fn new(content: impl Into<String>) -> Self {
        Fragment { content: content.into(), ..Fragment::default() }
    }

    /// Appends HTML.
    pub fn push(&mut self, html: &str) {
        self.content.push_str(html);
    }

    /// Appends a child's HTML and takes over what the child needs.
    pub fn push_child(&mut self, child: Fragment) {
        self.content.push_str(&child.content);
        for resource in child.resources {
            self.add(resource);
        }
    }

    /// A style sheet.
    pub fn css(self, text: impl Into<String>) -> Self {
        self.with(ResourceKind::Text, text.into(), CSS, Placement::Head)
    }

    /// A style sheet of the package, for instance `public/poll.css`.
    pub fn css_url(self, url: impl Into<String>) -> Self {
        self.with(ResourceKind::Url, url.into(), CSS, Placement::Head)
    }

    /// A script.
    pub fn js(self, text: impl Into<String>) -> Self {
        self.with(ResourceKind::Text, text.into(), JAVASCRIPT, Placement::Foot)
    }

    /// A script of the package, for instance `public/poll.js`.
    pub fn js_url(self, url: impl Into<String>) -> Self {
        self.with(ResourceKind::Url, url.into(), JAVASCRIPT, Placement::Foot)
    }

    /// The global JavaScript function that the page calls as `new Init(runtime, element, args)` (spec 2.17.1).
    pub fn init(mut self, function: impl Into<String>) -> Self {
        self.init_function = Some(function.into());
        self
    }

    /// The third argument of the function given to [`Fragment::init`].
    pub fn init_args(mut self, args: impl Serialize) -> Result<Self> {
        self.init_arguments = Some(serde_json::to_value(args).map_err(Error::from)?);
        Ok(self)
    }

    /// Adds a resource unless an equal one is there: the first position wins (spec 2.7.2).
    pub fn add(&mut self, resource: Resource) {
        if !self.resources.contains(&resource) {
            self.resources.push(resource);
        }
    }

    fn with(mut self, kind: ResourceKind, data: String, mimetype: &str, placement: Placement) -> Self {
        self.add(Resource { kind, data, mimetype: mimetype.to_owned(), placement });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_036_an_identical_resource_counts_once_at_its_first_position() {
        let fragment = Fragment::new("").css("a{}").js("f()").css("a{}");
        let kinds: Vec<_> = fragment.resources.iter().map(|resource| resource.mimetype.as_str()).collect();
        assert_eq!(kinds, [CSS, JAVASCRIPT]);
    }

    #[test]
    fn a_script_goes_to_the_foot_and_a_style_sheet_to_the_head() {
        let fragment = Fragment::new("").js_url("public/a.js").css_url("public/a.css");
        let placements: Vec<_> = fragment.resources.iter().map(|resource| resource.placement).collect();
        assert_eq!(placements, [Placement::Foot, Placement::Head]);
    }

    #[test]
    fn a_child_brings_its_content_and_its_resources() {
        let mut parent = Fragment::new("<h1>").css("a{}");
        parent.push_child(Fragment::new("<p>").css("a{}").css("b{}").init("Child"));
        assert_eq!(parent.content, "<h1><p>");
        assert_eq!(parent.resources.len(), 2);
        assert_eq!(parent.init_function, None);
    }
}
