//! `#[block]`: implements the trait of each interface for which the block has a method, and exports just these.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, ImplItem, ImplItemFn, ItemImpl, LitStr, Type};

use crate::about::About;
use crate::method::Method;

/// The method that is called for handlers of any other name (spec 2.9, row 44).
const FALLBACK: &str = "fallback_handler";

/// The output of `#[block]`: the author's `impl`, the traits, and the component's exports.
pub(crate) fn expand(about: &About, mut item: ItemImpl) -> syn::Result<TokenStream> {
    if let Some((_, path, _)) = &item.trait_ {
        return Err(syn::Error::new_spanned(
            path,
            "#[block] belongs on the block's own `impl`, not on a trait's",
        ));
    }
    let handler_names = take_handler_names(&mut item)?;
    let ty = &*item.self_ty;
    let methods: Vec<&ImplItemFn> = item
        .items
        .iter()
        .filter_map(|item| match item {
            ImplItem::Fn(method) => Some(method),
            _ => None,
        })
        .collect();

    let mut exports = vec!["definition"];
    let mut traits = TokenStream::new();
    for method in &methods {
        let Some((export, implementation)) = view_or_data(ty, method)? else {
            continue;
        };
        exports.push(export);
        traits.extend(implementation);
    }
    let fallback = methods.iter().any(|method| method.sig.ident == FALLBACK);
    if !handler_names.is_empty() || fallback {
        exports.push("handlers");
        traits.extend(handlers(ty, &methods, &handler_names)?);
    }
    let names: Vec<String> = handler_names.iter().map(|(_, name)| name.clone()).collect();
    let definition = about.definition(ty, exports.contains(&"grading"), &names)?;
    let component = component(ty, &exports);
    Ok(quote! {
        #item

        impl ::blockhouse_sdk::block::Block for #ty {
            fn definition() -> ::blockhouse_sdk::Definition {
                #definition
            }
        }

        #traits
        #component
    })
}

/// Takes the `#[handler]` attributes off their methods: (method, handler name).
fn take_handler_names(item: &mut ItemImpl) -> syn::Result<Vec<(Ident, String)>> {
    let mut names = Vec::new();
    for item in &mut item.items {
        let ImplItem::Fn(method) = item else { continue };
        let Some(index) = method.attrs.iter().position(|attribute| attribute.path().is_ident("handler"))
        else {
            continue;
        };
        let attribute = method.attrs.remove(index);
        let mut name = method.sig.ident.to_string();
        if !matches!(attribute.meta, syn::Meta::Path(_)) {
            attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("name") {
                    return Err(meta.error("expected `name = \"…\"`"));
                }
                name = meta.value()?.parse::<LitStr>()?.value();
                Ok(())
            })?;
        }
        names.push((method.sig.ident.clone(), name));
    }
    Ok(names)
}

