//! The servers that some stores need. `scripts/with-services` starts them and says where they are.

/// The URL in `BLOCKHOUSE_TEST_POSTGRES`, `BLOCKHOUSE_TEST_MYSQL` or `BLOCKHOUSE_TEST_REDIS`. Without it, a test that
/// needs the server says so and does nothing; where `scripts/test` runs, it fails.
pub fn url(variable: &str) -> Option<String> {
    let url = std::env::var(variable).ok();
    if url.is_none() {
        let required = std::env::var_os("BLOCKHOUSE_TEST_SERVICES").is_some();
        assert!(!required, "{variable} is not set, and BLOCKHOUSE_TEST_SERVICES says that it is");
        eprintln!("skipped: {variable} is not set; run the tests by scripts/with-services");
    }
    url
}
