//! `#[derive(Fields)]` and `#[block]`, as documented in `blockhouse_sdk`.

use proc_macro::TokenStream;
use syn::parse_macro_input;

mod about;
mod block;
mod fields;
mod method;

/// Makes a struct of `Field<T>`s the fields of a block.
///
/// Each field says its scope: `#[field(scope = user_state)]`. Its doc comment is the help that authors see. It may
/// also say
///
/// - `default = EXPRESSION`: the value of the unset field, instead of the type's `Default`;
/// - `display_name = "…"`: what authors call it;
/// - `type = relative_time`: the declared type, where the Rust type does not tell it;
/// - `values = ["a", "b"]` or `values = json!({"min": 0})`: the values on offer;
/// - `name = "…"`: its name in stores and OLX, where it is not the Rust name;
/// - `xml_node`, `force_export`: how it is written to OLX.
#[proc_macro_derive(Fields, attributes(field))]
pub fn derive_fields(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as syn::DeriveInput);
    fields::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes an `impl` a block: exports what its methods can do.
///
/// `#[block(name = "poll", display_name = "Poll")]`, and as needed `aliases = ["vertical"]`, `icon = "video"`,
/// `version = "2.0.0"`, `completion = aggregator`, `capabilities = ["http"]`,
/// `frame_libraries = ["jquery"]`, `has_children`.
#[proc_macro_attribute]
pub fn block(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let about = parse_macro_input!(arguments as about::About);
    let item = parse_macro_input!(item as syn::ItemImpl);
    block::expand(&about, item).unwrap_or_else(syn::Error::into_compile_error).into()
}
