//! The host's secret: made once, kept in the data directory, readable by its owner only. Every purpose gets a key of
//! its own, so that none can be used for another.

use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use rand::TryRngCore;
use sha2::Sha256;

/// The file of the operator's token.
pub(crate) const OPERATOR_TOKEN: &str = "operator-token";

/// The secret of one data directory.
pub(crate) struct Secrets([u8; 32]);

/// The secret cannot be read or made.
#[derive(Debug, thiserror::Error)]
#[error("the host's secret `{path}` cannot be used")]
pub(crate) struct SecretsError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

impl Secrets {
    /// Reads the secret, or makes it. Two hosts that start together end up with the same one.
    pub(crate) fn open(data: &Path) -> Result<Self, SecretsError> {
        let path = data.join("secret.key");
        Self::read(&path).or_else(|_| Self::create(&path)).map_err(|source| SecretsError { path, source })
    }

    /// The operator's token, in a file of its own for programs on this machine. It is the same as long as the secret is,
    /// and the file is written again at every start, so that deleting it loses nothing.
    pub(crate) fn operator_token(&self, data: &Path) -> Result<String, SecretsError> {
        let token =
            self.key("operator token").iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let path = data.join(OPERATOR_TOKEN);
        write_privately(data, &path, token.as_bytes()).map_err(|source| SecretsError { path, source })?;
        Ok(token)
    }

    fn read(path: &Path) -> io::Result<Self> {
        let mut secret = [0; 32];
        std::fs::File::open(path)?.read_exact(&mut secret)?;
        Ok(Self(secret))
    }

    /// Linking a complete file into place either makes it the secret or finds that another one is there.
    fn create(path: &Path) -> io::Result<Self> {
        let mut secret = [0; 32];
        rand::rngs::OsRng.try_fill_bytes(&mut secret).map_err(io::Error::other)?;
        let new = path.with_extension(format!("{}.new", std::process::id()));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&secret)?;
        file.sync_all()?;
        let linked = std::fs::hard_link(&new, path);
        std::fs::remove_file(&new)?;
        match linked {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Self::read(path),
        }
    }

    /// The key for one purpose.
    pub(crate) fn key(&self, purpose: &str) -> [u8; 32] {
        let Self(secret) = self;
        let mut key = [0; 32];
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) {
            mac.update(purpose.as_bytes());
            key.copy_from_slice(&mac.finalize().into_bytes());
        }
        key
    }
}

/// Replaces a file. Such a file is made with mode 0600.
fn write_privately(data: &Path, path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(data)?;
    file.write_all(contents)?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_stays_the_same_and_each_purpose_has_its_own_key() {
        let data = tempfile::tempdir().unwrap();
        let first = Secrets::open(data.path()).unwrap();
        let second = Secrets::open(data.path()).unwrap();
        assert_eq!(first.key("session"), second.key("session"));
        assert_ne!(first.key("session"), first.key("token"));
    }

    #[test]
    fn the_operators_token_is_in_a_file_that_only_its_owner_reads() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        let token = Secrets::open(data.path()).unwrap().operator_token(data.path()).unwrap();
        let path = data.path().join(OPERATOR_TOKEN);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), token);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Secrets::open(data.path()).unwrap().operator_token(data.path()).unwrap(), token);
    }
}
