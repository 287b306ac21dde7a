//! Cuts a date's text into words, numbers, blanks and single signs.
//!
//! A point is the hard part: it stands in numbers (`4:30:21.447`), in abbreviations (`a.m.`) and between the parts
//! of a date (`Sep.20.2009`), and which it is shows only at the end of the run.

use crate::digits::{decimal, is_letter, is_space};

/// What the run of characters under way looks like.
#[derive(Clone, Copy, PartialEq)]
enum Run {
    Letters,
    Digits,
    LettersWithPoint,
    DigitsWithPoint,
}

/// The words of the text. A blank is a word of its own.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut characters = text.chars().filter(|character| *character != '\0').peekable();
    while let Some(first) = characters.next() {
        let mut run = if is_letter(first) {
            Run::Letters
        } else if decimal(first).is_some() {
            Run::Digits
        } else {
            words.push(if is_space(first) { " ".to_owned() } else { first.to_string() });
            continue;
        };
        let mut word = String::from(first);
        let mut has_letters = run == Run::Letters;
        while let Some(&next) = characters.peek() {
            let after_point = word.ends_with('.');
            let letter = is_letter(next);
            let digit = decimal(next).is_some();
            run = match run {
                Run::Letters if letter => Run::Letters,
                Run::Letters if next == '.' => Run::LettersWithPoint,
                Run::Digits if digit => Run::Digits,
                Run::Digits if next == '.' || (next == ',' && word.chars().nth(1).is_some()) => {
                    Run::DigitsWithPoint
                }
                Run::LettersWithPoint if next == '.' || letter => Run::LettersWithPoint,
                Run::LettersWithPoint if digit && after_point => Run::DigitsWithPoint,
                Run::DigitsWithPoint if next == '.' || digit => Run::DigitsWithPoint,
                Run::DigitsWithPoint if letter && after_point => Run::LettersWithPoint,
                _ => break,
            };
            has_letters |= run == Run::LettersWithPoint;
            word.push(next);
            characters.next();
        }
        finish(word, run, has_letters, &mut words);
    }
    words
}

/// Keeps a number with one point whole and cuts everything else with points into its parts.
fn finish(word: String, run: Run, has_letters: bool, words: &mut Vec<String>) {
    if matches!(run, Run::Letters | Run::Digits) {
        return words.push(word);
    }
    let points = word.matches('.').count();
    if has_letters || points > 1 || word.ends_with(['.', ',']) {
        let mut rest = word.as_str();
        while let Some(end) = rest.find(['.', ',']) {
            let (before, from) = rest.split_at(end);
            let (separator, after) = from.split_at(1);
            words.extend([before, separator].into_iter().filter(|part| !part.is_empty()).map(str::to_owned));
            rest = after;
        }
        words.extend((!rest.is_empty()).then(|| rest.to_owned()));
    } else if points == 0 {
        words.push(word.replace(',', "."));
    } else {
        words.push(word);
    }
}

/// The number that a word is.
pub(super) fn number(word: &str) -> Option<f64> {
    let starts_as_number = word.starts_with('.') || word.starts_with(|first| decimal(first).is_some());
    if starts_as_number || matches!(word.to_lowercase().as_str(), "inf" | "infinity" | "nan") {
        crate::numbers::parse_float(word)
    } else {
        None
    }
}

/// The value of a word of digits only.
pub(super) fn digits(word: &str) -> Option<i64> {
    if word.is_empty() {
        return None;
    }
    word.chars()
        .try_fold(0_i64, |value, character| value.checked_mul(10)?.checked_add(decimal(character)?.into()))
}

/// The characters from one place up to another.
pub(super) fn part(word: &str, from: usize, to: usize) -> Option<&str> {
    let place = |count| match word.char_indices().nth(count) {
        Some((byte, _)) => Some(byte),
        None => (word.chars().count() == count).then_some(word.len()),
    };
    word.get(place(from)?..place(to)?)
}

/// Four digits as two times two.
pub(super) fn two_halves(word: &str) -> Option<(i64, i64)> {
    Some((digits(part(word, 0, 2)?)?, digits(part(word, 2, 4)?)?))
}

/// Before which character the word has its point.
pub(super) fn point(word: &str) -> Option<usize> {
    word.chars().position(|character| character == '.')
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_point_is_kept_in_numbers_and_cut_out_of_words_and_dates() {
        for (text, words) in [
            ("4:30:21.447", vec!["4", ":", "30", ":", "21.447"]),
            ("Sep.20.2009", vec!["Sep", ".", "20", ".", "2009"]),
            ("3 a.m.", vec!["3", " ", "a", ".", "m", "."]),
            ("12,5", vec!["12.5"]),
            ("5,6", vec!["5", ",", "6"]),
        ] {
            assert_eq!(split(text), words, "{text}");
        }
    }
}
