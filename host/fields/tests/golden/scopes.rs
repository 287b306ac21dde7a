//! Every recorded key of every scope, and the values that are unique to a key (spec 2.2.4, 2.4).

use crate::recorded;
use blockhouse_fields::{BlockScope, Scope, ScopeIds, UserScope};
use serde_json::{Value, json};

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_else(|| panic!("{member} of {value} is text"))
}

fn user_scope(name: &str) -> Option<UserScope> {
    Some(match name {
        "UserScope.NONE" => UserScope::None,
        "UserScope.ONE" => UserScope::One,
        "UserScope.ALL" => UserScope::All,
        _ => return None,
    })
}

fn block_scope(name: &str) -> Option<BlockScope> {
    Some(match name {
        "BlockScope.USAGE" => BlockScope::Usage,
        "BlockScope.DEFINITION" => BlockScope::Definition,
        "BlockScope.TYPE" => BlockScope::Type,
        "BlockScope.ALL" => BlockScope::All,
        _ => return None,
    })
}

fn named(name: &str) -> Option<Scope> {
    serde_json::from_value(json!(name.strip_prefix("Scope.").unwrap_or(name))).ok()
}

#[test]
fn golden_scope_keys() {
    let file = recorded::parse_exact(&recorded::vectors("scopes.json"));
    let scope_ids = &file["scope_ids"];
    let ids = ScopeIds {
        user: text(scope_ids, "user_id"),
        block_type: text(scope_ids, "block_type"),
        definition: text(scope_ids, "def_id"),
        usage: text(scope_ids, "usage_id"),
    };
    let rows = file["keys"].as_array().expect("a list of keys");
    assert!(!rows.is_empty());
    for row in rows {
        let named = named(text(row, "scope"));
        let pair = user_scope(text(row, "user_scope")).zip(block_scope(text(row, "block_scope")));
        // A named scope is its pair; children and parent have no pair of their own and are kept with the usage.
        let (user, block) = match (pair, named) {
            (Some(pair), named) => {
                assert!(named.is_none_or(|scope| (scope.user(), scope.block()) == pair), "{row}");
                pair
            }
            (None, Some(scope)) => (scope.user(), scope.block()),
            (None, None) => panic!("the scope of {row} is not known"),
        };
        // The family in a recorded key keeps asides apart. There are no asides here (spec 2.14.1), so no family.
        assert_eq!(json!(ids.user_part(user)), row["key"]["user_id"], "{row}");
        assert_eq!(json!(ids.block_part(block)), row["key"]["block_scope_id"], "{row}");
        if let Some(expected) = row["unique_id_text"].as_str() {
            assert_eq!(ids.scope_key(user, block, text(&row["key"], "field_name")), expected, "{row}");
        } else {
            assert!(pair.is_none(), "only children and parent have no text: {row}");
        }
    }
}

#[test]
fn golden_unique_ids() {
    let file = recorded::parse_exact(&recorded::vectors("scopes.json"));
    let rows = file["unique_id"].as_array().expect("a list of ids");
    assert!(!rows.is_empty());
    for row in rows {
        let ids = ScopeIds {
            user: text(&file["scope_ids"], "user_id"),
            block_type: text(&file["scope_ids"], "block_type"),
            definition: text(&file["scope_ids"], "def_id"),
            usage: text(row, "usage_id"),
        };
        for (scope, field) in [("settings", "uid"), ("user_state", "uid2")] {
            let scope_of = named(scope).expect("a scope");
            let (user, block) = (scope_of.user(), scope_of.block());
            assert_eq!(ids.scope_key(user, block, field), text(&row[scope], "key"), "{row}");
            assert_eq!(ids.unique_id(user, block, field), text(&row[scope], "value"), "{row}");
        }
    }
}