/// The export and the trait for a method with a meaning, `None` for any other method.
fn view_or_data(ty: &Type, method: &ImplItemFn) -> syn::Result<Option<(&'static str, TokenStream)>> {
    let ident = &method.sig.ident;
    let json = |call: TokenStream| quote!(::core::result::Result::Ok(::blockhouse_sdk::serde_json::to_string(&#call?)?));
    let own = quote!(#ty::#ident(self));
    let of_self = |trait_name: &str, function: &str, output: TokenStream, body: TokenStream| {
        let (trait_name, function) = (format_ident!("{trait_name}"), format_ident!("{function}"));
        quote! {
            impl ::blockhouse_sdk::block::#trait_name for #ty {
                fn #function(&mut self) -> ::blockhouse_sdk::Result<#output> { #body }
            }
        }
    };
    let text = quote!(::std::string::String);
    Ok(Some(match ident.to_string().as_str() {
        "student_view" => ("student_view", view(ty, "StudentView", &Method::of_block(method)?)),
        "public_view" => ("public_view", view(ty, "PublicView", &Method::of_block(method)?)),
        "author_view" => ("author_view", view(ty, "AuthorView", &Method::of_block(method)?)),
        "studio_view" => ("studio_view", view(ty, "StudioView", &Method::of_block(method)?)),
        "max_score" => {
            Method::without_input(method)?;
            ("grading", of_self("Grading", "max_score", quote!(f64), own))
        }
        "index" => {
            Method::without_input(method)?;
            ("indexing", of_self("Indexing", "index", text, json(own)))
        }
        "student_view_data" => {
            Method::without_input(method)?;
            ("student_view_data", of_self("StudentViewData", "data", text, json(own)))
        }
        "on_reset" => {
            let call = match Method::of_block(method)?.input {
                Some(_) => quote!(#ty::#ident(self, reset)),
                None => quote!({
                    let _ = reset;
                    #ty::#ident(self)
                }),
            };
            let implementation = quote! {
                impl ::blockhouse_sdk::block::OnReset for #ty {
                    fn on_reset(&mut self, reset: ::blockhouse_sdk::Reset) -> ::blockhouse_sdk::Result<()> { #call }
                }
            };
            ("reset", implementation)
        }
        "parse_olx" => {
            if method.sig.inputs.len() != 1 || method.sig.receiver().is_some() {
                return Err(syn::Error::new_spanned(
                    &method.sig,
                    "takes the element: `fn parse_olx(element: &str)`",
                ));
            }
            let body = json(quote!(#ty::#ident(element)));
            let implementation = quote! {
                impl ::blockhouse_sdk::block::Olx for #ty {
                    fn parse(element: &str) -> ::blockhouse_sdk::Result<::std::string::String> { #body }
                }
            };
            ("olx", implementation)
        }
        "write_olx" => {
            if method.sig.inputs.len() != 2 || method.sig.receiver().is_some() {
                return Err(syn::Error::new_spanned(
                    &method.sig,
                    "takes the element and the fields: `fn write_olx(element: &str, fields: Map<String, Value>)`",
                ));
            }
            let implementation = quote! {
                impl ::blockhouse_sdk::block::OlxWriter for #ty {
                    fn write(element: &str, fields: &str) -> ::blockhouse_sdk::Result<::std::string::String> {
                        #ty::#ident(element, ::blockhouse_sdk::serde_json::from_str(fields)?)
                    }
                }
            };
            ("olx_writer", implementation)
        }
        "learning_context" => {
            if method.sig.inputs.len() != 1 || method.sig.receiver().is_some() {
                return Err(syn::Error::new_spanned(
                    &method.sig,
                    "takes the document: `fn learning_context(document: &str)`",
                ));
            }
            let implementation = quote! {
                impl ::blockhouse_sdk::block::AnswersForContexts for #ty {
                    fn answer(
                        document: &str,
                        question: &::blockhouse_sdk::learning_context::Question,
                    ) -> ::blockhouse_sdk::Result<::blockhouse_sdk::learning_context::Answer> {
                        ::blockhouse_sdk::learning_context::answer(#ty::#ident(document), question)
                    }
                }
            };
            ("learning_context", implementation)
        }
        _ => return Ok(None),
    }))
}

fn view(ty: &Type, trait_name: &str, method: &Method<'_>) -> TokenStream {
    let trait_name = format_ident!("{trait_name}");
    let ident = &method.item.sig.ident;
    // A view that does not ask for its context never pays for reading it.
    let (context, call) = match method.input {
        Some(_) => {
            (quote!(context), quote!(#ty::#ident(self, ::blockhouse_sdk::serde_json::from_str(context)?)))
        }
        None => (quote!(_context), quote!(#ty::#ident(self))),
    };
    quote! {
        impl ::blockhouse_sdk::block::#trait_name for #ty {
            fn render(&mut self, #context: &str) -> ::blockhouse_sdk::Result<::blockhouse_sdk::Fragment> { #call }
        }
    }
}

fn handlers(ty: &Type, methods: &[&ImplItemFn], names: &[(Ident, String)]) -> syn::Result<TokenStream> {
    let mut arms = TokenStream::new();
    for (ident, name) in names {
        for method in methods.iter().filter(|method| method.sig.ident == *ident) {
            let method = Method::of_block(method)?;
            let call = match method.input {
                Some(_) if method.is_raw() => quote!(#ty::#ident(self, request)),
                Some(_) => {
                    quote!(::blockhouse_sdk::json_handler(request, |input| #ty::#ident(self, input)))
                }
                None => quote! {
                    ::blockhouse_sdk::json_handler(request, |_: ::blockhouse_sdk::serde_json::Value| #ty::#ident(self))
                },
            };
            arms.extend(quote!(#name => #call,));
        }
    }
    let unknown = match methods.iter().find(|method| method.sig.ident == FALLBACK) {
        Some(method) if method.sig.receiver().is_some() && method.sig.inputs.len() == 3 => {
            let ident = &method.sig.ident;
            quote!(#ty::#ident(self, name, request))
        }
        Some(method) => {
            return Err(syn::Error::new_spanned(
                &method.sig,
                "takes the name and the request: `fn fallback_handler(&mut self, name: &str, request: &Request)`",
            ));
        }
        None => quote! {
            ::core::result::Result::Ok(::blockhouse_sdk::Response::no_such_handler(name))
        },
    };
    Ok(quote! {
        impl ::blockhouse_sdk::block::Handlers for #ty {
            fn handle(
                &mut self,
                name: &str,
                request: &::blockhouse_sdk::Request,
            ) -> ::blockhouse_sdk::Result<::blockhouse_sdk::Response> {
                match name {
                    #arms
                    _ => #unknown,
                }
            }
        }
    })
}

/// The exports of the component, by the macros that wit-bindgen generated for each interface.
fn component(ty: &Type, exports: &[&str]) -> TokenStream {
    let exports = exports.iter().map(|export| {
        let module = format_ident!("{export}");
        let path = quote!(::blockhouse_sdk::component::bindings::exports::blockhouse::block::#module);
        let export = format_ident!("__export_blockhouse_block_{export}_1_0_0_cabi");
        quote!(#path::#export!(Component with_types_in #path);)
    });
    quote! {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, missing_docs, clippy::all, reason = "the exported symbols, as wit-bindgen writes them")]
        const _: () = {
            type Component = ::blockhouse_sdk::component::Component<#ty>;
            #(#exports)*
        };
    }
}
