//! Libraries as files and back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::bed::{Bed, ann};
use crate::archive::Archive;
use crate::libraries::LibraryFilter;

pub(super) fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library-backup")
}

pub(super) fn zipped(folder: &Path, to: &Path) {
    Archive::Zip.pack(folder, "", std::fs::File::create_new(to).unwrap()).unwrap();
}

/// What a folder holds: TOML by its meaning, everything else by its bytes.
fn held(folder: &Path) -> BTreeMap<String, String> {
    let (mut all, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path)
                .unwrap_or_else(|_| format!("{:?}", std::fs::read(&path).unwrap()));
            let text = match path.extension().is_some_and(|extension| extension == "toml") {
                true => {
                    let mut table: toml::Table = toml::from_str(&text).unwrap();
                    // When and where a backup was made is not what it holds.
                    table.remove("meta");
                    format!("{table:?}")
                }
                false => text,
            };
            all.insert(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned(), text);
        }
    }
    all
}

pub(super) async fn row_147_a_restored_library_is_backed_up_as_it_was(bed: &Bed) {
    let (store, folder) = (&bed.libraries, &bed.folder);
    zipped(&sample(), &folder.path().join("in.zip"));
    let library = store.restore(&folder.path().join("in.zip"), None, &ann()).await.unwrap();
    assert_eq!((library.key.as_str(), library.title.as_str()), ("lib:Harbour:TIDES", "Tides"));

    let ebb = "lb:Harbour:TIDES:html:ebb".parse().unwrap();
    assert_eq!(store.olx(&ebb).await.unwrap().1, 2);
    assert_ne!(store.published_olx(&ebb).await.unwrap().unwrap(), store.olx(&ebb).await.unwrap().0);
    let storm = store.component(&"lb:Harbour:TIDES:html:storm".parse().unwrap()).await.unwrap();
    assert_eq!((storm.standing.draft, storm.standing.published), (Some(1), None));

    store.backup(&library.key, &folder.path().join("out.zip"), &ann()).await.unwrap();
    let out = folder.path().join("out");
    Archive::Zip.unpack(&folder.path().join("out.zip"), &out, &mut |_| ()).unwrap();
    let (before, after) = (held(&sample()), held(&out));
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (name, text) in &before {
        assert_eq!(text, &after[name], "{name}");
    }
}

pub(super) async fn row_147_a_backup_is_restored_beside_the_library_that_it_came_from(bed: &Bed) {
    let (store, folder) = (&bed.libraries, &bed.folder);
    let zip = folder.path().join("in.zip");
    zipped(&sample(), &zip);
    store.restore(&zip, None, &ann()).await.unwrap();
    let again = store.restore(&zip, None, &ann()).await.unwrap_err();
    assert!(again.to_string().contains("already exists"), "{again}");
    let other = "lib:Harbour:COPY".parse().unwrap();
    store.restore(&zip, Some(&other), &ann()).await.unwrap();
    let unit = "lct:Harbour:COPY:section:week-1".parse().unwrap();
    assert_eq!(store.children(&unit, false).await.unwrap()[0].key, "lct:Harbour:COPY:subsection:day-1");
}

pub(super) async fn a_file_that_is_no_backup_makes_no_library(bed: &Bed) {
    let (store, folder) = (&bed.libraries, &bed.folder);
    let zip = folder.path().join("in.zip");
    std::fs::write(&zip, "nothing").unwrap();
    assert!(store.restore(&zip, None, &ann()).await.is_err());
    assert!(store.libraries(&LibraryFilter::default()).await.unwrap().is_empty());
}
