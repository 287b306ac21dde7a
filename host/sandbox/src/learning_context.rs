//! Questions about learning contexts and their answers, in types that can be written down. What a component answers is
//! checked here for what only the contract says: keys and OLX are for the host to read.

use serde::{Deserialize, Serialize};

use crate::bindings::types as wit;

/// A block of a learning context, as its key names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BlockName {
    /// The type.
    pub block_type: String,
    /// The name within the context and the type.
    pub block_id: String,
}

/// Who wants to do something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ContextPerson {
    /// Whether it is somebody with an account.
    pub registered: bool,
    /// Whether it is who wrote the document.
    pub author: bool,
    /// Whether it is somebody who runs the platform.
    pub staff: bool,
    /// The platform's groups that the person is in.
    pub groups: Vec<String>,
}

/// What a person may do. Each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextAccess {
    /// Nothing.
    None,
    /// See the blocks and act on them.
    Learn,
    /// Change the document.
    Edit,
}

/// Where the content of a block is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockContent {
    /// In a block of another context: what should be its usage key.
    Source(String),
    /// Here: what should be an OLX element.
    Olx(String),
}

/// A block of a learning context.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextBlock {
    /// Where its content is.
    pub content: BlockContent,
    /// What people call it.
    pub display_name: Option<String>,
    /// What is rendered inside it.
    pub children: Vec<BlockName>,
    /// What it is rendered inside of.
    pub parent: Option<BlockName>,
    /// Authored fields that have another value here.
    pub overrides: Vec<(String, String)>,
}

/// What is asked of a kind of learning context.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextQuestion {
    /// Which blocks of other contexts does the document take content from?
    Sources,
    /// Which blocks may learners find?
    Usages,
    /// What may this person do?
    Access(ContextPerson),
    /// What is behind this name?
    Block(BlockName),
}

/// The answer to the question of the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextAnswer {
    /// What should be usage keys.
    Sources(Vec<String>),
    /// Blocks of the context.
    Usages(Vec<BlockName>),
    /// A level.
    Access(ContextAccess),
    /// A block, or that there is none of that name.
    Block(Option<ContextBlock>),
}

impl ContextAnswer {
    /// Whether it is an answer to this question.
    pub(crate) fn fits(&self, question: &ContextQuestion) -> bool {
        matches!(
            (self, question),
            (Self::Sources(_), ContextQuestion::Sources)
                | (Self::Usages(_), ContextQuestion::Usages)
                | (Self::Access(_), ContextQuestion::Access(_))
                | (Self::Block(_), ContextQuestion::Block(_))
        )
    }

    /// About how many bytes it has.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Sources(keys) => keys.iter().map(|key| key.len() + size_of::<String>()).sum(),
            Self::Usages(names) => names.iter().map(BlockName::bytes).sum(),
            Self::Access(_) | Self::Block(None) => size_of::<Self>(),
            Self::Block(Some(block)) => block.bytes(),
        }
    }
}

impl BlockName {
    fn bytes(&self) -> usize {
        self.block_type.len() + self.block_id.len() + size_of::<Self>()
    }
}

impl ContextBlock {
    /// About how many bytes it has.
    pub fn bytes(&self) -> usize {
        let (BlockContent::Source(content) | BlockContent::Olx(content)) = &self.content;
        let names = self.children.iter().chain(&self.parent).map(BlockName::bytes);
        let overrides = self.overrides.iter().map(|(field, value)| field.len() + value.len());
        let display_name = self.display_name.as_ref().map_or(0, String::len);
        size_of::<Self>() + content.len() + display_name + names.sum::<usize>() + overrides.sum::<usize>()
    }
}

impl From<wit::BlockName> for BlockName {
    fn from(name: wit::BlockName) -> Self {
        Self { block_type: name.block_type, block_id: name.block_id }
    }
}

impl From<BlockName> for wit::BlockName {
    fn from(name: BlockName) -> Self {
        let BlockName { block_type, block_id } = name;
        Self { block_type, block_id }
    }
}

impl From<ContextQuestion> for wit::ContextQuestion {
    fn from(question: ContextQuestion) -> Self {
        match question {
            ContextQuestion::Sources => Self::Sources,
            ContextQuestion::Usages => Self::Usages,
            ContextQuestion::Access(person) => {
                let ContextPerson { registered, author, staff, groups } = person;
                Self::Access(wit::ContextPerson { registered, author, staff, groups })
            }
            ContextQuestion::Block(name) => Self::Block(name.into()),
        }
    }
}

impl From<wit::ContextAnswer> for ContextAnswer {
    fn from(answer: wit::ContextAnswer) -> Self {
        match answer {
            wit::ContextAnswer::Sources(keys) => Self::Sources(keys),
            wit::ContextAnswer::Usages(names) => {
                Self::Usages(names.into_iter().map(BlockName::from).collect())
            }
            wit::ContextAnswer::Access(access) => Self::Access(match access {
                wit::ContextAccess::None => ContextAccess::None,
                wit::ContextAccess::Learn => ContextAccess::Learn,
                wit::ContextAccess::Edit => ContextAccess::Edit,
            }),
            wit::ContextAnswer::Block(block) => Self::Block(block.map(|block| ContextBlock {
                content: match block.content {
                    wit::BlockContent::Source(key) => BlockContent::Source(key),
                    wit::BlockContent::Olx(olx) => BlockContent::Olx(olx),
                },
                display_name: block.display_name,
                children: block.children.into_iter().map(BlockName::from).collect(),
                parent: block.parent.map(BlockName::from),
                overrides: block.overrides,
            })),
        }
    }
}
