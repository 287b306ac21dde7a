//! A call with all that its block was told while it ran. A block has no other effects and no other sources, so the same
//! component runs again to the same end from this alone (`replay.rs`).

use blockhouse_fields::BlockDefinition;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::block_type::BlockType;
use crate::call::Call;
use crate::outcome::{CallError, Output};

/// The form of recordings that this host writes and reads.
const FORMAT: u32 = 1;

/// What stands in a recording in place of a secret.
pub(crate) const A_SECRET: &str = "a secret";

/// A recorded call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// The form of the file.
    pub format: u32,
    /// The type of the block.
    pub block_type: String,
    /// The version that its author gave it.
    pub version: String,
    /// SHA-256 of the package, in hex.
    pub digest: String,
    /// The key of the learning context.
    pub context: String,
    /// What was asked of the block.
    pub call: Call,
    /// What the block asked, and what it was told.
    pub told: Vec<Told>,
    /// How it ended. Nothing in a recording from which learners' data was taken out.
    pub outcome: Option<Outcome>,
}

/// A question of the block and the host's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The function of the contract, such as `fields.get`.
    pub function: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// What it returned.
    pub answer: Value,
}

impl Told {
    /// Takes a secret out.
    pub(crate) fn hide(&mut self, secret: &str) {
        if !secret.is_empty() {
            let hide = |text: &mut String| *text = text.replace(secret, A_SECRET);
            self.arguments.iter_mut().for_each(hide);
            each_text(&mut self.answer, &hide);
        }
    }
}

