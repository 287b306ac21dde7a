//! The attribute `partial_credit`: in what ways an answer may be worth a part of the points.

use roxmltree::Node;

use super::GradeError;

/// The ways that an author asks for, in lower case; none when nothing but the whole counts.
#[derive(Debug, Clone, Default)]
pub(super) struct PartialCredit {
    words: Option<Vec<String>>,
}

impl PartialCredit {
    pub(super) fn read(element: Node) -> Self {
        let words = element
            .attribute("partial_credit")
            .filter(|text| !text.trim().eq_ignore_ascii_case("false"))
            .map(|text| text.split(',').map(|word| word.trim().to_lowercase()).collect());
        Self { words }
    }

    /// The one way, out of those that `allowed` lists; none without partial credit.
    ///
    /// # Errors
    /// [`GradeError::Credit`] for several ways or an unknown one.
    pub(super) fn single(&self, problems: &str, allowed: &[&str]) -> Result<Option<&str>, GradeError> {
        let Some(words) = &self.words else { return Ok(None) };
        match words.as_slice() {
            [word] if allowed.contains(&word.as_str()) => Ok(Some(word)),
            [_] => Err(unknown(&[allowed, &["false"]].concat())),
            _ => Err(GradeError::Credit(format!(
                "Only one type of partial credit is allowed for {problems} problems."
            ))),
        }
    }

    /// All ways, each of them out of those that `allowed` lists.
    ///
    /// # Errors
    /// [`GradeError::Credit`] for an unknown one.
    pub(super) fn several(&self, allowed: &[&str]) -> Result<&[String], GradeError> {
        let words = self.words.as_deref().unwrap_or_default();
        if words.iter().all(|word| allowed.contains(&word.as_str())) {
            Ok(words)
        } else {
            Err(unknown(allowed))
        }
    }
}

fn unknown(allowed: &[&str]) -> GradeError {
    GradeError::Credit(format!("partial_credit attribute should be one of: {}", allowed.join(",")))
}
