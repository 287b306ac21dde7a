//! Two languages that nobody speaks. Whoever looks at a page in one of them sees at a glance which texts do not come
//! from a catalogue, and which boxes are too small for a language longer than English.

use std::borrow::Cow;

/// English with accents and a third longer.
pub const PSEUDO: &str = "en-XA";

/// English from right to left.
pub const PSEUDO_RIGHT_TO_LEFT: &str = "ar-XB";

/// Right-to-left embedding and its end: the letters stay readable and run the other way.
const EMBED: [char; 2] = ['\u{202e}', '\u{202c}'];

pub(crate) fn accented(text: &str) -> Cow<'_, str> {
    let mut accented: String = text.chars().map(accent).collect();
    let letters = text.chars().filter(|character| character.is_alphabetic()).count();
    // Only what has words is longer in another language; a lone separator is not.
    accented.extend(std::iter::repeat_n('·', letters.div_ceil(3)));
    Cow::Owned(accented)
}

pub(crate) fn mirrored(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_alphabetic) {
        let [begin, end] = EMBED;
        Cow::Owned(format!("{begin}{text}{end}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn accent(character: char) -> char {
    match character {
        'a' => 'ä',
        'b' => 'ß',
        'c' => 'ç',
        'e' => 'é',
        'i' => 'ï',
        'l' => 'ł',
        'n' => 'ñ',
        'o' => 'ø',
        'u' => 'ü',
        'y' => 'ý',
        'A' => 'À',
        'C' => 'Ç',
        'E' => 'É',
        'I' => 'Ì',
        'O' => 'Ø',
        'U' => 'Û',
        'Y' => 'Ý',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_gets_accents_and_length() {
        assert_eq!(accented("Submit"), "Süßmït··");
    }

    #[test]
    fn what_has_no_letters_stays_as_it_is() {
        assert_eq!(accented(" / "), " / ");
        assert_eq!(mirrored(" / "), " / ");
    }
}
