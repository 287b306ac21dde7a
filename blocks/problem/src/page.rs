//! What a learner sees: the problem as a form, what it is worth, and the buttons that the rules allow.

use blockhouse_sdk::prelude::*;

use crate::ProblemBlock;
use crate::capa::correct_map::CorrectMap;
use crate::capa::document::Problem;
use crate::capa::markup::escape;
use crate::capa::render::{self, View};
use crate::capa::words::Words;
use crate::rules::Rules;
use crate::static_urls;

/// The page, with a sentence about what has just happened.
pub(crate) fn page(block: &ProblemBlock, notice: Option<&str>) -> String {
    let html = match block.with_problem(|problem| form(block, problem, notice)) {
        Ok(form) => form,
        Err(error) => {
            log::error(&error.to_string());
            let text = i18n::text_with("cannot-be-shown", &[("reason", error.to_string().into())]);
            format!("<p class=\"capa-notice\" role=\"alert\">{}</p>", escape(&text))
        }
    };
    let title = escape(&block.display_name);
    let html = format!("<div class=\"problem-block\"><h3 class=\"problem-header\">{title}</h3>{html}</div>");
    with_addresses(&html)
}

/// `html` with the addresses of the author's files.
pub(crate) fn with_addresses(html: &str) -> String {
    static_urls::rewrite(html, usage::static_url)
}

fn form(block: &ProblemBlock, problem: &Problem, notice: Option<&str>) -> String {
    let settings = block.settings();
    let rules = block.rules(&settings);
    let graded: Option<&CorrectMap> = rules.correctness_available().then_some(&*block.correct_map);
    let view =
        View { answers: &block.student_answers, outcomes: graded, enabled: !rules.closed(), words: words() };
    let body = render::render(problem, &view);
    let asks = problem.inputs().next().is_some();
    let saved = block.has_saved_answers.then(|| i18n::text("saved-before"));
    let notice = notice.or(saved.as_deref()).unwrap_or_default();
    format!(
        "<p class=\"problem-progress\">{}</p><form class=\"problem\" novalidate><div class=\"problem-body\">{body}</div>\
         <div class=\"problem-notice\" role=\"status\" aria-live=\"polite\">{}</div>\
         <div class=\"problem-hint\" role=\"status\" aria-live=\"polite\"></div>{}</form>",
        points(block, problem, &rules),
        escape(notice),
        if asks { buttons(block, problem, &rules) } else { String::new() },
    )
}

/// What there is to earn, and what was earned where that may be seen.
fn points(block: &ProblemBlock, problem: &Problem, rules: &Rules) -> String {
    let Some((earned, possible)) = block.score_of(problem).weighted(*block.weight) else {
        return String::new();
    };
    let seen = *block.attempts > 0 && rules.correctness_available();
    let id = if seen { "points-earned" } else { "points-possible" };
    let numbers = [
        ("earned", number(earned).into()),
        ("possible", number(possible).into()),
        ("count", possible.into()),
    ];
    escape(&i18n::text_with(id, &numbers))
}

fn words() -> Words {
    Words {
        your_answer: i18n::text("your-answer"),
        select_an_option: i18n::text("select-an-option"),
        correct: i18n::text("correct"),
        incorrect: i18n::text("incorrect"),
        partially_correct: i18n::text("partially-correct"),
    }
}

/// A number with at most four decimals, and none where it has none.
fn number(x: f64) -> String {
    let text = format!("{x:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn buttons(block: &ProblemBlock, problem: &Problem, rules: &Rules) -> String {
    let mut html = String::from("<div class=\"problem-actions\">");
    let disabled = if rules.submit_enabled() { "" } else { " disabled" };
    html.push_str(&format!(
        "<button type=\"submit\" class=\"submit\" data-action=\"problem_check\"{disabled}>{}</button>",
        escape(&i18n::text("submit"))
    ));
    let others = [
        ("problem_save", "save", rules.save_shown()),
        ("problem_reset", "reset", rules.reset_shown()),
        ("hint_button", "hint", !problem.demand_hints().is_empty()),
        ("problem_show", "show-answer", rules.answer_available()),
    ];
    for (action, text, _) in others.iter().filter(|(_, _, shown)| *shown) {
        let text = escape(&i18n::text(text));
        html.push_str(&format!("<button type=\"button\" data-action=\"{action}\">{text}</button>"));
    }
    if let Some(max) = block.max_attempts.filter(|max| *max > 0) {
        let used =
            i18n::text_with("attempts-used", &[("used", (*block.attempts).into()), ("max", max.into())]);
        html.push_str(&format!("<span class=\"submission-feedback\">{}</span>", escape(&used)));
    }
    html.push_str("</div>");
    html
}
