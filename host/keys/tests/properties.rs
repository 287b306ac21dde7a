//! What holds for every text: reading never panics, and whatever is read is printed, written and
//! compared as itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{fmt::Debug, fmt::Display, str::FromStr};

use blockhouse_keys::{
    AsideUsageKey, AssetKey, BlockTypeKey, CollectionKey, ContainerKey, CourseKey, DefinitionKey, InvalidKey,
    LearningContextKey, LegacyLibraryKey, LibraryKey, UsageKey, inspect,
};
use proptest::{prelude::*, sample::select};

/// Texts that are nearly keys: namespaces, labels, separators and names in any order.
fn nearly_keys() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "course-v1:",
        "library-v1:",
        "lib:",
        "lb:",
        "block-v1:",
        "lib-block-v1:",
        "asset-v1:",
        "i4x://",
        "/c4x/",
        "location:",
        "def-v1:",
        "bundle-olx:",
        "aside-usage-v1:",
        "aside-usage-v2:",
        "aside-def-v2:",
        "lct:",
        "lib-collection:",
        "block-type-v1:",
        "slashes:",
        "branch@",
        "version@",
        "type@",
        "block@",
        "+type@t+block@i",
        "519665f6223ebd6980884f2b",
        "4b33677f-7eb7-4376-8752-024ee057d7e8",
        "+",
        "+",
        ":",
        ":",
        "::",
        "/",
        "$",
        "$:",
        "@",
        "%",
        "~",
        ".",
        "a",
        "b",
        "org",
        "έ",
        "e\u{301}",
        "½",
        "😀",
        "\n",
        " ",
        "None",
        "0",
        "05",
    ];
    prop::collection::vec(select(PIECES), 0..14).prop_map(|pieces| pieces.concat())
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), nearly_keys()]
}

fn id() -> impl Strategy<Value = String> {
    "[\\p{L}\\p{N}_.~:-]{1,12}"
}

fn slug() -> impl Strategy<Value = String> {
    "[\\p{L}\\p{N}_.-]{1,12}"
}

fn ascii() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9_.-]{1,12}"
}

fn usage_keys() -> impl Strategy<Value = UsageKey> {
    let in_course = (id(), id(), id(), id(), id()).prop_map(|(org, course, run, block_type, block_id)| {
        CourseKey::new(&org, &course, &run).unwrap().make_usage_key(&block_type, &block_id).unwrap().into()
    });
    let in_library = (ascii(), slug(), ascii(), slug()).prop_map(|(org, name, block_type, block_id)| {
        LibraryKey::new(&org, &name).unwrap().make_usage_key(&block_type, &block_id).unwrap().into()
    });
    prop_oneof![in_course, in_library]
}

/// What was read is read again from its text, as text and as JSON, and is equal to itself.
fn holds<K>(text: &str) -> Result<(), TestCaseError>
where
    K: FromStr<Err = InvalidKey> + Display + Debug + Ord + serde::Serialize + serde::de::DeserializeOwned,
{
    match text.parse::<K>() {
        Err(invalid) => prop_assert!(!invalid.reason.is_empty() && invalid.text == text),
        Ok(key) => {
            let again = key.to_string().parse::<K>();
            prop_assert_eq!(again.as_ref(), Ok(&key));
            prop_assert_eq!(again.unwrap().cmp(&key), std::cmp::Ordering::Equal);
            let json = serde_json::to_string(&key).unwrap();
            prop_assert_eq!(&serde_json::from_str::<K>(&json).unwrap(), &key);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_text_panics_and_what_is_read_is_read_again(text in texts()) {
        holds::<LearningContextKey>(&text)?;
        holds::<CourseKey>(&text)?;
        holds::<LibraryKey>(&text)?;
        holds::<LegacyLibraryKey>(&text)?;
        holds::<UsageKey>(&text)?;
        holds::<DefinitionKey>(&text)?;
        holds::<AssetKey>(&text)?;
        holds::<CollectionKey>(&text)?;
        holds::<ContainerKey>(&text)?;
        holds::<BlockTypeKey>(&text)?;
    }

    #[test]
    fn inspection_agrees_with_reading(text in texts()) {
        if let Ok(key) = text.parse::<UsageKey>() {
            let seen = inspect(&text).unwrap();
            prop_assert_eq!((seen.kind, seen.text), (key.kind(), key.to_string()));
        }
        if let Ok(key) = text.parse::<LearningContextKey>() {
            prop_assert_eq!(inspect(&text).unwrap().text, key.to_string());
        }
    }

    #[test]
    fn row_004_a_usage_key_is_printed_as_it_was_read(key in usage_keys()) {
        let again: UsageKey = key.as_str().parse().unwrap();
        prop_assert_eq!(again.as_str(), key.as_str());
        prop_assert_eq!((again.block_type(), again.block_id()), (key.block_type(), key.block_id()));
        prop_assert_eq!(again.context_key(), key.context_key());
    }

    #[test]
    fn mapping_into_the_own_context_changes_nothing(key in usage_keys()) {
        prop_assert_eq!(key.map_into_course(&key.context_key()), Ok(key.clone()));
        let again = key.context_key().make_usage_key(key.block_type(), key.block_id());
        prop_assert_eq!(again, Ok(key));
    }

    #[test]
    fn an_aside_of_any_type_is_read_again(key in usage_keys(), aside_type in "[^\\p{Cc}]{1,12}") {
        let aside = AsideUsageKey::new(key.clone(), &aside_type).unwrap();
        let again: AsideUsageKey = aside.as_str().parse().unwrap();
        prop_assert_eq!(again.usage_key(), &key);
        prop_assert_eq!(again.aside_type(), aside_type);
    }

    #[test]
    fn two_keys_are_equal_when_their_texts_are(one in usage_keys(), two in usage_keys()) {
        prop_assert_eq!(one == two, one.as_str() == two.as_str());
        prop_assert_eq!(one.cmp(&two), two.cmp(&one).reverse());
        prop_assert_eq!(one == two, one.cmp(&two).is_eq());
    }
}
