//! The block as a wasm component: the generated bindings, and the exports and imports in the SDK's own types.
//! Nothing outside this folder knows the canonical ABI.

mod exports;
pub(crate) mod imports;

pub use exports::Component;

/// What wit-bindgen makes of `wit/`: imports as functions, and for each export a trait and a macro.
///
/// `pub_export_macro` leaves the exports out of the linked-in component type, so that a block exports the
/// interfaces which `#[block]` names and no others.
#[allow(
    unsafe_code,
    reason = "the canonical ABI passes strings and lists as raw pointers; wit-bindgen wrote this"
)]
#[allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "generated"
)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "block",
        pub_export_macro: true,
        default_bindings_module: "blockhouse_sdk::component::bindings",
        generate_all,
    });
}
