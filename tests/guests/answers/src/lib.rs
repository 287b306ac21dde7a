//! Answers in every way in which a handler can: with JSON, with a refusal, with a failure, with a response of its own,
//! and to names that it does not have.

use blockhouse_sdk::prelude::*;

/// The block's fields.
#[derive(Fields)]
pub struct Answers {
    /// Handed to the front end.
    #[field(scope = content)]
    text: Field<String>,
    /// How many calls have tried to keep something.
    #[field(scope = user_state)]
    kept: Field<i64>,
}

#[block(name = "answers", display_name = "Answers")]
impl Answers {
    /// The name of its function could end the attribute that it stands in.
    fn student_view(&self) -> Result<Fragment> {
        Fragment::new("<p>answers</p>").init("Answers\"Block'<").init_args(json!({ "text": *self.text }))
    }

    #[handler]
    fn echo(&self, input: Value) -> Result<Value> {
        Ok(input)
    }

    #[handler]
    fn kept(&self, _: Value) -> Result<i64> {
        Ok(*self.kept)
    }

    #[handler]
    fn refuse(&mut self, _: Value) -> Result<Value> {
        *self.kept += 1;
        Err(Error::status(418, "short and stout"))
    }

    #[handler]
    fn fail(&mut self, _: Value) -> Result<Value> {
        *self.kept += 1;
        Err(Error::failure("it broke"))
    }

    /// Says what it was sent.
    #[handler]
    fn mirror(&self, request: &Request) -> Result<Response> {
        let seen = json!({
            "method": request.method,
            "suffix": request.suffix,
            "query": request.query,
            "type": request.header("content-type"),
            "body": request.body,
        });
        Ok(Response::new("application/vnd.mirror+json", seen.to_string())
            .with_status(203)
            .with_header("content-language", "eo"))
    }

    fn fallback_handler(&mut self, name: &str, request: &Request) -> Result<Response> {
        Response::json(json!({ "name": name, "suffix": request.suffix }))
    }
}
