//! A package: one file with all that a block type is. A zip of `manifest.json`, `component.wasm`, `public/**`
//! and `locales/*.ftl`, read
//! as a stranger's: every size is capped while unpacking, and nothing is ever unpacked to disk.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;

use blockhouse_fields::BlockDefinition;
use sha2::{Digest, Sha256};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::artifact::hex;

/// The most that a package file may have. A CPython component has 19 MB.
const MAX_FILE: u64 = 64 << 20;
const MAX_MANIFEST: u64 = 1 << 20;
const MAX_COMPONENT: u64 = 48 << 20;
/// All files below `public/` together.
const MAX_PUBLIC: u64 = 64 << 20;
/// All catalogues together.
const MAX_LOCALES: u64 = 8 << 20;
const MAX_ENTRIES: usize = 2_000;
const MAX_NAME: usize = 255;

const MANIFEST: &str = "manifest.json";
const COMPONENT: &str = "component.wasm";
const PUBLIC: &str = "public/";
const LOCALES: &str = "locales/";
/// What a catalogue's name ends with: it is in the Fluent format.
const CATALOGUE: &str = ".ftl";

/// A block type as it travels.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// The manifest: what the block says of itself.
    pub definition: BlockDefinition,
    /// The component.
    pub component: Arc<[u8]>,
    /// SHA-256 of the component, in hex: what a compiled component belongs to.
    pub component_digest: String,
    /// SHA-256 of everything in the package, in hex: the identity of this version. Addresses of its files carry it, so
    /// it has to change when any file does.
    pub digest: String,
    /// The files for the browser, by their path in the package: `public/…`.
    pub public: BTreeMap<String, Arc<[u8]>>,
    /// The texts in each language, in the Fluent format, by locale: `ar` for `locales/ar.ftl`.
    pub locales: BTreeMap<String, Arc<str>>,
}

