//! Which capabilities the operator granted to which block types. A capability is an interface that a block has only
//! where it was granted: otherwise it is not linked. This decides nothing about a single call.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use blockhouse_fields::BlockDefinition;
use serde::{Deserialize, Serialize};

/// An interface that is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// `publish`: grades, completion and other events.
    Publish,
    /// `user-details`: the learner's names and address.
    UserDetails,
    /// `secrets`: what the operator gave the block type.
    Secrets,
    /// `http`: requests to the servers that the operator listed.
    Http,
    /// `storage`: files that the block keeps.
    Storage,
}

impl Capability {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Publish, Self::UserDetails, Self::Secrets, Self::Http, Self::Storage];

    /// The name of the interface, in manifests and settings, too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::UserDetails => "user-details",
            Self::Secrets => "secrets",
            Self::Http => "http",
            Self::Storage => "storage",
        }
    }

    /// The capability whose interface has this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capability| capability.name() == name)
    }

    /// Whether a manifest has to name it. `publish` was there before manifests named any.
    fn is_asked_for(self) -> bool {
        self != Self::Publish
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the operator granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants {
    /// To every block type that is not in `of`.
    pub all: BTreeSet<Capability>,
    /// To single block types, in place of `all`.
    pub of: BTreeMap<String, BTreeSet<Capability>>,
}

impl Default for Grants {
    fn default() -> Self {
        Self { all: [Capability::Publish].into(), of: BTreeMap::new() }
    }
}

impl Grants {
    /// What a block type has.
    pub fn of(&self, block_type: &str) -> &BTreeSet<Capability> {
        self.of.get(block_type).unwrap_or(&self.all)
    }

    /// Whether a block may have what its component imports.
    ///
    /// # Errors
    /// It imports what its manifest does not ask for, or what the operator did not grant.
    pub fn check(
        &self,
        definition: &BlockDefinition,
        imported: &BTreeSet<Capability>,
    ) -> Result<(), NotGranted> {
        let asked =
            |capability: &Capability| definition.capabilities.iter().any(|name| name == capability.name());
        if let Some(capability) = imported.iter().find(|found| found.is_asked_for() && !asked(found)) {
            return Err(NotGranted::NotAsked(*capability));
        }
        let granted = self.of(&definition.name);
        let missing: Vec<_> = imported.difference(granted).copied().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let all: Vec<_> =
            granted.union(imported).map(|capability| format!("{:?}", capability.name())).collect();
        Err(NotGranted::Missing {
            block_type: definition.name.clone(),
            missing: missing
                .iter()
                .map(|capability| format!("`{capability}`"))
                .collect::<Vec<_>>()
                .join(", "),
            all: all.join(", "),
        })
    }
}

impl fmt::Display for Grants {
    /// `all: publish; essay: publish, secrets`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "all: {}", listed(&self.all))?;
        self.of.iter().try_for_each(|(name, own)| write!(f, "; {name}: {}", listed(own)))
    }
}

/// Capabilities for people: `publish, secrets`, or `none`.
pub fn listed(capabilities: &BTreeSet<Capability>) -> String {
    if capabilities.is_empty() {
        return "none".to_owned();
    }
    capabilities.iter().map(|capability| capability.name()).collect::<Vec<_>>().join(", ")
}

/// Why a block does not get a capability.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotGranted {
    /// Its author did not ask.
    #[error(
        "the component imports `{0}`, and its definition does not ask for it: add \"{0}\" to its `capabilities`"
    )]
    NotAsked(Capability),
    /// The operator did not grant.
    #[error(
        "the block `{block_type}` asks for {missing}, which is not granted; to grant it, write in blockhouse.toml \
         below [grants_of.{block_type}]: capabilities = [{all}]"
    )]
    Missing {
        /// Which block type.
        block_type: String,
        /// What is missing, for people.
        missing: String,
        /// What it would have with that, as the setting has it.
        all: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(capabilities: &[&str]) -> BlockDefinition {
        let text = serde_json::json!({
            "name": "guest", "version": "1.0.0", "display_name": "Guest", "capabilities": capabilities,
        });
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn a_block_publishes_unless_the_operator_took_that_away() {
        let publish = [Capability::Publish].into();
        assert_eq!(Grants::default().check(&asking(&[]), &publish), Ok(()));
        let taken = Grants { of: [("guest".to_owned(), BTreeSet::new())].into(), ..Grants::default() };
        let error = taken.check(&asking(&[]), &publish).unwrap_err();
        assert!(matches!(error, NotGranted::Missing { .. }), "{error}");
    }

    #[test]
    fn a_missing_grant_says_what_to_write_where() {
        let imported = [Capability::Secrets].into();
        let error = Grants::default().check(&asking(&["secrets"]), &imported).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the block `guest` asks for `secrets`, which is not granted; to grant it, write in blockhouse.toml \
             below [grants_of.guest]: capabilities = [\"publish\", \"secrets\"]"
        );
    }

    #[test]
    fn what_a_manifest_does_not_ask_for_is_refused_even_where_it_is_granted() {
        let grants = Grants { all: Capability::ALL.into(), ..Grants::default() };
        let error = grants.check(&asking(&[]), &[Capability::Secrets].into()).unwrap_err();
        assert_eq!(error, NotGranted::NotAsked(Capability::Secrets));
    }

    #[test]
    fn a_grant_to_one_type_is_nobody_elses() {
        let grants =
            Grants { of: [("other".to_owned(), Capability::ALL.into())].into(), ..Grants::default() };
        assert!(grants.check(&asking(&["secrets"]), &[Capability::Secrets].into()).is_err());
    }

    #[test]
    fn every_capability_is_found_by_its_name_and_written_so_in_settings() {
        for capability in Capability::ALL {
            assert_eq!(Capability::named(capability.name()), Some(capability));
            assert_eq!(serde_json::json!(capability), capability.name());
        }
    }
}
