//! The configuration: one file, with environment variables over it. Every key has a default; an unknown key is an
//! error. `blockhouse.toml` at the root of the project lists them all, and a test keeps it equal to these defaults.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use blockhouse_keys::InvalidKey;
use blockhouse_runtime::Policy;
use blockhouse_sandbox::{Limits, LimitsError};
use blockhouse_state::{DatabaseUrl, InvalidDatabaseUrl};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::grants::{GrantError, GrantSettings, GrantSettingsOf};

/// The file that is read when none is named.
const DEFAULT_FILE: &str = "blockhouse.toml";

/// Variables with our prefix that are no configuration keys.
const NOT_KEYS: [&str; 2] = ["config", "vectors"];

/// All settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// The address under which browsers reach the host, without a trailing slash.
    pub(crate) public_url: Option<String>,
    /// Content, state, compiled blocks and the host's secret.
    pub(crate) data: PathBuf,
    /// The database of learners' state; `state.sqlite` below `data` when not given.
    pub(crate) database: Option<String>,
    /// The directory of the `.block` packages to install at start; `blocks` below `data` when not given.
    pub(crate) blocks: Option<PathBuf>,
    /// Whether anybody may choose who they are. For one's own machine only.
    pub(crate) development: bool,
    /// The directory, as npm makes it, of the libraries that older front ends of blocks ask for.
    pub(crate) frame_libraries: Option<PathBuf>,
    /// The log.
    pub(crate) log: Log,
    /// HTTP.
    pub(crate) http: Http,
    /// The platform whose tokens say who somebody is.
    pub(crate) platform: Platform,
    /// What is kept of learners.
    pub(crate) learners: Learners,
    /// The state of visitors without an account.
    pub(crate) visitors: Visitors,
    /// The previews of authors.
    pub(crate) authors: Authors,
    /// Where libraries and bundles lie.
    pub(crate) content: Content,
    /// Where published events go.
    pub(crate) events: Events,
    /// The Blockstore API.
    pub(crate) blockstore: Blockstore,
    /// Who may see and change everything.
    pub(crate) operators: Operators,
    /// How many block calls may run at once.
    pub(crate) max_concurrent_calls: usize,
    /// How many block types stay loaded.
    pub(crate) loaded_block_types: NonZeroUsize,
    /// How many bytes of views are kept that are the same for everybody.
    pub(crate) kept_view_bytes: usize,
    /// What one call of a block may cost.
    pub(crate) limits: Limits,
    /// Which capabilities block types have.
    pub(crate) grants: GrantSettings,
    /// What is different for some block types: by the name of the type, keys of `grants`, and what stands behind them.
    pub(crate) grants_of: BTreeMap<String, GrantSettingsOf>,
    /// What is different for some block types: by the name of the type, some keys of `limits`.
    pub(crate) limits_of: BTreeMap<String, BTreeMap<String, u64>>,
}

/// The log, on standard error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,block=debug`.
    pub(crate) filter: String,
    /// Lines for people, or JSON for machines.
    pub(crate) format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// HTTP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Http {
    /// The largest request body, in bytes; a larger one is answered with 413.
    pub(crate) body_limit: usize,
    /// How many requests one address may send in a second; 0 for any number.
    pub(crate) per_address: u32,
    /// How many handler calls one person may send in a second; 0 for any number.
    pub(crate) per_person: u32,
    /// Whether a proxy stands in front, whose last word in `x-forwarded-for` is the address.
    pub(crate) behind_proxy: bool,
    /// The origins of other sites that may show blocks in their pages.
    pub(crate) embed_origins: Vec<String>,
    /// The origins of frames, with a star for the label of each; frames have none without.
    pub(crate) frame_origins: Option<String>,
}

/// The platform whose people learn here. Without keys, no token is taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Platform {
    /// Where its public keys (JWKS) are: a file or an address. Empty: there is no platform.
    pub(crate) jwks: String,
    /// What its tokens say in `iss`.
    pub(crate) issuer: String,
    /// What its tokens for this host say in `aud`.
    pub(crate) audience: String,
    /// The algorithms that it signs with.
    pub(crate) algorithms: Vec<String>,
    /// How many seconds its clock and ours may be apart.
    pub(crate) leeway_seconds: u64,
}

