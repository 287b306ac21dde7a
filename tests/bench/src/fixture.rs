//! A host with one unit, real block packages, and a store of choice.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use blockhouse_content::libraries::{Libraries, LibraryRules};
use blockhouse_content::{ContentStore, Documents, LearningContexts, NobodyKnown, Storage, import};
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use blockhouse_runtime::{Mediator, Parts, Policy, Runtime, Version, View, ViewRequest, Visitor};
use blockhouse_sandbox::{Compiler, Limits, Package, Sandbox, SandboxConfig};
use blockhouse_server::{AppState, ServerConfig, ServerUrls, router};
use blockhouse_state::{DatabaseUrl, EphemeralConfig, EphemeralStore, Stores};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

use crate::http::read_response;

/// What the html block shows, as the JSON text of its field: a page of prose.
pub(crate) const TEXT_JSON: &str = concat!("\"<p>", include_str!("prose.txt"), "</p>\"");

/// Where learners' state is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    Memory,
    Sqlite,
}

pub(crate) struct Fixture {
    pub runtime: Runtime,
    store: Store,
    packages: Vec<Package>,
    data: TempDir,
    server: ServerConfig,
}

/// A view that is being rendered.
pub(crate) type Looking = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A host and a plain route, both listening.
pub(crate) struct Served {
    pub host: SocketAddr,
    pub plain: SocketAddr,
    pub path: String,
    pub cookie: String,
    pub bytes: usize,
}

