//! When the right answer is shown (spec 9.3.7).

use super::Rules;

/// The author's choice of when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)] // The names are the setting's own words; `available` says what each means.
pub enum ShowAnswer {
    Always,
    Answered,
    Attempted,
    AttemptedNoPastDue,
    Closed,
    CorrectOrPastDue,
    PastDue,
    AfterAttempts,
    AfterAllAttempts,
    AfterAllAttemptsOrCorrect,
    #[default]
    Finished,
    Never,
}

impl ShowAnswer {
    /// Reads the setting. What means nothing shows nothing: an author who mistyped meant to hold something back.
    pub fn read(text: &str) -> Self {
        match text.trim().trim_matches(['"', '\'']) {
            "always" => Self::Always,
            "answered" => Self::Answered,
            "attempted" => Self::Attempted,
            "attempted_no_past_due" => Self::AttemptedNoPastDue,
            "closed" => Self::Closed,
            "finished" => Self::Finished,
            "correct_or_past_due" => Self::CorrectOrPastDue,
            "past_due" => Self::PastDue,
            "after_attempts" => Self::AfterAttempts,
            "after_all_attempts" => Self::AfterAllAttempts,
            "after_all_attempts_or_correct" => Self::AfterAllAttemptsOrCorrect,
            _ => Self::Never,
        }
    }
}

pub(super) fn available(rules: &Rules) -> bool {
    let (settings, standing) = (rules.settings, rules.standing);
    if settings.show_answer == ShowAnswer::Never {
        return false;
    }
    if standing.staff {
        return true;
    }
    match settings.show_answer {
        ShowAnswer::Always => true,
        ShowAnswer::Answered => standing.correct,
        ShowAnswer::Attempted => standing.attempts > 0 || standing.past_due,
        ShowAnswer::AttemptedNoPastDue => standing.attempts > 0,
        ShowAnswer::Closed => rules.closed(),
        ShowAnswer::Finished => rules.closed() || standing.correct,
        ShowAnswer::CorrectOrPastDue => standing.correct || standing.past_due,
        ShowAnswer::PastDue => standing.past_due,
        ShowAnswer::AfterAttempts => {
            let asked = settings.attempts_before_show_answer;
            standing.attempts >= settings.max_attempts.map_or(asked, |max| asked.min(max))
        }
        ShowAnswer::AfterAllAttempts => rules.attempts_used(),
        ShowAnswer::AfterAllAttemptsOrCorrect => rules.attempts_used() || standing.correct,
        ShowAnswer::Never => false,
    }
}
