//! The request path: how a view is rendered and how a handler is called.
//!
//! Read [`view`] and [`handle`] from top to bottom: each step of a request's life is one method there. This is the
//! only crate in which blocks (`sandbox`), content and state meet; none of them knows the others. It decides who
//! may see what, where a field lives, and what a call may change. It knows nothing of HTTP, but for the requests that
//! blocks send to other servers ([`outbound`]).

mod ask;
mod assemble;
mod author;
mod authored;
mod block_info;
mod call;
mod card;
mod catalog;
mod changes;
mod children;
mod claim;
mod commit;
mod completion;
mod costs;
mod entry;
mod error;
mod escape;
mod fields;
mod grants;
mod handle;
mod host;
mod install;
mod journal;
mod kept_views;
mod library_outbox;
mod load;
mod mediate;
mod operator;
mod outbound;
mod policy;
mod prefetch;
mod pseudonym;
mod quarantine;
mod recent;
mod recordings;
mod registry;
mod relatives;
mod reset;
mod resolve;
mod runtime;
mod shelf;
mod source;
mod submission;
mod supervise;
mod urls;
mod view;
mod visitor;

pub use ask::Question;
pub use block_info::BlockInfo;
pub use blockhouse_content::Version;
pub use blockhouse_sandbox::{Fragment, Package, PackageError, Request, Resource, Response};
pub use blockhouse_state::{AuthorReset, ResetKind, Score};
pub use card::card;
pub use catalog::{InstalledVersion, TagTaken};
pub use completion::COMPLETION_HANDLER;
pub use costs::{BlockVersion, Costs, Failure};
pub use entry::Entry;
pub use error::RuntimeError;
pub use fields::{AuthoredFields, SetFieldsError};
pub use grants::{Granted, Secret};
pub use handle::{Handled, HandlerRequest};
pub use journal::{Crash, Journal};
pub use library_outbox::LibraryOutbox;
pub use load::LoadError;
pub use mediate::Mediator;
pub use outbound::{InvalidNetwork, InvalidServer, Network, Reach, Server};
pub use policy::Policy;
pub use quarantine::Standing;
pub use recordings::{MOST_RECORDED, RecordingOrder};
pub use registry::{Registered, RegisteredType, Registry, RegistryError};
pub use reset::{Notice, ResetRequest};
pub use runtime::{Parts, Readiness, Runtime};
pub use submission::SubmissionKey;
pub use supervise::BlockReport;
pub use urls::Urls;
pub use view::{RenderedView, View, ViewRequest};
pub use visitor::Visitor;
