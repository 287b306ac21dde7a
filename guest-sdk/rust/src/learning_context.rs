//! Be a kind of learning context besides: a notion of your own of which blocks belong together, and of who may see them.
//!
//! A block with `fn learning_context(document: &str) -> Result<impl LearningContext>` answers for all contexts whose keys
//! begin with `x-` and its name. Each has one document, which an author saves; an error of that method is what its author
//! reads. The host takes content only from the sources that a document had when it was saved.

use crate::Result;

/// One context, read from its document. Every answer has to be the same whenever it is asked for.
pub trait LearningContext {
    /// The usage keys of the blocks of courses and libraries that it takes content from.
    fn sources(&self) -> Vec<String>;

    /// The blocks that learners may find, in their order; none where they are made up as the learner goes.
    fn usages(&self) -> Vec<BlockName>;

    /// What a person may do.
    fn access(&self, person: &Person) -> Access;

    /// The block of this name, if there is one.
    fn block(&self, name: &BlockName) -> Option<Block>;
}

/// A block of the context, as its key names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BlockName {
    /// The type.
    pub block_type: String,
    /// The name within the context and the type.
    pub block_id: String,
}

impl BlockName {
    /// A block of this type and name.
    pub fn new(block_type: impl Into<String>, block_id: impl Into<String>) -> Self {
        Self { block_type: block_type.into(), block_id: block_id.into() }
    }
}

/// Who wants to do something. Nobody's name is among it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Whether it is somebody with an account; others are visitors.
    pub registered: bool,
    /// Whether it is who wrote the document.
    pub author: bool,
    /// Whether it is somebody who runs the platform.
    pub staff: bool,
    /// The platform's groups that the person is in.
    pub groups: Vec<String>,
}

/// What a person may do. Each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Nothing; what there is is not theirs to know.
    None,
    /// See the blocks, act on them, keep state in them.
    Learn,
    /// Change the document.
    Edit,
}

/// Where the content of a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// In a block of the same type in a course or library: its usage key, one of the sources.
    Source(String),
    /// Here: an OLX element of the block's type.
    Olx(String),
}

/// A block of the context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Where its content is.
    pub content: Content,
    /// What people call it; otherwise as the content says.
    pub display_name: Option<String>,
    /// What is rendered inside it, in order.
    pub children: Vec<BlockName>,
    /// What it is rendered inside of.
    pub parent: Option<BlockName>,
    /// Authored fields that have another value here, as the text that an OLX attribute would have.
    pub overrides: Vec<(String, String)>,
}

impl Block {
    /// A block with this content and nothing else.
    pub fn new(content: Content) -> Self {
        Self { content, display_name: None, children: Vec::new(), parent: None, overrides: Vec::new() }
    }
}

/// What a host asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// [`LearningContext::sources`].
    Sources,
    /// [`LearningContext::usages`].
    Usages,
    /// [`LearningContext::access`].
    Access(Person),
    /// [`LearningContext::block`].
    Block(BlockName),
}

/// The answer to the question of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Usage keys.
    Sources(Vec<String>),
    /// Blocks.
    Usages(Vec<BlockName>),
    /// A level.
    Access(Access),
    /// A block, or none.
    Block(Option<Block>),
}

/// What `#[block]` makes of `learning_context`.
#[doc(hidden)]
pub fn answer(context: Result<impl LearningContext>, question: &Question) -> Result<Answer> {
    let context = context?;
    Ok(match question {
        Question::Sources => Answer::Sources(context.sources()),
        Question::Usages => Answer::Usages(context.usages()),
        Question::Access(person) => Answer::Access(context.access(person)),
        Question::Block(name) => Answer::Block(context.block(name)),
    })
}
