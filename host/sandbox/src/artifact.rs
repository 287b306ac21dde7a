//! Compiled components on disk, and what was found when they were installed. wasmtime maps such a file into memory and
//! runs it as machine code, so none is opened that this host did not authenticate: a file is bound to its component, to
//! the exact engine and to the host's key. A file that fails any of this is compiled anew, never run.
#![allow(unsafe_code)] // `deserialize_file` only; see `ArtifactStore::load`.

use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Separate these authentication codes from each other and from any other use of the key.
const COMPONENT: &[u8] = b"blockhouse compiled component 1\0";
/// Another version of the host may check more, so it finds out for itself.
const APPROVAL: &[u8] = concat!("blockhouse approval 1 ", env!("CARGO_PKG_VERSION"), "\0").as_bytes();

/// Bytes of an authentication code.
const CODE: usize = 32;

/// A directory of compiled components and their authentication codes.
pub(crate) struct ArtifactStore {
    directory: PathBuf,
    key: [u8; 32],
    /// wasmtime's version, its settings and the processor's features: what an artifact has to have been made for.
    compatibility: String,
}

/// What came of looking for an artifact.
pub(crate) enum Loaded {
    /// Authenticated and mapped.
    Ready(Component),
    /// There is none.
    Absent,
    /// There is one that must not be run; the text says why.
    Unusable(String),
}

impl ArtifactStore {
    /// Uses `directory`, which becomes readable for this user only. One that cannot be written to is refused now: else
    /// every start would compile everything.
    pub(crate) fn open(directory: PathBuf, key: [u8; 32], engine: &Engine) -> io::Result<Self> {
        fs::create_dir_all(&directory)?;
        #[cfg(unix)]
        fs::set_permissions(&directory, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        tempfile::NamedTempFile::new_in(&directory)?;
        let mut hasher = ShaHasher(Sha256::new());
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Self { directory, key, compatibility: hex(&hasher.0.finalize()) })
    }

    /// Writes an artifact. Each file is complete or absent: it is written under another name and then renamed.
    pub(crate) fn store(&self, digest: &str, artifact: &[u8]) -> io::Result<()> {
        let code = self.code(COMPONENT, digest, artifact).finalize().into_bytes();
        self.write(&self.code_path(digest), &code)?;
        self.write(&self.path(digest), artifact)
    }

    /// Loads the artifact of a component, if it is one that this host made for this engine.
    pub(crate) fn load(&self, engine: &Engine, digest: &str) -> Loaded {
        let mut artifact = Vec::new();
        let opened =
            File::open(self.path(digest)).and_then(|mut file| file.read_to_end(&mut artifact).map(|_| file));
        let file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Loaded::Absent,
            Err(error) => return Loaded::Unusable(format!("cannot read the compiled component: {error}")),
        };
        let authentic = fs::read(self.code_path(digest))
            .is_ok_and(|code| self.code(COMPONENT, digest, &artifact).verify_slice(&code).is_ok());
        if !authentic {
            return Loaded::Unusable("the compiled component does not bear this host's code".to_owned());
        }
        // By its descriptor: the file that is mapped is the one that was read, whatever the name means by now.
        let path = format!("/proc/self/fd/{}", file.as_raw_fd());
        // SAFETY: the file has to be what `Engine::precompile_component` wrote and must not change while it is
        // mapped. The first is what the code above proves, unless the key is known to others. The second holds
        // because only this user can write to the directory, and this program replaces files there by renaming, which
        // leaves the mapped one as it is.
        let loaded = unsafe { Component::deserialize_file(engine, path) };
        match loaded {
            Ok(component) => Loaded::Ready(component),
            Err(error) => {
                Loaded::Unusable(format!("the compiled component does not fit this engine: {error:#}"))
            }
        }
    }

    /// Writes what was found about the package with this digest, behind its authentication code.
    pub(crate) fn store_approval(&self, digest: &str, approval: &[u8]) -> io::Result<()> {
        let code = self.code(APPROVAL, digest, approval).finalize().into_bytes();
        self.write(&self.approval_path(digest), &[&code[..], approval].concat())
    }

    /// What was found about a package, if it was this host that wrote it, for this engine.
    pub(crate) fn approval(&self, digest: &str) -> Option<Vec<u8>> {
        let file = fs::read(self.approval_path(digest)).ok()?;
        let (code, approval) = file.split_at_checked(CODE)?;
        let authentic = self.code(APPROVAL, digest, approval).verify_slice(code).is_ok();
        authentic.then(|| approval.to_vec())
    }

    fn code(&self, purpose: &[u8], digest: &str, bytes: &[u8]) -> Hmac<Sha256> {
        // HMAC itself fills a key that is shorter than a block with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.key);
        let mut code = Hmac::<Sha256>::new(&block.into());
        for part in [purpose, digest.as_bytes(), b"\0", self.compatibility.as_bytes(), b"\0", bytes] {
            code.update(part);
        }
        code
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.directory.join(format!("{digest}-{}.cwasm", self.compatibility))
    }

    fn code_path(&self, digest: &str) -> PathBuf {
        self.path(digest).with_extension("mac")
    }

    fn approval_path(&self, digest: &str) -> PathBuf {
        self.path(digest).with_extension("approval")
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        // Such a file is created with mode 0600.
        let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    }
}

/// Lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Feeds what a value hashes into SHA-256, since the standard hasher may change from one release of Rust to the next.
struct ShaHasher(Sha256);

impl Hasher for ShaHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest = self.0.clone().finalize();
        digest.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }
}
