//! Installing: what is compiled once and kept, what is never run, and what is refused.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use blockhouse_sandbox::{InstallError, Limits, Output, Package, Rejected, Sandbox, SandboxError};
use support::{Bench, Recorder, guest, limits};

fn files(bench: &Bench, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(bench.directory.path()).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|x| x == extension))
        .collect()
}

fn artifact(bench: &Bench) -> PathBuf {
    let [path] = files(bench, "cwasm").try_into().unwrap();
    path
}

#[tokio::test]
async fn a_second_sandbox_loads_what_the_first_one_compiled() {
    let bench = Bench::new(limits());
    bench.install("polite");
    let written = fs::metadata(artifact(&bench)).unwrap().modified().unwrap();
    let again =
        Sandbox::<Recorder>::new(support::config(bench.directory.path().to_owned(), limits())).unwrap();
    let block = again.install(&guest::package("polite")).unwrap();
    assert!(again.run(&block, support::view(), Recorder::default()).await.result.is_ok());
    assert_eq!(fs::metadata(artifact(&bench)).unwrap().modified().unwrap(), written);
}

#[tokio::test]
async fn an_artifact_with_a_flipped_bit_is_compiled_again_and_never_run() {
    let bench = Bench::new(limits());
    bench.install("polite");
    let path = artifact(&bench);
    let good = fs::read(&path).unwrap();
    let mut bad = good.clone();
    bad[good.len() / 2] ^= 1;
    fs::write(&path, &bad).unwrap();
    let block = bench.install("polite");
    assert_eq!(fs::read(&path).unwrap(), good);
    assert!(bench.render(&block).await.result.is_ok());
}

#[test]
fn an_artifact_of_another_component_is_compiled_again() {
    let bench = Bench::new(limits());
    bench.install("polite");
    let polite = artifact(&bench);
    bench.install("loop");
    let other = files(&bench, "cwasm").into_iter().find(|path| *path != polite).unwrap();
    fs::copy(&other, &polite).unwrap();
    fs::copy(other.with_extension("mac"), polite.with_extension("mac")).unwrap();
    bench.install("polite");
    assert_ne!(fs::read(&polite).unwrap(), fs::read(&other).unwrap());
}

#[test]
fn an_artifact_of_another_key_is_compiled_again() {
    let bench = Bench::new(limits());
    bench.install("polite");
    let code = artifact(&bench).with_extension("mac");
    let ours = fs::read(&code).unwrap();
    let mut config = support::config(bench.directory.path().to_owned(), limits());
    config.artifact_key = [8; 32];
    Sandbox::<Recorder>::new(config).unwrap().install(&guest::package("polite")).unwrap();
    assert_ne!(fs::read(&code).unwrap(), ours);
}

#[cfg(unix)]
#[test]
fn artifacts_are_for_this_user_only() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new(limits());
    bench.install("polite");
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(artifact(&bench)), 0o600);
    assert_eq!(mode(bench.directory.path().to_owned()), 0o700);
}

#[test]
fn a_core_module_is_refused() {
    let package = guest::package("polite");
    let module = wat::parse_str("(module)").unwrap();
    let package = Package::new(package.definition, module.into(), package.public);
    let bench = Bench::new(limits());
    let error = bench.sandbox.install(&package).unwrap_err();
    assert!(matches!(error, InstallError::Rejected(Rejected::CoreModule)), "{error}");
}

#[test]
fn a_manifest_that_says_something_else_is_refused_and_named() {
    let mut package = guest::package("polite");
    package.definition.has_score = true;
    let error = Bench::new(limits()).sandbox.install(&package).unwrap_err();
    assert!(matches!(error, InstallError::Manifest("has_score")), "{error}");
}

