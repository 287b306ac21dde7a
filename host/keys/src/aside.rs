//! How a key and the type of an aside are written into one text, and taken apart again (spec
//! 1.7.4).
//!
//! An aside may stand beside an aside, so these texts nest. Every level at least doubles the
//! escapes of the level inside, which bounds the depth by the logarithm of the text's length:
//! reading may safely recurse.

use crate::{characters::Class, error::Reason};

/// The two ways to keep `:` in the parts apart from the `::` between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// `::` is written `$::`. The split is at the first `::`, so a key with `::` in it cannot be
    /// written.
    V1,
    /// `:` is written `$:`. The split is at the last `::`.
    V2,
}

impl Encoding {
    /// Takes a text apart into the key's text and the type of the aside.
    ///
    /// # Errors
    /// When there is no `::`, an escape is wrong, or the type has a control character. The key's
    /// text is not looked at.
    pub(crate) fn take_apart(self, rest: &str) -> Result<(String, String), Reason> {
        let parts = match self {
            Self::V1 => rest.split_once("::"),
            Self::V2 => rest.rsplit_once("::"),
        };
        let (key, aside_type) = parts.ok_or("it must be the key, `::` and the type of the aside")?;
        let (key, aside_type) = (self.decode(key)?, self.decode(aside_type)?);
        // The reference takes an empty type, and so does this: nothing is gained by losing what was
        // kept under it.
        if !aside_type.is_empty() {
            Class::Name.check("type of the aside", &aside_type)?;
        }
        Ok((key, aside_type))
    }

    /// Writes both into one text.
    ///
    /// # Errors
    /// When the text would not be read back as the same two parts.
    pub(crate) fn put_together(self, key: &str, aside_type: &str) -> Result<String, Reason> {
        let text = format!("{}::{}", self.encode(key), self.encode(aside_type));
        let (key_again, type_again) = self.take_apart(&text)?;
        if (&*key_again, &*type_again) != (key, aside_type) {
            return Err(
                "a key with `::` in it or `:` at its end has no place in version 1; use version 2".into()
            );
        }
        Ok(text)
    }

    fn encode(self, text: &str) -> String {
        let colon = self.escaped();
        text.replace('$', "$$").replace(colon, &format!("${colon}"))
    }

    fn decode(self, text: &str) -> Result<String, Reason> {
        let colon = self.escaped();
        let mut decoded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, escaped)) = rest.split_once('$') {
            decoded.push_str(before);
            let what = if escaped.starts_with('$') { "$" } else { colon };
            rest = escaped
                .strip_prefix(what)
                .ok_or_else(|| format!("a `$` in it escapes nothing; allowed are `$$` and `${colon}`"))?;
            decoded.push_str(what);
        }
        decoded.push_str(rest);
        // Also catches a bare `:` where it must be escaped.
        if self.encode(&decoded) != text {
            return Err(format!("every `{colon}` in its key and in its type must be written `${colon}`"));
        }
        Ok(decoded)
    }

    fn escaped(self) -> &'static str {
        match self {
            Self::V1 => "::",
            Self::V2 => ":",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_two_escapes_every_colon() {
        let text = Encoding::V2.put_together("lb:o:l:t:i", "a$b:c").unwrap();
        assert_eq!(text, "lb$:o$:l$:t$:i::a$$b$:c");
        assert_eq!(Encoding::V2.take_apart(&text), Ok(("lb:o:l:t:i".into(), "a$b:c".into())));
    }

    #[test]
    fn version_one_escapes_double_colons_only() {
        assert_eq!(Encoding::V1.take_apart("lb:o:l:t:i::a$::b"), Ok(("lb:o:l:t:i".into(), "a::b".into())));
    }

    #[test]
    fn bare_separators_and_lone_escapes_are_refused() {
        for text in ["lb:o:l:t:i::x", "lb$:o::x:y", "lb::x$", "lb::x$y", "lb::x\n"] {
            assert!(Encoding::V2.take_apart(text).is_err(), "{text}");
        }
        for text in ["lb::a::b", "lb::a$b", "lb::a:$::b", "lb:x"] {
            assert!(Encoding::V1.take_apart(text).is_err(), "{text}");
        }
    }

    #[test]
    fn version_one_refuses_to_write_what_it_could_not_read() {
        assert!(Encoding::V1.put_together("a::b", "x").is_err());
        assert!(Encoding::V1.put_together("a:", "x").is_err());
    }
}
