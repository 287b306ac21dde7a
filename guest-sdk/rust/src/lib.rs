//! Write learning blocks in Rust.
//!
//! A block is a struct with fields and an `impl` with views and handlers:
//!
//! ```
//! use blockhouse_sdk::prelude::*;
//!
//! /// Counts how often its learner pressed the button.
//! #[derive(Fields)]
//! struct Counter {
//!     /// How often it was pressed.
//!     #[field(scope = user_state)]
//!     count: Field<i64>,
//! }
//!
//! #[block(name = "counter", display_name = "Counter")]
//! impl Counter {
//!     fn student_view(&self) -> Result<Fragment> {
//!         Ok(Fragment::new(format!("<button>{}</button>", self.count)))
//!     }
//!
//!     #[handler]
//!     fn press(&mut self) -> Result<i64> {
//!         *self.count += 1;
//!         Ok(*self.count)
//!     }
//! }
//! # fn main() {
//! let mut host = blockhouse_sdk::testing::TestHost::<Counter>::new();
//! assert_eq!(host.learner("alice").post("press", json!({})).body_json(), 1);
//! assert_eq!(host.learner("alice").student_view().content, "<button>1</button>");
//! assert_eq!(host.learner("bob").student_view().content, "<button>0</button>");
//! # }
//! ```
//!
//! What `#[block]` looks for, and what the component then exports:
//!
//! | method | export |
//! |---|---|
//! | `fn student_view(&self) -> Result<Fragment>` | `student-view` |
//! | `fn public_view(&self) -> Result<Fragment>` | `public-view` |
//! | `#[handler] fn NAME(&mut self, input: I) -> Result<O>`, JSON both ways | `handlers` |
//! | `#[handler] fn NAME(&mut self, request: &Request) -> Result<Response>` | `handlers` |
//! | `fn fallback_handler(&mut self, name: &str, request: &Request) -> Result<Response>`, for any other name | `handlers` |
//! | `fn parse_olx(element: &str) -> Result<impl Serialize>` | `olx` |
//! | `fn author_view(&self) -> Result<Fragment>` | `author-view` |
//! | `fn studio_view(&self) -> Result<Fragment>` | `studio-view` |
//! | `fn write_olx(element: &str, fields: Map<String, Value>) -> Result<String>` | `olx-writer` |
//! | `fn max_score(&self) -> Result<f64>` | `grading` |
//! | `fn index(&self) -> Result<impl Serialize>` | `indexing` |
//! | `fn student_view_data(&self) -> Result<impl Serialize>` | `student-view-data` |
//! | `fn on_reset(&mut self, reset: Reset) -> Result<()>` | `reset` |
//! | `fn learning_context(document: &str) -> Result<impl LearningContext>`, see [`learning_context`] | `learning-context` |
//!
//! A view may take the view's context as a second parameter of any type that serde can read. Every method may
//! take `&self` or `&mut self`.
//!
//! The host's services are the functions of [`user`], [`usage`], [`files`], [`publish`], [`log`], [`clock`], [`random`]
//! and [`i18n`], and those of [`user_details`], [`secrets`], [`http`] and [`storage`] where the block asks for them
//! (`capabilities = ["user-details"]`) and the operator grants them. On anything but wasm they are answered by the
//! [`testing::TestHost`] whose call is running, and by nothing else.

// The macros name this crate; its own tests and examples use them too.
extern crate self as blockhouse_sdk;

#[cfg(any(target_arch = "wasm32", test))]
mod arena;
pub mod block;
mod call;
pub mod clock;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod component;
mod definition;
mod error;
mod field;
mod field_value;
pub mod files;
mod fragment;
mod handler;
mod html;
pub mod http;
pub mod i18n;
pub mod learning_context;
pub mod log;
pub mod olx;
pub mod publish;
pub mod random;
mod reset;
pub mod secrets;
pub mod storage;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
pub mod usage;
pub mod user;
pub mod user_details;

#[cfg(target_arch = "wasm32")]
use component::imports as backend;
#[cfg(not(target_arch = "wasm32"))]
use testing::imports as backend;

pub use blockhouse_sdk_macros::{Fields, block};
pub use definition::{Completion, Definition, FieldDeclaration};
pub use error::{Error, Result};
pub use field::Field;
pub use field_value::FieldValue;
pub use fragment::{Fragment, Placement, Resource, ResourceKind};
pub use handler::{Request, Response, json_handler};
pub use html::escape;
pub use reset::Reset;
pub use serde_json;

/// What nearly every block needs.
pub mod prelude {
    pub use crate::{Error, Field, Fields, Fragment, Request, Reset, Response, Result, block, escape};
    pub use crate::{clock, files, i18n, log, publish, random, usage, user};
    pub use serde_json::{Value, json};
}
