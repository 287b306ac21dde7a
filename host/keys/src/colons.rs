//! The `:` grammar of the content libraries and of bundles: a fixed number of parts, each with its
//! own characters (spec 1.4, 1.5, 1.7.1, 1.7.5).

use crate::{characters::Class, error::Reason};

/// The organisation of a library.
pub(crate) const ORG: (&str, Class) = ("org", Class::AsciiSlug);
/// The library's name within the organisation.
pub(crate) const SLUG: (&str, Class) = ("slug", Class::Slug);

/// Splits `rest`, the text after the namespace, into exactly the named parts.
///
/// # Errors
/// Says which part is missing, wrong or one too many.
pub(crate) fn split<'a, const N: usize>(
    rest: &'a str,
    fields: [(&str, Class); N],
) -> Result<[&'a str; N], Reason> {
    let mut parts = [""; N];
    let mut given = rest.split(':');
    for (slot, (name, class)) in parts.iter_mut().zip(fields) {
        *slot = given.next().ok_or_else(|| format!("the {name} is missing; {}", wanted(&fields)))?;
        class.check(name, slot)?;
    }
    match given.next() {
        None => Ok(parts),
        Some(extra) => Err(format!("`:{}` is one part too many; {}", extra.escape_debug(), wanted(&fields))),
    }
}

/// The part number `n` of a checked text, the namespace being number 0.
pub(crate) fn part(text: &str, n: usize) -> &str {
    text.split(':').nth(n).unwrap_or_default()
}

fn wanted(fields: &[(&str, Class)]) -> String {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    format!("the parts are {}, with `:` between them", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_parts_as_fields_are_given_back() {
        assert_eq!(split("a:b", [ORG, SLUG]), Ok(["a", "b"]));
    }

    #[test]
    fn a_missing_part_is_named() {
        assert_eq!(
            split("a", [ORG, SLUG]).unwrap_err(),
            "the slug is missing; the parts are org, slug, with `:` between them"
        );
    }

    #[test]
    fn a_part_too_many_is_shown() {
        assert!(split("a:b:c", [ORG, SLUG]).unwrap_err().starts_with("`:c` is one part too many"));
    }
}
