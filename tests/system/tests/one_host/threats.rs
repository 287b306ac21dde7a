//! Every test that THREATS.md names is there.

use std::fs;
use std::path::Path;

use blockhouse_system_tests::project;

/// The names of all tests in Rust and JavaScript below a directory, in one text.
fn sources(directory: &Path, into: &mut String) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && name != "node_modules" {
            sources(&path, into);
        } else if name.ends_with(".rs") || name.ends_with(".test.js") {
            into.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_test_that_the_threats_name_is_there() {
    let mut all = String::new();
    for directory in ["host", "tests"] {
        sources(&project().join(directory), &mut all);
    }
    let threats = fs::read_to_string(project().join("THREATS.md")).unwrap();
    let rows = threats.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    let named: Vec<_> = rows
        .filter_map(|row| row.trim_end_matches(" |").rsplit_once("| "))
        .flat_map(|(_, shown)| shown.split('`').skip(1).step_by(2))
        .collect();
    assert!(named.len() > 30);
    let missing: Vec<_> = named
        .iter()
        .filter(|name| !all.contains(&format!("fn {name}(")) && !all.contains(&format!("test('{name}'")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
