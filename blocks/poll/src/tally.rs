//! The count of votes, answer by answer, as learners see it.

use serde::Serialize;

use crate::Poll;
use crate::markdown::to_html;

/// One answer with its share of the votes.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) key: String,
    /// HTML.
    pub(crate) answer: String,
    pub(crate) img: Option<String>,
    pub(crate) img_alt: Option<String>,
    pub(crate) count: i64,
    /// Of all votes, rounded.
    pub(crate) percent: i64,
    /// Whether the learner chose it.
    pub(crate) choice: bool,
    /// Whether no other answer has more votes.
    pub(crate) leader: bool,
    first: bool,
    last: bool,
}

impl Poll {
    /// Keeps the tally to the answers on offer: those that the author took away go, new ones begin at 0.
    pub(crate) fn clean_tally(&mut self) {
        let offered =
            self.answers.iter().map(|(key, _)| (key.clone(), self.tally.get(key).copied().unwrap_or(0)));
        let cleaned = offered.collect();
        *self.tally = cleaned;
    }

    /// The answers in the author's order, and how many votes there are.
    pub(crate) fn results(&self) -> (Vec<Row>, i64) {
        let count = |key: &str| self.tally.get(key).copied().unwrap_or(0);
        let total: i64 = self.answers.iter().map(|(key, _)| count(key)).sum();
        let most = self.answers.iter().map(|(key, _)| count(key)).max().unwrap_or(0);
        let last = self.answers.len().saturating_sub(1);
        let rows = self.answers.iter().enumerate().map(|(position, (key, answer))| Row {
            key: key.clone(),
            answer: to_html(&answer.label),
            img: answer.img.clone(),
            img_alt: answer.img_alt.clone(),
            count: count(key),
            percent: percent(count(key), total),
            choice: self.choice() == Some(key),
            leader: most > 0 && count(key) == most,
            first: position == 0,
            last: position == last,
        });
        (rows.collect(), total)
    }
}

/// 0 where nobody has voted.
fn percent(count: i64, total: i64) -> i64 {
    match total {
        0 => 0,
        // Votes are far from the 2^53 at which this would lose one.
        _ => (count as f64 / total as f64 * 100.0).round_ties_even() as i64,
    }
}
