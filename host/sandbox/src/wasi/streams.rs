//! `wasi:io/streams` and the standard streams: input is at its end, output is the block's log.

use wasmtime::component::{ComponentType, Lift, Linker, Lower, Resource, ResourceType};
use wasmtime::{Result, StoreContextMut};

use super::clocks::Pollable;
use super::{Ambient, Stream};
use crate::state::State;

/// What one write may bring. The log's limit decides how much of it is kept.
const MOST_WRITE: u64 = 64 << 10;

const OUT: u32 = 1;
const ERR: u32 = 2;

struct InputStream;
struct OutputStream;
struct IoError;

#[derive(ComponentType, Lift, Lower)]
#[component(variant)]
enum StreamError {
    #[component(name = "last-operation-failed")]
    LastOperationFailed(Resource<IoError>),
    #[component(name = "closed")]
    Closed,
}

type Store<'a, H> = StoreContextMut<'a, State<H>>;
type Answer<T> = (std::result::Result<T, StreamError>,);
type Output = Resource<OutputStream>;
type Input = Resource<InputStream>;

pub(super) fn link<H: Ambient>(linker: &mut Linker<State<H>>) -> Result<()> {
    linker
        .instance("wasi:io/error@0.2.0")?
        .resource("error", ResourceType::host::<IoError>(), |_, _| Ok(()))?;
    let mut streams = linker.instance("wasi:io/streams@0.2.0")?;
    streams.resource("input-stream", ResourceType::host::<InputStream>(), |_, _| Ok(()))?;
    streams.resource("output-stream", ResourceType::host::<OutputStream>(), |_, _| Ok(()))?;

    for read in ["read", "blocking-read"] {
        let name = format!("[method]input-stream.{read}");
        streams.func_wrap(
            &name,
            |mut store: Store<'_, H>, (_, _): (Input, u64)| -> Result<Answer<Vec<u8>>> {
                store.data_mut().quota.host_call()?;
                Ok((Err(StreamError::Closed),))
            },
        )?;
    }
    streams.func_wrap("[method]output-stream.check-write", |mut store: Store<'_, H>, (_,): (Output,)| {
        store.data_mut().quota.host_call()?;
        let answer: Answer<u64> = (Ok(MOST_WRITE),);
        Ok(answer)
    })?;
    for write in ["write", "blocking-write-and-flush"] {
        let name = format!("[method]output-stream.{write}");
        streams.func_wrap(&name, |mut store: Store<'_, H>, (stream, bytes): (Output, Vec<u8>)| {
            store.data_mut().print(if stream.rep() == ERR { Stream::Err } else { Stream::Out }, &bytes)?;
            let answer: Answer<()> = (Ok(()),);
            Ok(answer)
        })?;
    }
    for flush in ["flush", "blocking-flush"] {
        let name = format!("[method]output-stream.{flush}");
        streams.func_wrap(&name, |mut store: Store<'_, H>, (_,): (Output,)| {
            store.data_mut().quota.host_call()?;
            let answer: Answer<()> = (Ok(()),);
            Ok(answer)
        })?;
    }
    streams.func_wrap("[method]input-stream.subscribe", |_: Store<'_, H>, (_,): (Input,)| {
        Ok((Pollable::ready(),))
    })?;
    streams.func_wrap("[method]output-stream.subscribe", |_: Store<'_, H>, (_,): (Output,)| {
        Ok((Pollable::ready(),))
    })?;

    linker
        .instance("wasi:cli/stdin@0.2.0")?
        .func_wrap("get-stdin", |_: Store<'_, H>, ()| Ok((Resource::<InputStream>::new_own(0),)))?;
    for (interface, function, stream) in
        [("wasi:cli/stdout@0.2.0", "get-stdout", OUT), ("wasi:cli/stderr@0.2.0", "get-stderr", ERR)]
    {
        linker.instance(interface)?.func_wrap(function, move |_: Store<'_, H>, ()| {
            Ok((Resource::<OutputStream>::new_own(stream),))
        })?;
    }
    Ok(())
}
