//! The settings `grants` and `grants_of`: which capabilities block types have, the secrets that they are given, and the
//! servers that they reach. A secret is never written into the settings themselves, but read from a variable or a file
//! when the host starts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use blockhouse_runtime::{
    Authorities, Granted, InvalidAuthorities, InvalidNetwork, InvalidServer, Reach, Secret,
};
use blockhouse_sandbox::{Capability, Grants};
use serde::{Deserialize, Serialize};

use crate::config::Config;

/// For all block types.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct GrantSettings {
    /// What they have, if `grants_of` says nothing else.
    pub(crate) capabilities: BTreeSet<Capability>,
}

/// For one block type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct GrantSettingsOf {
    /// What it has, in place of what all have.
    pub(crate) capabilities: Option<BTreeSet<Capability>>,
    /// The courses and libraries in which it has them; empty: in all.
    pub(crate) contexts: Vec<String>,
    /// Where its secrets are: `env:VARIABLE` or `file:PATH`.
    pub(crate) secrets: BTreeMap<String, String>,
    /// The servers to which it may send requests.
    pub(crate) http_hosts: Vec<String>,
    /// The networks in which these may be, besides public ones.
    pub(crate) http_networks: Vec<String>,
    /// A file with the certificates of authorities that vouch for them, besides those whom the system believes.
    pub(crate) http_authorities: Option<PathBuf>,
}

impl Default for GrantSettings {
    fn default() -> Self {
        Self { capabilities: Grants::default().all }
    }
}

/// A setting below `grants_of` that cannot be used. It names where a secret was looked for, never the secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GrantError {
    /// A context.
    #[error(
        "the setting `grants_of.{block_type}.contexts` takes keys of courses and libraries; `{key}` is none"
    )]
    Context {
        /// Whose.
        block_type: String,
        /// What stands there.
        key: String,
    },
    /// A server.
    #[error("the setting `grants_of.{block_type}.http_hosts` cannot be used: {source}")]
    Server {
        /// Whose.
        block_type: String,
        /// What stands there.
        source: InvalidServer,
    },
    /// A network.
    #[error("the setting `grants_of.{block_type}.http_networks` cannot be used: {source}")]
    Network {
        /// Whose.
        block_type: String,
        /// What stands there.
        source: InvalidNetwork,
    },
    /// Authorities.
    #[error(
        "the file in the setting `grants_of.{block_type}.http_authorities`, {path}, cannot be used: {why}"
    )]
    Authorities {
        /// Whose.
        block_type: String,
        /// What stands there.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// A secret's place.
    #[error(
        "the secret `{name}` of `{block_type}` needs a place: \"env:VARIABLE\" or \"file:PATH\"; never write the \
         secret itself into the settings"
    )]
    Place {
        /// Whose.
        block_type: String,
        /// Which secret.
        name: String,
    },
    /// A secret that is not there.
    #[error("the secret `{name}` of `{block_type}` cannot be read from {place}: {why}")]
    Absent {
        /// Whose.
        block_type: String,
        /// Which secret.
        name: String,
        /// Where it should be.
        place: String,
        /// What is wrong there.
        why: String,
    },
}

impl Config {
    /// Which block types have which capabilities.
    pub(crate) fn grants(&self) -> Grants {
        let own = |(name, of): (&String, &GrantSettingsOf)| Some((name.clone(), of.capabilities.clone()?));
        Grants { all: self.grants.capabilities.clone(), of: self.grants_of.iter().filter_map(own).collect() }
    }

    /// What stands behind them; reads the secrets.
    pub(crate) fn granted(&self) -> Result<BTreeMap<String, Granted>, GrantError> {
        self.grants_of.iter().map(|(name, of)| Ok((name.clone(), granted(name, of)?))).collect()
    }
}

fn granted(block_type: &str, of: &GrantSettingsOf) -> Result<Granted, GrantError> {
    let context = |key: &String| {
        key.parse().map_err(|_| GrantError::Context { block_type: block_type.to_owned(), key: key.clone() })
    };
    let secret = |(name, place): (&String, &String)| Ok((name.clone(), secret(block_type, name, place)?));
    let server = |text: &String| {
        text.parse().map_err(|source| GrantError::Server { block_type: block_type.to_owned(), source })
    };
    let network = |text: &String| {
        text.parse().map_err(|source| GrantError::Network { block_type: block_type.to_owned(), source })
    };
    Ok(Granted {
        contexts: of.contexts.iter().map(context).collect::<Result<_, _>>()?,
        secrets: of.secrets.iter().map(secret).collect::<Result<_, _>>()?,
        http: Reach {
            servers: of.http_hosts.iter().map(server).collect::<Result<_, _>>()?,
            networks: of.http_networks.iter().map(network).collect::<Result<_, _>>()?,
            authorities: of
                .http_authorities
                .as_ref()
                .map_or_else(|| Ok(Authorities::default()), |path| authorities(block_type, path))?,
        },
    })
}

