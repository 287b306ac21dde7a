//! `#[derive(Fields)]`: the declarations, and how the fields are loaded and saved.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{
    Data, DeriveInput, Expr, ExprLit, Field, Fields, GenericArgument, Ident, Lit, LitStr, PathArguments, Type,
};

/// The scopes that a block may declare (spec 2.4); `children` and `parent` are the host's.
const SCOPES: [&str; 6] =
    ["content", "settings", "user_state", "preferences", "user_info", "user_state_summary"];

/// The output of `#[derive(Fields)]`.
pub(crate) fn derive(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new_spanned(&input.ident, "a block's fields are a struct"));
    };
    let fields: Vec<&Field> = match &data.fields {
        Fields::Named(named) => named.named.iter().collect(),
        Fields::Unit => Vec::new(),
        Fields::Unnamed(_) => {
            return Err(syn::Error::new_spanned(&input.ident, "a block's fields have names"));
        }
    };
    let declared = fields.into_iter().map(Declared::read).collect::<syn::Result<Vec<_>>>()?;
    let ident = &input.ident;
    let declarations = declared.iter().map(Declared::declaration);
    let loads = declared.iter().map(Declared::load);
    let saves = declared.iter().map(|field| field.ident);
    let load = match &data.fields {
        Fields::Unit => quote!(#ident),
        _ => quote!(#ident { #(#loads),* }),
    };
    Ok(quote! {
        impl ::blockhouse_sdk::block::Fields for #ident {
            fn declarations() -> ::std::vec::Vec<::blockhouse_sdk::FieldDeclaration> {
                ::std::vec![#(#declarations),*]
            }

            fn load() -> Self {
                #load
            }

            fn save(&mut self) -> ::blockhouse_sdk::Result<()> {
                #(self.#saves.save()?;)*
                ::core::result::Result::Ok(())
            }
        }
    })
}

/// A field with what its attribute and its doc comment say.
struct Declared<'a> {
    ident: &'a Ident,
    value_type: &'a Type,
    name: String,
    scope: String,
    field_type: Option<String>,
    default: Option<Expr>,
    display_name: Option<LitStr>,
    values: Option<Expr>,
    help: String,
    xml_node: bool,
    force_export: bool,
}

impl<'a> Declared<'a> {
    fn read(field: &'a Field) -> syn::Result<Self> {
        let Some(ident) = &field.ident else {
            return Err(syn::Error::new_spanned(field, "a block's fields have names"));
        };
        let mut declared = Declared {
            ident,
            value_type: value_type(&field.ty)?,
            name: ident.unraw().to_string(),
            scope: String::new(),
            field_type: None,
            default: None,
            display_name: None,
            values: None,
            help: help(field),
            xml_node: false,
            force_export: false,
        };
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("field")) {
            attribute.parse_nested_meta(|meta| {
                let Some(key) = meta.path.get_ident().map(Ident::unraw) else {
                    return Err(meta.error(UNKNOWN));
                };
                match key.to_string().as_str() {
                    "scope" => {
                        let scope: Ident = meta.value()?.parse()?;
                        if !SCOPES.iter().any(|known| scope == known) {
                            return Err(syn::Error::new(
                                scope.span(),
                                format!("expected one of {}", SCOPES.join(", ")),
                            ));
                        }
                        declared.scope = scope.to_string();
                    }
                    "type" => declared.field_type = Some(meta.value()?.parse::<Ident>()?.to_string()),
                    "default" => declared.default = Some(meta.value()?.parse()?),
                    "display_name" => declared.display_name = Some(meta.value()?.parse()?),
                    "values" => declared.values = Some(meta.value()?.parse()?),
                    "name" => declared.name = meta.value()?.parse::<LitStr>()?.value(),
                    "xml_node" => declared.xml_node = true,
                    "force_export" => declared.force_export = true,
                    _ => return Err(meta.error(UNKNOWN)),
                }
                Ok(())
            })?;
        }
        if declared.scope.is_empty() {
            return Err(syn::Error::new_spanned(field, "say where it lives: `#[field(scope = user_state)]`"));
        }
        Ok(declared)
    }

    fn default_value(&self) -> TokenStream {
        match &self.default {
            Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => {
                quote!(::core::convert::From::from(#text))
            }
            Some(value) => quote!(#value),
            None => quote!(::core::default::Default::default()),
        }
    }

    fn declaration(&self) -> TokenStream {
        let Declared { name, value_type, scope, help, xml_node, force_export, .. } = self;
        let default = self.default_value();
        let field_type = match &self.field_type {
            Some(field_type) => quote!(#field_type),
            None => quote!(<#value_type as ::blockhouse_sdk::FieldValue>::TYPE),
        };
        let display_name = optional(self.display_name.as_ref().map(|name| quote!(#name)));
        let values = self.values.as_ref().map(|values| quote!(::blockhouse_sdk::serde_json::json!(#values)));
        let values = optional(values);
        quote! {
            ::blockhouse_sdk::FieldDeclaration {
                name: #name,
                field_type: #field_type,
                scope: #scope,
                default: {
                    let value: #value_type = #default;
                    ::blockhouse_sdk::serde_json::to_value(value).unwrap_or_default()
                },
                help: #help,
                display_name: #display_name,
                values: #values,
                xml_node: #xml_node,
                force_export: #force_export,
            }
        }
    }

    fn load(&self) -> TokenStream {
        let Declared { ident, name, .. } = self;
        let default = self.default_value();
        quote!(#ident: ::blockhouse_sdk::Field::new(#name, || #default))
    }
}

const UNKNOWN: &str = "expected scope, type, default, display_name, values, name, xml_node or force_export";

fn optional(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// `T` of `Field<T>`.
fn value_type(ty: &Type) -> syn::Result<&Type> {
    if let Type::Path(path) = ty
        && let Some(last) = path.path.segments.last()
        && last.ident == "Field"
        && let PathArguments::AngleBracketed(arguments) = &last.arguments
        && let Some(GenericArgument::Type(value)) = arguments.args.first()
    {
        return Ok(value);
    }
    Err(syn::Error::new_spanned(ty, "a block's field has the type `Field<…>`"))
}

/// The doc comment as one line per paragraph.
fn help(field: &Field) -> String {
    let lines = field.attrs.iter().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => Some(line.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ").trim().to_owned()
}
