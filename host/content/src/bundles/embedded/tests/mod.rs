//! The embedded store on SQLite, and on PostgreSQL, MariaDB and an S3 server when the tests are given their addresses.

use std::sync::Arc;

use super::EmbeddedBundles;
use crate::Storage;
use crate::bundles::conformance::{Subject, address_of};

async fn on_sqlite() -> Option<Subject> {
    let directory = tempfile::tempdir().unwrap();
    Some(Subject {
        store: Arc::new(EmbeddedBundles::new(Storage::open_in(directory.path()).await.unwrap())),
        complete: true,
        needs: Some(Arc::new(directory)),
    })
}

/// All tests share the database: each looks at its own collection only.
async fn on_server(variable: &str) -> Option<Subject> {
    let address = address_of(variable)?;
    let directory = tempfile::tempdir().unwrap();
    let store =
        EmbeddedBundles::new(Storage::open(&address, directory.path().to_str().unwrap()).await.unwrap());
    Some(Subject { store: Arc::new(store), complete: true, needs: Some(Arc::new(directory)) })
}

async fn on_postgres() -> Option<Subject> {
    on_server("BLOCKHOUSE_TEST_POSTGRES").await
}

async fn on_mysql() -> Option<Subject> {
    on_server("BLOCKHOUSE_TEST_MYSQL").await
}

/// Large files in an object store: `BLOCKHOUSE_TEST_S3` is `s3://BUCKET`, beside the variables `AWS_…` of its server.
async fn with_s3() -> Option<Subject> {
    let address = std::env::var("BLOCKHOUSE_TEST_S3").ok()?;
    let directory = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", directory.path().join("content.sqlite").display());
    let blobs = format!("{address}/{}", uuid::Uuid::new_v4());
    let store = EmbeddedBundles::new(Storage::open(&database, &blobs).await.unwrap());
    Some(Subject { store: Arc::new(store), complete: true, needs: Some(Arc::new(directory)) })
}

mod sqlite {
    crate::bundle_store_tests!(super::on_sqlite);
}

mod postgres {
    crate::bundle_store_tests!(super::on_postgres);
}

mod mysql {
    crate::bundle_store_tests!(super::on_mysql);
}

mod s3 {
    crate::bundle_store_tests!(super::with_s3);
}
