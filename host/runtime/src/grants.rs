//! What stands behind a block type's capabilities: its secrets, the servers that it reaches, and the learning contexts in
//! which all that holds. Which capabilities it has at all is the sandbox's; a secret leaves this module only towards the
//! block that it was given to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use blockhouse_keys::LearningContextKey;
use blockhouse_sandbox::{HttpBounds, HttpFailure, HttpRequest, HttpResponse, UserDetail};

use crate::call::Stage;
use crate::mediate::Place;
use crate::outbound::Reach;

/// What the operator gave one block type. The default holds everywhere, has no secrets and reaches no server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    /// The courses and libraries in which its capabilities hold; empty: in all.
    pub contexts: BTreeSet<LearningContextKey>,
    /// Its secrets, by the names that the block knows.
    pub secrets: BTreeMap<String, Secret>,
    /// Where its requests may go.
    pub http: Reach,
}

/// A text that nobody prints by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// This one.
    pub fn new(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Granted {
    /// Whether its capabilities hold in a learning context.
    ///
    /// # Errors
    /// A sentence for the operator.
    fn holds_in(&self, context: &LearningContextKey, block_type: &str) -> Result<(), String> {
        if self.contexts.is_empty() || self.contexts.contains(context) {
            return Ok(());
        }
        Err(format!(
            "the grants of `{block_type}` do not hold in {context}; to change that, add it to `contexts` below \
             [grants_of.{block_type}] in blockhouse.toml"
        ))
    }
}

impl Place {
    /// What the block's type was given, where it holds here.
    pub(crate) fn granted(&self) -> Result<Option<&Granted>, String> {
        let name = &self.block.block_type.definition().name;
        let granted = self.scene.runtime.policy().grants.get(name);
        granted.map_or(Ok(()), |granted| granted.holds_in(&self.scene.context, name))?;
        Ok(granted)
    }

    /// A secret of the block's type.
    pub(crate) fn secret(&self, name: &str) -> Result<Option<String>, String> {
        let secret = self.granted()?.and_then(|granted| granted.secrets.get(name));
        Ok(secret.map(|Secret(text)| text.clone()))
    }

    /// What another server answers. A view asks none: it is rendered for each of its readers, and again at will.
    pub(crate) async fn http_send(
        &self,
        request: HttpRequest,
        bounds: HttpBounds,
    ) -> Result<HttpResponse, HttpFailure> {
        let Stage::Handler { sent, .. } = &self.scene.stage else { return Err(HttpFailure::NotInAHandler) };
        let granted = self.granted().map_err(HttpFailure::Refused)?;
        if let Some(answer) = sent.recall(&request) {
            return answer;
        }
        let nothing = Reach::default();
        let reach = granted.map_or(&nothing, |granted| &granted.http);
        let block_type = &self.block.block_type.definition().name;
        let outbound = &self.scene.runtime.inner.outbound;
        let answer = outbound.send(block_type, reach, &request, bounds).await;
        sent.remember(request, answer.clone());
        answer
    }

    /// What is known of whoever looks. Asked at every call, so that what a platform forgets is gone here.
    pub(crate) async fn user_detail(&self, detail: UserDetail) -> Result<Option<String>, String> {
        self.granted()?;
        if self.scene.visitor.is_anonymous() {
            return Ok(None);
        }
        let people = &self.scene.runtime.inner.parts.people;
        let person = people.person(self.user()).await.map_err(|error| {
            tracing::warn!(%error, "it cannot be asked who somebody is");
            "it cannot be asked who this is; try again later".to_owned()
        })?;
        let found = match detail {
            UserDetail::DisplayName => person.display_name,
            UserDetail::Username => person.username,
            UserDetail::Email => person.email,
        };
        Ok(Some(found).filter(|text| !text.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_in_debug_output() {
        let secrets = [("KEY".to_owned(), Secret::new("hunter2".to_owned()))].into();
        let granted = Granted { secrets, ..Granted::default() };
        let shown = format!("{granted:?} {granted:#?}");
        assert!(shown.contains("KEY") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn grants_hold_in_the_contexts_that_are_named_and_everywhere_when_none_is() {
        let [here, there] = ["course-v1:A+B+C", "lib:Org:L"].map(|key| key.parse().unwrap());
        assert_eq!(Granted::default().holds_in(&here, "poll"), Ok(()));
        let granted = Granted { contexts: [here.clone()].into(), ..Granted::default() };
        assert_eq!(granted.holds_in(&here, "poll"), Ok(()));
        let refused = granted.holds_in(&there, "poll").unwrap_err();
        assert!(refused.contains("lib:Org:L") && refused.contains("[grants_of.poll]"), "{refused}");
    }
}
