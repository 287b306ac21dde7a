//! One method of a block as the macro sees it: whether it takes a receiver, and what else.

use syn::{FnArg, ImplItemFn, PatType, Type};

/// A method that `#[block]` calls.
pub(crate) struct Method<'a> {
    /// The whole method.
    pub(crate) item: &'a ImplItemFn,
    /// Its parameter besides `self`.
    pub(crate) input: Option<&'a PatType>,
}

impl<'a> Method<'a> {
    /// A method with a receiver and at most one more parameter.
    pub(crate) fn of_block(item: &'a ImplItemFn) -> syn::Result<Self> {
        let mut inputs = item.sig.inputs.iter();
        if !matches!(inputs.next(), Some(FnArg::Receiver(receiver)) if receiver.reference.is_some()) {
            return Err(syn::Error::new_spanned(&item.sig, "takes `&self` or `&mut self` first"));
        }
        let input = match inputs.next() {
            Some(FnArg::Typed(input)) => Some(input),
            _ => None,
        };
        match inputs.next() {
            Some(extra) => Err(syn::Error::new_spanned(extra, "takes one parameter besides `self` at most")),
            None => Ok(Method { item, input }),
        }
    }

    /// A method of this kind that takes nothing but its receiver.
    pub(crate) fn without_input(item: &'a ImplItemFn) -> syn::Result<Self> {
        let method = Method::of_block(item)?;
        match method.input {
            Some(input) => Err(syn::Error::new_spanned(input, "takes no parameter besides `self`")),
            None => Ok(method),
        }
    }

    /// Whether the method takes the whole request and gives the whole response.
    pub(crate) fn is_raw(&self) -> bool {
        let Some(Type::Reference(reference)) = self.input.map(|input| &*input.ty) else {
            return false;
        };
        matches!(&*reference.elem, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Request"))
    }
}
