//! Block types are loaded when a call needs them, and leave again; whether they are loaded, nobody sees.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use blockhouse_runtime::{Policy, Registry, RuntimeError, Version, View};
use blockhouse_sandbox::Package;
use blockhouse_system_tests::{Host, import_unit, learner, usage};
use tempfile::TempDir;

use crate::guest;

/// How many types the operator has installed.
const TYPES: usize = 12;

fn name(number: usize) -> String {
    format!("g{number:04}")
}

/// The guest as a type of its own.
fn package(number: usize) -> Package {
    guest::described(&guest::package("polite"), "\"guest\"", &format!("{:?}", name(number)))
}

fn registry(data: &Path) -> Registry {
    Registry::open(&data.join("packages")).unwrap()
}

/// A host that keeps so many types loaded, and has taken up what is installed.
async fn host(data: &Path, loaded_block_types: usize) -> Host {
    let loaded_block_types = NonZeroUsize::new(loaded_block_types).unwrap();
    let host = Host::bare(data, Policy { loaded_block_types, ..Policy::default() }).await;
    assert!(host.runtime.take_up(&registry(data)).unwrap().is_empty());
    host
}

/// A data directory with all types installed and a block of each.
async fn installed() -> TempDir {
    let data = tempfile::tempdir().unwrap();
    import_unit(
        data.path(),
        &(0..TYPES).map(|n| format!("<{} url_name=\"one\"/>", name(n))).collect::<String>(),
    );
    let host = host(data.path(), TYPES).await;
    for number in 0..TYPES {
        host.runtime.register(&package(number), &registry(data.path())).unwrap();
    }
    data
}

async fn view(host: &Host, number: usize) -> Result<String, RuntimeError> {
    let fragment = host.view(&learner(1), &usage(&name(number), "one"), View::Student).await?;
    Ok(fragment.content)
}

