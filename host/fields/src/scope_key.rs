//! The key of a field's value as one text, and the value that is unique to it (spec 2.2.4, 2.2.5, 2.4.4).

use sha1::{Digest, Sha1};

use crate::digits::is_alphanumeric;
use crate::{BlockScope, UserScope};

/// The ids between which scopes choose (spec 2.4.3), as text.
#[derive(Clone, Copy, Debug)]
pub struct ScopeIds<'a> {
    /// Whose view it is.
    pub user: &'a str,
    /// The block's type.
    pub block_type: &'a str,
    /// The block's definition. Content without definition ids gives the usage: its content fields are kept by usage
    /// (spec 2.4.5).
    pub definition: &'a str,
    /// Where the block is used.
    pub usage: &'a str,
}

/// Stands for a part that the scope does not use. No id is written like it, because a point is doubled.
const UNUSED: &str = "NONE.NONE";

impl<'a> ScopeIds<'a> {
    /// The user in a key: only where every user has a value.
    pub fn user_part(&self, scope: UserScope) -> Option<&'a str> {
        match scope {
            UserScope::One => Some(self.user),
            UserScope::None | UserScope::All => None,
        }
    }

    /// The block in a key: none where all blocks share the value.
    pub fn block_part(&self, scope: BlockScope) -> Option<&'a str> {
        match scope {
            BlockScope::Usage => Some(self.usage),
            BlockScope::Definition => Some(self.definition),
            BlockScope::Type => Some(self.block_type),
            BlockScope::All => None,
        }
    }

    /// The key as text: `BLOCK/FIELD/USER`, safe as a path and as a part of a URL. Any pair of scopes has one, also
    /// those without a name.
    pub fn scope_key(&self, user: UserScope, block: BlockScope, field: &str) -> String {
        [self.block_part(block), Some(field), self.user_part(user)]
            .map(|part| part.map_or_else(|| UNUSED.to_owned(), encode))
            .join("/")
    }

    /// The default of a field that asks for a unique one: 40 hexadecimal digits, always the same for the same key.
    pub fn unique_id(&self, user: UserScope, block: BlockScope, field: &str) -> String {
        let digest = Sha1::digest(self.scope_key(user, block, field));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Letters and numbers stay; common signs become pairs of `.`, `_` and `-`, others their code point. A part never
/// begins like a hidden file.
fn encode(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    if part.starts_with(['.', '_']) {
        text.push_str("__");
    }
    for character in part.chars() {
        let pair = match character {
            '.' => "..",
            '/' => "._",
            '\\' => ".-",
            ',' => "_.",
            '_' => "__",
            ' ' => "_-",
            '+' => "-.",
            ':' => "-_",
            '-' => "--",
            character if is_alphanumeric(character) => {
                text.push(character);
                continue;
            }
            other => {
                text.push_str(&format!("_{}_", u32::from(other)));
                continue;
            }
        };
        text.push_str(pair);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_begin_with_a_point_or_an_underscore_are_not_hidden() {
        let ids = ScopeIds { user: "_bob", block_type: "b.12#ob", definition: "..", usage: ".." };
        let key = |user, block, field| ids.scope_key(user, block, field);
        assert_eq!(key(UserScope::None, BlockScope::Usage, "field_x"), "__..../field__x/NONE.NONE");
        assert_eq!(
            key(UserScope::One, BlockScope::All, "user_info_lst"),
            "NONE.NONE/user__info__lst/____bob"
        );
        assert_eq!(key(UserScope::One, BlockScope::Type, "pref_lst"), "b..12_35_ob/pref__lst/____bob");
        assert_eq!(key(UserScope::One, BlockScope::Usage, "user_lst"), "__..../user__lst/____bob");
    }
}
