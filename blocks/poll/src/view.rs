//! The poll's page: a form to vote with, and the results under it.
//!
//! Both are always there, and one of them is hidden; the script only fills in numbers and swaps the two. What a
//! learner may not know is not in the page: before the vote every number is 0.

use blockhouse_sdk::prelude::*;

use crate::Poll;
use crate::answer::Answer;
use crate::markdown::to_html;
use crate::tally::Row;

pub(crate) fn render(poll: &Poll) -> Result<Fragment> {
    let voting = poll.may_vote();
    let sees_results = poll.choice().is_some() && !*poll.private_results;
    let html = format!(
        include_str!("view.html"),
        name = escape(&poll.display_name),
        voting = if voting { "" } else { "hidden" },
        voted = if poll.choice().is_some() { "" } else { "hidden" },
        results = if sees_results { "" } else { "hidden" },
        rows = rows(poll, sees_results),
        options = options(poll),
        feedback = to_html(&poll.feedback),
        question = to_html(&poll.question),
        submit = escape(&i18n::text("submit")),
        results_title = escape(&i18n::text("results")),
        thanks = escape(&i18n::text("thanks")),
    );
    Fragment::new(html).css_url("public/poll.css").js_url("public/poll.js").init("PollBlock").init_args(
        json!({
            "private_results": *poll.private_results,
            "texts": {
                "votes": i18n::text("votes"),
                "counted": i18n::text("counted"),
                "not_counted": i18n::text("not-counted"),
            },
        }),
    )
}

fn options(poll: &Poll) -> String {
    let option = |(key, answer): &(String, Answer)| {
        let checked = if poll.choice() == Some(key) { " checked" } else { "" };
        format!(
            r#"<label class="poll-option"><input type="radio" name="choice" value="{}" required{checked}>{}<span>{}</span></label>"#,
            escape(key),
            picture(answer.img.as_deref(), answer.img_alt.as_deref()),
            to_html(&answer.label),
        )
    };
    poll.answers.iter().map(option).collect()
}

fn rows(poll: &Poll, sees_results: bool) -> String {
    let row = |row: Row| {
        let (count, percent) = if sees_results { (row.count, row.percent) } else { (0, 0) };
        format!(
            r#"<li class="poll-row{}" data-key="{}">{}<div class="poll-answer">{}</div><meter min="0" max="100" value="{percent}" aria-hidden="true"></meter><span class="poll-share"><b data-percent>{percent}</b>% <small>(<span data-count>{count}</span>)</small></span></li>"#,
            if row.choice { " poll-chosen" } else { "" },
            escape(&row.key),
            picture(row.img.as_deref(), row.img_alt.as_deref()),
            row.answer,
        )
    };
    poll.results().0.into_iter().map(row).collect()
}

fn picture(img: Option<&str>, alt: Option<&str>) -> String {
    let Some(img) = img.filter(|img| !img.is_empty()) else {
        return String::new();
    };
    let address = match img.strip_prefix("/static/") {
        Some(name) => usage::static_url(name),
        None => img.to_owned(),
    };
    format!(r#"<img src="{}" alt="{}">"#, escape(&address), escape(alt.unwrap_or_default()))
}
