//! Any text as any kind of key: refused with a reason, or printed so that it reads as an equal key.
#![no_main]

use std::fmt::{Debug, Display};
use std::str::FromStr;

use blockhouse_keys::{
    AssetKey, BlockTypeKey, CollectionKey, ContainerKey, CourseKey, DefinitionKey, InvalidKey,
    LearningContextKey, LegacyLibraryKey, LibraryKey, UsageKey, inspect,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    check::<LearningContextKey>(text);
    check::<CourseKey>(text);
    check::<LibraryKey>(text);
    check::<LegacyLibraryKey>(text);
    check::<DefinitionKey>(text);
    check::<AssetKey>(text);
    check::<CollectionKey>(text);
    check::<ContainerKey>(text);
    check::<BlockTypeKey>(text);
    if let Some(usage) = check::<UsageKey>(text) {
        let seen = inspect(text).expect("every usage key is recognised");
        assert_eq!((seen.kind, seen.text.as_str()), (usage.kind(), usage.as_str()));
        match usage.map_into_course(&usage.context_key()) {
            // Not the form: a `location:` key becomes a `block-v1:` one.
            Ok(mapped) => {
                assert_eq!(mapped.context_key(), usage.context_key());
                assert_eq!((mapped.block_type(), mapped.block_id()), (usage.block_type(), usage.block_id()));
            }
            Err(_) => {
                assert!(text.contains("i4x"), "only a deprecated key has a type that no course can hold")
            }
        }
    }
});

fn check<K: FromStr<Err = InvalidKey> + Display + Debug + Ord>(text: &str) -> Option<K> {
    match text.parse::<K>() {
        Ok(key) => {
            let printed = key.to_string();
            let again: K = printed.parse().expect("what is printed is read");
            assert_eq!(again, key);
            assert!(again.cmp(&key).is_eq());
            assert_eq!(again.to_string(), printed);
            Some(key)
        }
        Err(invalid) => {
            assert!(!invalid.reason.is_empty() && invalid.text == text);
            None
        }
    }
}
