//! Regular expressions as Python writes them, for an engine with the syntax of Rust.
//!
//! Only what the two read differently is rewritten. What neither can read is an error that the author sees.

use fancy_regex::{Regex, RegexBuilder};

/// How many steps back a match may take. An author's `(a+)+$` ends here instead of running out of time.
const BACKTRACK_LIMIT: usize = 200_000;

/// Compiles `pattern`.
pub(super) fn compile(pattern: &str, ignore_case: bool) -> Result<Regex, fancy_regex::Error> {
    RegexBuilder::new(&translate(pattern))
        .case_insensitive(ignore_case)
        .backtrack_limit(BACKTRACK_LIMIT)
        .build()
}

/// `pattern` in the other syntax.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    // Inside `[…]`: how many characters of it have been seen.
    let mut class: Option<usize> = None;
    while let Some(c) = chars.next() {
        match (c, class) {
            ('\\', _) => {
                let Some(escaped) = chars.next() else {
                    out.push('\\');
                    break;
                };
                escape(escaped, &mut out);
                class = class.map(|seen| seen + 1);
            }
            ('[', None) => {
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                class = Some(0);
            }
            // A bracket at the start of a class stands for itself in both, and an opening one anywhere in Python.
            (']', Some(seen)) if seen > 0 => {
                out.push(']');
                class = None;
            }
            ('[' | ']' | '&' | '~', Some(seen)) => {
                out.push('\\');
                out.push(c);
                class = Some(seen + 1);
            }
            (c, Some(seen)) => {
                out.push(c);
                class = Some(seen + 1);
            }
            ('{', None) => match repetition(chars.clone()) {
                Some(bounds) => {
                    out.push_str(&format!("{{{bounds}}}"));
                    chars.by_ref().find(|c| *c == '}');
                }
                None => out.push_str("\\{"),
            },
            ('}', None) => out.push_str("\\}"),
            (c, None) => out.push(c),
        }
    }
    out
}

fn escape(escaped: char, out: &mut String) {
    match escaped {
        // The end of the text, with no exception for a last line break.
        'Z' => out.push_str("\\z"),
        // Word boundaries of their own in Rust, plain characters in Python.
        '<' | '>' => out.push(escaped),
        c if c.is_ascii() => {
            out.push('\\');
            out.push(c);
        }
        c => out.push(c),
    }
}

/// `2`, `2,`, `2,5` and `,5` before a brace are a repetition; anything else is text.
fn repetition(rest: impl Iterator<Item = char>) -> Option<String> {
    let mut bounds = String::new();
    for c in rest {
        match c {
            '}' => break,
            c if c.is_ascii_digit() || c == ',' => bounds.push(c),
            _ => return None,
        }
    }
    let (low, high) = bounds.split_once(',').unwrap_or((&bounds, ""));
    if (low.is_empty() && high.is_empty()) || high.contains(',') {
        return None;
    }
    Some(if low.is_empty() { format!("0{bounds}") } else { bounds })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        compile(pattern, false).is_ok_and(|regex| regex.is_match(text).unwrap_or(false))
    }

    #[test]
    fn what_the_two_write_differently_means_the_same() {
        assert!(matches(r"^a{,2}$", "aa"));
        assert!(matches(r"^{x}$", "{x}"));
        assert!(matches(r"^[[]$", "["));
        assert!(matches(r"^[]a]+$", "]a"));
        assert!(matches(r"^[^]]$", "x"));
        assert!(matches(r"^\<b\>$", "<b>"));
        assert!(matches(r"^[a&&b]+$", "a&b"));
        assert!(matches(r"^ab\Z", "ab"));
        assert!(matches(r"^(?=.*dog)(?!.*cat).*$", "a dog"));
        assert!(matches(r"^(?P<x>a)(?P=x)$", "aa"));
        assert!(compile("^(unclosed$", false).is_err());
    }

    #[test]
    fn a_pattern_that_backtracks_for_ever_ends() {
        let regex = compile(r"^(a|aa)+(?!b)$", false).unwrap_or_else(|error| panic!("{error}"));
        assert!(!matches!(regex.is_match(&format!("{}!", "a".repeat(5000))), Ok(true)));
    }
}
