//! The answer to everything in WASI that a block does not have: an empty list, none, or the refusal that the function
//! itself knows. A function without such an answer ends the call.

use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{Component, Linker, LinkerInstance, ResourceType, Type, Val};
use wasmtime::{Engine, Result};

use super::Ambient;
use crate::state::State;

/// How the error codes of WASI's interfaces say that something is not allowed.
const REFUSALS: [&str; 3] = ["not-permitted", "access-denied", "access"];

/// The resources, each with the interface that it comes from; others only take it over. The streams and what can be
/// waited for are not among them.
const RESOURCES: [(&str, &str); 10] = [
    ("cli/terminal-input", "terminal-input"),
    ("cli/terminal-output", "terminal-output"),
    ("filesystem/types", "descriptor"),
    ("filesystem/types", "directory-entry-stream"),
    ("sockets/ip-name-lookup", "resolve-address-stream"),
    ("sockets/network", "network"),
    ("sockets/tcp", "tcp-socket"),
    ("sockets/udp", "udp-socket"),
    ("sockets/udp", "incoming-datagram-stream"),
    ("sockets/udp", "outgoing-datagram-stream"),
];

/// A descriptor, a socket, a terminal: of none of them there is ever one.
struct Nothing;

/// Defines every function and resource that `component` imports from WASI as refused. Says whether there was any.
pub(super) fn imports<H: Ambient>(
    linker: &mut Linker<State<H>>,
    engine: &Engine,
    component: &Component,
) -> Result<bool> {
    let mut any = false;
    for (name, import) in component.component_type().imports(engine) {
        let ComponentItem::ComponentInstance(interface) = import.ty else { continue };
        if !super::is_offered(name) {
            continue;
        }
        any = true;
        let short = name.strip_prefix("wasi:").and_then(|name| name.split('@').next()).unwrap_or(name);
        // Any 0.2 fits any other: what is answered by hand has to be found beside this, whatever was asked for.
        let mut instance = linker.instance(&format!("wasi:{short}@0.2.0"))?;
        for (name, item) in interface.exports(engine) {
            match item.ty {
                ComponentItem::Resource(_) if RESOURCES.contains(&(short, name)) => {
                    instance.resource(name, ResourceType::host::<Nothing>(), |_, _| Ok(()))?;
                }
                ComponentItem::ComponentFunc(_) => function(&mut instance, name)?,
                _ => {}
            }
        }
    }
    Ok(any)
}

fn function<H: Ambient>(instance: &mut LinkerInstance<'_, State<H>>, name: &str) -> Result<()> {
    let refused = format!("it called `{name}` of WASI, which blocks do not have");
    instance.func_new(name, move |mut store, function: ComponentFunc, _arguments, results| {
        store.data_mut().quota.host_call()?;
        for (result, ty) in results.iter_mut().zip(function.results()) {
            *result = nothing(&ty).ok_or_else(|| wasmtime::Error::msg(refused.clone()))?;
        }
        Ok(())
    })
}

fn nothing(ty: &Type) -> Option<Val> {
    match ty {
        Type::List(_) => Some(Val::List(Vec::new())),
        Type::Option(_) => Some(Val::Option(None)),
        Type::Result(result) => {
            let Some(Type::Enum(codes)) = result.err() else { return None };
            let code = REFUSALS.into_iter().find(|refusal| codes.names().any(|name| name == *refusal))?;
            Some(Val::Result(Err(Some(Box::new(Val::Enum(code.to_owned()))))))
        }
        _ => None,
    }
}
