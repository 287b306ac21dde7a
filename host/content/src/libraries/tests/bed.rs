//! Where the tests' libraries lie: SQLite in a directory, or a database of its own on a server that the tests are given.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _};
use tempfile::TempDir;

use crate::Storage;
use crate::bundles::conformance::address_of;
use crate::libraries::{Author, Libraries, LibraryRules};

/// A storage with the libraries in it.
#[derive(Clone)]
pub(crate) struct Bed {
    pub(crate) libraries: Libraries,
    pub(crate) storage: Storage,
    /// A directory that goes away with the test.
    pub(crate) folder: Arc<TempDir>,
    address: String,
}

impl Bed {
    pub(crate) async fn on_sqlite() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite:{}", folder.path().join("content.sqlite").display());
        Some(Self::at(address, folder).await)
    }

    pub(crate) async fn on_postgres() -> Option<Self> {
        let server = address_of("BLOCKHOUSE_TEST_POSTGRES")?;
        let (create, address) = of_its_own(&server);
        let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
        sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
        Some(Self::at(address, tempfile::tempdir().unwrap()).await)
    }

    pub(crate) async fn on_mysql() -> Option<Self> {
        let server = address_of("BLOCKHOUSE_TEST_MYSQL")?;
        let (create, address) = of_its_own(&server);
        let mut connection = sqlx::MySqlConnection::connect(&server).await.unwrap();
        sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
        Some(Self::at(address, tempfile::tempdir().unwrap()).await)
    }

    async fn at(address: String, folder: TempDir) -> Self {
        let blobs = folder.path().join("blobs");
        let storage = Storage::open(&address, blobs.to_str().unwrap()).await.unwrap();
        let libraries = Libraries::new(storage.clone(), LibraryRules::default(), || 1_700_000_000_000);
        Self { libraries, storage, folder: Arc::new(folder), address }
    }

    /// Another host on the same storage.
    pub(crate) async fn another_host(&self) -> Libraries {
        let blobs = self.folder.path().join("blobs");
        let storage = Storage::open(&self.address, blobs.to_str().unwrap()).await.unwrap();
        Libraries::new(storage, LibraryRules::default(), || 1_700_000_000_000)
    }
}

/// The statement that makes a database on a server, and its address. It goes away with the server.
fn of_its_own(server: &str) -> (String, String) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("libraries_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    (format!("CREATE DATABASE {name}"), format!("{}/{name}", server.rsplit_once('/').unwrap().0))
}

pub(crate) fn ann() -> Author {
    Author { account: 3, username: "ann".to_owned() }
}