impl Default for Platform {
    fn default() -> Self {
        Self {
            jwks: String::new(),
            issuer: String::new(),
            audience: "blockhouse".to_owned(),
            algorithms: vec!["RS256".to_owned(), "ES256".to_owned(), "EdDSA".to_owned()],
            leeway_seconds: 30,
        }
    }
}

/// What is kept of learners.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Learners {
    /// Whether it is kept how much of each block they have done.
    pub(crate) completion: bool,
}

/// The state of visitors without an account: bounded, and gone after a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Visitors {
    /// The address of a Redis or Valkey server that keeps it; this process's memory when not given.
    pub(crate) redis: Option<String>,
    /// How many values are kept at most.
    pub(crate) entries: usize,
    /// How many bytes are kept at most.
    pub(crate) bytes: usize,
    /// After how many seconds without a change a value is forgotten.
    pub(crate) ttl_seconds: u64,
    /// The courses and libraries in which a visitor who signs in may keep the answers from before.
    pub(crate) keep_answers_in: Vec<String>,
}

/// Where libraries and bundles lie: in the directory `authored` below `data` when nothing is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Content {
    /// The database.
    pub(crate) database: Option<String>,
    /// The directory or object store of large files.
    pub(crate) files: Option<String>,
}

/// The Blockstore API, by which other hosts keep bundles here. There is none without a token.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Blockstore {
    /// Secrets that let another host in, each on its own.
    pub(crate) tokens: Vec<String>,
}

/// Who may see and change everything about the host.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Operators {
    /// Their tokens, beside the one that the host makes for itself.
    pub(crate) tokens: Vec<String>,
}

/// Where published events go: grades, completion and what blocks say besides. Nowhere when nothing is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Events {
    /// A file to which they are added, one line of JSON for each.
    pub(crate) file: Option<PathBuf>,
    /// An address to which they are posted.
    pub(crate) webhook: Option<String>,
    /// The secret with which those requests are signed.
    pub(crate) webhook_key: Option<String>,
}

/// The previews of authors: what they do there is kept for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Authors {
    /// After how many seconds without a change a value is forgotten.
    pub(crate) ttl_seconds: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8765)),
            public_url: None,
            data: PathBuf::from("data"),
            database: None,
            blocks: None,
            frame_libraries: None,
            development: false,
            log: Log::default(),
            http: Http::default(),
            platform: Platform::default(),
            learners: Learners::default(),
            visitors: Visitors::default(),
            authors: Authors::default(),
            content: Content::default(),
            events: Events::default(),
            blockstore: Blockstore::default(),
            operators: Operators::default(),
            max_concurrent_calls: 256,
            loaded_block_types: Policy::default().loaded_block_types,
            kept_view_bytes: Policy::default().kept_view_bytes,
            limits: Limits::default(),
            grants: GrantSettings::default(),
            grants_of: BTreeMap::new(),
            limits_of: BTreeMap::new(),
        }
    }
}

impl Default for Learners {
    fn default() -> Self {
        Self { completion: true }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            body_limit: 1024 * 1024,
            per_address: 200,
            per_person: 20,
            behind_proxy: false,
            embed_origins: Vec::new(),
            frame_origins: None,
        }
    }
}

impl Default for Authors {
    fn default() -> Self {
        Self { ttl_seconds: 90 * 24 * 3600 }
    }
}

