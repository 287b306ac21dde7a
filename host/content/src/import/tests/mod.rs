//! Whole imports of small folders.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod arbitrary;
mod faults;
mod root;
mod text;
mod tree;

use std::fs;
use std::sync::Arc;

use super::*;
use crate::{Definition, PublishedContext};

/// A folder, what an import of it reported, and the context that it made.
struct Imported {
    report: ImportReport,
    context: Arc<PublishedContext>,
    _folders: (tempfile::TempDir, tempfile::TempDir),
}

pub(in crate::import) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn imported(files: &[(&str, &str)]) -> Imported {
    let (source, dir) = (folder(files), tempfile::tempdir().unwrap());
    let store = ContentStore::open(dir.path()).unwrap();
    let report = import(source.path(), &store, &mut |_| ()).unwrap();
    let context = store.context(&report.context).unwrap();
    Imported { report, context, _folders: (source, dir) }
}

/// A course with one chapter of one sequential of one vertical with `inside`.
fn course(inside: &str, files: &[(&str, &str)]) -> Imported {
    let course = format!(
        "<course org='O' course='C' url_name='R' display_name='A course'><chapter url_name='c'><sequential url_name='s'>\
         <vertical url_name='v' display_name='V'>{inside}</vertical></sequential></chapter></course>"
    );
    imported(&[&[("course.xml", course.as_str())], files].concat())
}

impl Imported {
    fn block(&self, block_type: &str, name: &str) -> Arc<Definition> {
        self.context
            .definition(&format!("block-v1:O+C+R+type@{block_type}+block@{name}").parse().unwrap())
            .unwrap()
    }

    fn children(&self, block_type: &str, name: &str) -> Vec<String> {
        self.block(block_type, name).children.iter().map(|child| child.block_id().to_owned()).collect()
    }

    fn only_fault(&self) -> &Problem {
        assert_eq!(self.report.problems.len(), 1, "{:?}", self.report.problems);
        &self.report.problems[0]
    }
}
