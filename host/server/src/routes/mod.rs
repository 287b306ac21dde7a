//! One endpoint per file: who asks, what for, one call of the runtime, the answer.

pub(crate) mod admin;
pub(crate) mod answers;
pub(crate) mod asset;
pub(crate) mod author;
pub(crate) mod blockstore;
pub(crate) mod courses;
pub(crate) mod dev_identity;
pub(crate) mod embed;
pub(crate) mod fields;
pub(crate) mod file;
pub(crate) mod frame;
pub(crate) mod frame_library;
pub(crate) mod handler;
pub(crate) mod handler_url;
pub(crate) mod health;
pub(crate) mod language;
pub(crate) mod learning_context;
pub(crate) mod libraries;
pub(crate) mod metadata;
pub(crate) mod olx;
pub(crate) mod outline;
pub(crate) mod resource;
pub(crate) mod standing;
pub(crate) mod static_file;
pub(crate) mod unit;
pub(crate) mod view;
