//! What a block may call a person: a name that is stable in one learning context and says nothing elsewhere.

use blockhouse_fields::UserId;
use blockhouse_keys::LearningContextKey;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// `anonymous_student_id` (spec 3.2.4): the visitor's own id where there is no account, else 32 hex digits.
pub(crate) fn anonymous_student_id(key: &[u8; 32], user: &UserId, context: &LearningContextKey) -> String {
    let id = match user {
        UserId::Anonymous(id) => return id.to_string(),
        UserId::Learner(id) | UserId::Author(id) => id,
    };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        // A 32-byte key is always accepted; an empty name is still nobody's.
        return String::new();
    };
    mac.update(format!("{id}:{context}").as_bytes());
    mac.finalize().into_bytes().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_learner_has_another_name_in_another_context() {
        let (one, two) = ("course-v1:A+B+C".parse().unwrap(), "course-v1:A+B+D".parse().unwrap());
        let user = UserId::Learner(1);
        assert_ne!(anonymous_student_id(&[7; 32], &user, &one), anonymous_student_id(&[7; 32], &user, &two));
        assert_eq!(anonymous_student_id(&[7; 32], &user, &one).len(), 32);
    }

    #[test]
    fn row_070_an_anonymous_visitor_keeps_the_same_id_everywhere() {
        let context = "course-v1:A+B+C".parse().unwrap();
        let user = UserId::Anonymous("anon0123456789abcdef0123".into());
        assert_eq!(anonymous_student_id(&[7; 32], &user, &context), "anon0123456789abcdef0123");
    }
}
