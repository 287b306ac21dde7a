//! Backups and inspections; what goes over HTTP is tested there.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::*;
use crate::archive::Archive;

fn ann() -> Author {
    Author { account: 3, username: "ann".to_owned() }
}

async fn libraries(folder: &Path) -> Libraries {
    let path = folder.join("libraries.sqlite");
    Libraries::open(&path, LibraryRules::default(), || 1_700_000_000_000).await.unwrap()
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library-backup")
}

fn zipped(folder: &Path, to: &Path) {
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

#[tokio::test]
async fn row_147_a_restored_library_is_backed_up_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let store = libraries(folder.path()).await;
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

#[tokio::test]
async fn row_147_a_backup_is_restored_beside_the_library_that_it_came_from() {
    let folder = tempfile::tempdir().unwrap();
    let store = libraries(folder.path()).await;
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

#[tokio::test]
async fn a_file_that_is_no_backup_makes_no_library() {
    let folder = tempfile::tempdir().unwrap();
    let store = libraries(folder.path()).await;
    let zip = folder.path().join("in.zip");
    std::fs::write(&zip, "nothing").unwrap();
    assert!(store.restore(&zip, None, &ann()).await.is_err());
    assert!(store.libraries(&LibraryFilter::default()).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_deleted_library_leaves_is_swept_away() {
    let folder = tempfile::tempdir().unwrap();
    let store = libraries(folder.path()).await;
    let zip = folder.path().join("in.zip");
    zipped(&sample(), &zip);
    let library = store.restore(&zip, None, &ann()).await.unwrap();
    assert_eq!(store.fsck(true).await.unwrap(), LibraryFindings::default());
    store.delete_library(&library.key).await.unwrap();
    assert!(store.fsck(true).await.unwrap().orphans > 0);
    assert_eq!(store.fsck(false).await.unwrap(), LibraryFindings::default());
}

#[tokio::test]
async fn publishing_tells_of_what_changed_and_of_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = libraries(folder.path()).await;
    let zip = folder.path().join("in.zip");
    zipped(&sample(), &zip);
    let library = store.restore(&zip, None, &ann()).await.unwrap();
    let seen = store.events(0, 1000).await.unwrap().last().unwrap().id;
    store.publish_library(&library.key, &ann()).await.unwrap();
    let events = store.events(seen, 1000).await.unwrap();
    let names: Vec<_> =
        events.iter().map(|event| event.data["usage_key"].as_str().unwrap_or_default()).collect();
    assert!(
        names.contains(&"lb:Harbour:TIDES:html:ebb") && names.contains(&"lb:Harbour:TIDES:html:storm"),
        "{names:?}"
    );
    assert!(!names.contains(&"lb:Harbour:TIDES:problem:moon"), "{names:?}");
    assert!(events.iter().all(|event| event.name.ends_with(".published.v1")));
    store.forget_events(events.last().unwrap().id).await.unwrap();
    assert!(store.events(0, 1000).await.unwrap().is_empty());
}
