//! Numbers as Python reads them: authors' answers and tolerances were written for it.

use num_complex::Complex64;

/// The number of `float(text)`.
pub(super) fn float(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text.replace('_', "");
    let separated = text.split('_').all(|part| !part.is_empty());
    let digits_around = !text.starts_with('_') && !text.ends_with('_');
    if text.is_empty() || !separated || !digits_around {
        return None;
    }
    // Rust knows the same forms, `inf` and `nan` in any case among them.
    plain.parse().ok()
}

/// The number of `complex(text)`: `5`, `2.5e3`, `4j`, `3+4j`, `(1-2j)`.
pub(super) fn complex(text: &str) -> Option<Complex64> {
    let text = text.trim();
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text).trim();
    let Some(imaginary) = text.strip_suffix(['j', 'J']) else {
        return float(text).map(|re| Complex64::new(re, 0.0));
    };
    // The sign between the two parts is the last one that does not belong to an exponent.
    let split = imaginary
        .char_indices()
        .rev()
        .find(|(at, c)| {
            let before = imaginary.get(..*at).and_then(|before| before.chars().next_back());
            matches!(c, '+' | '-') && !matches!(before, Some('e' | 'E'))
        })
        .map_or(0, |(at, _)| at);
    let (re, im) = imaginary.split_at_checked(split)?;
    if im.contains(char::is_whitespace) || re.ends_with(char::is_whitespace) {
        return None;
    }
    let im = match im {
        "" | "+" => 1.0,
        "-" => -1.0,
        im => float(im)?,
    };
    let re = if re.is_empty() { 0.0 } else { float(re)? };
    Some(Complex64::new(re, im))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_python_are_read() {
        let z = |re, im| Some(Complex64::new(re, im));
        for (text, expected) in [
            ("5", z(5.0, 0.0)),
            (" 1e3 ", z(1000.0, 0.0)),
            ("3+4j", z(3.0, 4.0)),
            ("-1e-2-1e+2j", z(-0.01, -100.0)),
            ("(2j)", z(0.0, 2.0)),
            ("j", z(0.0, 1.0)),
            ("1_000", z(1000.0, 0.0)),
            ("3 + 4j", None),
            ("3+4*j", None),
            ("1__0", None),
            ("2*pi", None),
            ("", None),
        ] {
            assert_eq!(complex(text), expected, "{text}");
        }
    }
}
