//! A server over a runtime with one hand-written guest and a small course. Requests go in without a network.

#![allow(unreachable_pub, reason = "shared by the tests beside it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up its server fails")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use blockhouse_content::libraries::{Libraries, LibraryRules};
use blockhouse_content::{
    ContentStore, Documents, IntroducedPeople, LearningContexts, ListedPeople, NobodyKnown, Person, Storage,
    import,
};
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use blockhouse_runtime::{Granted, Parts, Policy, Runtime, Urls, Version};
use blockhouse_sandbox::{Capability, Compiler, Grants, Limits, Package, Sandbox, SandboxConfig};
use blockhouse_server::{
    AppState, BlockstoreConfig, HandlerTokens, PlatformConfig, ServerConfig, ServerUrls, router,
};
use blockhouse_state::{DatabaseUrl, EphemeralConfig, EphemeralStore, RedisStore, StateStore, Stores};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

#[path = "../../../../sandbox/tests/support/guest.rs"]
pub mod guest;
#[path = "../../../src/platform/test_keys.rs"]
#[allow(dead_code, reason = "the server's own tests use more of it")]
mod test_keys;

/// Bytes that a handler's body may have in tests.
pub const BODY_LIMIT: usize = 1000;

/// The course's key.
pub const COURSE: &str = "course-v1:Test+Http+1";

/// How long a call waits for its turn.
pub const QUEUE: Duration = Duration::from_millis(200);

/// How browsers reach it.
pub const ORIGIN: &str = "http://blockhouse.test";

/// The operator's token.
pub const OPERATOR: &str = "the operator's token";

/// The platform's name in its tokens.
const PLATFORM: &str = "https://platform.example";

const NOW_MS: u64 = 1_700_000_000_000;
const SECRET: [u8; 32] = [7; 32];

/// A server and what it stands on.
pub struct House {
    pub urls: ServerUrls,
    router: Router,
    data: TempDir,
}

/// A whole response.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// What a browser would send back.
    pub fn cookie(&self) -> &str {
        self.header("set-cookie").split(';').next().unwrap()
    }
}

impl House {
    /// With the guest `tests/guests/NAME.wat`.
    pub async fn with(guest: &str) -> Self {
        Self::build(guest::package(guest), true, memory(), None).await
    }

    /// With a guest that says who is asking.
    pub async fn whoami() -> Self {
        Self::build(guest::package_of(include_str!("whoami.wat")), true, memory(), None).await
    }

    /// The same, as it is in production.
    pub async fn in_production() -> Self {
        Self::build(guest::package_of(include_str!("whoami.wat")), false, memory(), None).await
    }

    /// With a well-behaved guest, where it is not kept what learners have done.
    pub async fn without_completion() -> Self {
        let policy = Policy { completion: false, ..Policy::default() };
        Self::build_with(guest::package("polite"), true, memory(), None, policy, None).await
    }

    /// With a well-behaved guest, where a visitor who signs in, here or at the platform, may keep the answers from
    /// before.
    pub async fn keeping_answers() -> Self {
        let policy = Policy { claimable: [COURSE.parse().unwrap()].into(), ..Policy::default() };
        Self::of(guest::package("polite"), policy).await
    }

    /// The same with a guest that keeps files.
    pub async fn keeping_answers_and_files() -> Self {
        let policy = Policy {
            claimable: [COURSE.parse().unwrap()].into(),
            grants: [("guest".to_owned(), Granted::default())].into(),
            ..Policy::default()
        };
        Self::of(guest::asking("keeper", &["storage"]), policy).await
    }

    /// With the guest `tests/guests/NAME.wat`, which asks for a capability, and what the operator gave it.
    pub async fn granted(guest: &str, capability: &str, granted: Granted) -> Self {
        let policy = Policy { grants: [("guest".to_owned(), granted)].into(), ..Policy::default() };
        Self::build_with(guest::asking(guest, &[capability]), true, memory(), None, policy, None).await
    }

    /// With a well-behaved guest, whose frames have origins of their own.
    pub async fn with_frame_origins(pattern: &str) -> Self {
        let package = guest::package("polite");
        Self::build_with(package, true, memory(), None, Policy::default(), Some(pattern)).await
    }

    /// With this package, and what the operator allows.
    pub async fn of(package: Package, policy: Policy) -> Self {
        Self::build_with(package, true, memory(), None, policy, None).await
    }

