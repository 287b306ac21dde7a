//! Any text as an OLX value of every field type: refused, or written so that it reads as the same value.
#![no_main]

use std::sync::LazyLock;

use blockhouse_fields::FieldDeclaration;
use blockhouse_fuzz::{TODAY, every_type};
use libfuzzer_sys::fuzz_target;

static FIELDS: LazyLock<Vec<FieldDeclaration>> = LazyLock::new(every_type);

fuzz_target!(|text: &str| {
    for field in FIELDS.iter() {
        let Ok(stored) = field.read_text(text, TODAY) else { continue };
        let written = field.write_text(&stored, TODAY).expect("what is read can be written");
        let again = field.read_text(&written, TODAY).expect("what is written can be read");
        assert_eq!(again, stored, "{}: written as {written:?}", field.name);
        assert_eq!(field.read_json(&stored, TODAY).as_ref(), Ok(&stored), "{}", field.name);
    }
});
