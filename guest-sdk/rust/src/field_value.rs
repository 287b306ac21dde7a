//! Which Rust types a field can have, and which declared type (spec 2.3) each of them means.
//!
//! A type that is not here needs `#[field(type = …)]` and serde's two traits, nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// A Rust type that means one declared type.
pub trait FieldValue {
    /// The declared type's name, for instance `integer`.
    const TYPE: &'static str;
}

macro_rules! means {
    ($($name:literal: $($ty:ty),+;)+) => {
        $($(impl FieldValue for $ty {
            const TYPE: &'static str = $name;
        })+)+
    };
}

means! {
    "integer": i8, i16, i32, i64, isize, u8, u16, u32, u64, usize;
    "float": f32, f64;
    "boolean": bool;
    "string": String;
    "dict": Map<String, Value>;
    "any": Value;
}

impl<T> FieldValue for Vec<T> {
    const TYPE: &'static str = "list";
}

impl<T> FieldValue for BTreeMap<String, T> {
    const TYPE: &'static str = "dict";
}

impl<T> FieldValue for BTreeSet<T> {
    const TYPE: &'static str = "set";
}

/// `None` is JSON's `null`.
impl<T: FieldValue> FieldValue for Option<T> {
    const TYPE: &'static str = T::TYPE;
}
