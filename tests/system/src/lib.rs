//! A whole host for tests: real block packages, a course, SQLite in a directory that goes away with the test.
//!
//! The packages come from `target/blocks`, where `scripts/test` puts them, or from `BLOCKHOUSE_TEST_BLOCKS`.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot set up its host has to fail")]

mod site;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use blockhouse_content::libraries::{Libraries, LibraryRules};
use blockhouse_content::{ContentStore, Documents, LearningContexts, ListedPeople, Person, Storage, import};
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use blockhouse_runtime::{
    Fragment, HandlerRequest, Journal, Parts, Policy, Request, Runtime, RuntimeError, Version, View,
    ViewRequest, Visitor,
};
use blockhouse_sandbox::{Compiler, Limits, Package, Sandbox, SandboxConfig};
use blockhouse_server::ServerConfig;
use blockhouse_state::{DatabaseUrl, EphemeralConfig, EphemeralStore, LearnerStore, Stores};
use serde_json::Value;
use tempfile::TempDir;

pub use site::{Browser, OPERATOR, Reply, Site, config, handler_url};

/// A host over one data directory. Dropping it and opening another one is a restart.
pub struct Host {
    /// The runtime under test.
    pub runtime: Runtime,
    /// The directory, where it goes away with the host.
    data: Option<Arc<TempDir>>,
}

/// The clock of every host: it stands still.
const NOW: fn() -> u64 = || 1_700_000_000_000;

/// How much of visitors is kept, where a test does not say it.
const VISITORS: EphemeralConfig =
    EphemeralConfig { entries: 10_000, bytes: 10_000_000, ttl: Duration::from_secs(3600) };

/// What a block's handler answered.
pub type Answer = (u16, Value);

/// The root of the project.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn packages() -> Vec<Package> {
    let directory = std::env::var_os("BLOCKHOUSE_TEST_BLOCKS")
        .map_or_else(|| project().join("target/blocks"), PathBuf::from);
    let entries = std::fs::read_dir(&directory).unwrap_or_else(|error| {
        panic!("no packages in {}: {error}; scripts/test builds them", directory.display())
    });
    let packages: Vec<_> = entries
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "block"))
        .map(|path| Package::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        .collect();
    assert!(!packages.is_empty(), "no packages in {}; scripts/test builds them", directory.display());
    packages
}

impl Host {
    /// A host that serves the course in `source`.
    pub async fn with_course(source: &Path) -> Self {
        let data = Arc::new(tempfile::tempdir().expect("a directory"));
        let content = ContentStore::open(&data.path().join("content")).expect("a content store");
        import(source, &content, &mut |_| {}).expect("the course can be imported");
        Self::open(data).await
    }

    /// A host that serves one unit with these OLX elements, course `course-v1:Test+System+1`.
    pub async fn with_unit(olx: &str) -> Self {
        let data = Arc::new(tempfile::tempdir().expect("a directory"));
        import_unit(data.path(), olx);
        Self::open(data).await
    }

    /// The same, where a visitor who signs in may keep the answers from before.
    pub async fn keeping_answers(olx: &str) -> Self {
        let claimable = ["course-v1:Test+System+1", "lib:Org:L", "lib:Org:not-there"];
        let claimable = claimable.map(|key| key.parse().expect("a key"));
        Self::ruled_unit(olx, Policy { claimable: claimable.into(), ..Policy::default() }, VISITORS).await
    }

    /// The same, where visitors' state has these bounds.
    pub async fn forgetting(olx: &str, visitors: EphemeralConfig) -> Self {
        Self::ruled_unit(olx, Policy::default(), visitors).await
    }

    async fn ruled_unit(olx: &str, policy: Policy, visitors: EphemeralConfig) -> Self {
        let data = Arc::new(tempfile::tempdir().expect("a directory"));
        import_unit(data.path(), olx);
        let database = DatabaseUrl::file(&data.path().join("state.sqlite"));
        Self { data: Some(data.clone()), ..Self::ruled(data.path(), &database, policy, visitors).await }
    }

    /// Another host process on the same data.
    pub async fn restarted(self) -> Self {
        let Self { runtime, data } = self;
        drop(runtime);
        Self::open(data.expect("a directory of its own")).await
    }

    async fn open(data: Arc<TempDir>) -> Self {
        let database = DatabaseUrl::file(&data.path().join("state.sqlite"));
        Self { data: Some(data.clone()), ..Self::at(data.path(), &database).await }
    }

    /// Where it keeps what it has, if that is its own.
    pub fn data(&self) -> &Path {
        self.data.as_deref().expect("a directory of its own").path()
    }

    /// A host with nothing installed, in a directory of its own.
    pub async fn empty() -> Self {
        let data = Arc::new(tempfile::tempdir().expect("a directory"));
        Self { data: Some(data.clone()), ..Self::bare(data.path(), Policy::default()).await }
    }

    /// A host with nothing installed, whose compiled blocks are in its data directory with all else.
    pub async fn bare(data: &Path, policy: Policy) -> Self {
        let database = DatabaseUrl::file(&data.join("state.sqlite"));
        Self::put_together(data, &database, policy, VISITORS, data.join("artifacts")).await
    }

    /// A host on content and state that outlive it.
    pub async fn at(data: &Path, database: &DatabaseUrl) -> Self {
        Self::ruled(data, database, Policy::default(), VISITORS).await
    }

    async fn ruled(data: &Path, database: &DatabaseUrl, policy: Policy, visitors: EphemeralConfig) -> Self {
        // One artifact directory for all tests: each package is compiled once.
        let artifacts = project().join("target/test-artifacts");
        let host = Self::put_together(data, database, policy, visitors, artifacts).await;
        for package in packages() {
            host.runtime.install(&package).expect("the package can be installed");
        }
        host
    }

