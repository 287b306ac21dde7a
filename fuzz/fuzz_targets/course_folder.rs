//! Any files as a course. An input is a text that holds files, each below a line `--- name`.
#![no_main]

use std::fs;
use std::path::{Component, Path};

use blockhouse_fuzz::Room;
use libfuzzer_sys::fuzz_target;

/// Files of one course: more only make it slow.
const MAX_FILES: usize = 32;

fuzz_target!(|text: &str| {
    let room = Room::new();
    let course = room.path("course");
    fs::create_dir(&course).expect("the room is empty");
    for file in text.split("--- ").skip(1).take(MAX_FILES) {
        let (name, content) = file.split_once('\n').unwrap_or((file, ""));
        // Names that this machine cannot have are no finding.
        if !name.is_empty() && Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
            let path = course.join(name);
            drop(path.parent().map(fs::create_dir_all));
            drop(fs::write(path, content));
        }
    }
    room.check_import("course");
});
