//! Rendering a child inside its parent's view: an instance of its own, the same snapshot, and one budget for
//! all.

use std::sync::Arc;

use blockhouse_sandbox::{ChildError, Export, Fragment, Output};

use crate::call::Stage;
use crate::card::{card, sign_in_notice};
use crate::mediate::BlockMediator;
use crate::resolve::Loaded;
use crate::{RuntimeError, View};

impl BlockMediator {
    /// A child that fails is a card; what it wrote is not kept, and its siblings do not notice.
    pub(crate) async fn render_child(&mut self, key: &str) -> Result<Fragment, ChildError> {
        let usage = self
            .place
            .block
            .definition
            .children
            .iter()
            .find(|child| child.to_string() == key)
            .ok_or(ChildError::NoSuchChild)?
            .clone();
        let root = self.place.scene.resolved.root.block_type.definition();
        if self.depth >= self.place.scene.runtime.limits_of(&root.name).nesting {
            return Err(ChildError::TooDeep);
        }
        let view = match self.place.scene.stage {
            // A block is edited by itself; inside it, its children show what authors see of them.
            Stage::View(View::Studio) => View::Author,
            Stage::View(view) => view,
            Stage::Handler { .. } if self.place.scene.visitor.is_anonymous() => View::Public,
            Stage::Handler { .. } | Stage::Reset => View::Student,
        };
        let scene = Arc::clone(&self.place.scene);
        Ok(match scene.resolved.descendants.get(&usage) {
            Some(Ok(child)) => {
                let view = view.of(child);
                let fragment = self.run_child(Arc::clone(child), view).await;
                scene.runtime.assemble_block(child, view, fragment)
            }
            Some(Err(error)) => scene.runtime.assemble(&usage, view, card(error, None)),
            None => {
                scene.runtime.assemble(&usage, view, card(&RuntimeError::NoSuchBlock(usage.clone()), None))
            }
        })
    }

    async fn run_child(&mut self, child: Arc<Loaded>, view: View) -> Fragment {
        if view == View::Public && !child.block_type.exports().has(Export::PublicView) {
            return sign_in_notice(&self.place.scene.visitor);
        }
        let mediator = BlockMediator::new(Arc::clone(&self.place.scene), Arc::clone(&child), self.depth + 1);
        match self.place.scene.runtime.run(mediator, view.call("{}".to_owned())).await {
            Ok((Output::Fragment(fragment), changes)) => {
                self.children.absorb(changes);
                fragment
            }
            Ok((other, _)) => card(&child.wrong_output(&other), None),
            Err(error) => card(&error, None),
        }
    }
}