    /// With a guest that says who is asking, while the server that keeps visitors' state is away.
    pub async fn without_visitors_state() -> Self {
        let away = RedisStore::new("redis://127.0.0.1:1", Duration::from_secs(60)).unwrap();
        Self::build(guest::package_of(include_str!("whoami.wat")), true, Arc::new(away), None).await
    }

    /// One that gives bundles to other hosts, which reach it at `origin`.
    pub async fn with_blockstore(origin: &str, blockstore: BlockstoreConfig) -> Self {
        let package = guest::package_of(include_str!("whoami.wat"));
        Self::build(package, false, memory(), Some((origin, blockstore))).await
    }

    async fn build(
        package: Package,
        development: bool,
        visitors: Arc<dyn StateStore>,
        blockstore: Option<(&str, BlockstoreConfig)>,
    ) -> Self {
        Self::build_with(package, development, visitors, blockstore, Policy::default(), None).await
    }

    async fn build_with(
        package: Package,
        development: bool,
        visitors: Arc<dyn StateStore>,
        blockstore: Option<(&str, BlockstoreConfig)>,
        policy: Policy,
        frame_origins: Option<&str>,
    ) -> Self {
        let (origin, blockstore) = blockstore.map_or((ORIGIN, None), |(origin, store)| (origin, Some(store)));
        let data = tempfile::tempdir().unwrap();
        let config = ServerConfig {
            development,
            body_limit: BODY_LIMIT,
            clock: || NOW_MS,
            blockstore,
            operator_tokens: vec![OPERATOR.to_owned()],
            frame_origins: frame_origins.map(str::to_owned),
            platform: (!policy.claimable.is_empty()).then(|| platform(data.path())),
            ..ServerConfig::new(origin, vec![SECRET.to_vec()])
        };
        let urls = ServerUrls::new(&config).unwrap();
        let policy = Policy { recordings: Some(data.path().join("recordings")), ..policy };
        let runtime = runtime(&data, Arc::new(urls.clone()), visitors, policy).await;
        runtime.install(&package).unwrap();
        let router = router(AppState::new(config, Arc::new(runtime)).unwrap());
        Self { urls, router, data }
    }

    /// The calls that were recorded.
    pub fn recordings(&self) -> Vec<serde_json::Value> {
        let Ok(files) = std::fs::read_dir(self.data.path().join("recordings")) else { return Vec::new() };
        files
            .map(|file| serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap())
            .collect()
    }

    /// Everything that the server answers, for a network.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().into()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends what only the operator may, with JSON if there is any.
    pub async fn operate(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {OPERATOR}"))
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    /// Calls a handler of a block, with what comes after its name in the address.
    pub async fn call(
        &self,
        user: &UserId,
        usage: &UsageKey,
        handler: &str,
        suffix: &str,
        body: &str,
    ) -> Answer {
        let path = format!("{}{suffix}", self.handler(user, usage, handler));
        self.send(Request::post(path).body(Body::from(body.to_owned())).unwrap()).await
    }

    pub async fn get_with(&self, path: &str, cookie: &str) -> Answer {
        self.send(Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()).await
    }

    /// The path of a handler's address.
    pub fn handler(&self, user: &UserId, usage: &UsageKey, handler: &str) -> String {
        self.urls
            .handler_url(user, usage, Version::Published, handler)
            .strip_prefix(ORIGIN)
            .unwrap()
            .to_owned()
    }

    /// The path of a frame's address.
    pub fn frame(&self, user: &str, usage: &UsageKey, view: &str) -> String {
        format!("/frame/{usage}/{user}-{}/{view}", token(user, usage))
    }

    /// The cookie of a browser that chose to be `name` in development mode.
    pub async fn session(&self, name: &str) -> String {
        let form = format!("identity={name}&next=/");
        let request =
            Request::post("/dev/identity").header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form)).unwrap()).await.cookie().to_owned()
    }
}

/// A valid token, also for users that the server would never mint one for.
pub fn token(user: &str, usage: &UsageKey) -> String {
    HandlerTokens::new(&[SECRET.to_vec()]).unwrap().mint(user, usage.as_ref(), NOW_MS / 1000)
}

/// A block of the course.
pub fn usage(block_type: &str, name: &str) -> UsageKey {
    format!("block-v1:Test+Http+1+type@{block_type}+block@{name}").parse().unwrap()
}