#[test]
fn a_definition_that_asks_the_host_is_refused() {
    let body = r#"
        (import "blockhouse:block/clock@1.0.0" "now" (func $now (result i64)))
        (func (export "blockhouse:block/definition@1.0.0#describe") (result i32)
          (drop (call $now)) (i32.const 0))"#;
    let error = Bench::new(limits()).sandbox.install(&guest::package_of(body)).unwrap_err();
    assert!(matches!(error, InstallError::Definition(_)), "{error}");
}

#[test]
fn a_definition_that_never_ends_is_refused() {
    let body = r#"
        (func (export "blockhouse:block/definition@1.0.0#describe") (result i32)
          (loop $again (br $again)) (unreachable))"#;
    let error = Bench::new(limits()).sandbox.install(&guest::package_of(body)).unwrap_err();
    assert!(error.to_string().contains("cpu_ms"), "{error}");
}

#[test]
fn a_function_of_another_type_is_refused() {
    let component = wat::parse_str(
        r#"(component
            (core module $m
              (memory (export "memory") 1)
              (func (export "describe") (result i32) (i32.const 7)))
            (core instance $i (instantiate $m))
            (func $describe (result u32) (canon lift (core func $i "describe")))
            (instance $definition (export "describe" (func $describe)))
            (export "blockhouse:block/definition@1.0.0" (instance $definition)))"#,
    )
    .unwrap();
    let package = guest::package("polite");
    let package = Package::new(package.definition, component.into(), package.public);
    let error = Bench::new(limits()).sandbox.install(&package).unwrap_err();
    assert!(matches!(error, InstallError::Contract(_)), "{error}");
}

#[test]
fn a_component_that_starts_with_too_much_memory_is_refused() {
    let body = "(memory $large 2000)";
    assert!(Bench::new(limits()).sandbox.install(&guest::package_of(body)).is_err());
}

/// The contract has no resources yet, but a component may make some for itself.
#[test]
fn a_component_cannot_make_handles_without_bound() {
    let definition = component_that_describes(
        r#"(type $resource (resource (rep i32)))
           (core func $new (canon resource.new $resource))
           (core instance $imports (export "new" (func $new)))"#,
        r#"(import "host" "new" (func $new (param i32) (result i32)))"#,
        "(loop $again (drop (call $new (i32.const 1))) (br $again)) (unreachable)",
        r#"(with "host" (instance $imports))"#,
    );
    let error = Bench::new(limits()).sandbox.install(&definition).unwrap_err();
    assert!(error.to_string().contains("`handles`"), "{error}");
}

#[test]
fn a_component_of_too_many_memories_tables_or_instances_is_refused() {
    let empty = |body: &str| format!("(core module $empty {body}) (core instance (instantiate $empty))");
    let instances = format!("{} {}", empty(""), "(core instance (instantiate $empty))".repeat(100));
    let (memories, tables) = (empty(&"(memory 1)".repeat(4)), empty(&"(table 1 funcref)".repeat(9)));
    for (more, named) in [(memories, "5 memories"), (tables, "9 tables"), (instances, "instances")] {
        let definition = component_that_describes(&more, "", "(i32.const 0)", "");
        let error = Bench::new(limits()).sandbox.install(&definition).unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
    }
}

fn component_that_describes(before: &str, imports: &str, body: &str, with: &str) -> Package {
    let text = format!(
        r#"(component
            {before}
            (core module $m
              {imports}
              (memory (export "memory") 1)
              (func (export "describe") (result i32) {body}))
            (core instance $i (instantiate $m {with}))
            (func $describe (result string)
              (canon lift (core func $i "describe") (memory (core memory $i "memory"))))
            (instance $definition (export "describe" (func $describe)))
            (export "blockhouse:block/definition@1.0.0" (instance $definition)))"#
    );
    let package = guest::package("polite");
    Package::new(package.definition, wat::parse_str(text).unwrap().into(), package.public)
}

#[test]
fn a_limit_that_cannot_work_is_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let limits = Limits { memory_bytes: 0, ..Limits::default() };
    let error = Sandbox::<Recorder>::new(support::config(directory.path().to_owned(), limits)).unwrap_err();
    assert!(matches!(error, SandboxError::Setting { key: "memory_bytes", .. }), "{error}");
}

