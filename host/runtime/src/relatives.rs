//! What a block may know of those near it: its parent, the parent's children, and its own. Only what their authors wrote,
//! and only what whoever is looking may see; nobody's state, and nothing of another learning context.

use blockhouse_fields::FieldDeclaration;
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::RelativeError;

use crate::RuntimeError;
use crate::mediate::BlockMediator;
use crate::resolve::Admitted;

impl BlockMediator {
    /// The parent's children; none when there is no parent, or it cannot be read.
    pub(crate) async fn siblings(&self) -> Vec<UsageKey> {
        let Some(parent) = &self.place.block.definition.parent else { return Vec::new() };
        match self.admitted(parent).await {
            Ok(parent) => parent.definition.children.clone(),
            Err(_) => Vec::new(),
        }
    }

    /// The value of a relative's field, or the field's default.
    pub(crate) async fn authored_field(
        &self,
        key: &str,
        name: &str,
    ) -> Result<Option<String>, RelativeError> {
        let usage = self.relative(key).await.ok_or(RelativeError::NoRelative)?;
        let runtime = &self.place.scene.runtime;
        let loaded = async {
            let admitted = self.admitted(&usage).await?;
            runtime.load(admitted.definition, admitted.version).await
        };
        let relative = loaded.await.map_err(|error| {
            tracing::debug!(%usage, %error, "a relative cannot be looked at");
            RelativeError::Unavailable
        })?;
        let authored = |field: &&FieldDeclaration| field.scope.is_authored();
        let Some(field) = relative.block_type.definition().field(name).filter(authored) else {
            return Ok(None);
        };
        let written = relative.authored.get(name).map(ToString::to_string);
        Ok(Some(written.unwrap_or_else(|| field.default.to_string())))
    }

    async fn relative(&self, key: &str) -> Option<UsageKey> {
        let definition = &self.place.block.definition;
        let near = definition.parent.iter().chain(&definition.children).find(|usage| usage.as_str() == key);
        match near {
            Some(usage) => Some(usage.clone()),
            None => self.siblings().await.into_iter().find(|usage| usage.as_str() == key),
        }
    }

    async fn admitted(&self, usage: &UsageKey) -> Result<Admitted, RuntimeError> {
        let scene = &self.place.scene;
        scene.runtime.admit(&scene.visitor, usage, self.place.block.version.of_children()).await
    }
}
