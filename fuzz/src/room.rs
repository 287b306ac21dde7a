//! A folder for one import. Temporary files are made inside it, so that whatever an archive writes beside its own folder
//! is seen.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use blockhouse_content::{ContentStore, Definition, ImportReport, Severity, export, import};
use tempfile::TempDir;

/// Where the imports of this process happen. The place of temporary files is set once per process.
fn ground() -> &'static Path {
    static GROUND: OnceLock<TempDir> = OnceLock::new();
    let ground = GROUND.get_or_init(|| {
        let ground = tempfile::tempdir().expect("there is a folder for temporary files");
        let temporary = ground.path().join("temporary");
        fs::create_dir(&temporary).expect("the folder is new");
        tempfile::env::override_temp_dir(&temporary).expect("it is set once");
        ground
    });
    ground.path()
}

/// A place for one course and its store, deleted when dropped.
pub struct Room {
    place: TempDir,
}

impl Room {
    /// An empty one.
    pub fn new() -> Self {
        Self { place: tempfile::tempdir_in(ground()).expect("the folder is writable") }
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Imports what stands at `name`, and asserts what holds for every import: importing it again changes nothing, and
    /// an export of it imports as the same blocks, of which the same are broken. Then looks whether anything was left
    /// behind.
    pub fn check_import(&self, name: &str) {
        let store = ContentStore::open(&self.path("store")).expect("a new store opens");
        if let Ok(report) = import(&self.path(name), &store, &mut |_| ()) {
            let again = import(&self.path(name), &store, &mut |_| ()).expect("what imports, imports again");
            assert!(again.unchanged, "the same content gave another version");
            self.check_export(&store, &report);
        }
        assert_eq!(
            names(self.place.path())
                .into_iter()
                .filter(|found| found != name && found != "store" && found != "out")
                .count(),
            0
        );
        assert_eq!(names(&ground().join("temporary")), [""; 0], "temporary files are left");
        assert_eq!(names(ground()).len(), 2, "something was written outside of the import's own folders");
    }

    /// Compares blocks, not versions: a file that no block uses is kept, and its name may be one that the export needs.
    fn check_export(&self, store: &ContentStore, report: &ImportReport) {
        let blocks = blocks(store, report);
        if export(store, &report.context, &self.path("out"), &mut |_| ()).is_ok() {
            let again = import(&self.path("out"), store, &mut |_| ()).expect("what is exported imports");
            // Which blocks are broken, not how: an export has no file for a block whose file could not be read.
            let broken = |report: &ImportReport| -> Vec<_> {
                report
                    .problems
                    .iter()
                    .filter(|problem| problem.severity == Severity::Error)
                    .map(|problem| problem.usage.clone())
                    .collect()
            };
            assert_eq!(broken(&again), broken(report), "an export has other broken blocks");
            assert_eq!(self::blocks(store, &again), blocks, "an export has other blocks");
        }
    }
}

fn blocks(store: &ContentStore, report: &ImportReport) -> Vec<Definition> {
    let context = store.context(&report.context).expect("what was imported is served");
    let definition = |usage| {
        let definition = context.definition(usage).expect("every block has a definition");
        // A fault names its place, which is another one in an export.
        Definition { fault: None, ..definition.as_ref().clone() }
    };
    let usages = context.usages().expect("every block of a course that was imported can be read");
    usages.iter().map(definition).collect()
}

impl Default for Room {
    fn default() -> Self {
        Self::new()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}