    async fn put_together(
        data: &Path,
        database: &DatabaseUrl,
        policy: Policy,
        visitors: EphemeralConfig,
        artifacts: PathBuf,
    ) -> Self {
        let sandbox = Sandbox::new(SandboxConfig {
            artifacts,
            artifact_key: [1; 32],
            compiler: Compiler::ThisProcess,
            limits: Limits::default(),
            limits_of: BTreeMap::new(),
            max_concurrent: 64,
        })
        .expect("a sandbox");
        let stores = Stores::open(database, Duration::from_secs(3600), NOW).await.expect("a database");
        let storage = Storage::open_in(&data.join("authored")).await.expect("a storage");
        let runtime = Runtime::new(Parts {
            sandbox,
            content: Arc::new(ContentStore::open(&data.join("content")).expect("a content store")),
            contexts: LearningContexts::default(),
            documents: Documents::new(storage.clone()),
            libraries: Libraries::new(storage, LibraryRules::default(), NOW),
            people: Arc::new(people()),
            learners: stores.learners,
            authors: stores.authors,
            visitors: Arc::new(EphemeralStore::new(visitors)),
            urls: Arc::new(site::urls()),
            policy,
            // Of two hosts on one directory the first one keeps it.
            journal: Journal::open(data).ok(),
            pseudonym_key: [2; 32],
            clock: NOW,
        });
        Self { runtime, data: None }
    }

    /// The same host with a guest of `tests/guests` or an example of an SDK.
    pub fn with_guest(self, name: &str) -> Self {
        let file = project().join(format!("target/guests/{name}-0.1.0.block"));
        let package = Package::read(&file).unwrap_or_else(|error| panic!("{error}; scripts/test builds it"));
        self.runtime.install(&package).expect("the package can be installed");
        self
    }

    /// The same host with its HTTP server.
    pub fn site(&self) -> Site {
        self.site_with(site::config())
    }

    /// The same with other settings than [`config`] has.
    pub fn site_with(&self, config: ServerConfig) -> Site {
        Site::of(self.runtime.clone(), config, self.data.clone())
    }

    /// Renders a view.
    pub async fn view(
        &self,
        visitor: &Visitor,
        usage: &UsageKey,
        view: View,
    ) -> Result<Fragment, RuntimeError> {
        let request =
            ViewRequest { visitor: visitor.clone(), usage: usage.clone(), version: Version::Published, view };
        self.runtime.view(request).await.map(|rendered| rendered.fragment)
    }

    /// Calls a JSON handler.
    pub async fn call(&self, visitor: &Visitor, usage: &UsageKey, handler: &str, body: Value) -> Answer {
        self.try_call(visitor, usage, handler, body).await.expect("the handler answers")
    }

    /// Calls a JSON handler that may fail.
    pub async fn try_call(
        &self,
        visitor: &Visitor,
        usage: &UsageKey,
        handler: &str,
        body: Value,
    ) -> Result<Answer, RuntimeError> {
        let request = Request {
            method: "POST".to_owned(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.to_string().into_bytes(),
            ..Request::default()
        };
        self.raw_call(visitor, usage, handler, request).await
    }

    /// Calls a handler with any request.
    pub async fn raw_call(
        &self,
        visitor: &Visitor,
        usage: &UsageKey,
        handler: &str,
        request: Request,
    ) -> Result<Answer, RuntimeError> {
        let request = HandlerRequest {
            visitor: visitor.clone(),
            usage: usage.clone(),
            version: Version::Published,
            handler: handler.to_owned(),
            request,
            based_on: None,
        };
        let response = self.runtime.handle(request).await?;
        Ok((response.status, serde_json::from_slice(&response.body).unwrap_or(Value::Null)))
    }
}

/// Imports a course of one unit with these OLX elements for hosts to come at `data`.
pub fn import_unit(data: &Path, olx: &str) {
    let source = tempfile::tempdir().expect("a directory");
    let course = format!(
        "<course org=\"Test\" course=\"System\" url_name=\"1\" display_name=\"System\"><chapter url_name=\"c\">\
         <sequential url_name=\"s\"><vertical url_name=\"v\">{olx}</vertical></sequential></chapter></course>"
    );
    std::fs::write(source.path().join("course.xml"), course).expect("a file");
    let content = ContentStore::open(&data.join("content")).expect("a content store");
    import(source.path(), &content, &mut |_| {}).expect("the course can be imported");
}

/// The rows of learners in a database, as an operator sees them.
pub async fn learners(database: &DatabaseUrl) -> Arc<dyn LearnerStore> {
    Stores::open(database, Duration::from_secs(3600), NOW).await.expect("a database").learners
}

/// A learner with an account.
pub fn learner(id: i64) -> Visitor {
    Visitor { user: UserId::Learner(id), locale: "en".to_owned() }
}

/// A visitor without one.
pub fn anonymous(number: u32) -> Visitor {
    Visitor { user: UserId::Anonymous(format!("anon{number:020x}").into()), locale: "en".to_owned() }
}

/// A block of the course that [`Host::with_unit`] makes.
pub fn usage(block_type: &str, name: &str) -> UsageKey {
    format!("block-v1:Test+System+1+type@{block_type}+block@{name}").parse().expect("a usage key")
}

/// Who is who: those whom one can choose to be in development mode, and the platform's staff.
fn people() -> ListedPeople {
    let person = |account, name: &str| Person {
        account: Some(account),
        username: name.to_owned(),
        email: format!("{name}@example.org"),
        active: true,
        ..Person::default()
    };
    ListedPeople::new(vec![
        person(1, "alice"),
        person(2, "bob"),
        Person { creator: true, ..person(3, "ann") },
        Person { creator: true, ..person(4, "dora") },
    ])
}