/// The block that is installed.
pub fn block() -> UsageKey {
    usage("guest", "one")
}

/// The same block in another course.
pub fn block_of_a_second_course() -> UsageKey {
    block().as_str().replace("Test+Http+1", "Test+Second+1").parse().unwrap()
}

pub fn visitor() -> UserId {
    UserId::Anonymous("anon0123456789abcdef0123".into())
}

/// A platform that has published its key.
fn platform(directory: &Path) -> PlatformConfig {
    let jwks = directory.join("jwks.json");
    let key =
        json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "one", "x": test_keys::PUBLIC_ONE});
    std::fs::write(&jwks, json!({ "keys": [key] }).to_string()).unwrap();
    PlatformConfig {
        jwks: jwks.to_str().unwrap().to_owned(),
        issuer: PLATFORM.to_owned(),
        audience: "blockhouse".to_owned(),
        algorithms: vec!["EdDSA".to_owned()],
        leeway_s: 10,
        people: Arc::new(IntroducedPeople::new(Arc::new(NobodyKnown))),
    }
}

/// The platform's word that somebody is who they are.
pub fn platform_token(account: i64) -> String {
    let claims =
        json!({"iss": PLATFORM, "aud": "blockhouse", "sub": account.to_string(), "exp": NOW_MS / 1000 + 60});
    let header = Header { kid: Some("one".to_owned()), ..Header::new(Algorithm::EdDSA) };
    encode(&header, &claims, &EncodingKey::from_ed_pem(test_keys::PRIVATE_ONE.as_bytes()).unwrap()).unwrap()
}

fn memory() -> Arc<dyn StateStore> {
    let bounds = EphemeralConfig { entries: 100, bytes: 100_000, ttl: Duration::from_secs(60) };
    Arc::new(EphemeralStore::new(bounds))
}

async fn runtime(
    data: &TempDir,
    urls: Arc<dyn Urls>,
    visitors: Arc<dyn StateStore>,
    policy: Policy,
) -> Runtime {
    let source = data.path().join("source");
    std::fs::create_dir_all(source.join("static")).unwrap();
    std::fs::write(source.join("course.xml"), include_str!("course.xml")).unwrap();
    std::fs::write(source.join("static/page one.html"), "<script>steal()</script>").unwrap();
    let content = ContentStore::open(&data.path().join("content")).unwrap();
    import(&source, &content, &mut |_| {}).unwrap();
    let second = include_str!("course.xml").replace("course=\"Http\"", "course=\"Second\"");
    std::fs::write(source.join("course.xml"), second).unwrap();
    import(&source, &content, &mut |_| {}).unwrap();

    let limits = Limits {
        cpu_ms: 200,
        wall_ms: 2_000,
        http_ms: 1_500,
        queue_ms: QUEUE.as_millis() as u64,
        http_response_bytes: 10_000,
        storage_file_bytes: 300,
        storage_files: 4,
        storage_bytes: 600,
        ..Limits::default()
    };
    let artifacts = data.path().join("artifacts");
    let sandbox = SandboxConfig {
        artifacts,
        artifact_key: [1; 32],
        compiler: Compiler::ThisProcess,
        limits,
        limits_of: BTreeMap::new(),
        max_concurrent: 8,
    };
    let database = DatabaseUrl::file(&data.path().join("state.sqlite"));
    let stores = Stores::open(&database, Duration::from_secs(60), || NOW_MS).await.unwrap();
    let storage = Storage::open_in(&data.path().join("authored")).await.unwrap();
    let grants = Grants { of: [("guest".to_owned(), Capability::ALL.into())].into(), ..Grants::default() };
    let alice = Person {
        account: Some(1),
        username: "alice".to_owned(),
        email: "alice@example.org".to_owned(),
        active: true,
        ..Person::default()
    };
    Runtime::new(Parts {
        sandbox: Sandbox::new(sandbox).unwrap().granting(grants),
        content: Arc::new(content),
        contexts: LearningContexts::default(),
        documents: Documents::new(storage.clone()),
        libraries: Libraries::new(storage, LibraryRules::default(), || NOW_MS),
        people: Arc::new(ListedPeople::new(vec![alice])),
        learners: stores.learners,
        authors: stores.authors,
        visitors,
        urls,
        policy,
        journal: None,
        pseudonym_key: [2; 32],
        clock: || NOW_MS,
    })
}
