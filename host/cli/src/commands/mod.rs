//! One file per command. Each has its `Args` and a `run`.

pub(crate) mod build;
pub(crate) mod compile;
pub(crate) mod export;
pub(crate) mod fsck;
pub(crate) mod grants;
pub(crate) mod import;
pub(crate) mod inspect;
pub(crate) mod install;
pub(crate) mod key;
pub(crate) mod limits;
pub(crate) mod new;
pub(crate) mod replay;
pub(crate) mod serve;
pub(crate) mod state;
pub(crate) mod top;
pub(crate) mod versions;
