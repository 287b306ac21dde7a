//! Blocks of several courses and libraries in an order of their own: a kind of learning context, and the block that shows
//! all of its steps one below the other.
//!
//! A pathway's document is JSON (`document.rs`). Its blocks have keys of the pathway, so what a learner does there is
//! kept apart from what the same learner does where the content comes from.

use blockhouse_sdk::prelude::*;

mod document;
#[cfg(test)]
mod tests;

pub use document::Document;

/// The fields.
#[derive(Fields)]
pub struct Pathway {
    /// The name of this pathway.
    #[field(scope = settings, default = "Pathway", display_name = "Display Name")]
    display_name: Field<String>,
}

#[block(name = "pathway", display_name = "Pathway", completion = aggregator, has_children)]
impl Pathway {
    fn student_view(&self) -> Result<Fragment> {
        let mut steps = Fragment::new("<ol class=\"pathway\">").css_url("public/pathway.css");
        for child in usage::children() {
            steps.push("<li>");
            steps.push_child(usage::render_child(&child)?);
            steps.push("</li>");
        }
        steps.push("</ol>");
        Ok(steps)
    }

    /// The host renders the steps in their public view then.
    fn public_view(&self) -> Result<Fragment> {
        self.student_view()
    }

    /// A pathway is found by its name; its steps are indexed where they come from.
    fn index(&self) -> Result<Value> {
        Ok(json!({ "content": { "display_name": *self.display_name }, "content_type": "Sequence" }))
    }

    fn learning_context(document: &str) -> Result<Document> {
        Document::read(document)
    }
}
