//! Digits and blanks of all scripts, as authors and platforms write them.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The value of a decimal digit of any script.
pub(crate) fn decimal(character: char) -> Option<u8> {
    if character.is_ascii() {
        return character.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
    }
    if !is_decimal(character) {
        return None;
    }
    // Scripts have their ten digits in a row, zero first. The mathematical digits are five such rows, one after
    // the other, so the distance from the start of the run counts modulo ten.
    let preceding = (0..u32::from(character))
        .rev()
        .map_while(|code| char::from_u32(code).filter(|character| is_decimal(*character)))
        .count();
    u8::try_from(preceding % 10).ok()
}

/// Whether it is a letter or a number of any script, marks excluded.
pub(crate) fn is_alphanumeric(character: char) -> bool {
    use GeneralCategory::{LetterNumber, OtherNumber};
    is_letter(character)
        || is_decimal(character)
        || matches!(character.general_category(), LetterNumber | OtherNumber)
}

/// Whether it is a letter of any script.
pub(crate) fn is_letter(character: char) -> bool {
    use GeneralCategory::{LowercaseLetter, ModifierLetter, OtherLetter, TitlecaseLetter, UppercaseLetter};
    matches!(
        character.general_category(),
        UppercaseLetter | LowercaseLetter | TitlecaseLetter | ModifierLetter | OtherLetter
    )
}

/// Whether it is blank. The four information separators are: texts that came through older systems have them.
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

fn is_decimal(character: char) -> bool {
    character.general_category() == GeneralCategory::DecimalNumber
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_have_their_value() {
        for (character, value) in
            [('0', 0), ('9', 9), ('٣', 3), ('०', 0), ('９', 9), ('𝟎', 0), ('𝟗', 9), ('𝟡', 9), ('𝟿', 9)]
        {
            assert_eq!(decimal(character), Some(value), "{character}");
        }
        for character in ['a', '½', '²', 'Ⅳ'] {
            assert_eq!(decimal(character), None, "{character}");
        }
    }
}
