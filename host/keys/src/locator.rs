//! The `+` grammar that courses, legacy libraries, their blocks and their assets share (spec
//! 1.2.1): `org+course+run[+branch@B][+version@V][+type@T][+block@ID]`.
//!
//! It never decides which parts a kind of key must have beyond those that name its context; the
//! kinds do. No part can contain `+` or `@`, which is why a checked text can be split again without
//! looking at its characters.

use crate::{
    characters::{Class, check_object_id},
    error::Reason,
};

/// The parts without a label, in order, of a course.
pub(crate) const COURSE: &[&str] = &["org", "course", "run"];

/// The parts without a label, in order, of a legacy library. A third one is refused: the reference
/// takes it and drops it (quirk, spec 1.3.1), so that two texts would be one key.
pub(crate) const LEGACY_LIBRARY: &[&str] = &["org", "library"];

/// A checked text, cut where its context ends.
#[derive(Debug)]
pub(crate) struct Locator<'a> {
    /// Everything before `type@` and `block@`.
    pub(crate) context: &'a str,
    /// What `type@` holds.
    pub(crate) block_type: Option<&'a str>,
    /// What `block@` holds.
    pub(crate) block_id: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    Branch,
    Version,
    Type,
    Block,
}

impl<'a> Locator<'a> {
    /// Checks `rest`, the text after the namespace. `names` are the parts of the context without a
    /// label, `block_id` the characters that a block's id may have.
    ///
    /// # Errors
    /// Says which part is wrong. A text that names its context in part is refused: the reference
    /// prints it without those parts, so it could not be read back.
    pub(crate) fn read(rest: &'a str, names: &[&str], block_id: Class) -> Result<Self, Reason> {
        let mut found = Self { context: rest, block_type: None, block_id: None };
        let mut unnamed = names.iter();
        let mut last: Option<Label> = None;
        let mut context_length = 0;

        for segment in rest.split('+') {
            let Some((label, value)) = segment.split_once('@') else {
                let name =
                    unnamed.next().filter(|_| last.is_none()).ok_or_else(|| misplaced(segment, names))?;
                Class::Id.check(name, segment)?;
                context_length += segment.len() + 1;
                continue;
            };
            let label = Label::read(label)?;
            if last >= Some(label) {
                return Err("branch@, version@, type@ and block@ may each come once, in this order".into());
            }
            last = Some(label);
            match label {
                Label::Branch => Class::Id.check("branch", value)?,
                Label::Version => check_object_id("version", value)?,
                Label::Type => Class::Id.check("block type", value)?,
                Label::Block => block_id.check("block id", value)?,
            }
            match label {
                Label::Branch | Label::Version => context_length += segment.len() + 1,
                Label::Type => found.block_type = Some(value),
                Label::Block => found.block_id = Some(value),
            }
        }

        // The length counts a `+` after each part; the last one is not there, or not part of the
        // context.
        found.context = rest.get(..context_length.saturating_sub(1)).unwrap_or_default();
        let missing = unnamed.len();
        let version_alone = missing == names.len() && found.context.starts_with("version@");
        if missing == 0 || version_alone {
            return Ok(found);
        }
        Err(format!("it needs {}, or `version@…` alone", names.join("+")))
    }

    /// The context, of a key that names nothing inside it.
    ///
    /// # Errors
    /// When there is a block after all. The reference drops that part silently (quirk, spec 1.2.4).
    pub(crate) fn only_context(&self) -> Result<&'a str, Reason> {
        match (self.block_type, self.block_id) {
            (None, None) => Ok(self.context),
            _ => {
                Err("`type@` and `block@` name a block in it; remove them, or read it as a usage key".into())
            }
        }
    }

    /// The context, of a key that names a block or an asset in it.
    ///
    /// # Errors
    /// When the type or the id is missing. The reference takes a missing type for one called `None`
    /// (quirk, spec 1.6.2).
    pub(crate) fn context_of_block(&self) -> Result<&'a str, Reason> {
        match (self.block_type, self.block_id) {
            (Some(_), Some(_)) => Ok(self.context),
            (None, _) => Err("it has no block type; it must end in `+type@TYPE+block@ID`".into()),
            (_, None) => Err("it has no block id; it must end in `+type@TYPE+block@ID`".into()),
        }
    }
}

