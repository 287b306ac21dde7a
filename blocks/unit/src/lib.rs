//! Blocks one below the other: the page that a learner works through. A `vertical` of older courses is the same.

use blockhouse_sdk::prelude::*;

#[cfg(test)]
mod tests;

/// The fields.
#[derive(Fields)]
pub struct Unit {
    /// The name of this unit.
    #[field(scope = settings, default = "Unit", display_name = "Display Name")]
    display_name: Field<String>,
}

#[block(
    name = "unit",
    aliases = ["vertical"],
    display_name = "Unit",
    completion = aggregator,
    has_children
)]
impl Unit {
    fn student_view(&self) -> Result<Fragment> {
        let mut unit = Fragment::new("<div class=\"unit\">").css_url("public/unit.css");
        for child in usage::children() {
            unit.push("<section class=\"unit-block\">");
            unit.push_child(usage::render_child(&child)?);
            unit.push("</section>");
        }
        unit.push("</div>");
        Ok(unit)
    }

    /// The host renders the children in their public view then.
    fn public_view(&self) -> Result<Fragment> {
        self.student_view()
    }

    /// A unit is found by its name; its blocks are indexed themselves.
    fn index(&self) -> Result<Value> {
        Ok(json!({ "content": { "display_name": *self.display_name }, "content_type": "Sequence" }))
    }
}
