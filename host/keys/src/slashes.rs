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
        let (org, course, category, last) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let (name, revision) = match last.split_once('@') {
            Some((name, revision)) => (name, Some(revision)),
            None => (last, None),
        };
        Some(Self { org, course, category, name, revision })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_revision_is_what_follows_the_name() {
        let read = Slashes::read("org/course/cat:egory/na:me%20@draft").unwrap();
        assert_eq!((read.category, read.name, read.revision), ("cat:egory", "na:me%20", Some("draft")));
    }

    #[test]
    fn every_part_but_the_category_is_restricted() {
        assert!(Slashes::read("org/course/any thing+else/name").is_ok());
        for rest in
            ["o:rg/course/cat/name", "org/co~urse/cat/name", "org/course/cat/na me", "org/course/cat/n@a@b"]
        {
            assert!(Slashes::read(rest).is_err(), "{rest}");
        }
    }

    #[test]
    fn there_are_four_parts_and_none_is_empty() {
        for rest in
            ["org/course/cat", "org/course/cat/name/x", "org//cat/name", "org/course//name", "o/c/c/n@"]
        {
            assert!(Slashes::read(rest).is_err(), "{rest}");
        }
    }
}
