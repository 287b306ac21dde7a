//! The fields, read as the rules and the problem want them.

use blockhouse_sdk::prelude::*;

use crate::ProblemBlock;
use crate::capa::document::{Problem, ProblemError};
use crate::rules::{Rerandomize, Rules, Settings, ShowAnswer, ShowCorrectness, Standing};
use crate::score::Score;
use crate::{deadline, seed};

impl ProblemBlock {
    /// What the ids of inputs start with: the whole key in a library, the block's own name in a course (spec 9.3.5).
    pub(crate) fn problem_id(&self) -> String {
        let key = usage::key();
        match key.starts_with("block-v1:").then(|| key.rsplit_once('@')).flatten() {
            Some((_, name)) => name.to_owned(),
            None => key,
        }
    }

    /// Reads the problem and hands it over.
    pub(crate) fn with_problem<T>(&self, then: impl FnOnce(&Problem) -> T) -> Result<T, ProblemError> {
        Problem::parse(&self.data, &self.problem_id(), self.current_seed()).map(|problem| then(&problem))
    }

    /// The learner's variant. Before the first action none is stored, and a view stores nothing: until then it
    /// follows from who looks, so that what was shown is what gets graded.
    pub(crate) fn current_seed(&self) -> i64 {
        match (*self.seed, Rerandomize::read(&self.rerandomize)) {
            (Some(seed), _) => seed,
            (None, Rerandomize::Never) => seed::EVERYBODY,
            (None, Rerandomize::PerStudent | Rerandomize::Always | Rerandomize::OnReset) => {
                seed::per_learner(&user::anonymous_id(), &usage::key())
            }
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            max_attempts: *self.max_attempts,
            rerandomize: Rerandomize::read(&self.rerandomize),
            show_correctness: ShowCorrectness::read(&self.show_correctness),
            show_answer: ShowAnswer::read(&self.showanswer),
            attempts_before_show_answer: *self.attempts_before_showanswer_button,
            force_save: *self.force_save_button,
            show_reset: *self.show_reset_button,
        }
    }

    pub(crate) fn rules<'s>(&self, settings: &'s Settings) -> Rules<'s> {
        let deadline = deadline::deadline(self.due.as_deref(), self.graceperiod.as_deref());
        let standing = Standing {
            attempts: *self.attempts,
            done: *self.done,
            correct: self.score.is_some_and(|score| score.is_full()),
            past_due: deadline.is_some_and(|deadline| now() > deadline),
            staff: user::kind() == user::VisitorKind::Author,
        };
        Rules::new(settings, standing)
    }

    /// The score that counts now: none earned where nothing has been submitted.
    pub(crate) fn score_of(&self, problem: &Problem) -> Score {
        self.score.unwrap_or_else(|| Score::new(0.0, problem.max_points()))
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    i64::try_from(clock::now_ms() / 1000).unwrap_or(i64::MAX)
}
