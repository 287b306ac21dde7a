//! What a block is to its host: one trait for each WIT interface that a block can export.
//!
//! `#[block]` implements those for which the block has a method, so what a block can do is visible in its type.
//! A block author meets these traits only as bounds of `TestHost`.

use crate::learning_context::{Answer, Question};
use crate::{Definition, FieldDeclaration, Fragment, Request, Reset, Response, Result};

/// The fields of a block; `#[derive(Fields)]` implements it.
pub trait Fields: Sized {
    /// How the fields are declared, in the order of the struct.
    fn declarations() -> Vec<FieldDeclaration>;
    /// A block whose fields are still to be read.
    fn load() -> Self;
    /// Hands the changed fields to the host.
    fn save(&mut self) -> Result<()>;
}

/// Every block: the interface `definition`.
pub trait Block: Fields {
    /// What the block type says of itself. It is the same every time.
    fn definition() -> Definition;
}

/// The interface `student-view`.
pub trait StudentView: Block {
    /// Renders; `context` is a JSON object.
    fn render(&mut self, context: &str) -> Result<Fragment>;
}

/// The interface `public-view`.
pub trait PublicView: Block {
    /// Renders; `context` is a JSON object.
    fn render(&mut self, context: &str) -> Result<Fragment>;
}

/// The interface `author-view`.
pub trait AuthorView: Block {
    /// Renders; `context` is a JSON object.
    fn render(&mut self, context: &str) -> Result<Fragment>;
}

/// The interface `studio-view`.
pub trait StudioView: Block {
    /// Renders; `context` is a JSON object.
    fn render(&mut self, context: &str) -> Result<Fragment>;
}

/// The interface `handlers`.
pub trait Handlers: Block {
    /// Calls the handler `name`; a response with status 404 where there is none.
    fn handle(&mut self, name: &str, request: &Request) -> Result<Response>;
}

/// The interface `olx`.
pub trait Olx: Block {
    /// The field values, a JSON object, that the element means.
    fn parse(element: &str) -> Result<String>;
}

/// The interface `olx-writer`.
pub trait OlxWriter: Block {
    /// The element that means these fields, a JSON object; `element` is the one before.
    fn write(element: &str, fields: &str) -> Result<String>;
}

/// The interface `learning-context`.
pub trait AnswersForContexts: Block {
    /// Answers one question about the context with this document.
    fn answer(document: &str, question: &Question) -> Result<Answer>;
}

/// The interface `grading`.
pub trait Grading: Block {
    /// The most points that a learner can earn here, before any weight.
    fn max_score(&mut self) -> Result<f64>;
}

/// The interface `indexing`.
pub trait Indexing: Block {
    /// A JSON object with `content` and `content_type` (spec 2.16.1).
    fn index(&mut self) -> Result<String>;
}

/// The interface `student-view-data`.
pub trait StudentViewData: Block {
    /// JSON that is the same for every learner (spec 2.16.2).
    fn data(&mut self) -> Result<String>;
}

/// The interface `reset`.
pub trait OnReset: Block {
    /// An operator takes away what the learner has; everything is still there.
    fn on_reset(&mut self, reset: Reset) -> Result<()>;
}
