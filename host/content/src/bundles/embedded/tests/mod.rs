//! The embedded store on SQLite, and on PostgreSQL and MariaDB when the tests are given their addresses.

mod fsck;

use std::sync::Arc;

use super::EmbeddedBundles;
use crate::bundles::conformance::Subject;

async fn on_sqlite() -> Subject {
    let directory = tempfile::tempdir().unwrap();
    Subject {
        store: Arc::new(EmbeddedBundles::open_in(directory.path()).await.unwrap()),
        complete: true,
        needs: Some(Arc::new(directory)),
    }
}

mod sqlite {
    crate::bundle_store_tests!(super::on_sqlite);
}
