//! Text that an author wrote in HTML.

use blockhouse_sdk::prelude::*;
use blockhouse_sdk::serde_json::Map;

mod editor;
mod inner_html;
mod plain_text;
mod substitutions;
#[cfg(test)]
mod tests;

/// The fields (spec 9.2).
#[derive(Fields)]
pub struct Html {
    /// The name of this component.
    #[field(scope = settings, default = "Text", display_name = "Display Name")]
    display_name: Field<String>,
    /// The text, as HTML.
    #[field(scope = content, display_name = "HTML contents")]
    data: Field<String>,
    /// Another format from which the HTML was made, for instance LaTeX.
    #[field(scope = settings)]
    source_code: Field<String>,
    /// Whether the source is LaTeX.
    #[field(scope = settings)]
    use_latex_compiler: Field<bool>,
    /// The editor that opens in the studio: one that shows the text as it will look, or one that shows the tags.
    #[field(scope = settings, default = "visual", values = ["visual", "raw"])]
    editor: Field<String>,
}

#[block(name = "html", display_name = "Text")]
impl Html {
    fn student_view(&self) -> Result<Fragment> {
        Ok(Fragment::new(substitutions::apply(&self.data)).css_url("public/html.css"))
    }

    fn public_view(&self) -> Result<Fragment> {
        self.student_view()
    }

    /// The HTML and its name in a form.
    fn studio_view(&self) -> Result<Fragment> {
        editor::render(&self.display_name, &self.data)
    }

    /// Takes the form. The fields become the block's next draft.
    #[handler]
    fn studio_submit(&mut self, form: editor::Form) -> Result<Value> {
        *self.display_name = form.display_name;
        *self.data = form.data;
        Ok(json!({ "result": "success" }))
    }

    /// The author's HTML is the element's content; attributes are settings.
    fn parse_olx(element: &str) -> Result<Value> {
        let document = roxmltree::Document::parse(element)?;
        let root = document.root_element();
        let attributes = root.attributes().map(|attribute| (attribute.name(), attribute.value()));
        let mut fields = blockhouse_sdk::olx::attributes::<Self>(attributes);
        fields.insert("data".to_owned(), inner_html::inner_html(root).into());
        Ok(Value::Object(fields))
    }

    fn write_olx(element: &str, mut fields: Map<String, Value>) -> Result<String> {
        let tag = roxmltree::Document::parse(element)?.root_element().tag_name().name().to_owned();
        let data = fields.remove("data");
        let html = data.as_ref().and_then(Value::as_str).unwrap_or_default();
        Ok(blockhouse_sdk::olx::element(&tag, &fields, html))
    }

    fn index(&self) -> Result<Value> {
        Ok(json!({
            "content": {
                "display_name": *self.display_name,
                "html_content": plain_text::plain_text(&self.data),
            },
            "content_type": "Text",
        }))
    }

    /// Links are the author's: this is the same for every learner and shown elsewhere.
    fn student_view_data(&self) -> Result<Value> {
        Ok(json!({ "enabled": true, "html": *self.data }))
    }
}
