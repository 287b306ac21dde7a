//! The texts of the block under test: `locales/<tag>.ftl` of the crate whose tests run, as `blockhouse build` packs them.

use std::path::PathBuf;
use std::sync::Arc;

use blockhouse_i18n::Catalogues;

/// The crate's texts. A crate without `locales/` has none.
#[expect(clippy::panic, reason = "a catalogue that no host takes fails the test")]
pub(super) fn of_the_crate() -> Arc<Catalogues> {
    // cargo says at run time which crate's tests these are.
    let directory = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let entries = std::fs::read_dir(directory.join("locales")).into_iter().flatten().flatten();
    let files: Vec<(String, String)> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ftl"))
        .filter_map(|path| {
            Some((path.file_stem()?.to_str()?.to_owned(), std::fs::read_to_string(&path).ok()?))
        })
        .collect();
    let texts = files.iter().map(|(locale, text)| (locale.as_str(), text.as_str()));
    match Catalogues::new(texts) {
        Ok(catalogues) => Arc::new(catalogues),
        Err(error) => panic!("the block's texts cannot be used: {error}"),
    }
}