fn files(data: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(data.join("artifacts")).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

#[tokio::test]
async fn a_host_loads_a_type_when_it_is_first_called_and_not_at_its_start() {
    let data = installed().await;
    let host = host(data.path(), TYPES).await;
    assert_eq!((host.runtime.installed().len(), host.runtime.loaded_block_types()), (TYPES, 0));
    assert!(view(&host, 3).await.unwrap().contains("hello"));
    assert_eq!(host.runtime.loaded_block_types(), 1);
    assert!(view(&host, 3).await.is_ok());
    assert_eq!(host.runtime.loaded_block_types(), 1);
}

#[tokio::test]
async fn what_a_host_lists_and_says_of_a_block_needs_no_loading() {
    let data = installed().await;
    let host = host(data.path(), TYPES).await;
    let (visitor, usage) = (learner(1), usage(&name(5), "one"));
    let block = host.runtime.block(&visitor, &usage, Version::Published).await.unwrap();
    assert_eq!((block.display_name.as_str(), block.installed), ("Guest", true));
    assert_eq!(host.runtime.versions().len(), TYPES);
    assert_eq!(host.runtime.loaded_block_types(), 0);
}

#[tokio::test]
async fn no_more_types_stay_loaded_than_the_setting_says() {
    let data = installed().await;
    let host = host(data.path(), 2).await;
    for number in (0..TYPES).chain(0..TYPES) {
        assert!(view(&host, number).await.unwrap().contains("hello"));
        assert!(host.runtime.loaded_block_types() <= 2);
    }
    assert_eq!(host.runtime.loaded_block_types(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_call_a_type_first_all_get_its_answer() {
    let data = installed().await;
    let host = std::sync::Arc::new(host(data.path(), TYPES).await);
    let views: Vec<_> = (0..64)
        .map(|_| {
            let host = host.clone();
            tokio::spawn(async move { view(&host, 7).await })
        })
        .collect();
    for view in views {
        assert!(view.await.unwrap().unwrap().contains("hello"));
    }
    assert_eq!(host.runtime.loaded_block_types(), 1);
}

#[tokio::test]
async fn a_call_compiles_anew_what_was_changed_on_the_disk() {
    let data = installed().await;
    let host = host(data.path(), TYPES).await;
    let good: Vec<_> = files(data.path(), "cwasm");
    let good: BTreeMap<_, _> = good.into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();
    for (bytes, path) in &good {
        let mut bad = bytes.clone();
        bad[bytes.len() / 2] ^= 1;
        fs::write(path, bad).unwrap();
    }
    assert!(view(&host, 0).await.unwrap().contains("hello"));
    let mended = good.iter().filter(|(bytes, path)| fs::read(path).unwrap() == **bytes).count();
    assert_eq!(mended, 1, "the one that was called");
}

#[tokio::test]
async fn a_type_that_cannot_be_loaded_fails_alone_and_comes_back_when_it_can() {
    let data = installed().await;
    let host = host(data.path(), TYPES).await;
    for path in files(data.path(), "approval") {
        fs::remove_file(path).unwrap();
    }
    let path = registry(data.path()).directory().join(format!("{}.block", package(0).digest));
    let good = fs::read(&path).unwrap();
    fs::write(&path, "junk").unwrap();
    let error = view(&host, 0).await.unwrap_err();
    assert!(matches!(error, RuntimeError::NotLoaded { .. }), "{error}");
    assert!(error.to_string().contains("install its package again"), "{error}");
    assert!(view(&host, 1).await.is_ok());
    fs::write(&path, good).unwrap();
    assert!(view(&host, 0).await.is_ok());
}

#[tokio::test]
async fn a_version_that_is_taken_away_leaves_memory_too() {
    let data = tempfile::tempdir().unwrap();
    import_unit(data.path(), "<guest url_name=\"one\"/>");
    let (host, registry) = (host(data.path(), 4).await, registry(data.path()));
    let shown = async || {
        let fragment = host.view(&learner(1), &usage("guest", "one"), View::Student).await.unwrap();
        ["hello", "howdy"].into_iter().find(|text| fragment.content.contains(text)).unwrap()
    };
    host.runtime.register(&guest::package("polite"), &registry).unwrap();
    assert_eq!(shown().await, "hello");
    host.runtime.register(&guest::version("polite", "2.0.0", "howdy"), &registry).unwrap();
    assert_eq!((shown().await, host.runtime.loaded_block_types()), ("howdy", 2));
    registry.remove("guest", "1.0.0").unwrap();
    host.runtime.take_up(&registry).unwrap();
    assert_eq!((shown().await, host.runtime.loaded_block_types()), ("howdy", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_fails_while_the_version_that_it_began_with_is_taken_away() {
    let data = tempfile::tempdir().unwrap();
    import_unit(data.path(), "<guest url_name=\"one\"/>");
    let host = host(data.path(), 1).await;
    let (one, two) = (guest::package("polite"), guest::version("polite", "2.0.0", "howdy"));
    host.runtime.register(&one, &registry(data.path())).unwrap();
    let (runtime, registry) = (host.runtime.clone(), registry(data.path()));
    let changes = tokio::task::spawn_blocking(move || {
        for (new, old) in [(&two, "1.0.0"), (&one, "2.0.0")].into_iter().cycle().take(20) {
            runtime.register(new, &registry).unwrap();
            registry.remove("guest", old).unwrap();
            runtime.take_up(&registry).unwrap();
        }
    });
    let mut views = 0;
    while !changes.is_finished() || views < 100 {
        host.view(&learner(1), &usage("guest", "one"), View::Student).await.unwrap();
        views += 1;
    }
    changes.await.unwrap();
}

#[tokio::test]
async fn a_file_of_a_package_is_served_as_it_was_installed_or_not_at_all() {
    let data = tempfile::tempdir().unwrap();
    import_unit(data.path(), "<guest url_name=\"one\"/>");
    let path = data.path().join("guest.block");
    let with = |css: &str| {
        let public = BTreeMap::from([("public/a.css".to_owned(), css.as_bytes().into())]);
        let polite = guest::package("polite");
        let package = Package::new(polite.definition, polite.component, public);
        package.write(&path).unwrap();
        package.digest
    };
    let digest = with("p {}");
    let served = async |host: &Host| host.runtime.resource("guest", &digest, "public/a.css").await;
    let install = async || {
        let host = host(data.path(), 1).await;
        host.runtime.install_file(&path).unwrap();
        host
    };
    let host = install().await;
    assert_eq!(served(&host).await.as_deref(), Some(&b"p {}"[..]));
    assert_eq!(host.runtime.resource("guest", &digest, "public/b.css").await, None);
    let later = install().await;
    with("q {}");
    assert_eq!(served(&later).await, None, "another package lies there now");
    assert_eq!(served(&host).await.as_deref(), Some(&b"p {}"[..]), "it was asked for before");
}
