//! Any JSON as a stored or set value of every field type: refused, or kept in a normal form that stays as it is.
#![no_main]

use std::sync::LazyLock;

use blockhouse_fields::FieldDeclaration;
use blockhouse_fuzz::{TODAY, every_type};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

static FIELDS: LazyLock<Vec<FieldDeclaration>> = LazyLock::new(every_type);

fuzz_target!(|text: &str| {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return };
    for field in FIELDS.iter() {
        if let Ok(stored) = field.coerce(&value, TODAY) {
            assert_eq!(field.read_json(&stored, TODAY).as_ref(), Ok(&stored), "{}", field.name);
            assert_eq!(field.coerce(&stored, TODAY).as_ref(), Ok(&stored), "{}", field.name);
        }
        if let Ok(stored) = field.read_json(&value, TODAY) {
            assert_eq!(field.read_json(&stored, TODAY).as_ref(), Ok(&stored), "{}", field.name);
        }
        drop(field.write_text(&value, TODAY));
    }
});
