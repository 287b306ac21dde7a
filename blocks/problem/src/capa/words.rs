//! The few words that stand inside a question and are not its author's.

use super::correct_map::Correctness;

/// Words in the reader's language.
#[derive(Clone, Debug)]
pub struct Words {
    /// What a screen reader calls an input that has no name of its own.
    pub your_answer: String,
    /// The entry of a menu that is no answer.
    pub select_an_option: String,
    /// The mark of a right answer.
    pub correct: String,
    /// The mark of a wrong answer.
    pub incorrect: String,
    /// The mark of an answer that earns some of the points.
    pub partially_correct: String,
}

impl Words {
    /// What stands beside an answer that was graded.
    pub fn mark(&self, correctness: Correctness) -> &str {
        match correctness {
            Correctness::Correct => &self.correct,
            Correctness::PartiallyCorrect => &self.partially_correct,
            Correctness::Incorrect => &self.incorrect,
            Correctness::Incomplete => "",
        }
    }
}
