use std::sync::Arc;

use blockhouse_fields::UserId;

use super::{EphemeralConfig, EphemeralStore};
use crate::conformance::Subject;

fn visitor(n: u32) -> UserId {
    UserId::Anonymous(Arc::from(format!("anon{n:020x}")))
}

async fn subject() -> Subject {
    Subject {
        store: Arc::new(EphemeralStore::new(EphemeralConfig::default())),
        user: visitor,
        stranger: UserId::Learner(1),
        keep: Box::new(()),
    }
}

crate::state_store_conformance!(subject);