fn each_text(value: &mut Value, change: &impl Fn(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, change)),
        Value::Object(entries) => entries.values_mut().for_each(|entry| each_text(entry, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// With this answer.
    Answered(Output),
    /// With this error.
    Failed {
        /// In the words of the error.
        error: String,
        /// Where in the component it broke off, if it did.
        backtrace: Option<String>,
    },
}

impl Outcome {
    pub(crate) fn of(result: &Result<Output, CallError>, backtrace: Option<String>) -> Self {
        match result {
            Ok(output) => Self::Answered(output.clone()),
            Err(error) => Self::Failed { error: error.to_string(), backtrace },
        }
    }
}

/// A file that is no recording of ours.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// It cannot be read as one.
    #[error("this is no recording of a call")]
    Form(#[from] serde_json::Error),
    /// Another version of the host wrote it.
    #[error("the recording has the form {0}, and this host reads {FORMAT}; use the version that wrote it")]
    Format(u32),
}

impl Recording {
    pub(crate) fn new<H>(
        block: &BlockType<H>,
        context: String,
        call: Call,
        told: Vec<Told>,
        outcome: Outcome,
    ) -> Self {
        let definition = block.definition();
        Self {
            format: FORMAT,
            block_type: definition.name.clone(),
            version: definition.version.clone(),
            digest: block.digest().to_owned(),
            context,
            call,
            told,
            outcome: Some(outcome),
        }
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// It is something else, or has another form.
    pub fn from_json(text: &[u8]) -> Result<Self, RecordingError> {
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let Form { format } = serde_json::from_slice(text)?;
        if format != FORMAT {
            return Err(RecordingError::Format(format));
        }
        Ok(serde_json::from_slice(text)?)
    }

    /// As text, for a file.
    ///
    /// # Errors
    /// Never, for what was recorded.
    pub fn to_json(&self) -> Result<Vec<u8>, RecordingError> {
        Ok(serde_json::to_vec_pretty(self)?)
    }

    /// The same without learners' data, so that it can be given to whoever wrote the block: of texts only the length
    /// stays. Numbers and truth values stay, since what the code does hangs on them; so does all that authors wrote.
    /// Run again, it may take another way at a text that means something.
    #[must_use]
    pub fn redacted(mut self, definition: &BlockDefinition) -> Self {
        let authored = |name: Option<&String>| {
            name.and_then(|name| definition.field(name)).is_some_and(|field| field.scope.is_authored())
        };
        for told in &mut self.told {
            match told.function.as_str() {
                "fields.get" | "fields.set" | "fields.delete" if authored(told.arguments.first()) => {}
                "usage.authored-field" | "usage.children" | "usage.parent" | "usage.siblings" => {}
                "usage.key" | "usage.resource-url" | "usage.static-url" | "files.read" => {}
                "clock.now" | "random.u64" | "i18n.locale" | "user.kind" => {}
                // The names of fields and events are the block's own.
                _ => {
                    told.arguments.iter_mut().skip(1).for_each(|argument| *argument = masked_json(argument));
                    told.answer = masked(std::mem::take(&mut told.answer));
                    // Bytes that are no text stand there as numbers.
                    let bytes = if told.function == "storage.read" { "/Ok" } else { "/Ok/body" };
                    if let Some(bytes @ Value::Array(_)) = told.answer.pointer_mut(bytes) {
                        *bytes = Value::String(String::new());
                    }
                }
            }
        }
        if let Call::Handle { request, .. } = &mut self.call {
            request.query = masked_text(&request.query);
            request.body = masked_json(&String::from_utf8_lossy(&request.body)).into_bytes();
            let kept = |name: &str| name == "content-type" || name == "accept-language";
            request.headers.retain(|(name, _)| kept(name));
        }
        self.outcome = None;
        self
    }
}

fn masked_text(text: &str) -> String {
    "x".repeat(text.chars().count())
}

/// A text that may be JSON: field values and most bodies are.
fn masked_json(text: &str) -> String {
    serde_json::from_str(text).map_or_else(|_| masked_text(text), |value| masked(value).to_string())
}

fn masked(value: Value) -> Value {
    match value {
        // A value of a field is JSON in JSON.
        Value::String(text) => match serde_json::from_str::<Value>(&text) {
            Ok(inner) => masked(inner).to_string().into(),
            Err(_) => masked_text(&text).into(),
        },
        Value::Array(items) => items.into_iter().map(masked).collect(),
        Value::Object(entries) => {
            Value::Object(entries.into_iter().map(|(name, value)| (name, masked(value))).collect())
        }
        other => other,
    }
}

/// Bytes that are text nearly always: as text, and where they are not, as numbers.
pub(crate) mod bytes_as_text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Bytes {
        Text(String),
        Numbers(Vec<u8>),
    }

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(bytes) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => bytes.serialize(serializer),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        Ok(match Bytes::deserialize(deserializer)? {
            Bytes::Text(text) => text.into_bytes(),
            Bytes::Numbers(bytes) => bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_texts_only_the_length_stays() {
        let value = serde_json::json!({ "name": "Ann", "tries": 3, "right": true, "json": "[\"ab\", 1]" });
        let masked = masked(value);
        assert_eq!(
            masked,
            serde_json::json!({ "name": "xxx", "tries": 3, "right": true, "json": "[\"xx\",1]" })
        );
    }

    #[test]
    fn a_secret_is_taken_out_of_what_another_server_was_asked_and_answered() {
        let mut told = Told {
            function: "http.send".to_owned(),
            arguments: vec!["https://api.example.org/hunter2/send".to_owned()],
            answer: serde_json::json!({"Ok": {"headers": [["echo", "hunter2"]], "body": "for hunter2"}}),
        };
        told.hide("");
        told.hide("hunter2");
        assert_eq!(told.arguments, ["https://api.example.org/a secret/send"]);
        assert!(!told.answer.to_string().contains("hunter2"), "{}", told.answer);
    }

    #[test]
    fn of_a_learners_file_neither_name_nor_bytes_stay() {
        let recording = Recording {
            format: FORMAT,
            block_type: "easel".to_owned(),
            version: "1.0.0".to_owned(),
            digest: String::new(),
            context: String::new(),
            call: Call::MaxScore,
            told: [serde_json::json!({"Ok": [200, 255]}), serde_json::json!({"Ok": "by Ann"})]
                .map(|answer| Told {
                    function: "storage.read".to_owned(),
                    arguments: vec!["own".to_owned(), "Ann.png".to_owned()],
                    answer,
                })
                .into(),
            outcome: None,
        };
        let definition = serde_json::json!({"name": "easel", "version": "1.0.0", "display_name": "Easel"});
        let redacted = recording.redacted(&serde_json::from_value(definition).unwrap());
        for told in redacted.told {
            let told = serde_json::json!(told).to_string();
            assert!(told.contains("own") && !told.contains("Ann") && !told.contains("255"), "{told}");
        }
    }

    #[test]
    fn what_is_no_recording_is_said_not_to_be_one() {
        assert!(Recording::from_json(b"{}").unwrap_err().to_string().contains("no recording"));
        let error = Recording::from_json(b"{\"format\": 99}").unwrap_err();
        assert!(error.to_string().contains("form 99"), "{error}");
    }
}
