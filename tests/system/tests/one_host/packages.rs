//! What a package may bring and ask for (spec 2.9.5, 2.10, 2.13), as its operator installs it over HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

use blockhouse_runtime::{Mediator, Registry, register};
use blockhouse_sandbox::{Compiler, Limits, Package, Sandbox, SandboxConfig};
use blockhouse_system_tests::{Host, Reply, Site};
use serde_json::{Value, json};

use crate::guest;
use crate::versions::{PACKAGES, bytes, operate, upload};

async fn site() -> Site {
    Host::with_unit("<html/>").await.site()
}

async fn install(site: &Site, package: &Package) -> Reply {
    operate(&site.stranger(), "POST", PACKAGES, bytes(package)).await
}

#[tokio::test]
async fn row_045_a_block_that_needs_a_service_which_this_host_does_not_have_is_refused() {
    let site = site().await;
    let component =
        wat::parse_str(r#"(component (import "blockhouse:block/sockets@1.1.0" (instance)))"#).unwrap();
    let needs = Package::new(guest::package("polite").definition, Arc::from(component), BTreeMap::new());
    let refused = install(&site, &needs).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("sockets"), "{}", refused.text());
}

#[tokio::test]
async fn row_045_a_block_that_does_not_declare_what_it_uses_is_refused() {
    let site = site().await;
    let refused = install(&site, &guest::package("vault")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("does not ask for it"), "{}", refused.text());
}

#[tokio::test]
async fn row_049_files_below_public_are_served_whatever_their_plain_names() {
    let names =
        ["public/hey.js", "public/sub/hey.js", "public/☃.js", "public/a/long/PATH/no-problem=here$123.ext"];
    let public = names.map(|name| (name.to_owned(), Arc::from(name.as_bytes())));
    let guest = guest::package("polite");
    let package = Package::new(guest.definition, guest.component, public.into());
    let site = site().await;
    let browser = site.stranger();
    let installed = upload(&browser, &package).await;
    let below = format!("/xblock/resource/guest/{}", installed["digest"].as_str().unwrap());
    for name in names {
        let file = browser.get(&format!("{below}/{name}")).await;
        assert_eq!((file.status.as_u16(), file.text().as_str()), (200, name));
    }
    for name in [
        "public/../secret.js",
        "public/.git/x",
        "static/x.js",
        "../public/x",
        "image.png",
        "component.wasm",
        "manifest.json",
        "public/../component.wasm",
        "public/%2e%2e/component.wasm",
        "public/",
    ] {
        assert_eq!(browser.get(&format!("{below}/{name}")).await.status, 404, "{name}");
    }
}

#[tokio::test]
async fn row_049_a_package_with_files_of_other_names_is_refused() {
    let site = site().await;
    // A zip file has a name twice, once with its content; it is replaced by others of the same length.
    let guest = guest::package("polite");
    let name = "public/name/file.js";
    let public = BTreeMap::from([(name.to_owned(), Arc::from(&b"x"[..]))]);
    let good = bytes(&Package::new(guest.definition, guest.component, public));
    for other in ["public/.git/file.js", "public/../secret.js", "static/name/file.js", "../public/file/x.js"]
    {
        let bad = replaced(&good, name, other);
        let refused = operate(&site.stranger(), "POST", PACKAGES, bad).await;
        assert_eq!(refused.status, 422, "{other}");
        assert!(refused.text().contains(other), "{}", refused.text());
    }
    assert_eq!(operate(&site.stranger(), "POST", PACKAGES, good).await.status, 201);
}

/// The same bytes with another text, as long, wherever the first one is.
fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut changed = bytes.to_vec();
    let places: Vec<_> =
        (0..=bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from.as_bytes())).collect();
    assert_eq!(places.len(), 2);
    for at in places {
        changed[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    changed
}

/// Spec 2.13.2: which type a tag means must not depend on the order of installation.
#[tokio::test]
async fn row_050_a_package_that_wants_the_tag_of_another_type_is_refused() {
    let site = site().await;
    let named = (
        r#""guest","version":"1.0.0","display_name":"Guest""#,
        r#""vertical","version":"1.0.0","display_name":"Gu""#,
    );
    let refused = install(&site, &guest::described(&guest::package("polite"), named.0, named.1)).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("vertical"), "{}", refused.text());
    assert_eq!(install(&site, &guest::package("polite")).await.status, 201);
}

#[tokio::test]
async fn an_upload_is_answered_with_how_its_views_fare() {
    let site = site().await;
    let fine = upload(&site.stranger(), &guest::package("polite")).await;
    let student = &fine["smoke_run"][0];
    assert_eq!((&student["view"], &student["failure"]), (&"student-view".into(), &Value::Null), "{fine}");
    for used in ["wall_us", "memory_bytes", "output_bytes"] {
        assert!(student[used].as_u64().unwrap() > 0, "{used}: {fine}");
    }
}

#[tokio::test]
async fn a_version_whose_views_fail_without_content_is_installed_and_its_author_told() {
    let site = site().await;
    let installed = upload(&site.stranger(), &guest::package("hog")).await;
    let failure = installed["smoke_run"][0]["failure"].as_str().unwrap();
    assert!(failure.contains("memory_bytes"), "{installed}");
    assert_eq!(installed["current"], true);
}

#[tokio::test]
async fn without_a_host_a_package_is_held_against_the_tags_of_others_too() {
    let directory = tempfile::tempdir().unwrap();
    let config = SandboxConfig {
        artifacts: directory.path().join("artifacts"),
        artifact_key: [7; 32],
        compiler: Compiler::ThisProcess,
        limits: Limits::default(),
        limits_of: BTreeMap::new(),
        max_concurrent: 4,
    };
    let sandbox = Sandbox::<Mediator>::new(config).unwrap();
    let registry = Registry::open(&directory.path().join("packages")).unwrap();
    let calls = register(&sandbox, &registry, &[], &guest::package("polite")).await.unwrap();
    assert_eq!(calls[0].failure, None);
    let other = json!({
        "name": "other", "version": "1.0.0", "display_name": "Other", "aliases": ["guest"], "fields": []
    });
    let other = guest::saying("polite", &other);
    let refused = register(&sandbox, &registry, &[], &other).await.unwrap_err();
    assert!(refused.to_string().contains("`guest` is a tag"), "{refused}");
    assert_eq!(registry.read().unwrap().len(), 1);
    // The same where the other one is a package that every start installs.
    let (file, empty) = (directory.path().join("guest.block"), directory.path().join("empty"));
    guest::package("polite").write(&file).unwrap();
    let empty = Registry::open(&empty).unwrap();
    assert!(register(&sandbox, &empty, &[file], &other).await.is_err());
    assert!(register(&sandbox, &empty, &[], &other).await.is_ok());
}
