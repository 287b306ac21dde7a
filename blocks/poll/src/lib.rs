//! A question whose answers are counted: everybody votes once, or as often as the author allows, and sees the tally.

use std::collections::BTreeMap;

use blockhouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

mod answer;
mod markdown;
mod tally;
#[cfg(test)]
mod tests;
mod view;

use answer::Answer;
use markdown::to_html;

/// The fields (spec 9.6).
#[derive(Fields)]
pub struct Poll {
    /// The name of this component.
    #[field(scope = content, default = "Poll", display_name = "Display Name")]
    display_name: Field<String>,
    /// The question, in Markdown.
    #[field(scope = content, default = "What is your favorite color?")]
    question: Field<String>,
    /// Whether learners never see the results.
    #[field(scope = content, display_name = "Private results")]
    private_results: Field<bool>,
    /// How often a learner may vote; 0 for as often as they like. Other numbers than 1 need private results.
    #[field(scope = content, default = 1, display_name = "Maximum submissions")]
    max_submissions: Field<i64>,
    /// Shown to whoever has voted, in Markdown.
    #[field(scope = content)]
    feedback: Field<String>,
    /// The answers on offer, each after its key.
    #[field(scope = settings, type = list, default = answer::colours())]
    answers: Field<Vec<(String, Answer)>>,
    /// The key of the learner's answer.
    #[field(scope = user_state)]
    choice: Field<Option<String>>,
    /// How often the learner has voted.
    #[field(scope = user_state)]
    submissions_count: Field<i64>,
    /// Votes by the key of the answer.
    #[field(scope = user_state_summary)]
    tally: Field<BTreeMap<String, i64>>,
}

#[derive(Deserialize)]
struct Vote {
    #[serde(default)]
    choice: Option<String>,
}

#[derive(Serialize)]
struct Voted {
    success: bool,
    errors: Vec<String>,
    #[serde(flatten)]
    limits: Option<Limits>,
}

#[derive(Serialize)]
struct Limits {
    can_vote: bool,
    submissions_count: i64,
    max_submissions: i64,
}

#[block(name = "poll", display_name = "Poll", custom_completion)]
impl Poll {
    fn student_view(&self) -> Result<Fragment> {
        view::render(self)
    }

    fn public_view(&self) -> Result<Fragment> {
        self.student_view()
    }

    #[handler]
    fn vote(&mut self, vote: Vote) -> Result<Voted> {
        let choice = match self.accept(vote.choice) {
            Ok(choice) => choice,
            Err(refusal) => return Ok(Voted { success: false, errors: vec![refusal], limits: None }),
        };
        self.clean_tally();
        match self.choice() {
            Some(before) => {
                let before = before.to_owned();
                *self.tally.entry(before).or_default() -= 1;
            }
            // The author has taken the answer away: the learner starts again.
            None => *self.submissions_count = 0,
        }
        *self.tally.entry(choice.clone()).or_default() += 1;
        *self.choice = Some(choice.clone());
        *self.submissions_count += 1;
        publish::completion(1.0)?;
        // The host's own envelope names the usage; blocks of this runtime have no `url_name`.
        publish::event("xblock.poll.submitted", json!({ "url_name": "", "choice": choice }))?;
        let limits = Limits {
            can_vote: self.may_vote_again(),
            submissions_count: *self.submissions_count,
            max_submissions: *self.max_submissions,
        };
        Ok(Voted { success: true, errors: Vec::new(), limits: Some(limits) })
    }

    #[handler]
    fn get_results(&mut self) -> Result<Value> {
        if *self.private_results {
            return Err(Error::status(403, i18n::text("private-results")));
        }
        publish::event("xblock.poll.view_results", json!({}))?;
        self.clean_tally();
        let (rows, total) = self.results();
        Ok(json!({
            "question": to_html(&self.question),
            "tally": rows,
            "total": total,
            "feedback": to_html(&self.feedback),
            "plural": total > 1,
            "display_name": *self.display_name,
            "any_img": self.answers.iter().any(|(_, answer)| answer.has_image()),
            "block_id": usage::key(),
        }))
    }

    #[handler]
    fn student_voted(&self) -> Result<Value> {
        Ok(json!({ "voted": self.choice().is_some(), "private_results": *self.private_results }))
    }

    #[handler]
    fn load_answers(&self) -> Result<Value> {
        let items = self.answers.iter().map(|(key, answer)| {
            let Answer { label, img, img_alt } = answer;
            json!({ "key": key, "text": label, "img": img, "img_alt": img_alt, "noun": "answer", "image": true })
        });
        Ok(json!({ "items": items.collect::<Vec<_>>() }))
    }

    #[handler]
    fn student_view_user_state(&self, _request: &Request) -> Result<Response> {
        Response::json(json!({
            "choice": *self.choice,
            "tally": *self.tally,
            "submissions_count": *self.submissions_count,
        }))
    }

    fn student_view_data(&self) -> Result<Value> {
        Ok(json!({
            "question": *self.question,
            "answers": *self.answers,
            "max_submissions": *self.max_submissions,
            "private_results": *self.private_results,
            "feedback": *self.feedback,
        }))
    }

    /// A learner who begins again takes their vote along.
    fn on_reset(&mut self, reset: Reset) -> Result<()> {
        if let Some(choice) = self.choice.clone().filter(|_| reset.fields)
            && let Some(votes) = self.tally.get_mut(&choice)
        {
            *votes -= 1;
        }
        Ok(())
    }

    fn index(&self) -> Result<Value> {
        let answers: Vec<&str> = self.answers.iter().map(|(_, answer)| answer.label.as_str()).collect();
        Ok(json!({
            "content": {
                "display_name": *self.display_name,
                "question": *self.question,
                "answers": answers.join(" "),
            },
            "content_type": "Poll",
        }))
    }
}

impl Poll {
    /// The learner's answer, unless the author has taken it away since.
    fn choice(&self) -> Option<&str> {
        self.choice.as_deref().filter(|choice| self.offers(choice))
    }

    fn offers(&self, key: &str) -> bool {
        self.answers.iter().any(|(known, _)| known == key)
    }

    fn may_vote_again(&self) -> bool {
        *self.max_submissions == 0 || *self.submissions_count < *self.max_submissions
    }

    /// Whether the learner may vote now: the first time, or again where nobody sees the results.
    fn may_vote(&self) -> bool {
        self.choice().is_none() || (*self.private_results && self.may_vote_again())
    }

    /// The key of an answer that may be counted, or why it may not.
    fn accept(&self, choice: Option<String>) -> Result<String, String> {
        if self.choice().is_some() && !*self.private_results {
            return Err(i18n::text("already-voted"));
        }
        let choice = choice.ok_or_else(|| i18n::text("no-answer"))?;
        if !self.offers(&choice) {
            return Err(i18n::text_with("unknown-answer", &[("key", choice.into())]));
        }
        if !self.may_vote() {
            return Err(i18n::text("voted-enough"));
        }
        Ok(choice)
    }
}
