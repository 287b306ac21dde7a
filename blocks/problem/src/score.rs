//! Points: which of several scores counts, and what it looks like to a learner (spec 9.3.8).

use serde::{Deserialize, Serialize};

/// Points before any weight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// From 0 to `raw_possible`.
    pub raw_earned: f64,
    /// At least 0.
    pub raw_possible: f64,
}

impl Score {
    /// `earned` of `possible`. An author's odd `point_value` never gives less than nothing or more than all.
    pub fn new(earned: f64, possible: f64) -> Self {
        let possible = possible.max(0.0);
        Self { raw_earned: earned.max(0.0).min(possible), raw_possible: possible }
    }

    /// Whether all points were earned.
    pub fn is_full(&self) -> bool {
        self.raw_earned >= self.raw_possible
    }

    /// The points as a learner sees them, earned and possible; none where there are none to earn.
    pub fn weighted(&self, weight: Option<f64>) -> Option<(f64, f64)> {
        if self.raw_possible <= 0.0 {
            return None;
        }
        match weight {
            Some(weight) if weight <= 0.0 => None,
            Some(weight) => Some((self.raw_earned * weight / self.raw_possible, weight)),
            None => Some((self.raw_earned, self.raw_possible)),
        }
    }
}

/// Which score of `history` counts, by the setting `grading_method`. The last one, where that means nothing.
pub fn counted(method: &str, history: &[Score]) -> Option<Score> {
    let last = history.last().copied()?;
    match method {
        "first_score" => history.first().copied(),
        "highest_score" => {
            let best =
                |best: Score, next: &Score| if next.raw_earned > best.raw_earned { *next } else { best };
            Some(history.iter().fold(last, best))
        }
        "average_score" => {
            let mean = history.iter().map(|score| score.raw_earned).sum::<f64>() / history.len() as f64;
            Some(Score::new((mean * 100.0).round() / 100.0, last.raw_possible))
        }
        _ => Some(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_method_says_which_score_counts() {
        let history = [Score::new(1.0, 3.0), Score::new(3.0, 3.0), Score::new(0.0, 3.0)];
        for (method, earned) in [
            ("last_score", 0.0),
            ("first_score", 1.0),
            ("highest_score", 3.0),
            ("average_score", 1.33),
            ("?", 0.0),
        ] {
            assert_eq!(counted(method, &history).map(|score| score.raw_earned), Some(earned), "{method}");
        }
        assert_eq!(counted("first_score", &[]), None);
    }

    #[test]
    fn a_weight_scales_what_is_shown() {
        assert_eq!(Score::new(1.0, 2.0).weighted(Some(5.0)), Some((2.5, 5.0)));
        assert_eq!(Score::new(1.0, 2.0).weighted(None), Some((1.0, 2.0)));
        assert_eq!(Score::new(1.0, 2.0).weighted(Some(0.0)), None);
        assert_eq!(Score::new(0.0, 0.0).weighted(None), None);
    }
}
