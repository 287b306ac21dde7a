//! Libraries as files and back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use blockhouse_keys::LibraryKey;

use super::bed::{Bed, ann};
use crate::archive::Archive;
use crate::libraries::{LibraryFilter, NewComponent, NewLibrary};

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

/// `lib:Harbour:TIDES` of the sample, linked to a library `lib:Harbour:CHARTS` that has published twice.
pub(super) async fn with_links(bed: &Bed) -> LibraryKey {
    let (store, folder) = (&bed.libraries, &bed.folder);
    zipped(&sample(), &folder.path().join("in.zip"));
    let tides = store.restore(&folder.path().join("in.zip"), None, &ann()).await.unwrap().key;
    let charts = NewLibrary {
        org: "Harbour".into(),
        slug: "CHARTS".into(),
        title: "Charts".into(),
        ..NewLibrary::default()
    };
    let charts = store.create_library(charts, &ann()).await.unwrap().key;
    for id in ["north", "south"] {
        let new = NewComponent {
            block_type: "html".to_owned(),
            id: id.to_owned(),
            title: id.to_owned(),
            olx: format!("<html>{id}</html>"),
            can_stand_alone: true,
            parent: None,
        };
        store.create_component(&charts, new, &ann()).await.unwrap();
        store.publish_library(&charts, None, &ann()).await.unwrap();
    }
    store.add_link(&tides, "charts", &charts, Some(1), &ann()).await.unwrap();
    store.publish_library(&tides, None, &ann()).await.unwrap();
    store.update_link(&tides, "charts", None, &ann()).await.unwrap();
    tides
}

pub(super) async fn row_147_a_backup_brings_the_links_back_as_authors_and_learners_had_them(bed: &Bed) {
    let store = &bed.libraries;
    let tides = with_links(bed).await;
    let zip = bed.folder.path().join("linked.zip");
    store.backup(&tides, &zip, &ann()).await.unwrap();
    store.delete_library(&tides, &ann()).await.unwrap();
    store.restore(&zip, None, &ann()).await.unwrap();
    let link = store.links(&tides).await.unwrap().remove(0);
    assert_eq!((link.id.as_str(), link.version, link.is_dead()), ("charts", 2, false));
    store.revert_library(&tides, None, &ann()).await.unwrap();
    assert_eq!(store.links(&tides).await.unwrap()[0].version, 1);
}

pub(super) async fn a_restored_link_to_a_library_that_is_not_there_is_dead_until_it_is(bed: &Bed) {
    let (store, folder) = (&bed.libraries, bed.folder.path());
    let tides = with_links(bed).await;
    let charts: LibraryKey = "lib:Harbour:CHARTS".parse().unwrap();
    store.backup(&tides, &folder.join("tides.zip"), &ann()).await.unwrap();
    store.backup(&charts, &folder.join("charts.zip"), &ann()).await.unwrap();
    for library in [&tides, &charts] {
        store.delete_library(library, &ann()).await.unwrap();
    }
    store.restore(&folder.join("tides.zip"), None, &ann()).await.unwrap();
    let dead = store.links(&tides).await.unwrap().remove(0);
    assert_eq!((dead.latest, dead.is_dead()), (None, true));
    // A restored library has published once.
    store.restore(&folder.join("charts.zip"), None, &ann()).await.unwrap();
    assert!(store.links(&tides).await.unwrap()[0].is_dead());
    store.update_link(&tides, "charts", None, &ann()).await.unwrap();
    let link = store.links(&tides).await.unwrap().remove(0);
    assert_eq!((link.version, link.is_dead()), (1, false));
}

pub(super) async fn a_backup_whose_links_would_lead_back_is_refused(bed: &Bed) {
    let (store, folder) = (&bed.libraries, bed.folder.path());
    let tides = with_links(bed).await;
    let (charts, other) = ("lib:Harbour:CHARTS".parse().unwrap(), "lib:Harbour:OTHER".parse().unwrap());
    store.restore(&folder.join("in.zip"), Some(&other), &ann()).await.unwrap();
    store.add_link(&charts, "other", &other, None, &ann()).await.unwrap();
    store.publish_library(&charts, None, &ann()).await.unwrap();
    store.update_link(&tides, "charts", None, &ann()).await.unwrap();
    let zip = folder.join("tides.zip");
    store.backup(&tides, &zip, &ann()).await.unwrap();
    store.delete_library(&other, &ann()).await.unwrap();
    let refused = store.restore(&zip, Some(&other), &ann()).await.unwrap_err();
    assert!(refused.to_string().contains("leads back"), "{refused}");
    assert!(store.library(&other).await.is_err());
}