impl Label {
    fn read(text: &str) -> Result<Self, Reason> {
        match text {
            "branch" => Ok(Self::Branch),
            "version" => Ok(Self::Version),
            "type" => Ok(Self::Type),
            "block" => Ok(Self::Block),
            _ => {
                let shown = text.escape_debug();
                Err(format!("`{shown}@` is not a label; allowed are branch@, version@, type@ and block@"))
            }
        }
    }
}

fn misplaced(segment: &str, names: &[&str]) -> Reason {
    if segment.is_empty() {
        return "a part is empty: it ends in `+` or has two of them in a row".into();
    }
    let shown = segment.escape_debug();
    format!(
        "`{shown}` has no place: after {} only branch@, version@, type@ and block@ may follow",
        names.join("+")
    )
}

/// The part number `n` of those without a label, of a checked text.
pub(crate) fn unlabelled(rest: &str, n: usize) -> Option<&str> {
    rest.split('+').nth(n).filter(|part| !part.contains('@'))
}

/// What the part with this label holds, of a checked text.
pub(crate) fn labelled<'a>(rest: &'a str, label: &str) -> Option<&'a str> {
    rest.split('+').find_map(|part| part.strip_prefix(label)?.strip_prefix('@'))
}

/// A checked context put on this branch and at this version, whatever it had before.
///
/// # Errors
/// When the branch or the version is not one, and when the context is a version alone, which has
/// nothing that a branch could belong to and nothing left without its version.
pub(crate) fn with(context: &str, branch: Option<&str>, version: Option<&str>) -> Result<String, Reason> {
    let mut parts: Vec<&str> = context.split('+').take_while(|part| !part.contains('@')).collect();
    if parts.is_empty() && (branch.is_some() || version.is_none()) {
        return Err(
            "it is a version alone: it cannot have a branch, and is nothing without the version".into()
        );
    }
    if let Some(branch) = branch {
        Class::Id.check("branch", branch)?;
    }
    if let Some(version) = version {
        check_object_id("version", version)?;
    }
    let branch = branch.map(|branch| format!("branch@{branch}"));
    let version = version.map(|version| format!("version@{version}"));
    parts.extend(branch.as_deref());
    parts.extend(version.as_deref());
    Ok(parts.join("+"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(rest: &str) -> Result<Locator<'_>, Reason> {
        Locator::read(rest, COURSE, Class::Id)
    }

    #[test]
    fn the_context_ends_where_the_block_begins() {
        let read = course("o+c+r+branch@b+version@519665f6223ebd6980884f2b+type@t+block@i").unwrap();
        assert_eq!(read.context, "o+c+r+branch@b+version@519665f6223ebd6980884f2b");
        assert_eq!((read.block_type, read.block_id), (Some("t"), Some("i")));
    }

    #[test]
    fn a_version_alone_names_a_context() {
        let read = course("version@519665f6223ebd6980884f2b+type@t+block@i").unwrap();
        assert_eq!(read.context, "version@519665f6223ebd6980884f2b");
    }

    #[test]
    fn a_context_named_in_part_is_refused() {
        for rest in
            ["o+c", "o+c+version@519665f6223ebd6980884f2b", "branch@b+version@519665f6223ebd6980884f2b"]
        {
            assert_eq!(course(rest).unwrap_err(), "it needs org+course+run, or `version@…` alone", "{rest}");
        }
    }

    #[test]
    fn labels_come_once_and_in_order() {
        for rest in [
            "o+c+r+branch@a+branch@b",
            "o+c+r+version@519665f6223ebd6980884f2b+branch@b",
            "o+c+r+block@b+type@t",
        ] {
            assert!(course(rest).unwrap_err().contains("in this order"), "{rest}");
        }
    }

    #[test]
    fn a_trailing_plus_is_refused() {
        assert!(course("o+c+r+").unwrap_err().contains("ends in `+`"));
    }

    #[test]
    fn a_third_part_of_a_legacy_library_is_refused() {
        let reason = Locator::read("o+l+run", LEGACY_LIBRARY, Class::Id).unwrap_err();
        assert!(reason.starts_with("`run` has no place"), "{reason}");
    }
}
