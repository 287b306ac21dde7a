//! What a block's reads and writes leave to be stored (spec 2.6 and rows 10 to 26 of section 10).

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says so when it fails"
)]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use blockhouse_fields::{
    AccessError, BlockDefinition, BlockFields, FieldDeclaration, FieldSource, FieldType, FieldValue, NoStore,
    Scope, ScopeIds, StoreKey, UserId,
};
use blockhouse_keys::UsageKey;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

const TODAY: Date = date(2031, 5, 1);

/// A store in memory that takes all changes of a call or none.
#[derive(Default)]
struct Store {
    values: RefCell<BTreeMap<String, Arc<str>>>,
    refuses: Cell<bool>,
    reads: Cell<usize>,
}

impl Store {
    fn with(values: &[(&str, &str)]) -> Self {
        let store = Self::default();
        let values = values.iter().map(|(name, json)| ((*name).to_owned(), Arc::from(*json)));
        store.values.borrow_mut().extend(values);
        store
    }

    fn save(&self, fields: &BlockFields<&Store>) -> bool {
        if self.refuses.get() {
            return false;
        }
        for change in fields.changes() {
            let name = change.field.name.clone();
            match change.value {
                Some(value) => self.values.borrow_mut().insert(name, value),
                None => self.values.borrow_mut().remove(&name),
            };
        }
        true
    }

    fn get(&self, name: &str) -> Option<String> {
        self.values.borrow().get(name).map(|value| value.to_string())
    }
}

impl FieldSource for &Store {
    fn stored(&self, field: &FieldDeclaration) -> Result<Option<Arc<str>>, NoStore> {
        if field.scope == Scope::UserInfo {
            return Err(NoStore);
        }
        self.reads.set(self.reads.get() + 1);
        Ok(self.values.borrow().get(&field.name).cloned())
    }

    fn unique_id(&self, field: &FieldDeclaration) -> Option<String> {
        let ids = ScopeIds { user: "7", block_type: "probe", definition: "u", usage: "u" };
        Some(ids.unique_id(field.scope.user(), field.scope.block(), &field.name))
    }
}

fn definition() -> Arc<BlockDefinition> {
    let definition = json!({
        "name": "probe",
        "version": "1.0.0",
        "display_name": "Probe",
        "fields": [
            { "name": "title", "type": "string", "scope": "settings", "default": "Probe" },
            { "name": "count", "type": "integer", "scope": "user_state", "default": 0 },
            { "name": "answers", "type": "list", "scope": "user_state", "default": [1] },
            { "name": "due", "type": "date", "scope": "user_state" },
            { "name": "nickname", "type": "string", "scope": "user_info" },
            { "name": "seed", "type": "string", "scope": "user_state", "unique_id": true },
        ],
    });
    Arc::new(serde_json::from_value(definition).expect("a definition"))
}

fn fields(store: &Store) -> BlockFields<&Store> {
    BlockFields::new(definition(), store, TODAY)
}

fn get(fields: &mut BlockFields<&Store>, name: &str) -> Option<String> {
    fields.get(name).expect("a readable field").map(|json| json.to_string())
}

fn changes(fields: &BlockFields<&Store>) -> Vec<(String, Option<String>)> {
    let changes = fields.changes();
    changes
        .iter()
        .map(|change| (change.field.name.clone(), change.value.as_deref().map(str::to_owned)))
        .collect()
}

