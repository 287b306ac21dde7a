//! An event as consumers see it: the form of Open edX's tracking log (spec 3.9.5), with the number and the block's key
//! beside it, so that what reads such logs can read this.

use blockhouse_state::Message;
use serde::Serialize;
use serde_json::value::RawValue;

/// One event. Its JSON form is what is delivered.
#[derive(Clone, Debug, Serialize)]
pub struct PublishedEvent {
    /// The event's number, by which a consumer knows one that it has had already.
    pub id: i64,
    /// When it happened, RFC 3339 in UTC.
    pub time: String,
    /// `grade`, `completion`, or the block's own name for it.
    pub event_type: String,
    /// What the block said.
    pub event: Box<RawValue>,
    /// Always `server`: no browser can make an event.
    pub event_source: &'static str,
    /// Always `x_module`, as blocks' events have it.
    pub page: &'static str,
    /// Where and whose.
    pub context: EventContext,
}

/// Where an event happened, and to whom.
#[derive(Clone, Debug, Serialize)]
pub struct EventContext {
    /// The learner's number.
    pub user_id: i64,
    /// The learning context's key, whatever kind of context it is.
    pub course_id: String,
    /// The organisation in that key.
    pub org_id: String,
    /// The block's key.
    pub usage_key: String,
}

impl PublishedEvent {
    pub(crate) fn new(message: Message) -> Self {
        let Message { id, created, learner, context, usage, kind, data } = message;
        Self {
            id,
            time: created.to_string(),
            event_type: kind,
            // The store takes nothing but JSON; should another program have written there, its text is passed on.
            event: RawValue::from_string(data.to_string())
                .or_else(|_| serde_json::value::to_raw_value(&*data))
                .unwrap_or_default(),
            event_source: "server",
            page: "x_module",
            context: EventContext {
                user_id: learner,
                org_id: organisation(&context),
                course_id: context,
                usage_key: usage,
            },
        }
    }
}

/// `edX` of `course-v1:edX+Demo+1` and of `lib:edX:demo`.
fn organisation(context: &str) -> String {
    let rest = context.split_once(':').map_or(context, |(_, rest)| rest);
    rest.split(['+', ':', '/']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(data: &str) -> serde_json::Value {
        let message = Message {
            id: 5,
            created: "2026-01-02T03:04:05Z".parse().unwrap(),
            learner: 7,
            context: "lib:Org:demo".to_owned(),
            usage: "lb:Org:demo:poll:1".to_owned(),
            kind: "xblock.poll.submitted".to_owned(),
            data: data.into(),
        };
        serde_json::to_value(PublishedEvent::new(message)).unwrap()
    }

    #[test]
    fn row_166_an_event_of_any_name_is_a_tracking_log_record_with_its_context() {
        let record = event("{\"choice\":\"R\"}");
        assert_eq!(record["event_type"], "xblock.poll.submitted");
        assert_eq!(record["event"]["choice"], "R");
        assert_eq!(record["page"], "x_module");
        assert_eq!(record["time"], "2026-01-02T03:04:05Z");
        let context = &record["context"];
        assert_eq!((&context["user_id"], &context["org_id"]), (&7.into(), &"Org".into()));
        assert_eq!(context["course_id"], "lib:Org:demo");
    }

    #[test]
    fn data_that_is_no_json_is_passed_on_as_text() {
        assert_eq!(event("{broken")["event"], "{broken");
    }

    #[test]
    fn the_organisation_is_the_first_part_of_a_key() {
        assert_eq!(organisation("course-v1:edX+Demo+1"), "edX");
        assert_eq!(organisation("edX/Demo/1"), "edX");
    }
}
