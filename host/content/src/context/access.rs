//! What a person may do with a block.

/// Each level includes those before it: `access >= Access::Read`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Nothing; whether the block exists is not theirs to know.
    #[default]
    None,
    /// See the published version, act on it, keep state in it (`can_view_block`).
    Learn,
    /// See drafts, past versions, fields and OLX (`can_view_block_for_editing`).
    Read,
    /// Change it (`can_edit_block`).
    Edit,
}
