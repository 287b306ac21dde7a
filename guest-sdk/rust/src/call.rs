//! The frame around one call: a block whose fields are read on demand, the method, then the changed fields.
//!
//! Everything that a call ends with passes here, in a component and under `TestHost` alike. The error is the
//! text of the WIT record `failure`: nothing that the call wrote is kept.

use std::cell::RefCell;

use crate::block::{
    AnswersForContexts, AuthorView, Block, Grading, Handlers, Indexing, Olx, OlxWriter, OnReset, PublicView,
    StudentView, StudentViewData, StudioView,
};
use crate::learning_context::{Answer, Question};
use crate::{Error, Fragment, Request, Reset, Response, Result};

thread_local! {
    /// Why the running call cannot end well although its method may not have noticed.
    static FAILED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Lets the running call fail, from where no error can be returned. The first reason stays.
pub(crate) fn fail(error: Error) {
    FAILED.with_borrow_mut(|failed| {
        failed.get_or_insert_with(|| error.into_message());
    });
}

fn framed<B: Block, T>(method: impl FnOnce(&mut B) -> Result<T>) -> Result<T, String> {
    FAILED.take();
    let mut block = B::load();
    let answer = method(&mut block).map_err(Error::into_message)?;
    block.save().map_err(Error::into_message)?;
    FAILED.take().map_or(Ok(answer), Err)
}

pub(crate) fn student_view<B: StudentView>(context: &str) -> Result<Fragment, String> {
    framed(|block: &mut B| block.render(context))
}

pub(crate) fn public_view<B: PublicView>(context: &str) -> Result<Fragment, String> {
    framed(|block: &mut B| block.render(context))
}

pub(crate) fn author_view<B: AuthorView>(context: &str) -> Result<Fragment, String> {
    framed(|block: &mut B| block.render(context))
}

pub(crate) fn studio_view<B: StudioView>(context: &str) -> Result<Fragment, String> {
    framed(|block: &mut B| block.render(context))
}

/// An error with a status is an answer like any other: the call ended well and its writes are kept (spec 2.9.3).
pub(crate) fn handle<B: Handlers>(name: &str, request: &Request) -> Result<Response, String> {
    framed(|block: &mut B| match block.handle(name, request) {
        Err(Error::Status { status, message }) => Ok(Response::error(status, &message)),
        answer => answer,
    })
}

pub(crate) fn parse_olx<B: Olx>(element: &str) -> Result<String, String> {
    B::parse(element).map_err(Error::into_message)
}

pub(crate) fn write_olx<B: OlxWriter>(element: &str, fields: &str) -> Result<String, String> {
    B::write(element, fields).map_err(Error::into_message)
}

pub(crate) fn learning_context<B: AnswersForContexts>(
    document: &str,
    question: &Question,
) -> Result<Answer, String> {
    B::answer(document, question).map_err(Error::into_message)
}

pub(crate) fn max_score<B: Grading>() -> Result<f64, String> {
    framed(B::max_score)
}

pub(crate) fn index<B: Indexing>() -> Result<String, String> {
    framed(B::index)
}

pub(crate) fn student_view_data<B: StudentViewData>() -> Result<String, String> {
    framed(B::data)
}

pub(crate) fn on_reset<B: OnReset>(reset: Reset) -> Result<(), String> {
    framed(|block: &mut B| block.on_reset(reset))
}