impl Default for Visitors {
    fn default() -> Self {
        Self {
            redis: None,
            entries: 1_000_000,
            bytes: 256 * 1024 * 1024,
            ttl_seconds: 14 * 24 * 3600,
            keep_answers_in: Vec::new(),
        }
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// A file that was named is not there.
    #[error("there is no configuration file `{0}`")]
    Missing(PathBuf),
    /// A key is unknown or a value is of the wrong type.
    #[error("the configuration cannot be used: {0}")]
    Invalid(#[from] Box<figment::Error>),
    /// The limits of a block type.
    #[error("the setting `limits_of.{block_type}` cannot be used")]
    LimitsOf {
        /// Which type.
        block_type: String,
        /// Why.
        source: LimitsError,
    },
    /// The grants of a block type.
    #[error(transparent)]
    Grants(#[from] GrantError),
    /// The setting `database`.
    #[error("the setting `database` cannot be used")]
    Database(#[from] InvalidDatabaseUrl),
    /// The setting `visitors.keep_answers_in`.
    #[error("the setting `visitors.keep_answers_in` takes keys of courses and libraries")]
    KeepAnswersIn(#[from] InvalidKey),
}

impl Config {
    /// Defaults, then the file, then `BLOCKHOUSE_…` variables (`BLOCKHOUSE_HTTP__BODY_LIMIT` for `http.body_limit`).
    pub(crate) fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        if let Some(missing) = file.filter(|file| !file.is_file()) {
            return Err(ConfigError::Missing(missing.to_owned()));
        }
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file.unwrap_or(Path::new(DEFAULT_FILE))))
            .merge(Env::prefixed("BLOCKHOUSE_").ignore(&NOT_KEYS).split("__"))
            .extract()
            .map_err(|error| ConfigError::Invalid(Box::new(error)))
    }

    /// The limits of the block types that have their own.
    pub(crate) fn limits_of(&self) -> Result<BTreeMap<String, Limits>, ConfigError> {
        let of = |(block_type, changes): (&String, &BTreeMap<String, u64>)| match self.limits.with(changes) {
            Ok(limits) => Ok((block_type.clone(), limits)),
            Err(source) => Err(ConfigError::LimitsOf { block_type: block_type.clone(), source }),
        };
        self.limits_of.iter().map(of).collect()
    }

    /// Where the packages are.
    pub(crate) fn blocks(&self) -> PathBuf {
        self.blocks.clone().unwrap_or_else(|| self.data.join("blocks"))
    }

    /// Where learners' state is.
    pub(crate) fn database(&self) -> Result<DatabaseUrl, ConfigError> {
        Ok(match &self.database {
            Some(url) => url.parse()?,
            None => DatabaseUrl::file(&self.data.join("state.sqlite")),
        })
    }

    /// The address for browsers.
    pub(crate) fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }

    /// How long authors' previews are kept.
    pub(crate) fn authors_ttl(&self) -> Duration {
        Duration::from_secs(self.authors.ttl_seconds)
    }

    /// What the platform allows.
    pub(crate) fn policy(&self) -> Result<Policy, ConfigError> {
        let claimable =
            self.visitors.keep_answers_in.iter().map(|key| key.parse()).collect::<Result<_, _>>()?;
        Ok(Policy {
            completion: self.learners.completion,
            claimable,
            grants: self.granted()?,
            kept_view_bytes: self.kept_view_bytes,
            loaded_block_types: self.loaded_block_types,
            recordings: Some(self.data.join("recordings")),
        })
    }

    /// How long visitors' state is kept.
    pub(crate) fn visitors_ttl(&self) -> Duration {
        Duration::from_secs(self.visitors.ttl_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_an_error_that_names_it() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "lisen = \"127.0.0.1:1\"").unwrap();
        let message = Config::load(Some(file.path())).unwrap_err().to_string();
        assert!(message.contains("lisen"), "{message}");
    }

    #[test]
    fn the_documented_file_lists_every_key_with_its_default() {
        let documented = include_str!("../../../blockhouse.toml");
        // Every setting stands there behind `#`, so that the file changes nothing until someone edits it.
        let settings: String = documented
            .lines()
            .map(|line| line.strip_prefix("#").filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
            .filter(|line| !line.trim_start().starts_with("# "))
            .map(|line| format!("{line}\n"))
            .collect();
        let read: Config = Figment::from(Toml::string(&settings)).extract().unwrap();
        assert_eq!(
            read,
            Config {
                blocks: read.blocks.clone(),
                http: Http { frame_origins: read.http.frame_origins.clone(), ..Http::default() },
                frame_libraries: read.frame_libraries.clone(),
                database: read.database.clone(),
                public_url: read.public_url.clone(),
                grants_of: read.grants_of.clone(),
                limits_of: read.limits_of.clone(),
                content: read.content.clone(),
                events: read.events.clone(),
                blockstore: read.blockstore.clone(),
                operators: read.operators.clone(),
                visitors: Visitors { redis: read.visitors.redis.clone(), ..Visitors::default() },
                ..Config::default()
            }
        );
        let value: toml::Table = toml::from_str(&settings).unwrap();
        let defaults = toml::Table::try_from(Config::default()).unwrap();
        for (key, default) in &defaults {
            let documented = value.get(key).unwrap_or_else(|| panic!("`{key}` is not documented"));
            if let (Some(default), Some(documented)) = (default.as_table(), documented.as_table()) {
                for key in default.keys() {
                    assert!(documented.contains_key(key), "`{key}` is not documented");
                }
            }
        }
    }
}
