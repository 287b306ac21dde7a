//! Exact decimal comparison of floating-point numbers, taken as what they look like: 5.1 is five and a tenth here,
//! not the binary number next to it. Otherwise 5.1 would miss a tolerance of 0.1 around 5.

use std::cmp::Ordering;

/// Whether `|a - b| <= limit`, each number standing for its shortest decimal text. All must be finite.
pub(super) fn within(a: f64, b: f64, limit: f64) -> bool {
    if limit < 0.0 {
        return false;
    }
    let (a, b, limit) = (Decimal::new(a), Decimal::new(b), Decimal::new(limit));
    let scale = a.fraction.max(b.fraction).max(limit.fraction);
    let (x, y, limit) = (a.digits(scale), b.digits(scale), limit.digits(scale));
    let distance = if a.negative == b.negative { difference(&x, &y) } else { sum(&x, &y) };
    compare(&distance, &limit) != Ordering::Greater
}

/// A number as its sign, its digits, and how many of them follow the point.
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    fraction: usize,
}

impl Decimal {
    fn new(x: f64) -> Self {
        // Rust prints the shortest text that reads back as the same number, without an exponent.
        let text = format!("{}", x.abs());
        let fraction = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let digits = text.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        Self { negative: x < 0.0, digits, fraction }
    }

    /// The digits of the number times 10^scale, last one first.
    fn digits(&self, scale: usize) -> Vec<u8> {
        let mut digits = vec![0; scale - self.fraction];
        digits.extend(self.digits.iter().rev());
        digits
    }
}

fn pairs<'d>(x: &'d [u8], y: &'d [u8]) -> impl Iterator<Item = (u8, u8)> + 'd {
    let digit = |digits: &[u8], at: usize| digits.get(at).copied().unwrap_or(0);
    (0..x.len().max(y.len())).map(move |at| (digit(x, at), digit(y, at)))
}

fn sum(x: &[u8], y: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let mut result: Vec<u8> = pairs(x, y)
        .map(|(a, b)| {
            let total = a + b + carry;
            carry = total / 10;
            total % 10
        })
        .collect();
    result.push(carry);
    result
}

fn difference(x: &[u8], y: &[u8]) -> Vec<u8> {
    let (larger, smaller) = if compare(x, y) == Ordering::Less { (y, x) } else { (x, y) };
    let mut borrow = 0;
    pairs(larger, smaller)
        .map(|(a, b)| {
            let b = b + borrow;
            borrow = u8::from(a < b);
            a + 10 * borrow - b
        })
        .collect()
}

fn compare(x: &[u8], y: &[u8]) -> Ordering {
    let mut order = Ordering::Equal;
    for (a, b) in pairs(x, y) {
        order = a.cmp(&b).then(order);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn a_distance_is_that_of_the_written_numbers() {
        assert!(within(5.1, 5.0, 0.1));
        assert!(!within(5.100001, 5.0, 0.1));
        assert!(within(-50.0, -55.0, 5.0));
        assert!(within(-1.0, 1.0, 2.0));
        assert!(!within(-1.0, 1.0, 1.999));
        assert!(within(1e300, 1e300, 0.0));
        assert!(within(1.6e-19, 1.61e-19, 1e-21));
    }
}
