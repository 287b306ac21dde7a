//! The life of a view: admitted, resolved, prefetched, called, committed, assembled; or, when it is one for everybody,
//! taken from those that are kept.

use blockhouse_content::{Access, Version};
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::{Call, Export, Fragment, Output};

use crate::call::Stage;
use crate::commit::with_retries;
use crate::resolve::Loaded;
use crate::{BlockInfo, Runtime, RuntimeError, Visitor};

/// Which of a block's views is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// For registered learners.
    Student,
    /// For visitors without an account.
    Public,
    /// For authors, between other blocks.
    Author,
    /// Where authors edit the block.
    Studio,
}

impl View {
    /// All of them.
    pub const ALL: [View; 4] = [View::Student, View::Public, View::Author, View::Studio];

    /// The name that Open edX gives it.
    pub fn name(self) -> &'static str {
        match self {
            View::Student => "student_view",
            View::Public => "public_view",
            View::Author => "author_view",
            View::Studio => "studio_view",
        }
    }

    /// What a block shows where this view is wanted: an author view that it does not have is its student view, and no
    /// other view stands in for another (spec 3.5.4).
    pub(crate) fn of(self, block: &Loaded) -> Self {
        match self {
            View::Author if !block.block_type.exports().has(Export::AuthorView) => View::Student,
            other => other,
        }
    }

    /// What one must be allowed to do with the block to see this view of it.
    fn needs(self) -> Access {
        match self {
            View::Student | View::Public => Access::Learn,
            View::Author => Access::Read,
            View::Studio => Access::Edit,
        }
    }

    pub(crate) fn call(self, context: String) -> Call {
        match self {
            View::Student => Call::StudentView { context },
            View::Public => Call::PublicView { context },
            View::Author => Call::AuthorView { context },
            View::Studio => Call::StudioView { context },
        }
    }
}

/// A request for a view.
#[derive(Clone, Debug)]
pub struct ViewRequest {
    /// Who looks.
    pub visitor: Visitor,
    /// At which block.
    pub usage: UsageKey,
    /// At which version of it.
    pub version: Version,
    /// Through which view.
    pub view: View,
}

/// A view, ready for a page.
#[derive(Clone, Debug)]
pub struct RenderedView {
    /// What to show. The content is wrapped in the block's element (spec 2.8.2) with its arguments inside.
    pub fragment: Fragment,
    /// Of which block.
    pub block: BlockInfo,
}

impl Runtime {
    /// Renders a view. A public view that the block does not have is the notice to sign in (spec 3.5.5).
    ///
    /// A view that sets no field writes nothing. One that does is committed like a handler.
    ///
    /// # Errors
    /// The block or its context does not exist or is not for this visitor; its type is not installed; it failed.
    #[tracing::instrument(skip_all, fields(usage = %request.usage, view = request.view.name()))]
    pub async fn view(&self, request: ViewRequest) -> Result<RenderedView, RuntimeError> {
        let visitor = request.visitor.on(request.version);
        let admitted = self.admit(&visitor, &request.usage, request.version).await?;
        let shut_out = visitor.is_anonymous() && request.view != View::Public;
        if shut_out || admitted.access < request.view.needs() {
            return Err(RuntimeError::Forbidden(request.usage));
        }
        let resolved = self.resolve(&admitted).await?;
        let view = request.view.of(&resolved.root);
        if view == View::Studio && !resolved.root.block_type.exports().has(Export::StudioView) {
            let block_type = resolved.root.block_type.definition().name.clone();
            return Err(RuntimeError::NoSuchView { block_type, view: view.name() });
        }
        if view == View::Public && !resolved.has_public_view() {
            let fragment = crate::card::sign_in_notice(&visitor);
            let fragment = self.assemble(&request.usage, view, fragment);
            return Ok(RenderedView { fragment, block: self.describe(&admitted) });
        }
        if let Some(fragment) = self.inner.kept_views.get(&resolved.root, view) {
            return Ok(RenderedView { fragment, block: self.describe(&admitted) });
        }
        let rendered = with_retries(|| async {
            let prefetched = self.prefetch(&visitor, &admitted, &resolved, Stage::View(view)).await?;
            let called = self.call(prefetched, view.call("{}".to_owned())).await?;
            self.commit(&visitor, called).await
        });
        // A future as large as this one would be copied along with every view that is kept.
        let called = Box::pin(rendered).await?;
        match called.output {
            Output::Fragment(fragment) => {
                let fragment = self.assemble_block(&called.block, view, fragment);
                if called.for_everybody {
                    self.inner.kept_views.keep(&called.block, view, &fragment);
                }
                Ok(RenderedView { fragment, block: self.describe(&admitted) })
            }
            other => Err(called.block.wrong_output(&other)),
        }
    }
}
