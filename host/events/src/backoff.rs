//! How long to wait before the next attempt.

use std::time::Duration;

/// Doubles from `first` to `most`, and takes a random half off, so that hosts which failed together do not come back
/// together.
pub(crate) fn pause(failures: u32, first: Duration, most: Duration) -> Duration {
    let longest = first.saturating_mul(1_u32.checked_shl(failures.min(31)).unwrap_or(u32::MAX)).min(most);
    longest.mul_f64(rand::random_range(0.5..=1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        let pause = |failures| pause(failures, Duration::from_secs(1), Duration::from_secs(60));
        assert!(pause(0) <= Duration::from_secs(1));
        assert!(pause(3) >= Duration::from_secs(4));
        for failures in [6, 31, 32, u32::MAX] {
            assert!((30..=60).contains(&pause(failures).as_secs()), "{failures}");
        }
    }
}
