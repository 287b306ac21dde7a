//! What every kind of key has in common: it is its canonical text, checked once when it is read.
//!
//! A type that uses these macros has `fn read(&str) -> Result<Self, Reason>`, `fn as_str(&self) ->
//! &str` and `fn parts(&self) -> Parts`. Nothing else can make a key, so whatever holds one may
//! rely on its grammar.

/// The parts of a key by name, in the order in which its text has them. A part that the key leaves
/// out is `None`.
pub type Parts<'a> = Vec<(&'static str, Option<&'a str>)>;

/// Reading, printing and serde for a kind of key.
macro_rules! key_text {
    ($key:ident, $kind:literal) => {
        impl $key {
            /// What messages call this kind of key.
            pub const KIND: &'static str = $kind;
        }
        impl std::str::FromStr for $key {
            type Err = $crate::InvalidKey;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::read(text).map_err(|reason| $crate::InvalidKey::new(Self::KIND, text, reason))
            }
        }
        impl std::fmt::Display for $key {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
        impl std::fmt::Debug for $key {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($key), self.as_str())
            }
        }
        impl AsRef<str> for $key {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
        impl serde::Serialize for $key {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> serde::Deserialize<'de> for $key {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// An order by parts, given by the type's `order` method (spec 1.1.8). `order` ends in the text, so
/// that keys which have equal parts in different forms are not equal.
macro_rules! ordered_by_parts {
    ($key:ident) => {
        impl Ord for $key {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                // Two blocks of one course differ behind the course: most of the work is to see that.
                if self == other {
                    return std::cmp::Ordering::Equal;
                }
                self.order().cmp(&other.order())
            }
        }
        impl PartialOrd for $key {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }
    };
}

pub(crate) use {key_text, ordered_by_parts};
