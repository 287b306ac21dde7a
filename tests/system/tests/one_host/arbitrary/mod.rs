//! What nobody wrote on purpose, on a whole host: packages and components with arbitrary changes, and requests with
//! arbitrary parts. Whatever it is, the host says what is wrong with it, does not fail itself, and goes on serving.
//! `PROPTEST_CASES` says how many of each are tried; `scripts/fuzz` tries them for as long as one wants.

mod damage;
mod packages;
mod requests;

use std::env;

use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

/// Tries so many cases, unless the environment wants another number.
fn runner(cases: u32) -> TestRunner {
    let wanted = env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    TestRunner::new(Config { cases: wanted.unwrap_or(cases), failure_persistence: None, ..Config::default() })
}

/// The host runs on it, between the cases too.
fn threads() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()
}
