//! The client against the original Blockstore, which `scripts/with-blockstore` starts.

use std::sync::Arc;

use super::BlockstoreClient;
use crate::bundles::conformance::Subject;

async fn original() -> Option<Subject> {
    let address = std::env::var("BLOCKHOUSE_TEST_BLOCKSTORE").ok()?;
    let token = std::env::var("BLOCKHOUSE_TEST_BLOCKSTORE_TOKEN").unwrap();
    let store = BlockstoreClient::new(&address, &token).unwrap();
    Some(Subject { store: Arc::new(store), complete: false, needs: None })
}

mod original_blockstore {
    crate::bundle_store_tests!(super::original);
}