pub(crate) fn usage(block: &str) -> UsageKey {
    let text = format!("block-v1:Bench+Host+1+type@{block}+block@one");
    text.parse().unwrap_or_else(|error| unreachable!("{error}"))
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Fixture {
    pub(crate) async fn new(store: Store, kept_view_bytes: usize) -> Result<Self, Box<dyn Error>> {
        Self::on(Sandbox::new(config())?, store, kept_view_bytes).await
    }

    /// The same, where calls have none of the limits that can be left out.
    pub(crate) async fn without_limits(store: Store, kept_view_bytes: usize) -> Result<Self, Box<dyn Error>> {
        Self::on(Sandbox::without_limits(config())?, store, kept_view_bytes).await
    }

    async fn on(
        sandbox: Sandbox<Mediator>,
        store: Store,
        kept_view_bytes: usize,
    ) -> Result<Self, Box<dyn Error>> {
        let data = tempfile::tempdir()?;
        let course = format!(
            "<course org=\"Bench\" course=\"Host\" url_name=\"1\"><chapter url_name=\"c\"><sequential url_name=\"s\">\
             <vertical url_name=\"v\"><html url_name=\"one\"><p>{}</p></html><thumbs url_name=\"one\"/></vertical>\
             </sequential></chapter></course>",
            include_str!("prose.txt")
        );
        std::fs::write(data.path().join("course.xml"), course)?;
        let content = ContentStore::open(&data.path().join("content"))?;
        import(data.path(), &content, &mut |_| {})?;
        let mut server = ServerConfig::new("http://127.0.0.1:1", vec![vec![7; 32]]);
        server.development = true;
        let database = DatabaseUrl::file(&data.path().join("state.sqlite"));
        let stores = Stores::open(&database, Duration::from_secs(3600), server.clock).await?;
        let storage = Storage::open_in(&data.path().join("authored")).await?;
        let documents = Documents::new(storage.clone());
        let libraries = Libraries::new(storage, LibraryRules::default(), server.clock);
        let runtime = Runtime::new(Parts {
            sandbox,
            content: Arc::new(content),
            contexts: LearningContexts::default(),
            documents,
            libraries,
            people: Arc::new(NobodyKnown),
            learners: stores.learners,
            authors: stores.authors,
            visitors: Arc::new(EphemeralStore::new(EphemeralConfig {
                entries: 1_000_000,
                bytes: 64 << 20,
                ttl: Duration::from_secs(3600),
            })),
            urls: Arc::new(ServerUrls::new(&server)?),
            policy: Policy { kept_view_bytes, ..Policy::default() },
            journal: None,
            pseudonym_key: [3; 32],
            clock: server.clock,
        });
        let packages = packages()?;
        for package in &packages {
            runtime.install(package)?;
        }
        Ok(Self { runtime, store, packages, data, server })
    }

    /// The view that is measured. Only visitors without an account have their state in memory, and to them a block
    /// shows its public view; of the blocks here it is the same as the student view.
    pub(crate) fn request(&self, block: &str) -> ViewRequest {
        let (user, view) = match self.store {
            Store::Memory => (UserId::Anonymous("anon00000000000000000001".into()), View::Public),
            Store::Sqlite => (UserId::Learner(1), View::Student),
        };
        ViewRequest {
            visitor: Visitor { user, locale: "en".to_owned() },
            usage: usage(block),
            version: Version::Published,
            view,
        }
    }

    pub(crate) fn package(&self, name: &str) -> Result<&Package, String> {
        let found = self.packages.iter().find(|package| package.definition.name == name);
        found.ok_or_else(|| format!("there is no package of `{name}`; scripts/bench builds them"))
    }

    /// A sandbox of the same settings, for a contender that brings its own imports.
    pub(crate) fn spare_sandbox(&self) -> Result<Sandbox<Mediator>, Box<dyn Error>> {
        Ok(Sandbox::new(config())?)
    }

    /// The file of learners' state.
    pub(crate) fn database(&self) -> PathBuf {
        self.data.path().join("state.sqlite")
    }

    /// The view of a block over and over, for a contender.
    pub(crate) fn contender(&self, block: &str) -> impl Fn() -> Looking {
        let (runtime, request) = (self.runtime.clone(), self.request(block));
        move || {
            let (runtime, request) = (runtime.clone(), request.clone());
            Box::pin(async move { drop(runtime.view(request).await) })
        }
    }

    /// One view, which has to succeed.
    pub(crate) async fn check(&self, block: &str) -> Result<(), Box<dyn Error>> {
        self.runtime.view(self.request(block)).await?;
        Ok(())
    }

    pub(crate) async fn serve(&self) -> Result<Served, Box<dyn Error>> {
        let app = router(AppState::new(self.server.clone(), Arc::new(self.runtime.clone()))?);
        let host = spawn(app).await?;
        let path = format!("/api/xblock/v2/xblocks/{}/view/public_view/", usage("html"));
        let (head, body) = fetch(host, &path).await?;
        // A browser comes back with the session that its first answer gave it.
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        let cookie = cookie.ok_or("the first answer gives no session")?.to_owned();
        let bytes = body.len();
        let plain = spawn(Router::new().route("/", get(move || async move { body.clone() }))).await?;
        Ok(Served { host, plain, path, cookie, bytes })
    }
}

fn config() -> SandboxConfig {
    SandboxConfig {
        artifacts: project().join("target/test-artifacts"),
        artifact_key: [1; 32],
        compiler: Compiler::ThisProcess,
        limits: Limits::default(),
        limits_of: BTreeMap::new(),
        max_concurrent: 64,
    }
}

fn packages() -> Result<Vec<Package>, Box<dyn Error>> {
    let mut packages = Vec::new();
    for entry in std::fs::read_dir(project().join("target/blocks"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "block") {
            packages.push(Package::read(&path)?);
        }
    }
    Ok(packages)
}

async fn spawn(app: Router) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(address)
}

/// Head and body of an answer.
async fn fetch(address: SocketAddr, path: &str) -> Result<(String, String), Box<dyn Error>> {
    use tokio::io::AsyncWriteExt;
    let mut connection = TcpStream::connect(address).await?;
    connection.write_all(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").as_bytes()).await?;
    let response = read_response(&mut connection, &mut vec![0; 64 * 1024]).await?;
    let (head, body) = response.split_once("\r\n\r\n").ok_or("half an answer")?;
    Ok((head.to_owned(), body.to_owned()))
}
