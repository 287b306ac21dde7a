//! Runs one call of a block component inside wasmtime, within limits. It knows nothing of learners, stores or
//! content: what a block may ask is answered by the `Host` that the caller hands in.
//!
//! - [`Sandbox::new`] sets up the engine once per process (`engine.rs`).
//! - [`Sandbox::install`] makes a [`BlockType`] of a [`Package`] (`install.rs`, `check.rs`, `describe.rs`), and
//!   [`Sandbox::restore`] brings it back from the disk when it is needed again (`approval.rs`, `artifact.rs`).
//! - [`Sandbox::run`] runs one [`Call`] of it (`call.rs`, `imports/`) and says how it ended (`outcome.rs`).
//! - [`Sandbox::record`] writes down what the block was told meanwhile, and [`Sandbox::replay`] runs it again from that.

mod approval;
mod artifact;
mod bindings;
mod block_type;
mod budget;
mod call;
mod check;
mod compiler;
mod debts;
mod describe;
mod engine;
mod exports;
mod fair_share;
mod files;
mod grants;
mod host;
mod http;
mod imports;
mod install;
mod learning_context;
mod limiter;
mod limits;
mod meter;
mod outcome;
mod output;
mod package;
mod permits;
mod pool;
mod quota;
mod recording;
mod replay;
mod sandbox;
mod slow_lane;
mod smoke_run;
mod state;
mod storage;
mod taped;
#[cfg(feature = "without-limits")]
mod unlimited;
mod wasi;

pub use approval::Approval;
pub use block_type::BlockType;
pub use call::Call;
pub use check::Rejected;
pub use compiler::{Compiler, compile};
pub use describe::describe;
pub use exports::{Export, Exports};
pub use files::{FileBytes, FileFailure};
pub use grants::{Capability, Grants, NotGranted, listed};
pub use host::{
    ChildError, FieldFailure, Fragment, Host, Later, LogLevel, PublishFailure, RelativeError, Request,
    Resource, Response, UserDetail, VisitorKind,
};
pub use http::{HttpBounds, HttpFailure, HttpMethod, HttpRequest, HttpResponse};
pub use install::InstallError;
pub use learning_context::{
    BlockContent, BlockName, ContextAccess, ContextAnswer, ContextBlock, ContextPerson, ContextQuestion,
};
pub use limits::{Limit, Limits, LimitsError};
pub use outcome::{CallError, Cost, Finished, Output};
pub use package::{Package, PackageError};
pub use pool::PoolUse;
pub use recording::{Outcome, Recording, RecordingError, Told};
pub use replay::{Departure, Replay, Replayed};
pub use sandbox::{Sandbox, SandboxConfig, SandboxError};
pub use smoke_run::SmokeCall;
pub use storage::{KeptFile, Room, Space, StorageFailure};
