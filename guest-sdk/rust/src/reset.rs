//! What an operator takes away from a learner.

/// What goes. A block's method `on_reset` is called for the learner while everything is still there, so that it can take
/// back what it keeps of them elsewhere, such as their vote in a tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reset {
    /// Whether the learner's `user_state` fields go.
    pub fields: bool,
    /// Whether the score goes.
    pub score: bool,
}
