//! Where the block stands: its key, its context, its children, and the addresses of its parts.

use serde::de::DeserializeOwned;

use crate::{Fragment, Result, backend};

/// The block's own usage key.
pub fn key() -> String {
    backend::usage_key()
}

/// The key of the learning context: a course, a library, …
pub fn context_key() -> String {
    backend::context_key()
}

/// The usage keys of the children, in order.
pub fn children() -> Vec<String> {
    backend::children()
}

/// The parent's usage key, where the content says whose child this block is.
pub fn parent() -> Option<String> {
    backend::parent()
}

/// The usage keys of the parent's children in order, this block's among them; empty without a parent.
pub fn siblings() -> Vec<String> {
    backend::siblings()
}

/// What the author of the parent, a sibling or a child wrote into a field of scope content or settings, or the field's
/// default; none when it has no such field. An error means that the key is none of theirs, or that the block cannot be
/// read now.
pub fn authored_field<T: DeserializeOwned>(key: &str, name: &str) -> Result<Option<T>> {
    let json = backend::authored_field(key, name)?;
    Ok(json.map(|json| serde_json::from_str(&json)).transpose()?)
}

/// Renders a child in the view that is being rendered now. A child that fails is a fragment with an error card;
/// an error here means that the block has no such child, or that children are nested too deep.
pub fn render_child(key: &str) -> Result<Fragment> {
    backend::render_child(key)
}

/// The address at which the block's page calls `handler`. It carries its own authorization.
pub fn handler_url(handler: &str) -> String {
    backend::handler_url(handler)
}

/// The address of a file of the package, for instance `public/icon.svg`.
pub fn resource_url(path: &str) -> String {
    backend::resource_url(path)
}

/// The address of an author's file: `diagram.png` for `/static/diagram.png`.
pub fn static_url(name: &str) -> String {
    backend::static_url(name)
}
