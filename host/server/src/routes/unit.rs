//! `GET /learn/{context}/{unit}`: a unit's blocks, each in a frame of its own.
//!
//! The page never runs a block. It only says which frames to open, so no block can slow it down or break it.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use blockhouse_keys::UsageKey;
use blockhouse_runtime::{BlockInfo, COMPLETION_HANDLER, Urls, Version, View, Visitor};
use serde::Serialize;

use crate::deadline::Deadline;
use crate::error::HttpError;
use crate::frame_policy::sandbox;
use crate::identity::Identity;
use crate::offer::Offer;
use crate::outline::{Outline, Unit, is_list};
use crate::pages::{Chrome, page};
use crate::path::{self, Path};
use crate::progress::Progress;
use crate::session::Session;
use crate::state::AppState;

/// Frames that are loaded at once. Those below are loaded when the reader comes near them.
const EAGER_FRAMES: usize = 3;

/// How deep lists of blocks may stand inside one another before the rest is left to a frame.
const DEEPEST: usize = 4;

#[derive(Serialize)]
struct UnitPage<'a> {
    chrome: Chrome,
    course_title: &'a str,
    course_url: &'a str,
    section: Option<&'a str>,
    subsection: Option<&'a str>,
    siblings: &'a [Unit],
    unit: &'a Unit,
    previous: Option<&'a Unit>,
    next: Option<&'a Unit>,
    deadline: Option<&'a Deadline>,
    progress: Option<String>,
    offer: Option<Offer>,
    sandbox: &'a str,
    parts: Vec<Part>,
}

/// One block on the page.
#[derive(Serialize)]
struct Part {
    usage: String,
    title: String,
    block_type: String,
    /// The frame's address; none when the block's type is not installed.
    frame: Option<String>,
    lazy: bool,
    has_score: bool,
    /// Whether the block's own view says the score; the page's line is then for screen readers, which hear it change.
    shows_score: bool,
    score: Option<String>,
    done: bool,
    /// Where the page says that the block was seen; none when that does not complete it, or no more.
    seen: Option<String>,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    identity: Identity,
    session: Session,
    uri: Uri,
    Path((context, unit)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let (context, usage) = (path::context(&context)?, path::usage(&unit)?);
    let context = state.course(&context)?;
    let outline = Outline::of(&context);
    let place = outline
        .place(&usage)
        .ok_or_else(|| HttpError::not_found(format!("`{}` has no unit `{usage}`", outline.title)))?;

    let view = if identity.is_anonymous() { View::Public } else { View::Student };
    let blocks = blocks(&state, &identity.visitor, &usage).await?;
    let scores = scores(&state, &identity.visitor, &blocks).await?;
    let progress = Progress::of(&state, &identity.visitor, context.key()).await?;
    let texts = state.templates().texts();
    let language = texts.language(&identity.visitor.locale);
    let tally = progress.as_ref().map(|progress| progress.tally(blocks.iter().map(|block| &block.usage)));
    let done =
        |usage: &UsageKey| progress.as_ref().and_then(|progress| progress.is_done(usage)).unwrap_or_default();
    let parts: Vec<_> = blocks
        .into_iter()
        .enumerate()
        .map(|(position, block)| Part {
            done: done(&block.usage),
            seen: (progress.is_some() && block.completed_by_viewing && !done(&block.usage)).then(|| {
                let (user, usage) = (&identity.visitor.user, &block.usage);
                state.urls().handler_url(user, usage, Version::Published, COMPLETION_HANDLER)
            }),
            usage: block.usage.to_string(),
            frame: block
                .installed
                .then(|| state.urls().frame(&identity.visitor, &block.usage, Version::Published, view)),
            lazy: position >= EAGER_FRAMES,
            has_score: block.has_score,
            shows_score: block.shows_score,
            score: scores.get(&block.usage).map(|score| texts.score(language, *score)),
            title: block.display_name,
            block_type: block.block_type,
        })
        .collect();

    let values = UnitPage {
        chrome: Chrome::in_language(&state, &identity.session, uri.path(), &identity.visitor.locale).await,
        course_title: &outline.title,
        course_url: &outline.url,
        section: place.section.title.as_deref(),
        subsection: place.subsection.title.as_deref(),
        siblings: &place.subsection.units,
        unit: place.unit,
        previous: place.previous,
        next: place.next,
        deadline: place.subsection.deadline.as_ref(),
        progress: tally.and_then(|tally| texts.progress(language, tally)),
        offer: Offer::of(&state, &session, &identity.visitor, context.key(), uri.path()).await,
        sandbox: sandbox(state.urls().frames().is_some()),
        parts,
    };
    let html = state.templates().render("unit.html", values)?;
    Ok(identity.answer(&state, page(html)))
}

/// The blocks that a unit's page shows, in order.
pub(super) async fn blocks(
    state: &AppState,
    visitor: &Visitor,
    unit: &UsageKey,
) -> Result<Vec<BlockInfo>, HttpError> {
    let mut blocks = Vec::new();
    // What is still to be opened, with its depth; the next one is last.
    let mut pending = vec![(unit.clone(), 0)];
    while let Some((usage, depth)) = pending.pop() {
        let block = state.runtime().block(visitor, &usage, Version::Published).await?;
        if is_list(&block.block_type) && depth < DEEPEST {
            pending.extend(block.children.into_iter().rev().map(|child| (child, depth + 1)));
        } else {
            blocks.push(block);
        }
    }
    Ok(blocks)
}

/// The scores of those that can have one.
pub(super) async fn scores(
    state: &AppState,
    visitor: &Visitor,
    blocks: &[BlockInfo],
) -> Result<std::collections::HashMap<UsageKey, blockhouse_runtime::Score>, HttpError> {
    let scored: Vec<_> =
        blocks.iter().filter(|block| block.has_score).map(|block| block.usage.clone()).collect();
    Ok(state.runtime().scores(visitor, &scored).await?)
}
