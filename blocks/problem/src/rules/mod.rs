//! What a learner may do with a problem now: submit, save, reset, see the answer (spec 9.3.6, 9.3.7).
//!
//! Functions of the author's settings and of where the learner stands; no field and no clock is read here.

mod show_answer;

pub use show_answer::ShowAnswer;

/// When a new seed is drawn (spec 9.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rerandomize {
    /// Every time; a submitted problem must be reset before it is submitted again.
    Always,
    /// Whenever it is reset.
    OnReset,
    /// Never: everybody has the same.
    #[default]
    Never,
    /// Once for each learner.
    PerStudent,
}

impl Rerandomize {
    /// Reads the setting, old spellings included. What means nothing is taken as the default.
    pub fn read(text: &str) -> Self {
        match text {
            "always" | "" | "true" => Self::Always,
            "onreset" => Self::OnReset,
            "per_student" | "false" => Self::PerStudent,
            _ => Self::Never,
        }
    }

    /// Whether a reset draws a new seed.
    pub fn on_reset(self) -> bool {
        matches!(self, Self::Always | Self::OnReset)
    }
}

/// When a learner sees whether an answer was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShowCorrectness {
    /// At once.
    #[default]
    Always,
    /// Once the problem's time is over.
    PastDue,
    /// Not at all.
    Never,
}

impl ShowCorrectness {
    /// Reads the setting. What means nothing is taken as the default.
    pub fn read(text: &str) -> Self {
        match text {
            "never" | "never_but_include_grade" => Self::Never,
            "past_due" => Self::PastDue,
            _ => Self::Always,
        }
    }
}

/// The author's settings that decide what a learner may do.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How often an answer may be submitted; none for as often as one likes, 0 for a survey.
    pub max_attempts: Option<i64>,
    /// When a new seed is drawn.
    pub rerandomize: Rerandomize,
    /// When the outcome is to be seen.
    pub show_correctness: ShowCorrectness,
    /// When the right answer is to be seen.
    pub show_answer: ShowAnswer,
    /// The attempts that `after_attempts` asks for.
    pub attempts_before_show_answer: i64,
    /// Whether saving is offered wherever it makes sense.
    pub force_save: bool,
    /// Whether a reset is offered although nothing changes by it.
    pub show_reset: bool,
}

/// Where a learner stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Standing {
    /// Submissions so far.
    pub attempts: i64,
    /// Whether an answer has been submitted since the last reset.
    pub done: bool,
    /// Whether it earned all points.
    pub correct: bool,
    /// Whether the due date and the grace period are over.
    pub past_due: bool,
    /// Whether this is the author, who may see everything.
    pub staff: bool,
}

/// What may be done now.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'s> {
    settings: &'s Settings,
    standing: Standing,
}

impl<'s> Rules<'s> {
    /// The rules for a learner who stands here.
    pub fn new(settings: &'s Settings, standing: Standing) -> Self {
        Self { settings, standing }
    }

    fn attempts_used(&self) -> bool {
        self.settings.max_attempts.is_some_and(|max| self.standing.attempts >= max)
    }

    /// A problem without attempts collects answers and never grades.
    fn is_survey(&self) -> bool {
        self.settings.max_attempts == Some(0)
    }

    /// Whether nothing can be submitted any more.
    pub fn closed(&self) -> bool {
        self.attempts_used() || self.standing.past_due
    }

    /// Whether it has to be reset before the next submission.
    pub fn needs_reset(&self) -> bool {
        self.standing.done && self.settings.rerandomize == Rerandomize::Always
    }

    /// Whether an answer can be submitted.
    pub fn submit_enabled(&self) -> bool {
        !self.closed() && !self.needs_reset()
    }

    /// Whether a reset is offered.
    pub fn reset_shown(&self) -> bool {
        if self.closed() && !self.is_survey() {
            return false;
        }
        if self.settings.rerandomize.on_reset() && self.standing.done {
            return true;
        }
        !self.standing.correct && self.settings.show_reset
    }

    /// Whether an answer can be saved.
    pub fn save_allowed(&self) -> bool {
        (!self.closed() || self.is_survey()) && !self.needs_reset()
    }

    /// Whether saving is offered.
    pub fn save_shown(&self) -> bool {
        if self.settings.force_save {
            return !self.closed();
        }
        if self.settings.max_attempts.is_none() && self.settings.rerandomize != Rerandomize::Always {
            return false;
        }
        self.save_allowed()
    }

    /// Whether the learner may see how an answer was graded.
    pub fn correctness_available(&self) -> bool {
        self.standing.staff
            || match self.settings.show_correctness {
                ShowCorrectness::Always => true,
                ShowCorrectness::PastDue => self.standing.past_due,
                ShowCorrectness::Never => false,
            }
    }

    /// Whether the learner may see the right answer.
    pub fn answer_available(&self) -> bool {
        self.correctness_available() && show_answer::available(self)
    }
}

#[cfg(test)]
mod tests;
