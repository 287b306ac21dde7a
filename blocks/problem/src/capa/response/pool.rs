//! Which choices are shown, and in what order: `shuffle` and `answer-pool` (spec 9.3.10).

use crate::capa::input::choices::Choice;
use crate::capa::python_random::PythonRandom;

use super::BuildError;

/// The chances of one problem. Its responses share them, in order: were each to start anew from the seed, the
/// right choice would stand at the same place in all of them.
pub(crate) struct Dice {
    seed: i64,
    random: Option<PythonRandom>,
}

impl Dice {
    /// The dice of a problem with this seed.
    pub(crate) fn new(seed: i64) -> Self {
        Self { seed, random: None }
    }

    fn random(&mut self) -> &mut PythonRandom {
        self.random.get_or_insert_with(|| PythonRandom::new(self.seed))
    }
}

/// Shuffles all but the fixed choices. Those fixed at the start stay there; those fixed further on go to the end.
pub(super) fn shuffle(choices: Vec<Choice>, dice: &mut Dice) -> Vec<Choice> {
    let start = choices.iter().take_while(|choice| choice.fixed).count();
    let mut head = choices;
    let rest = head.split_off(start);
    let (tail, mut middle): (Vec<_>, Vec<_>) = rest.into_iter().partition(|choice| choice.fixed);
    dice.random().shuffle(&mut middle);
    head.extend(middle);
    head.extend(tail);
    head
}

/// Draws one right choice and `size - 1` wrong ones, and says which explanation goes with the right one.
pub(super) fn draw(
    choices: Vec<Choice>,
    size: usize,
    dice: &mut Dice,
) -> Result<(Vec<Choice>, Option<String>), BuildError> {
    let (mut right, mut wrong): (Vec<_>, Vec<_>) = choices.into_iter().partition(Choice::is_correct);
    if right.is_empty() || wrong.is_empty() {
        return Err(BuildError::Invalid(
            "Choicegroup must include at least 1 correct and 1 incorrect choice".into(),
        ));
    }
    let random = dice.random();
    let drawn = right.swap_remove(random.below(right.len()));
    let explanation = drawn.explanation.clone();
    random.shuffle(&mut wrong);
    wrong.truncate(size.saturating_sub(1));
    let mut shown = vec![drawn];
    shown.append(&mut wrong);
    random.shuffle(&mut shown);
    Ok((shown, explanation))
}