/// Why a file is no package, or could not become one.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The operating system refused.
    #[error("cannot read or write {path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// It is no zip file, or a damaged one.
    #[error("this is no package: {0}; make one with `blockhouse build`")]
    Zip(#[from] ZipError),
    /// A part is missing.
    #[error("the package has no `{0}`; make one with `blockhouse build`")]
    Missing(&'static str),
    /// An entry that no package has.
    #[error("the package has an entry {name:?}, which is not allowed: {reason}")]
    Entry {
        /// Its name.
        name: String,
        /// The rule.
        reason: &'static str,
    },
    /// Larger than allowed.
    #[error("{what} is larger than {most} bytes; make it smaller")]
    TooLarge {
        /// Which part.
        what: String,
        /// The most that it may have.
        most: u64,
    },
    /// The manifest is not a definition.
    #[error("`manifest.json` is no definition of a block: {0}")]
    Manifest(serde_json::Error),
}

impl Package {
    /// A package of its parts. The keys of `public` start with `public/`.
    pub fn new(
        definition: BlockDefinition,
        component: Arc<[u8]>,
        public: BTreeMap<String, Arc<[u8]>>,
    ) -> Self {
        let component_digest = hex(&Sha256::digest(&component));
        let package = Self {
            definition,
            component,
            component_digest,
            digest: String::new(),
            public,
            locales: BTreeMap::new(),
        };
        package.identified()
    }

    /// The same package with these catalogues, by locale.
    pub fn with_locales(self, locales: BTreeMap<String, Arc<str>>) -> Self {
        Self { locales, ..self }.identified()
    }

    /// Each part goes in with its name and its length, so that no two packages have the same text.
    fn identified(mut self) -> Self {
        let manifest = serde_json::to_vec(&self.definition).unwrap_or_default();
        let mut digest = Sha256::new();
        let mut add = |name: &str, bytes: &[u8]| {
            for part in [name.as_bytes(), bytes] {
                digest.update((part.len() as u64).to_be_bytes());
                digest.update(part);
            }
        };
        add(MANIFEST, &manifest);
        add(COMPONENT, self.component_digest.as_bytes());
        self.public.iter().for_each(|(name, bytes)| add(name, bytes));
        self.locales.iter().for_each(|(locale, text)| add(locale, text.as_bytes()));
        self.digest = hex(&digest.finalize());
        self
    }

    /// Reads a package file.
    ///
    /// # Errors
    /// When it cannot be read, is damaged, too large, or has what a package does not have.
    pub fn read(path: &Path) -> Result<Self, PackageError> {
        let io = |source| PackageError::Io { path: path.display().to_string(), source };
        let file = File::open(path).map_err(io)?;
        if file.metadata().map_err(io)?.len() > MAX_FILE {
            return Err(PackageError::TooLarge { what: "the package".to_owned(), most: MAX_FILE });
        }
        Self::from_zip(io::BufReader::new(file))
    }

    /// One file of a package file, below `public/`, whose SHA-256 is `digest` in hex; none when the package has no such
    /// file. Nothing else of it is unpacked.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged or too large.
    pub fn read_public(path: &Path, name: &str, digest: &str) -> Result<Option<Vec<u8>>, PackageError> {
        let io = |source| PackageError::Io { path: path.display().to_string(), source };
        if !is_public_path(name) {
            return Ok(None);
        }
        let mut zip = ZipArchive::new(io::BufReader::new(File::open(path).map_err(io)?))?;
        match zip.by_name(name) {
            Ok(entry) => {
                let bytes = unpack(entry, PUBLIC, MAX_PUBLIC)?;
                Ok(Some(bytes).filter(|bytes| hex(&Sha256::digest(bytes)) == digest))
            }
            Err(ZipError::FileNotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn from_zip(file: impl Read + Seek) -> Result<Self, PackageError> {
        let mut zip = ZipArchive::new(file)?;
        if zip.len() > MAX_ENTRIES {
            return Err(PackageError::TooLarge {
                what: "the list of files".to_owned(),
                most: MAX_ENTRIES as u64,
            });
        }
        let (mut manifest, mut component) = (None, None);
        let (mut public, mut locales) = (BTreeMap::new(), BTreeMap::new());
        let (mut public_left, mut locales_left) = (MAX_PUBLIC, MAX_LOCALES);
        for index in 0..zip.len() {
            let entry = zip.by_index(index)?;
            let name = entry.name()?.into_owned();
            let refuse = |reason| Err(PackageError::Entry { name: name.clone(), reason });
            if entry.is_symlink() || entry.encrypted() {
                return refuse("links and encrypted files cannot be served");
            }
            match name.as_str() {
                MANIFEST => manifest = Some(unpack(entry, MANIFEST, MAX_MANIFEST)?),
                COMPONENT => component = Some(unpack(entry, COMPONENT, MAX_COMPONENT)?),
                LOCALES => {}
                _ if let Some(locale) = locale_of(&name) => {
                    let bytes = unpack(entry, LOCALES, locales_left)?;
                    locales_left = locales_left.saturating_sub(bytes.len() as u64);
                    let text = String::from_utf8(bytes).map_err(|_| PackageError::Entry {
                        name: name.clone(),
                        reason: "a catalogue is UTF-8 text",
                    })?;
                    locales.insert(locale.to_owned(), Arc::from(text));
                }
                _ if !is_public_path(name.trim_end_matches('/')) => {
                    return refuse(
                        "there is `manifest.json`, `component.wasm`, `locales/*.ftl`, and plain paths below `public/`",
                    );
                }
                _ if entry.is_dir() => {}
                _ => {
                    let bytes = unpack(entry, PUBLIC, public_left)?;
                    public_left = public_left.saturating_sub(bytes.len() as u64);
                    public.insert(name, Arc::from(bytes));
                }
            }
        }
        let manifest = manifest.ok_or(PackageError::Missing(MANIFEST))?;
        let component = component.ok_or(PackageError::Missing(COMPONENT))?;
        let definition = serde_json::from_slice(&manifest).map_err(PackageError::Manifest)?;
        Ok(Self::new(definition, Arc::from(component), public).with_locales(locales))
    }

    /// Writes a package file, the same bytes for the same parts.
    ///
    /// # Errors
    /// When the file cannot be written, or a key of `public` is no plain path below `public/`.
    pub fn write(&self, path: &Path) -> Result<(), PackageError> {
        let io = |source| PackageError::Io { path: path.display().to_string(), source };
        let directory =
            path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(directory).map_err(io)?;
        self.to_zip(file.as_file_mut())?;
        #[cfg(unix)]
        file.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644)).map_err(io)?;
        file.persist(path).map_err(|error| io(error.error))?;
        Ok(())
    }

    fn to_zip(&self, file: impl Write + Seek) -> Result<(), PackageError> {
        let manifest = serde_json::to_vec_pretty(&self.definition).map_err(PackageError::Manifest)?;
        let part = |name: &str, bytes| (name.to_owned(), bytes);
        let catalogues = self.locales.iter();
        let catalogues =
            catalogues.map(|(locale, text)| (format!("{LOCALES}{locale}{CATALOGUE}"), text.as_bytes()));
        let public = self.public.iter().map(|(name, bytes)| part(name, &**bytes));
        let entries = [part(MANIFEST, manifest.as_slice()), part(COMPONENT, &*self.component)]
            .into_iter()
            .chain(catalogues)
            .chain(public);
        // The default time stamp is a constant.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        let mut zip = ZipWriter::new(file);
        for (name, bytes) in entries {
            if name != MANIFEST && name != COMPONENT && locale_of(&name).is_none() && !is_public_path(&name) {
                return Err(PackageError::Entry {
                    name,
                    reason: "it is neither a catalogue nor a plain path below `public/`",
                });
            }
            zip.start_file(name, options)?;
            zip.write_all(bytes).map_err(ZipError::from)?;
        }
        zip.finish()?;
        Ok(())
    }
}

/// Reads one entry. What the zip says of its size is not believed: unpacking stops at `most`.
fn unpack(entry: impl Read, what: &str, most: u64) -> Result<Vec<u8>, PackageError> {
    let mut bytes = Vec::new();
    entry.take(most + 1).read_to_end(&mut bytes).map_err(ZipError::from)?;
    if bytes.len() as u64 > most {
        return Err(PackageError::TooLarge { what: format!("`{what}`"), most });
    }
    Ok(bytes)
}

/// The locale of a catalogue's path, for instance `pt-BR` of `locales/pt-BR.ftl`. Whether it is one is seen when the
/// catalogue is read.
fn locale_of(name: &str) -> Option<&str> {
    let locale = name.strip_prefix(LOCALES)?.strip_suffix(CATALOGUE)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (!locale.is_empty() && name.len() <= MAX_NAME && locale.bytes().all(plain)).then_some(locale)
}

/// Whether a name is a path below `public/` that means the same to every server, shell and file system. A name that
/// begins with a dot is hidden from people, so it is not served either (spec 2.9.5).
fn is_public_path(name: &str) -> bool {
    let plain = |segment: &str| !segment.is_empty() && !segment.starts_with('.');
    let strange =
        |c: char| c.is_control() || matches!(c, '\\' | ':' | '?' | '#' | '%' | '"' | '*' | '<' | '>' | '|');
    name.len() <= MAX_NAME
        && !name.contains(strange)
        && name.split('/').all(plain)
        && name.split('/').next().is_some_and(|first| first == "public")
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn definition() -> BlockDefinition {
        serde_json::from_str(r#"{"name":"thing","version":"1.0.0","display_name":"Thing"}"#).unwrap()
    }

    fn zip_of(entries: &[(&str, &[u8])]) -> Cursor<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, bytes) in entries {
            zip.start_file(*name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap()
    }

    fn read(entries: &[(&str, &[u8])]) -> Result<Package, PackageError> {
        let manifest = serde_json::to_vec(&definition()).unwrap();
        let mut all: Vec<(&str, &[u8])> = vec![(MANIFEST, &manifest), (COMPONENT, b"wasm")];
        all.extend_from_slice(entries);
        Package::from_zip(zip_of(&all))
    }

    #[test]
    fn a_package_comes_back_as_it_was_written() {
        let public = BTreeMap::from([("public/js/a.js".to_owned(), Arc::from(&b"x"[..]))]);
        let locales = BTreeMap::from([("en".to_owned(), Arc::from("hello = Hello\n"))]);
        let package = Package::new(definition(), Arc::from(&b"wasm"[..]), public).with_locales(locales);
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("thing-1.0.0.block");
        package.write(&path).unwrap();
        assert_eq!(Package::read(&path).unwrap(), package);
    }

    #[test]
    fn one_public_file_is_read_without_the_rest() {
        let public = BTreeMap::from([("public/a.js".to_owned(), Arc::from(&b"x"[..]))]);
        let package = Package::new(definition(), Arc::from(&b"wasm"[..]), public);
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("thing.block");
        package.write(&path).unwrap();
        let read =
            |name, bytes: &[u8]| Package::read_public(&path, name, &hex(&Sha256::digest(bytes))).unwrap();
        assert_eq!(read("public/a.js", b"x"), Some(b"x".to_vec()));
        assert_eq!(read("public/a.js", b"y"), None, "it is another file than was wanted");
        assert_eq!((read("public/b.js", b"x"), read(COMPONENT, b"wasm")), (None, None));
    }

    #[test]
    fn a_change_of_any_part_makes_another_version() {
        let package = |public: &str, text: &str, wasm: &[u8]| {
            let public = BTreeMap::from([("public/a.js".to_owned(), Arc::from(public.as_bytes()))]);
            let locales = BTreeMap::from([("en".to_owned(), Arc::from(text))]);
            Package::new(definition(), Arc::from(wasm), public).with_locales(locales)
        };
        let first = package("1", "hello = Hello\n", b"wasm");
        for other in [
            package("2", "hello = Hello\n", b"wasm"),
            package("1", "hello = Hi\n", b"wasm"),
            package("1", "hello = Hello\n", b"WASM"),
        ] {
            assert_ne!(other.digest, first.digest);
        }
        assert_eq!(package("1", "hello = Hello\n", b"wasm").digest, first.digest);
    }

    #[test]
    fn the_same_parts_make_the_same_file() {
        let package = Package::new(definition(), Arc::from(&b"wasm"[..]), BTreeMap::new());
        let bytes = || {
            let mut file = Cursor::new(Vec::new());
            package.to_zip(&mut file).unwrap();
            file.into_inner()
        };
        assert_eq!(bytes(), bytes());
    }

    #[test]
    fn a_path_that_leaves_the_package_is_refused() {
        for name in [
            "../evil",
            "locales/../en.ftl",
            "locales/en.txt",
            "public/../evil",
            "/etc/passwd",
            "public//x",
            "public\\x",
            "other/x",
            "public/a:b",
        ] {
            assert!(matches!(read(&[(name, b"")]), Err(PackageError::Entry { .. })), "{name}");
        }
    }

    #[test]
    fn row_049_local_resources_have_safe_names_below_public() {
        for name in [
            "public/hey.js",
            "public/sub/hey.js",
            "public/☃.js",
            "public/a/long/PATH/no-problem=here$123.ext",
        ] {
            assert!(is_public_path(name), "{name}");
        }
        for name in ["public/../secret.js", "public/.git/x", "static/x.js", "../public/x", "image.png"] {
            assert!(!is_public_path(name), "{name}");
        }
    }

    #[test]
    fn an_entry_that_unpacks_to_too_much_is_refused() {
        let zeros = vec![0; MAX_COMPONENT as usize + 1];
        let bomb = zip_of(&[(MANIFEST, b"{}"), (COMPONENT, &zeros)]);
        assert!(bomb.get_ref().len() < 1 << 20);
        assert!(matches!(Package::from_zip(bomb), Err(PackageError::TooLarge { .. })));
    }

    #[test]
    fn a_claimed_size_is_not_believed() {
        let endless = io::repeat(0);
        assert!(matches!(unpack(endless, COMPONENT, 100), Err(PackageError::TooLarge { .. })));
    }

    #[test]
    fn a_file_that_is_no_zip_is_refused() {
        let file = Cursor::new(b"not a zip".to_vec());
        assert!(matches!(Package::from_zip(file), Err(PackageError::Zip(_))));
    }

    #[test]
    fn a_package_without_a_component_is_refused() {
        let manifest = serde_json::to_vec(&definition()).unwrap();
        let zip = zip_of(&[(MANIFEST, &manifest)]);
        assert!(matches!(Package::from_zip(zip), Err(PackageError::Missing(COMPONENT))));
    }
}
