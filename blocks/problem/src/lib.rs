//! The problem block: questions that are graded.
//!
//! `capa` is the problem itself, `calc` the calculator in it, `rules` what a learner may do; all three are pure.
//! This file is the block around them: its fields, and who calls what. `actions` has one file for each thing that a
//! learner can do.

use std::collections::BTreeMap;

use blockhouse_sdk::prelude::*;

pub mod calc;
pub mod capa;
pub mod deadline;
pub mod form;
pub mod rules;
pub mod score;
pub mod seed;

mod actions;
mod olx;
mod page;
mod search;
mod standing;
mod static_urls;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use capa::answers::Answers;
use capa::correct_map::CorrectMap;
use score::Score;

/// The block's fields (spec 9.3.1).
#[derive(Fields)]
pub struct ProblemBlock {
    /// The problem as XML.
    #[field(scope = content, type = xml_string, default = "<problem></problem>")]
    data: Field<String>,
    /// What the problem is called.
    #[field(scope = settings, default = "Blank Problem")]
    display_name: Field<String>,
    /// How often an answer may be submitted; empty for as often as one likes.
    #[field(scope = settings)]
    max_attempts: Field<Option<i64>>,
    /// Which of several scores counts: `last_score`, `first_score`, `highest_score` or `average_score`.
    #[field(scope = settings, default = "last_score")]
    grading_method: Field<String>,
    /// When the problem closes.
    #[field(scope = settings, type = date)]
    due: Field<Option<String>>,
    /// How long after the due date answers are still taken.
    #[field(scope = settings, type = timedelta)]
    graceperiod: Field<Option<String>>,
    /// When learners see whether they were right: `always`, `past_due`, `never`, `never_but_include_grade`.
    #[field(scope = settings, default = "always")]
    show_correctness: Field<String>,
    /// When learners may see the right answer.
    #[field(scope = settings, default = "finished")]
    showanswer: Field<String>,
    /// How many attempts `after_attempts` asks for.
    #[field(scope = settings)]
    attempts_before_showanswer_button: Field<i64>,
    /// Whether saving is offered wherever the problem is open.
    #[field(scope = settings)]
    force_save_button: Field<bool>,
    /// Whether a reset is offered although nothing changes by it.
    #[field(scope = settings)]
    show_reset_button: Field<bool>,
    /// When a new variant is drawn: `always`, `onreset`, `never`, `per_student`.
    #[field(scope = settings, default = "never")]
    rerandomize: Field<String>,
    /// How many seconds must pass between two submissions.
    #[field(scope = settings)]
    submission_wait_seconds: Field<i64>,
    /// How many points the whole problem is worth; empty for as many as its questions have.
    #[field(scope = settings)]
    weight: Field<Option<f64>>,
    /// The source that a simple editor keeps.
    #[field(scope = settings)]
    markdown: Field<Option<String>>,
    /// Whether the markdown is what was edited last.
    #[field(scope = settings)]
    markdown_edited: Field<bool>,
    /// The LaTeX source that the problem was made from.
    #[field(scope = settings)]
    source_code: Field<Option<String>>,
    /// Whether that source is in use.
    #[field(scope = settings)]
    use_latex_compiler: Field<bool>,
    /// A key for an outside grader of MATLAB programs.
    #[field(scope = settings)]
    matlab_api_key: Field<Option<String>>,

    /// Submissions so far.
    #[field(scope = user_state)]
    attempts: Field<i64>,
    /// The outcome of the last submission.
    #[field(scope = user_state)]
    correct_map: Field<CorrectMap>,
    /// The outcomes of all submissions since the last reset.
    #[field(scope = user_state)]
    correct_map_history: Field<Vec<CorrectMap>>,
    /// What inputs of their own kind remember.
    #[field(scope = user_state)]
    input_state: Field<BTreeMap<String, Value>>,
    /// What was entered last.
    #[field(scope = user_state)]
    student_answers: Field<Answers>,
    /// All that was ever submitted.
    #[field(scope = user_state)]
    student_answers_history: Field<Vec<Answers>>,
    /// The score that counts.
    #[field(scope = user_state, type = score)]
    score: Field<Option<Score>>,
    /// The scores of all submissions.
    #[field(scope = user_state, type = list_score)]
    score_history: Field<Vec<Score>>,
    /// Whether answers were saved and not submitted since.
    #[field(scope = user_state)]
    has_saved_answers: Field<bool>,
    /// Whether an answer has been submitted since the last reset.
    #[field(scope = user_state)]
    done: Field<bool>,
    /// The learner's variant.
    #[field(scope = user_state)]
    seed: Field<Option<i64>>,
    /// When the last answer was submitted.
    #[field(scope = user_state, type = date)]
    last_submission_time: Field<Option<String>>,
}

#[block(name = "problem", display_name = "Problem", icon = "problem", shows_score)]
impl ProblemBlock {
    fn student_view(&self) -> Result<Fragment> {
        let html = page::page(self, None);
        Fragment::new(html)
            .css_url("public/problem.css")
            .js_url("public/problem.js")
            .init("ProblemBlock")
            .init_args(json!({
                "not_sent": i18n::text("not-sent"),
                "answers_shown": i18n::text("answers-shown"),
                "answer": i18n::text("answer"),
            }))
    }

    fn public_view(&self) -> Result<Fragment> {
        self.student_view()
    }

    #[handler]
    fn xmodule_handler(&mut self, request: &Request) -> Result<Response> {
        actions::dispatch(self, request)
    }

    fn parse_olx(element: &str) -> Result<Value> {
        olx::parse(element)
    }

    fn max_score(&self) -> Result<f64> {
        self.with_problem(|problem| problem.max_points()).map_err(Into::into)
    }

    fn index(&self) -> Result<Value> {
        Ok(search::index(self))
    }
}
