//! The number from which everything random in a problem follows (spec 9.3.2).

use sha2::{Digest, Sha256};

/// The seed of problems that are the same for everybody.
pub const EVERYBODY: i64 = 1;

/// How many variants learners are spread over.
const VARIANTS: u32 = 20;

/// The seed of this learner in this usage, always the same.
pub fn per_learner(learner: &str, usage: &str) -> i64 {
    let mut digest = Sha256::new();
    digest.update(learner.as_bytes());
    // Python's text form of the key's bytes: that is what the seed was first computed from.
    digest.update(format!("b'{}'", python_bytes(usage)).as_bytes());
    let digest = digest.finalize();
    // The first seven hexadecimal digits.
    let head = digest.iter().take(4).fold(0u32, |number, byte| (number << 8) | u32::from(*byte));
    i64::from((head >> 4) % VARIANTS)
}

/// A new seed, from 32 random bits.
pub fn drawn(bits: u64) -> i64 {
    i64::from(bits as u32 as i32).rem_euclid(1000)
}

fn python_bytes(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'\\' => "\\\\".to_owned(),
            b' '..=b'~' => char::from(byte).to_string(),
            byte => format!("\\x{byte:02x}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn golden_seeds_of_learners_are_those_recorded() {
        let vectors = testing::vectors("problem_block.json");
        let rows = vectors["per_student_seeds"].as_array().cloned().unwrap_or_default();
        assert!(!rows.is_empty(), "no seeds found");
        for row in rows {
            let seed = per_learner(&row["user_id"].to_string(), row["usage"].as_str().unwrap_or_default());
            assert_eq!(Some(seed), row["seed"].as_i64(), "{row}");
        }
    }

    #[test]
    fn a_drawn_seed_lies_between_0_and_999() {
        assert_eq!(drawn(0xffff_ffff), 999);
        assert_eq!(drawn(1001), 1);
    }
}
