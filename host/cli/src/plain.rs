//! What others wrote, for a terminal. The text of a package, a block or a course may have anything in it, and a terminal
//! obeys some of it: it would hide lines, rewrite others, or change its own title.

use std::fmt::{self, Display, Write};

/// Shows a text with what a terminal obeys spelled out. Line breaks and tabs stay.
pub(crate) struct Plain<T>(pub(crate) T);

impl<T: Display> Display for Plain<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|letter| match letter {
            '\n' | '\t' => self.0.write_char(letter),
            _ if is_obeyed(letter) => write!(self.0, "{}", letter.escape_default()),
            _ => self.0.write_char(letter),
        })
    }
}

/// Control characters, and those that turn the direction of what follows.
fn is_obeyed(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_has_nothing_to_obey() {
        let text = "a\u{1b}]0;b\u{7}\r\u{9b}2J\u{202e}c\n\td é 日本";
        assert_eq!(Plain(text).to_string(), "a\\u{1b}]0;b\\u{7}\\r\\u{9b}2J\\u{202e}c\n\td é 日本");
    }
}
