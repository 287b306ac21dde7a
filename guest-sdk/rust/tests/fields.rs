//! How a block's fields are read and written, seen from its host.

use blockhouse_sdk::Request;
use blockhouse_sdk::prelude::*;
use blockhouse_sdk::testing::{TestHost, Write};

/// A block that does to its fields what the test posts.
#[derive(Fields)]
struct Probe {
    /// How many points
    /// there are.
    #[field(scope = settings, default = 3, display_name = "Points", values = [1, 3, 5])]
    points: Field<i64>,
    #[field(scope = settings, default = "Untitled", name = "title", force_export)]
    heading: Field<String>,
    #[field(scope = settings)]
    limit: Field<Option<i64>>,
    #[field(scope = settings, type = relative_time, default = "00:00:00", xml_node)]
    begin: Field<String>,
    #[field(scope = user_state)]
    count: Field<i64>,
    #[field(scope = user_state)]
    words: Field<Vec<String>>,
    #[field(scope = user_info)]
    name: Field<String>,
    #[field(scope = user_state_summary)]
    all: Field<i64>,
}

#[block(name = "probe", display_name = "Probe", version = "2.1.0", completion = excluded, capabilities = ["http"])]
impl Probe {
    #[handler]
    fn set_count(&mut self, count: i64) -> Result<i64> {
        *self.count = count;
        Ok(*self.count)
    }

    #[handler]
    fn add_word(&mut self, word: String) -> Result<Vec<String>> {
        self.words.push(word);
        Ok(self.words.clone())
    }

    #[handler]
    fn look(&mut self) -> Result<(bool, i64)> {
        Ok((self.count.is_set(), *self.count))
    }

    #[handler]
    fn reset(&mut self) -> Result<i64> {
        *self.count = 9;
        self.count.reset()?;
        Ok(*self.count)
    }

    #[handler]
    fn write_settings(&mut self) -> Result<()> {
        *self.points = 4;
        Ok(())
    }

    #[handler]
    fn count_and_refuse(&mut self) -> Result<()> {
        *self.count += 1;
        Err(Error::status(418, "no coffee"))
    }

    #[handler]
    fn count_and_fail(&mut self) -> Result<()> {
        *self.count += 1;
        publish::completion(1.0)?;
        Ok("x".parse::<i64>().map(drop)?)
    }

    #[handler(name = "points")]
    fn read_points(&self) -> Result<i64> {
        Ok(*self.points)
    }
}

fn host() -> TestHost<Probe> {
    TestHost::new()
}

fn write(scope: &str, user: &str, field: &str, value: Option<Value>) -> Write {
    Write { scope: scope.into(), user: user.into(), field: field.into(), value }
}

fn post(host: &mut TestHost<Probe>, handler: &str) -> Result<Value, String> {
    let request = Request { method: "POST".into(), body: b"null".into(), ..Request::default() };
    host.learner("alice").try_request(handler, request).map(|response| response.body_json())
}

#[test]
fn a_changed_field_is_stored_for_its_learner() {
    let mut host = host();
    host.learner("alice").post("set_count", 2);
    assert_eq!(host.take_writes(), [write("user_state", "alice", "count", Some(json!(2)))]);
    assert_eq!(host.learner("bob").post("look", json!(null)).body_json(), json!([false, 0]));
}

#[test]
fn a_field_that_is_set_to_what_it_was_is_not_stored() {
    let mut host = host();
    host.learner("alice").post("set_count", 0);
    assert_eq!(host.take_writes(), [], "the default of an unset field");
    host.learner("alice").post("set_count", 2);
    host.take_writes();
    host.learner("alice").post("set_count", 2);
    assert_eq!(host.take_writes(), []);
}

#[test]
fn a_value_that_is_changed_in_place_is_stored() {
    let mut host = host();
    host.learner("alice").post("add_word", "a");
    host.learner("alice").post("add_word", "b");
    assert_eq!(host.learner("alice").field::<Vec<String>>("words"), ["a", "b"]);
}

#[test]
fn a_field_that_is_only_looked_at_is_not_stored() {
    let mut host = host();
    assert_eq!(post(&mut host, "look"), Ok(json!([false, 0])));
    assert_eq!(host.take_writes(), []);
}

#[test]
fn a_reset_field_has_its_default_again() {
    let mut host = host();
    host.learner("alice").post("set_count", 2);
    host.take_writes();
    assert_eq!(post(&mut host, "reset"), Ok(json!(0)));
    assert_eq!(host.take_writes(), [write("user_state", "alice", "count", None)]);
    assert_eq!(post(&mut host, "look"), Ok(json!([false, 0])));
}

#[test]
fn a_field_of_the_author_cannot_be_written_by_a_handler() {
    let error = post(&mut host(), "write_settings").unwrap_err();
    assert!(error.contains("`points` cannot be written"), "{error}");
}

#[test]
fn a_stored_value_of_another_type_fails_the_call() {
    let mut host = host();
    host.author("points", "many");
    let error = post(&mut host, "points").unwrap_err();
    assert!(error.contains("field `points` holds another type"), "{error}");
}

#[test]
fn null_means_unset_where_the_type_has_no_room_for_it() {
    let mut host = host();
    host.author("points", Value::Null);
    assert_eq!(post(&mut host, "points"), Ok(json!(3)));
}

#[test]
fn row_039_an_error_with_a_status_is_an_answer_and_the_fields_are_saved() {
    let mut host = host();
    let answer = host.learner("alice").post("count_and_refuse", json!(null));
    assert_eq!((answer.status, answer.body_json()), (418, json!({"error": "no coffee"})));
    assert_eq!(host.learner("alice").field::<i64>("count"), 1);
}

#[test]
fn row_040_another_error_fails_the_call_and_nothing_is_saved() {
    let mut host = host();
    assert!(post(&mut host, "count_and_fail").is_err());
    assert_eq!((host.take_writes().len(), host.take_events().len()), (0, 0));
}

#[test]
fn row_043_a_method_that_is_no_handler_is_answered_with_404() {
    assert_eq!(host().learner("alice").post("read_points", json!(null)).status, 404);
}

#[test]
fn the_definition_says_what_the_attributes_and_comments_say() {
    use blockhouse_sdk::block::Block;
    let definition = blockhouse_sdk::serde_json::to_value(Probe::definition()).unwrap();
    assert_eq!(definition["version"], "2.1.0");
    assert_eq!((&definition["completion"], &definition["has_score"]), (&json!("excluded"), &json!(false)));
    assert_eq!(definition["capabilities"], json!(["http"]));
    assert_eq!(definition["handlers"][7], "points");
    let expected = [
        json!({"name": "points", "type": "integer", "scope": "settings", "default": 3,
            "help": "How many points there are.", "display_name": "Points", "values": [1, 3, 5]}),
        json!({"name": "title", "type": "string", "scope": "settings", "default": "Untitled", "force_export": true}),
        json!({"name": "limit", "type": "integer", "scope": "settings", "default": null}),
        json!({"name": "begin", "type": "relative_time", "scope": "settings", "default": "00:00:00",
            "xml_node": true}),
    ];
    assert_eq!(definition["fields"].as_array().unwrap()[..4], expected);
}
