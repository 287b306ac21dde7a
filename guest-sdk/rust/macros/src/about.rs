//! The arguments of `#[block(…)]`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Token, bracketed};

/// What the author says of the block type.
pub(crate) struct About {
    name: LitStr,
    display_name: LitStr,
    aliases: Vec<LitStr>,
    icon: LitStr,
    version: Option<LitStr>,
    completion: Ident,
    capabilities: Vec<LitStr>,
    frame_libraries: Vec<LitStr>,
    has_children: bool,
    shows_score: bool,
    custom_completion: bool,
}

impl Parse for About {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut name = None;
        let mut display_name = None;
        let mut about = About {
            name: LitStr::new("", Span::call_site()),
            display_name: LitStr::new("", Span::call_site()),
            aliases: Vec::new(),
            icon: LitStr::new("other", Span::call_site()),
            version: None,
            completion: format_ident!("completable"),
            capabilities: Vec::new(),
            frame_libraries: Vec::new(),
            has_children: false,
            shows_score: false,
            custom_completion: false,
        };
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            if key == "has_children" {
                about.has_children = true;
            } else if key == "shows_score" {
                about.shows_score = true;
            } else if key == "custom_completion" {
                about.custom_completion = true;
            } else {
                input.parse::<Token![=]>()?;
                match key.to_string().as_str() {
                    "name" => name = Some(input.parse()?),
                    "display_name" => display_name = Some(input.parse()?),
                    "aliases" => about.aliases = list(input)?,
                    "icon" => about.icon = input.parse()?,
                    "version" => about.version = Some(input.parse()?),
                    "completion" => about.completion = input.parse()?,
                    "capabilities" => about.capabilities = list(input)?,
                    "frame_libraries" => about.frame_libraries = list(input)?,
                    _ => return Err(syn::Error::new(key.span(), UNKNOWN)),
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let missing = |what: &str| input.error(format!("say `{what} = \"…\"`"));
        about.name = name.ok_or_else(|| missing("name"))?;
        about.display_name = display_name.ok_or_else(|| missing("display_name"))?;
        Ok(about)
    }
}

const UNKNOWN: &str = "expected name, display_name, aliases, icon, version, completion, capabilities, frame_libraries, \
     has_children, shows_score or custom_completion";

fn list(input: ParseStream<'_>) -> syn::Result<Vec<LitStr>> {
    let content;
    bracketed!(content in input);
    Ok(Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}

impl About {
    /// The expression of type `Definition` for the block `ty`.
    pub(crate) fn definition(
        &self,
        ty: &syn::Type,
        has_score: bool,
        handlers: &[String],
    ) -> syn::Result<TokenStream> {
        let About {
            name,
            display_name,
            aliases,
            icon,
            capabilities,
            frame_libraries,
            has_children,
            shows_score,
            custom_completion,
            ..
        } = self;
        let version = match &self.version {
            Some(version) => quote!(#version),
            None => quote!(::core::env!("CARGO_PKG_VERSION")),
        };
        let completion = match self.completion.to_string().as_str() {
            "completable" => quote!(Completable),
            "aggregator" => quote!(Aggregator),
            "excluded" => quote!(Excluded),
            _ => {
                let expected = "expected completable, aggregator or excluded";
                return Err(syn::Error::new(self.completion.span(), expected));
            }
        };
        Ok(quote! {
            ::blockhouse_sdk::Definition {
                name: #name,
                aliases: &[#(#aliases),*],
                version: #version,
                display_name: #display_name,
                icon: #icon,
                has_children: #has_children,
                has_score: #has_score,
                shows_score: #shows_score,
                completion: ::blockhouse_sdk::Completion::#completion,
                custom_completion: #custom_completion,
                fields: <#ty as ::blockhouse_sdk::block::Fields>::declarations(),
                handlers: &[#(#handlers),*],
                capabilities: &[#(#capabilities),*],
                frame_libraries: &[#(#frame_libraries),*],
            }
        })
    }
}
