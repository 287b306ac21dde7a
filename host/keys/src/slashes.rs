//! The `/` grammar of keys from before there were namespaces: `org/course/category/name[@revision]`
//! (spec 1.6.3, 1.7.2).
//!
//! It does not name the course's run. Who reads such a key maps it into the course that it was
//! found in.

use crate::{characters::Class, error::Reason};

/// The parts of a deprecated usage or asset key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slashes<'a> {
    pub(crate) org: &'a str,
    pub(crate) course: &'a str,
    pub(crate) category: &'a str,
    pub(crate) name: &'a str,
    pub(crate) revision: Option<&'a str>,
}

impl<'a> Slashes<'a> {
    /// Checks `rest`, the text after `i4x://` or `/c4x/`.
    ///
    /// # Errors
    /// Says which part is missing or wrong.
    pub(crate) fn read(rest: &'a str) -> Result<Self, Reason> {
        let parts = Self::split(rest)
            .ok_or("its parts must be org/course/category/name, with `@revision` or without")?;
        Class::Slashed.check("org", parts.org)?;
        Class::Slashed.check("course", parts.course)?;
        // The reference takes any text for a category; what a course cannot hold is refused when
        // the key is mapped.
        Class::Name.check("category", parts.category)?;
        Class::EscapedId.check("name", parts.name)?;
        if let Some(revision) = parts.revision {
            Class::EscapedId.check("revision", revision)?;
        }
        Ok(parts)
    }

    /// Splits without a look at the characters: enough for a text that was checked.
    pub(crate) fn split(rest: &'a str) -> Option<Self> {
        let mut parts = rest.splitn(4, '/');
        let (org, course, category, last) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let (name, revision) = match last.split_once('@') {
            Some((name, revision)) => (name, Some(revision)),
            None => (last, None),
        };
        Some(Self {
            org,
            course,
            category,
            name,
            revision,
        })
    }
}