fn authorities(block_type: &str, path: &Path) -> Result<Authorities, GrantError> {
    let failed = |why: String| GrantError::Authorities {
        block_type: block_type.to_owned(),
        path: path.display().to_string(),
        why,
    };
    let pem = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    pem.parse().map_err(|error: InvalidAuthorities| failed(error.to_string()))
}

fn secret(block_type: &str, name: &str, place: &str) -> Result<Secret, GrantError> {
    let absent = |why: String| GrantError::Absent {
        block_type: block_type.to_owned(),
        name: name.to_owned(),
        place: place.to_owned(),
        why,
    };
    let text = match place.split_once(':') {
        Some(("env", variable)) if !variable.is_empty() => {
            // The error of a variable that is no text would print it.
            std::env::var(variable)
                .map_err(|_| absent("the variable is not set, or is no text".to_owned()))?
        }
        Some(("file", path)) if !path.is_empty() => {
            std::fs::read_to_string(path).map_err(|error| absent(error.to_string()))?
        }
        _ => {
            return Err(GrantError::Place { block_type: block_type.to_owned(), name: name.to_owned() });
        }
    };
    // Editors end a file with a line's end, which is no part of a secret.
    Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a file alone: the environment of the tests says other things.
    fn settings(text: &str) -> Config {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_type_of_its_own_has_what_stands_there_and_others_publish() {
        let grants = settings("[grants_of.quiz]\ncapabilities = [\"secrets\"]\n[grants_of.poll]\n").grants();
        assert_eq!(*grants.of("quiz"), [Capability::Secrets].into());
        assert_eq!(*grants.of("poll"), [Capability::Publish].into());
        assert_eq!(*grants.of("html"), [Capability::Publish].into());
    }

    #[test]
    fn an_unknown_capability_is_an_error_that_names_those_there_are() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "[grants]\ncapabilities = [\"sockets\"]").unwrap();
        let message = Config::load(Some(file.path())).unwrap_err().to_string();
        assert!(message.contains("sockets") && message.contains("user-details"), "{message}");
    }

    #[test]
    fn a_file_of_authorities_without_a_certificate_is_refused_by_its_name() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let setting = format!("[grants_of.quiz]\nhttp_authorities = \"{}\"\n", file.path().display());
        let message = settings(&setting).granted().unwrap_err().to_string();
        assert!(
            message.contains(file.path().to_str().unwrap()) && message.contains("no certificate"),
            "{message}"
        );
    }

    #[test]
    fn a_secret_is_read_from_a_file_without_its_last_line_end() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "hunter2\n").unwrap();
        let place = format!("file:{}", file.path().display());
        assert_eq!(secret("quiz", "KEY", &place).unwrap(), Secret::new("hunter2".to_owned()));
    }

    #[test]
    fn a_secret_that_stands_in_the_settings_is_refused_and_not_repeated() {
        let message = secret("quiz", "KEY", "hunter2").unwrap_err().to_string();
        assert!(message.contains("KEY") && !message.contains("hunter2"), "{message}");
    }

    #[test]
    fn a_secret_that_is_not_there_says_where_it_was_looked_for() {
        let message = secret("quiz", "KEY", "env:BLOCKHOUSE_TEST_NO_SUCH").unwrap_err().to_string();
        assert!(message.contains("env:BLOCKHOUSE_TEST_NO_SUCH"), "{message}");
    }

    #[test]
    fn servers_and_networks_are_those_of_the_settings() {
        let config = settings(
            "[grants_of.quiz]\nhttp_hosts = [\"api.example.org\"]\nhttp_networks = [\"10.1.0.0/16\"]\n",
        );
        let reach = &config.granted().unwrap()["quiz"].http;
        assert_eq!(reach.servers, ["api.example.org".parse().unwrap()].into());
        assert_eq!(reach.networks, ["10.1.0.0/16".parse().unwrap()]);
    }

    #[test]
    fn a_server_or_network_that_is_none_is_an_error_that_says_how_to_write_one() {
        for (of, expected) in [
            (
                GrantSettingsOf { http_hosts: vec!["*.org".to_owned()], ..GrantSettingsOf::default() },
                "grants_of.quiz.http_hosts` cannot be used: `*.org` names no server",
            ),
            (
                GrantSettingsOf { http_networks: vec!["inside".to_owned()], ..GrantSettingsOf::default() },
                "grants_of.quiz.http_networks` cannot be used: `inside` is no network",
            ),
        ] {
            let message = granted("quiz", &of).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn a_context_that_is_no_key_is_an_error() {
        let of = GrantSettingsOf { contexts: vec!["everywhere".to_owned()], ..GrantSettingsOf::default() };
        assert!(matches!(granted("quiz", &of), Err(GrantError::Context { .. })));
    }
}