#[test]
fn row_010_every_type_reads_what_it_stores() {
    for (field_type, stored) in [
        (FieldType::Integer, json!(5)),
        (FieldType::Float, json!(0.5)),
        (FieldType::Boolean, json!(true)),
        (FieldType::String, json!("a")),
        (FieldType::XmlString, json!("<a/>")),
        (FieldType::List, json!([1, null])),
        (FieldType::Dict, json!({ "a": [1] })),
        (FieldType::Set, json!(["a", "b"])),
        (FieldType::Date, json!("2031-05-01T12:00:00Z")),
        (FieldType::DateTime, json!("2031-05-01T12:00:00.000000")),
        (FieldType::Timedelta, json!("1 days 2 seconds")),
        (FieldType::RelativeTime, json!("00:01:02")),
        (FieldType::Score, json!({ "raw_earned": 1, "raw_possible": 2 })),
        (FieldType::ListScore, json!([{ "raw_earned": 1, "raw_possible": 2 }])),
        (FieldType::Any, json!({ "a": [] })),
        (FieldType::Reference, json!("lb:o:l:html:b")),
        (FieldType::ReferenceList, json!(["lb:o:l:html:b"])),
        (FieldType::ReferenceValueDict, json!({ "a": "lb:o:l:html:b" })),
    ] {
        let value = field_type.from_json(FieldValue::from(&stored), TODAY).expect("a value");
        assert_eq!(field_type.to_json(&value), Ok(stored), "{field_type:?}");
    }
}

#[test]
fn row_011_an_unset_field_has_its_default_and_each_read_its_own_copy() {
    let store = Store::default();
    let mut fields = fields(&store);
    assert_eq!(get(&mut fields, "answers"), None);
    let definition = definition();
    let answers = definition.field("answers").expect("a field");
    let mut first = answers.default_value();
    first.as_array_mut().expect("a list").push(json!(2));
    assert_eq!(answers.default_value(), json!([1]));
}

#[test]
fn row_012_reading_stores_nothing() {
    let store = Store::with(&[("count", "3")]);
    let mut fields = fields(&store);
    assert_eq!(get(&mut fields, "count").as_deref(), Some("3"));
    assert_eq!(get(&mut fields, "answers"), None);
    assert_eq!(changes(&fields), []);
}

#[test]
fn row_013_setting_stores_exactly_that_field() {
    let store = Store::with(&[("answers", "[1]")]);
    let mut fields = fields(&store);
    fields.set("count", "1").expect("a whole number");
    fields.set("count", "2").expect("a whole number");
    assert_eq!(changes(&fields), [("count".to_owned(), Some("2".to_owned()))]);
}

#[test]
fn row_014_setting_an_equal_value_stores_nothing() {
    let store = Store::with(&[("count", "3"), ("due", "\"2031-06-01T00:00:00Z\"")]);
    let mut fields = fields(&store);
    fields.set("count", "3").expect("a whole number");
    fields.set("count", "\"3\"").expect("text of a whole number");
    fields.set("due", "\"June 1\"").expect("the same day in other words");
    assert_eq!(changes(&fields), []);
}

#[test]
fn row_014_setting_back_what_is_stored_stores_nothing() {
    let store = Store::with(&[("count", "3")]);
    let mut fields = fields(&store);
    fields.set("count", "4").expect("a whole number");
    fields.set("count", "3").expect("a whole number");
    assert_eq!(changes(&fields), []);
}

#[test]
fn row_015_a_list_that_was_read_and_changed_is_stored() {
    let store = Store::with(&[("answers", "[1]")]);
    let mut fields = fields(&store);
    let mut answers: Value =
        serde_json::from_str(&get(&mut fields, "answers").expect("a list")).expect("JSON");
    answers.as_array_mut().expect("a list").push(json!(2));
    fields.set("answers", &answers.to_string()).expect("a list");
    assert_eq!(changes(&fields), [("answers".to_owned(), Some("[1,2]".to_owned()))]);
}

#[test]
fn row_016_a_list_that_was_read_and_not_changed_is_not_stored() {
    let store = Store::with(&[("answers", "[1]")]);
    let mut fields = fields(&store);
    let answers = get(&mut fields, "answers").expect("a list");
    fields.set("answers", &answers).expect("a list");
    assert_eq!(changes(&fields), []);
}

#[test]
fn row_017_an_equal_list_written_otherwise_is_not_stored() {
    let store = Store::with(&[("answers", "[1, {\"a\": 1, \"b\": 2}]")]);
    let mut fields = fields(&store);
    fields.set("answers", "[1,{\"b\":2,\"a\":1}]").expect("a list");
    assert_eq!(changes(&fields), []);
}

