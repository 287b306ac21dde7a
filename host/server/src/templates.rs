//! The pages' templates, compiled into the binary. Values are escaped unless a template says `safe`.

use std::sync::Arc;

use axum::response::Html;
use blockhouse_i18n::Argument;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{Environment, State, UndefinedBehavior};
use serde::Serialize;

use crate::ServeError;
use crate::error::HttpError;
use crate::texts::Texts;

const TEMPLATES: [(&str, &str); 12] = [
    ("base.html", include_str!("../templates/base.html")),
    ("courses.html", include_str!("../templates/courses.html")),
    ("outline.html", include_str!("../templates/outline.html")),
    ("unit.html", include_str!("../templates/unit.html")),
    ("offer.html", include_str!("../templates/offer.html")),
    ("error.html", include_str!("../templates/error.html")),
    ("author/libraries.html", include_str!("../templates/author/libraries.html")),
    ("author/library.html", include_str!("../templates/author/library.html")),
    ("author/block.html", include_str!("../templates/author/block.html")),
    ("author/team.html", include_str!("../templates/author/team.html")),
    ("admin/blocks.html", include_str!("../templates/admin/blocks.html")),
    ("frame.html", include_str!("../templates/frame.html")),
];

/// All templates.
pub(crate) struct Templates {
    texts: Arc<Texts>,
    environment: Environment<'static>,
}

impl Templates {
    pub(crate) fn new() -> Result<Self, ServeError> {
        let texts = Arc::new(Texts::new()?);
        let mut environment = Environment::new();
        // A misspelt name is an error, not an empty place on the page.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        for (name, source) in TEMPLATES {
            environment.add_template(name, source)?;
        }
        let words = Arc::clone(&texts);
        environment.add_function("text", move |state: &State<'_, '_>, id: &str, values: Kwargs| {
            text(&words, state, id, &values)
        });
        Ok(Self { texts, environment })
    }

    /// The words of the pages.
    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }

    pub(crate) fn render(&self, name: &str, values: impl Serialize) -> Result<Html<String>, HttpError> {
        Ok(Html(self.environment.get_template(name)?.render(Serde(values))?))
    }
}

/// `text("id", name=value)` in a template: in the page's language.
fn text(texts: &Texts, state: &State<'_, '_>, id: &str, values: &Kwargs) -> Result<String, minijinja::Error> {
    let chrome = state.lookup("chrome").unwrap_or_default();
    let language = chrome.get_attr("language")?;
    let arguments = values
        .args()
        .map(|name| Ok((name, argument(&values.get::<Value>(name)?))))
        .collect::<Result<Vec<_>, minijinja::Error>>()?;
    Ok(texts.text(language.as_str().unwrap_or_default(), id, &arguments))
}

fn argument(value: &Value) -> Argument {
    match value.as_i64() {
        Some(number) => Argument::Number(number as f64),
        None => Argument::Text(value.to_string()),
    }
}
