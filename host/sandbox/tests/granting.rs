//! Capabilities: what was not granted is not linked, and whoever installs is told what to grant.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use blockhouse_sandbox::{Call, Capability, Grants, InstallError, NotGranted, Output, Request, Sandbox};
use support::{Recorder, guest, limits};
use tempfile::TempDir;

fn sandbox(capabilities: &[Capability]) -> (Sandbox<Recorder>, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::new(support::config(directory.path().to_owned(), limits())).unwrap();
    let of = [("guest".to_owned(), capabilities.iter().copied().collect())].into();
    (sandbox.granting(Grants { of, ..Grants::default() }), directory)
}

async fn answer(sandbox: &Sandbox<Recorder>, package: &blockhouse_sandbox::Package) -> String {
    let block = sandbox.install(package).unwrap();
    let call = Call::Handle { name: "ask".to_owned(), request: Request::default() };
    match sandbox.run(&block, call, Recorder::default()).await.result.unwrap() {
        Output::Response(response) => String::from_utf8(response.body).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_capability_that_was_not_granted_is_refused_with_what_to_write() {
    let (sandbox, _directory) = sandbox(&[Capability::Publish]);
    for (name, capability) in [("vault", "secrets"), ("nosy", "user-details"), ("caller", "http")] {
        let error = sandbox.install(&guest::asking(name, &[capability])).unwrap_err();
        assert!(matches!(error, InstallError::NotGranted(NotGranted::Missing { .. })), "{error}");
        let expected = format!(
            "the block `guest` asks for `{capability}`, which is not granted; to grant it, write in \
             blockhouse.toml below [grants_of.guest]: capabilities = [\"publish\", \"{capability}\"]"
        );
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_capability_that_the_manifest_does_not_ask_for_is_refused() {
    let (sandbox, _directory) = sandbox(&Capability::ALL);
    let error = sandbox.install(&guest::package("vault")).unwrap_err();
    assert!(matches!(error, InstallError::NotGranted(NotGranted::NotAsked(Capability::Secrets))), "{error}");
}

#[test]
fn the_operator_can_take_publishing_away() {
    let body = r#"(import "blockhouse:block/publish@1.0.0" "completion" (func (param f64 i32)))"#;
    let package = guest::package_of(body);
    assert!(sandbox(&[Capability::Publish]).0.install(&package).is_ok());
    let error = sandbox(&[]).0.install(&package).unwrap_err();
    assert!(error.to_string().contains("capabilities = [\"publish\"]"), "{error}");
}

#[tokio::test]
async fn a_block_gets_what_was_granted() {
    let (sandbox, _directory) = sandbox(&[Capability::Secrets]);
    assert_eq!(answer(&sandbox, &guest::asking("vault", &["secrets"])).await, "secret KEY");
}

#[tokio::test]
async fn a_block_learns_who_its_learner_is_where_that_was_granted() {
    let (sandbox, _directory) = sandbox(&[Capability::UserDetails]);
    assert_eq!(answer(&sandbox, &guest::asking("nosy", &["user-details"])).await, "alice");
}
