//! The pages' templates, compiled into the binary. Values are escaped unless a template says `safe`.

use axum::response::Html;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use crate::error::HttpError;

const TEMPLATES: [(&str, &str); 10] = [
    ("base.html", include_str!("../templates/base.html")),
    ("courses.html", include_str!("../templates/courses.html")),
    ("outline.html", include_str!("../templates/outline.html")),
    ("unit.html", include_str!("../templates/unit.html")),
    ("error.html", include_str!("../templates/error.html")),
    ("author/libraries.html", include_str!("../templates/author/libraries.html")),
    ("author/library.html", include_str!("../templates/author/library.html")),
    ("author/block.html", include_str!("../templates/author/block.html")),
    ("author/team.html", include_str!("../templates/author/team.html")),
    ("frame.html", include_str!("../templates/frame.html")),
];

/// All templates.
pub(crate) struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    pub(crate) fn new() -> Result<Self, minijinja::Error> {
        let mut environment = Environment::new();
        // A misspelt name is an error, not an empty place on the page.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        for (name, source) in TEMPLATES {
            environment.add_template(name, source)?;
        }
        Ok(Self { environment })
    }

    pub(crate) fn render(&self, name: &str, values: impl Serialize) -> Result<Html<String>, HttpError> {
        Ok(Html(self.environment.get_template(name)?.render(Serde(values))?))
    }
}
