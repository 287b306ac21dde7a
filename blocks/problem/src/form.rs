//! The fields of a submitted form, and the answers that they mean (spec 9.3.4).

use crate::capa::answers::{Answer, Answers};

/// Why a form means no answers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// A field whose name says no input.
    #[error("the form field '{0}' has no '_' in its name")]
    NoInput(String),
    /// Two fields for one input.
    #[error("the form has several fields for '{0}'")]
    Repeated(String),
    /// A field that should hold JSON and does not.
    #[error("the form field '{0}' does not hold JSON")]
    NotJson(String),
}

/// Reads `input_ID=text`, `input_ID[]=one` (any number of times) and `input_ID{}=json`.
///
/// # Errors
/// See [`FormError`].
pub fn answers(fields: Vec<(String, String)>) -> Result<Answers, FormError> {
    let mut answers = Answers::new();
    for (name, value) in fields {
        let Some((_, id)) = name.split_once('_') else { return Err(FormError::NoInput(name)) };
        if let Some(id) = id.strip_suffix("[]") {
            match answers.entry(id.to_owned()).or_insert_with(|| Answer::List(Vec::new())) {
                Answer::List(list) => list.push(value),
                Answer::Text(_) | Answer::Other(_) => return Err(FormError::Repeated(id.to_owned())),
            }
            continue;
        }
        let (id, answer) = match id.strip_suffix("{}") {
            Some(id) => {
                let value = serde_json::from_str(&value).map_err(|_| FormError::NotJson(name.clone()))?;
                (id, Answer::Other(value))
            }
            None => (id, Answer::Text(value)),
        };
        if answers.insert(id.to_owned(), answer).is_some() {
            return Err(FormError::Repeated(id.to_owned()));
        }
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Result<Answers, FormError> {
        answers(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn the_suffix_says_what_a_field_holds() {
        let answers =
            read(&[("input_1_2_1", "a"), ("input_1_3_1[]", "x"), ("input_1_3_1[]", "y"), ("i_d{}", "{}")]);
        let answers = answers.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(answers.get("1_2_1"), Some(&Answer::Text("a".into())));
        assert_eq!(answers.get("1_3_1"), Some(&Answer::List(vec!["x".into(), "y".into()])));
        assert_eq!(answers.get("d"), Some(&Answer::Other(serde_json::json!({}))));
    }

    #[test]
    fn forms_that_mean_nothing_are_refused() {
        assert_eq!(read(&[("input", "a")]), Err(FormError::NoInput("input".into())));
        assert_eq!(read(&[("input_1", "a"), ("input_1", "b")]), Err(FormError::Repeated("1".into())));
        assert_eq!(read(&[("input_1", "a"), ("input_1[]", "b")]), Err(FormError::Repeated("1".into())));
        assert_eq!(read(&[("input_1{}", "b")]), Err(FormError::NotJson("input_1{}".into())));
    }
}
