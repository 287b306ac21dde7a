//! Thumbs up, thumbs down: everybody shares the votes, and each learner's mark is their own.

use blockhouse_sdk::prelude::*;
use serde::Deserialize;

#[cfg(test)]
mod tests;

/// The block's fields. A field stands for its value, and is stored when a call has changed it.
#[derive(Fields)]
pub struct Thumbs {
    /// Votes for.
    #[field(scope = user_state_summary)]
    upvotes: Field<i64>,
    /// Votes against.
    #[field(scope = user_state_summary)]
    downvotes: Field<i64>,
    /// Whether this learner has voted.
    #[field(scope = user_state)]
    voted: Field<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vote {
    vote_type: String,
}

#[block(name = "thumbs", display_name = "Thumbs")]
impl Thumbs {
    fn student_view(&self) -> Result<Fragment> {
        let html = format!(include_str!("view.html"), up = self.upvotes, down = self.downvotes);
        Ok(Fragment::new(html).css_url("public/thumbs.css").js_url("public/thumbs.js").init("ThumbsBlock"))
    }

    fn public_view(&self) -> Result<Fragment> {
        self.student_view()
    }

    #[handler]
    fn vote(&mut self, vote: Vote) -> Result<Value> {
        match vote.vote_type.as_str() {
            "up" => *self.upvotes += 1,
            "down" => *self.downvotes += 1,
            other => {
                log::warn(&format!("there is no vote {other:?}"));
                return Ok(Value::Null);
            }
        }
        *self.voted = true;
        Ok(json!({ "up": *self.upvotes, "down": *self.downvotes }))
    }
}
