//! The form in which an author edits the text.

use blockhouse_sdk::prelude::*;
use serde::Deserialize;

/// What the form sends.
#[derive(Deserialize)]
pub(crate) struct Form {
    pub(crate) display_name: String,
    pub(crate) data: String,
}

pub(crate) fn render(display_name: &str, data: &str) -> Result<Fragment> {
    let html = format!(
        "<form class=\"html-editor\"><p><label>Name <input name=\"display_name\" value=\"{}\" required></label></p>\
         <p><label>Text, as HTML <textarea name=\"data\" rows=\"16\" spellcheck=\"true\">{}</textarea></label></p>\
         <p><button>Save</button> <span role=\"status\"></span></p></form>",
        escape(display_name),
        // A browser drops a line break at the beginning of a textarea.
        escape(&format!("\n{data}")),
    );
    Ok(Fragment::new(html)
        .css_url("public/html.css")
        .css_url("public/editor.css")
        .js_url("public/editor.js")
        .init("HtmlEditor"))
}