#[test]
fn row_018_a_deleted_field_is_forgotten_and_has_its_default() {
    let store = Store::with(&[("count", "3")]);
    let mut fields = fields(&store);
    fields.delete("count").expect("a field of the learner's");
    fields.delete("answers").expect("deleting an unset field is silent");
    assert_eq!(get(&mut fields, "count"), None);
    assert_eq!(changes(&fields), [("count".to_owned(), None)]);
    assert!(store.save(&fields));
    assert_eq!(store.get("count"), None);
}

#[test]
fn row_019_a_field_that_was_set_and_deleted_is_not_stored() {
    let store = Store::default();
    let mut fields = fields(&store);
    fields.set("count", "1").expect("a whole number");
    fields.delete("count").expect("a field of the learner's");
    assert_eq!(get(&mut fields, "count"), None);
    assert_eq!(changes(&fields), []);
}

#[test]
fn row_020_when_one_field_cannot_be_stored_none_is_and_all_stay_changed() {
    let store = Store::with(&[("count", "3")]);
    let mut fields = fields(&store);
    fields.set("count", "4").expect("a whole number");
    let error = fields.set("answers", "\"no list\"").expect_err("text is no list");
    assert_eq!(error.to_string(), "field `answers`: expected a list, found text `\"no list\"`");
    store.refuses.set(true);
    assert!(!store.save(&fields));
    assert_eq!(store.get("count").as_deref(), Some("3"));
    assert_eq!(changes(&fields), [("count".to_owned(), Some("4".to_owned()))]);
}

#[test]
fn row_021_what_could_not_be_stored_can_be_stored_later() {
    let store = Store::default();
    let mut fields = fields(&store);
    fields.set("count", "4").expect("a whole number");
    fields.set("answers", "[]").expect("a list");
    store.refuses.set(true);
    assert!(!store.save(&fields));
    store.refuses.set(false);
    assert!(store.save(&fields));
    assert_eq!((store.get("count").as_deref(), store.get("answers").as_deref()), (Some("4"), Some("[]")));
}

#[test]
fn row_022_null_is_a_value_and_not_the_default() {
    let store = Store::with(&[("count", "null")]);
    let mut fields = fields(&store);
    assert_eq!(get(&mut fields, "count").as_deref(), Some("null"));
    assert_eq!(fields.is_set("count"), Ok(true));
    assert_eq!(fields.is_set("answers"), Ok(false));
    fields.set("answers", "null").expect("null");
    assert_eq!(fields.is_set("answers"), Ok(true));
    assert_eq!(changes(&fields), [("answers".to_owned(), Some("null".to_owned()))]);
}

#[test]
fn row_023_a_unique_default_is_the_same_for_every_read_and_other_for_another_field() {
    let store = Store::default();
    let (mut first, mut second) = (fields(&store), fields(&store));
    let seed = get(&mut first, "seed").expect("a unique default");
    assert_eq!(seed, "\"7a521e0986eff4d6dbc11e31c9c3a004f2bf8b4c\"");
    assert_eq!(get(&mut second, "seed"), Some(seed));
    assert_eq!(first.is_set("seed"), Ok(false));
    assert_eq!(changes(&first), []);
}

#[test]
fn row_024_the_user_is_in_a_key_only_where_every_user_has_a_value() {
    let usage: UsageKey = "lb:org:lib:problem:p1".parse().expect("a usage key");
    let user = UserId::Learner(7);
    let key = |scope| StoreKey::compose(scope, &user, &usage, "f");
    let field: Arc<str> = "f".into();
    assert_eq!(key(Scope::UserState), Some(StoreKey::UserState(user.clone(), usage.clone(), field.clone())));
    assert_eq!(key(Scope::UserStateSummary), Some(StoreKey::UserStateSummary(usage.clone(), field.clone())));
    assert_eq!(
        key(Scope::Preferences),
        Some(StoreKey::Preferences(user.clone(), "problem".into(), field.clone()))
    );
    assert_eq!(key(Scope::UserInfo), Some(StoreKey::UserInfo(user.clone(), field)));
    for authored in [Scope::Content, Scope::Settings, Scope::Children, Scope::Parent] {
        assert_eq!(key(authored), None, "{authored:?}");
    }
}