#[test]
fn a_package_with_a_broken_catalogue_is_refused_and_says_where() {
    let locales = BTreeMap::from([("en".to_owned(), Arc::from("fine = Fine\n= no name\n"))]);
    let package = guest::package("polite").with_locales(locales);
    let error = Bench::new(limits()).sandbox.install(&package).unwrap_err();
    assert!(error.to_string().contains("`en` cannot be read: line 2"), "{error}");
}

#[test]
fn a_block_type_knows_the_public_files_of_its_package_by_their_digests() {
    let public = |css: &str| BTreeMap::from([("public/a.css".to_owned(), css.as_bytes().into())]);
    let package = |css| {
        let package = guest::package("polite");
        Package::new(package.definition, package.component, public(css))
    };
    let bench = Bench::new(limits());
    let [one, other] = ["p {}", "q {}"].map(|css| bench.sandbox.install(&package(css)).unwrap());
    assert_eq!(one.public("public/a.css").map(str::len), Some(64));
    assert_ne!(one.public("public/a.css"), other.public("public/a.css"));
    assert!(one.public("public/b.css").is_none());
    let restored = bench.sandbox.restore(one.digest()).unwrap();
    assert_eq!(restored.public("public/a.css"), one.public("public/a.css"));
}

#[tokio::test]
async fn what_was_installed_comes_back_without_its_package() {
    let bench = Bench::new(limits());
    let digest = bench.install("polite").digest().to_owned();
    let again =
        Sandbox::<Recorder>::new(support::config(bench.directory.path().to_owned(), limits())).unwrap();
    let block = again.restore(&digest).unwrap();
    assert_eq!(*block.definition(), again.approval(&digest).unwrap().definition().clone().into());
    let finished = again.run(&block, support::view(), Recorder::default()).await;
    let Ok(Output::Fragment(fragment)) = finished.result else { panic!("{:?}", finished.result) };
    assert!(fragment.content.contains("hello"), "{}", fragment.content);
    assert!(again.restore("0123").is_none(), "that was never installed");
}

#[test]
fn what_was_compiled_and_then_changed_does_not_come_back() {
    let bench = Bench::new(limits());
    let block = bench.install("polite");
    let mut bytes = fs::read(artifact(&bench)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(artifact(&bench), bytes).unwrap();
    assert!(bench.sandbox.restore(block.digest()).is_none());
    bench.install("polite");
    assert!(bench.sandbox.restore(block.digest()).is_some());
}

/// Whoever can write such a file could otherwise have a package taken for another one.
#[test]
fn an_approval_that_this_host_did_not_write_is_not_believed() {
    let bench = Bench::new(limits());
    let block = bench.install("polite");
    let [path] = files(&bench, "approval").try_into().unwrap();
    let good = fs::read(&path).unwrap();
    for at in [0, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&path, &bad).unwrap();
        assert!(bench.sandbox.approval(block.digest()).is_none(), "byte {at}");
    }
    fs::write(&path, &good).unwrap();
    assert!(bench.sandbox.approval(block.digest()).is_some());
    let mut config = support::config(bench.directory.path().to_owned(), limits());
    config.artifact_key = [8; 32];
    assert!(Sandbox::<Recorder>::new(config).unwrap().approval(block.digest()).is_none());
}

#[test]
fn an_approval_ends_when_the_operator_allows_less() {
    let bench = Bench::new(limits());
    let block = bench.install("polite");
    let approved = |limits| {
        let config = support::config(bench.directory.path().to_owned(), limits);
        Sandbox::<Recorder>::new(config).unwrap().approval(block.digest()).is_some()
    };
    assert!(approved(limits()));
    assert!(approved(Limits { cpu_ms: 1, ..limits() }), "it was not asked how long a call takes");
    assert!(!approved(Limits { memories: 1, ..limits() }));
}
