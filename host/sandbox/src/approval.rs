//! What an installation found out about a package. It is kept beside the compiled component and authenticated like it, so
//! that a host which starts again need not check, compile and ask ten thousand components, and a call that comes first
//! need not open its package. It says what was so then; whether that is enough now is asked each time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use blockhouse_fields::BlockDefinition;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::artifact::hex;
use crate::exports::{Export, Exports};
use crate::grants::{Capability, Grants};
use crate::limits::Limits;
use crate::package::Package;

/// What is known of a package that was installed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// SHA-256 of the package, in hex.
    digest: String,
    /// SHA-256 of its component, in hex.
    component_digest: String,
    /// What the block says of itself.
    definition: BlockDefinition,
    /// What the block can do.
    exports: BTreeSet<Export>,
    /// What its component imports beyond what every block has.
    capabilities: BTreeSet<Capability>,
    /// The limits within which it was checked.
    limits: Limits,
    /// The texts in each language, by locale.
    locales: BTreeMap<String, Arc<str>>,
    /// SHA-256 of each file for the browser, in hex, by its path in the package.
    public: BTreeMap<String, String>,
}

impl Approval {
    pub(crate) fn new(
        package: &Package,
        definition: BlockDefinition,
        exports: &Exports,
        capabilities: BTreeSet<Capability>,
        limits: &Limits,
    ) -> Self {
        let digest = |bytes: &Arc<[u8]>| hex(&Sha256::digest(bytes));
        Self {
            digest: package.digest.clone(),
            component_digest: package.component_digest.clone(),
            definition,
            exports: exports.iter().collect(),
            capabilities,
            limits: limits.clone(),
            locales: package.locales.clone(),
            public: package.public.iter().map(|(path, bytes)| (path.clone(), digest(bytes))).collect(),
        }
    }

    /// SHA-256 of the package, in hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What the block says of itself.
    pub fn definition(&self) -> &BlockDefinition {
        &self.definition
    }

    /// What the block can do.
    pub fn exports(&self) -> &BTreeSet<Export> {
        &self.exports
    }

    pub(crate) fn component_digest(&self) -> &str {
        &self.component_digest
    }

    pub(crate) fn locales(&self) -> &BTreeMap<String, Arc<str>> {
        &self.locales
    }

    /// Whether the package would be approved today: everything that it imports is granted, and nothing was taken from the
    /// room in which it was checked.
    pub(crate) fn holds(&self, digest: &str, limits: &Limits, grants: &Grants) -> bool {
        self.digest == digest
            && limits.at_least(&self.limits) == *limits
            && grants.check(&self.definition, &self.capabilities).is_ok()
    }

    /// What a block type keeps of it: the digest, the definition, and the digests of the files for the browser.
    pub(crate) fn into_parts(self) -> (String, BlockDefinition, BTreeMap<String, String>) {
        (self.digest, self.definition, self.public)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// One that another version of the host wrote in another form is none.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approval(capabilities: &[Capability], limits: Limits) -> Approval {
        let definition = serde_json::json!({
            "name": "guest", "version": "1.0.0", "display_name": "Guest", "capabilities": ["secrets"],
        });
        let definition: BlockDefinition = serde_json::from_value(definition).unwrap();
        let package = Package::new(definition.clone(), Arc::from(&b"wasm"[..]), BTreeMap::new());
        let capabilities = capabilities.iter().copied().collect();
        Approval::new(&package, definition, &Exports::default(), capabilities, &limits)
    }

    #[test]
    fn it_comes_back_as_it_was_written() {
        let approval = approval(&[Capability::Secrets], Limits::default());
        assert_eq!(Approval::from_bytes(&approval.to_bytes()), Some(approval));
    }

    #[test]
    fn it_holds_where_there_is_as_much_room_as_there_was() {
        let (small, large) = (Limits { memories: 1, ..Limits::default() }, Limits::default());
        let holds = |then: &Limits, now: &Limits| {
            let approval = approval(&[], then.clone());
            approval.holds(&approval.digest, now, &Grants::default())
        };
        assert!(holds(&small, &large) && holds(&large, &large));
        assert!(!holds(&large, &small));
    }

    #[test]
    fn it_holds_as_long_as_what_was_granted_is() {
        let approval = approval(&[Capability::Secrets], Limits::default());
        let granting = Grants { all: Capability::ALL.into(), ..Grants::default() };
        assert!(approval.holds(&approval.digest, &Limits::default(), &granting));
        assert!(!approval.holds(&approval.digest, &Limits::default(), &Grants::default()));
    }
}
