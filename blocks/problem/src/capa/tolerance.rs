//! How near an answer has to be (spec 9.3.10, numericalresponse).

use num_complex::Complex64;

use super::{decimal, python_number};

/// How near an answer has to be to the author's number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Tolerance {
    /// This far, in the number's own unit.
    Absolute(f64),
    /// This many percent of the author's number.
    OfExpected(f64),
    /// This many percent of the larger of the two: what holds when the author says nothing.
    OfLarger(f64),
}

/// What an author's text has to say for [`Tolerance::OfLarger`].
const DEFAULT: &str = "0.001%";

impl Tolerance {
    /// The tolerance that holds when the author names none.
    pub(super) fn unstated() -> Self {
        Self::OfLarger(0.001)
    }

    /// Reads `0.1` or `5%`; none when it is neither.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == DEFAULT {
            return Some(Self::unstated());
        }
        match text.strip_suffix('%') {
            Some(percent) => python_number::float(percent).map(Self::OfExpected),
            None => python_number::float(text).map(Self::Absolute),
        }
    }

    /// This many times as wide. What the author wrote as the default is then a share of the expected number,
    /// because the recorded behaviour is.
    pub(super) fn widened(self, times: f64) -> Self {
        match self {
            Self::Absolute(width) => Self::Absolute(width * times),
            Self::OfExpected(percent) | Self::OfLarger(percent) => Self::OfExpected(percent * times),
        }
    }

    /// Whether `given` is near enough to `expected`. Infinities have to be equal; what is not a number never is.
    pub(super) fn accepts(self, given: Complex64, expected: Complex64) -> bool {
        let width = match self {
            Self::Absolute(width) => width,
            Self::OfExpected(percent) => percent * 0.01 * expected.norm(),
            Self::OfLarger(percent) => percent * 0.01 * given.norm().max(expected.norm()),
        };
        if is_infinite(given) || is_infinite(expected) {
            return given == expected;
        }
        if given.im != 0.0 || expected.im != 0.0 {
            return (given - expected).norm() <= width;
        }
        if given.re.is_nan() || expected.re.is_nan() || width.is_nan() {
            return false;
        }
        width.is_infinite() || decimal::within(given.re, expected.re, width)
    }
}

fn is_infinite(z: Complex64) -> bool {
    z.re.is_infinite() || z.im.is_infinite()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(tolerance: &str, given: f64, expected: f64) -> bool {
        Tolerance::parse(tolerance).is_some_and(|tolerance| tolerance.accepts(given.into(), expected.into()))
    }

    #[test]
    fn percent_is_of_the_expected_number_and_plain_is_absolute() {
        assert!(accepts("10%", -55.0, -50.0));
        assert!(!accepts("10%", -56.0, -50.0));
        assert!(accepts("0.1", 5.1, 5.0));
    }

    #[test]
    fn infinities_must_be_equal_and_not_a_number_never_is() {
        assert!(accepts("1", f64::INFINITY, f64::INFINITY));
        assert!(!accepts("1", f64::INFINITY, 5.0));
        assert!(!accepts("1", f64::NAN, f64::NAN));
    }
}
