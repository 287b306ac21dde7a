//! A host put together from its configuration: stores opened, blocks installed, a runtime ready for calls.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use blockhouse_content::bundles::EmbeddedBundles;
use blockhouse_content::libraries::{Libraries, LibraryRules};
use blockhouse_content::{
    ContentStore, Documents, IntroducedPeople, LearningContexts, ListedPeople, NobodyKnown, People, Person,
    Storage, StorageError,
};
use blockhouse_runtime::{Journal, Parts, Registry, RegistryError, Runtime, RuntimeError, Urls};
use blockhouse_sandbox::{Compiler, Sandbox, SandboxConfig, SandboxError};
use blockhouse_server::{BlockstoreConfig, PlatformConfig};
use blockhouse_state::{
    DatabaseUrl, EphemeralConfig, EphemeralStore, RedisStore, StateError, StateStore, Stores,
};

use crate::config::{Config, ConfigError, Platform};
use crate::packages;
use crate::secrets::{Secrets, SecretsError};

/// Why a host cannot start. Each names the setting or the file to look at.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HostError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory.
    #[error("the data directory `{path}` cannot be used")]
    Data {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The secret.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// A setting of the server.
    #[error(transparent)]
    Server(#[from] blockhouse_server::ConfigError),
    /// The packages that the operator installed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The program itself, which compiles components in processes of their own.
    #[error("this program does not find itself")]
    Program(#[source] std::io::Error),
    /// The sandbox.
    #[error("the sandbox cannot be set up")]
    Sandbox(#[from] SandboxError),
    /// The content store.
    #[error("the content store cannot be opened")]
    Content(#[from] blockhouse_content::ContentError),
    /// What is written here.
    #[error("the storage of libraries and bundles cannot be opened; look at the settings of `content`")]
    Storage(#[from] StorageError),
    /// The state store.
    #[error("the state store cannot be opened")]
    State(#[from] StateError),
    /// A package file.
    #[error("the package `{path}` is left out")]
    Package {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<RuntimeError>,
    },
    /// The network.
    #[error("cannot listen on {address}; choose another address with the setting `listen`")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The server stopped by itself.
    #[error(transparent)]
    Serve(#[from] blockhouse_server::ServeError),
    /// The threads that everything runs on.
    #[error("no threads can be started")]
    Threads(#[source] std::io::Error),
    /// The receivers of events.
    #[error(transparent)]
    Events(#[from] crate::events::EventsError),
    /// The account of `--as`.
    #[error("`{0}` is no account; write its number, or NUMBER:NAME")]
    Account(String),
    /// The import.
    #[error("the import failed; nothing was changed")]
    Import(#[from] blockhouse_content::ImportError),
}

/// Makes the data directory and reads the secret in it.
pub(crate) fn open_data(config: &Config) -> Result<Secrets, HostError> {
    std::fs::create_dir_all(&config.data)
        .map_err(|source| HostError::Data { path: config.data.clone(), source })?;
    Ok(Secrets::open(&config.data)?)
}

/// The content store of a configuration.
pub(crate) fn open_content(config: &Config) -> Result<ContentStore, HostError> {
    Ok(ContentStore::open(&config.data.join("content"))?)
}

/// Where the libraries and bundles of a configuration lie.
pub(crate) async fn open_storage(config: &Config) -> Result<Storage, HostError> {
    let directory = config.data.join("authored");
    std::fs::create_dir_all(&directory)
        .map_err(|source| HostError::Data { path: directory.clone(), source })?;
    let or_below = |setting: &Option<String>, prefix: &str, name: &str| match setting {
        Some(address) => address.clone(),
        None => format!("{prefix}{}", directory.join(name).display()),
    };
    let database = or_below(&config.content.database, "sqlite:", "content.sqlite");
    let files = or_below(&config.content.files, "", "blobs");
    Ok(Storage::open(&database, &files).await?)
}

/// The packages that the operator installed.
pub(crate) fn open_registry(config: &Config) -> Result<Registry, RegistryError> {
    Registry::open(&config.data.join("packages"))
}

/// A sandbox whose components are compiled by processes of their own.
pub(crate) fn open_sandbox<H: blockhouse_sandbox::Host>(
    config: &Config,
    secrets: &Secrets,
) -> Result<Sandbox<H>, HostError> {
    let program = std::env::current_exe().map_err(HostError::Program)?;
    let sandbox = Sandbox::new(SandboxConfig {
        artifacts: config.data.join("artifacts"),
        artifact_key: secrets.key("artifact"),
        compiler: Compiler::Child { program, arguments: vec!["compile".to_owned()] },
        limits: config.limits.clone(),
        limits_of: config.limits_of()?,
        max_concurrent: config.max_concurrent_calls,
    })?;
    Ok(sandbox.granting(config.grants()))
}

/// A runtime with the packages of the configuration installed, and why some of them are not: a package that cannot be
/// used costs its own block type and no other. `state` is the database of learners' state;
/// `clock` gives milliseconds since 1970.
pub(crate) async fn open_runtime(
    config: &Config,
    secrets: &Secrets,
    storage: Storage,
    state: &DatabaseUrl,
    people: Arc<dyn People>,
    urls: Arc<dyn Urls>,
    clock: fn() -> u64,
) -> Result<(Runtime, Vec<HostError>), HostError> {
    let sandbox = open_sandbox(config, secrets)?;
    let Stores { learners, authors } = Stores::open(state, config.authors_ttl(), clock).await?;
    let runtime = Runtime::new(Parts {
        sandbox,
        content: Arc::new(open_content(config)?),
        contexts: LearningContexts::default(),
        documents: Documents::new(storage.clone()),
        libraries: Libraries::new(storage, LibraryRules::default(), clock),
        people,
        learners,
        visitors: open_visitors(config)?,
        authors,
        urls,
        policy: config.policy()?,
        journal: open_journal(&config.data),
        pseudonym_key: secrets.key("pseudonym"),
        clock,
    });
    let refused = package_files(&config.blocks())?
        .into_iter()
        .filter_map(|path| install(&runtime, &path).err())
        .collect();
    // What the operator installed goes before what lies in a directory.
    packages::take_up(&runtime, &open_registry(config)?);
    Ok((runtime, refused))
}

/// A host that cannot keep its journal serves all the same.
fn open_journal(data: &Path) -> Option<Journal> {
    Journal::open(data)
        .inspect_err(|error| tracing::warn!(%error, "it is not kept which blocks are running"))
        .ok()
}

/// The platform of a configuration, if there is one. Those who come in with its tokens are known to `people`.
pub(crate) fn platform(config: &Config, people: Arc<IntroducedPeople>) -> Option<PlatformConfig> {
    let Platform { jwks, issuer, audience, algorithms, leeway_seconds } = config.platform.clone();
    let configured = !jwks.is_empty();
    configured.then(|| PlatformConfig {
        jwks,
        issuer,
        audience,
        algorithms,
        leeway_s: leeway_seconds,
        people,
    })
}

/// Who is who: in development mode, those whom one can choose to be.
pub(crate) fn people(config: &Config) -> Arc<dyn People> {
    if !config.development {
        return Arc::new(NobodyKnown);
    }
    let person = |account, name: &str, creator| Person {
        account: Some(account),
        username: name.to_owned(),
        display_name: name.to_owned(),
        email: format!("{name}@example.org"),
        active: true,
        creator,
        ..Person::default()
    };
    Arc::new(ListedPeople::new(vec![
        person(1, "alice", false),
        person(2, "bob", false),
        person(3, "ann", true),
    ]))
}

/// The store of visitors without an account.
fn open_visitors(config: &Config) -> Result<Arc<dyn StateStore>, StateError> {
    let ttl = config.visitors_ttl();
    Ok(match &config.visitors.redis {
        Some(url) => Arc::new(RedisStore::new(url, ttl)?),
        None => Arc::new(EphemeralStore::new(EphemeralConfig {
            entries: config.visitors.entries,
            bytes: config.visitors.bytes,
            ttl,
        })),
    })
}

/// The Blockstore that other hosts may use, where there is a token for it.
pub(crate) fn blockstore(config: &Config, storage: &Storage) -> Option<BlockstoreConfig> {
    let tokens = config.blockstore.tokens.clone();
    let store = || Arc::new(EmbeddedBundles::new(storage.clone()));
    (!tokens.is_empty()).then(|| BlockstoreConfig { store: store(), tokens })
}

fn install(runtime: &Runtime, path: &Path) -> Result<(), HostError> {
    runtime
        .install_file(path)
        .map_err(|source| HostError::Package { path: path.to_owned(), source: Box::new(source) })
}

/// The package files of a directory, in the order of their names. A directory that is not there has none.
pub(crate) fn package_files(directory: &Path) -> Result<Vec<PathBuf>, HostError> {
    let entries = match std::fs::read_dir(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|source| HostError::Data { path: directory.to_owned(), source })?,
    };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "block"))
        .collect();
    found.sort();
    Ok(found)
}