#[test]
fn row_025_a_poisoned_value_is_reported_until_the_field_is_deleted() {
    let store = Store::with(&[("count", "\"x\"")]);
    let mut poisoned = fields(&store);
    let error = poisoned.get("count").expect_err("x is no number");
    assert!(matches!(error, AccessError::Poisoned(_)));
    assert_eq!(
        error.to_string(),
        "the stored value is unusable until the field is set or deleted: \
         field `count`: `\"x\"` cannot be read as a whole number"
    );
    poisoned.delete("count").expect("a field of the learner's");
    assert_eq!(get(&mut poisoned, "count"), None);
    assert!(store.save(&poisoned));
    assert_eq!(get(&mut fields(&store), "count"), None);
}

#[test]
fn row_025_a_poisoned_value_can_be_replaced_and_no_block_can_poison_a_field() {
    let store = Store::with(&[("count", "{broken")]);
    let mut fields = fields(&store);
    assert!(matches!(fields.set("count", "\"x\""), Err(AccessError::WrongType(_))));
    assert!(matches!(fields.set("count", "{broken"), Err(AccessError::WrongType(_))));
    fields.set("count", "1").expect("a whole number");
    assert_eq!(changes(&fields), [("count".to_owned(), Some("1".to_owned()))]);
}

#[test]
fn row_026_two_instances_do_not_see_what_the_other_has_not_stored() {
    let store = Store::default();
    let (mut first, mut second) = (fields(&store), fields(&store));
    first.set("count", "1").expect("a whole number");
    assert_eq!(get(&mut second, "count"), None);
    assert!(store.save(&first));
    assert_eq!(get(&mut second, "count"), None, "what was read once is not read again");
    assert_eq!(get(&mut fields(&store), "count").as_deref(), Some("1"));
}

#[test]
fn the_store_is_asked_once_for_each_field_and_what_it_said_is_told() {
    let store = Store::with(&[("count", "\"3\"")]);
    let mut fields = fields(&store);
    assert_eq!(get(&mut fields, "count").as_deref(), Some("3"));
    assert_eq!(get(&mut fields, "count").as_deref(), Some("3"));
    fields.set("answers", "[]").expect("a list");
    assert_eq!(store.reads.get(), 2);
    let reads: Vec<_> =
        fields.reads().into_iter().map(|read| (read.field.name.clone(), read.found)).collect();
    assert_eq!(reads, [("count".to_owned(), Some("\"3\"".into())), ("answers".to_owned(), None)]);
}

#[test]
fn a_block_reads_and_does_not_write_what_authors_write() {
    let store = Store::with(&[("title", "\"Poll\"")]);
    let mut fields = fields(&store);
    assert_eq!(get(&mut fields, "title").as_deref(), Some("\"Poll\""));
    assert!(matches!(fields.set("title", "\"x\""), Err(AccessError::ReadOnly { .. })));
    assert!(matches!(fields.delete("title"), Err(AccessError::ReadOnly { .. })));
    assert_eq!(changes(&fields), []);
}

#[test]
fn fields_that_are_unknown_or_have_no_store_are_named() {
    let store = Store::default();
    let mut fields = fields(&store);
    assert_eq!(fields.get("nope"), Err(AccessError::Unknown("nope".to_owned())));
    let error = fields.set("nickname", "\"Bo\"").expect_err("no store");
    assert_eq!(
        error.to_string(),
        "field `nickname` cannot be used here: there is no store for its scope UserInfo"
    );
}
