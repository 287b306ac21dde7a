//! Runs one call of a block component inside wasmtime, within limits. It knows nothing of learners, stores or
//! content: what a block may ask is answered by the `Host` that the caller hands in.

mod host;
pub use host::{
    ChildError, FieldFailure, Fragment, Host, LogLevel, PublishFailure, Request, Resource, Response, VisitorKind,
};
