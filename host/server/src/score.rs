//! A score in words.

use blockhouse_runtime::Score;

/// `1 / 1 point`, `2.5 / 3 points`.
pub(crate) fn words(score: Score) -> String {
    let unit = if score.possible == 1.0 { "point" } else { "points" };
    format!("{} / {} {unit}", points(score.earned), points(score.possible))
}

/// At most two decimals, and none that say nothing.
fn points(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worded(earned: f64, possible: f64) -> String {
        words(Score { earned, possible })
    }

    #[test]
    fn one_point_is_singular() {
        assert_eq!(worded(1.0, 1.0), "1 / 1 point");
        assert_eq!(worded(0.0, 1.0), "0 / 1 point");
    }

    #[test]
    fn decimals_are_kept_short() {
        assert_eq!(worded(2.5, 10.0), "2.5 / 10 points");
        assert_eq!(worded(1.0 / 3.0, 3.0), "0.33 / 3 points");
        assert_eq!(worded(100.0, 100.0), "100 / 100 points");
    }
}
