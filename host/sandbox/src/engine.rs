//! The one wasmtime engine of the process: what guests may use of wasm, how their memory is kept, and the thread that
//! makes them yield. The only file that touches `wasmtime::Config`.

use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Strategy,
    WasmBacktraceDetails, WasmFeatures,
};

use crate::limits::Limits;

/// How often running guests are interrupted to yield and to have their time checked. Short enough that a neighbour on
/// the same thread hardly notices, long enough to cost nothing.
const TICK: Duration = Duration::from_millis(5);

/// Ticks that a guest runs before its time is checked.
pub(crate) const TICKS_UNTIL_CHECK: u64 = 1;

/// Native stack for wasm frames: deep enough for any honest recursion.
const WASM_STACK: usize = 512 << 10;

/// The whole stack of a call. The difference to `WASM_STACK` is for host functions, which never recurse over what a
/// guest sends.
const CALL_STACK: usize = 2 << 20;

/// Dirty memory that a pool slot keeps between two calls. More than a usual view touches, so most calls take no page
/// fault; and little, since every later call in the slot pays for it: these pages are zeroed again, and where the block
/// grows its memory they change their protection twice, which holds up all threads of the process. With 2 MiB, after a
/// block that had filled its memory, that was enough to slow the neighbours of another one ninefold (`scripts/bench`).
const KEEP_RESIDENT: usize = 512 << 10;

/// The same for tables.
const KEEP_RESIDENT_TABLE: usize = 64 << 10;

/// wasmtime's own bookkeeping per instance; CPython needs 0.4 MiB of it.
const INSTANCE_SIZE: usize = 1 << 20;

/// Pool slots per call at the top: a call that renders a child waits with its own instance in the pool. Deeper trees
/// are fine as long as not all calls are that deep at once.
const NESTED_CALLS: usize = 4;

/// Core instances, memories and tables of an ordinary block, by which the pool is sized; a single component may have
/// as many as its limits say.
const CORE_INSTANCES: usize = 8;
const MEMORIES: usize = 2;
const TABLES: usize = 4;

/// An engine for `max_concurrent` calls at the top, and its ticking thread, which ends with the engine. Without limits
/// nothing ticks, and code is not compiled to look for it.
///
/// Fails when this machine can run no engine at all; a machine that cannot reserve the address space of a pool
/// gets a slower engine without one.
pub(crate) fn new(limits: &Limits, max_concurrent: usize, is_limited: bool) -> wasmtime::Result<Engine> {
    let mut config = config();
    config.epoch_interruption(is_limited);
    let engine = match Engine::new(config.allocation_strategy(pool(limits, max_concurrent))) {
        Ok(engine) => engine,
        Err(reason) => {
            tracing::warn!(%reason, "no pool of instances here, so every call allocates its own: slower, and as safe");
            Engine::new(config.allocation_strategy(InstanceAllocationStrategy::OnDemand))?
        }
    };
    if is_limited {
        tick(&engine)?;
    }
    Ok(engine)
}

/// An engine that only compiles, in a process that may use little memory: it has no pool and no ticking thread. What it
/// compiles fits an engine of [`new`].
pub(crate) fn for_compiling() -> wasmtime::Result<Engine> {
    Engine::new(config().allocation_strategy(InstanceAllocationStrategy::OnDemand))
}

/// An engine for asking one component once: it compiles quickly and runs slowly.
pub(crate) fn for_one_question() -> wasmtime::Result<Engine> {
    let mut config = config();
    config.cranelift_opt_level(OptLevel::None).allocation_strategy(InstanceAllocationStrategy::OnDemand);
    let engine = Engine::new(&config)?;
    tick(&engine)?;
    Ok(engine)
}

fn config() -> Config {
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(OptLevel::Speed)
        // The same floating-point results on every machine, so that a recorded call can be replayed.
        .cranelift_nan_canonicalization(true)
        .epoch_interruption(true)
        .max_wasm_stack(WASM_STACK)
        .async_stack_size(CALL_STACK)
        .memory_init_cow(true)
        // DWARF is the stranger's input; the names of functions are enough for a log line.
        .wasm_backtrace_details(WasmBacktraceDetails::Disable)
        .wasm_backtrace_max_frames(NonZeroUsize::new(20))
        // What no toolchain of ours needs stays off: most of wasmtime's advisories live there.
        .concurrency_support(false)
        .shared_memory(false)
        .wasm_component_model(true);
    for (feature, on) in FEATURES {
        config.wasm_features(*feature, *on);
    }
    config
}

/// Which wasm a block may be made of. `check.rs` has the same list for the parser that sees an upload first.
const FEATURES: &[(WasmFeatures, bool)] = &[
    (WasmFeatures::MULTI_VALUE, true),
    (WasmFeatures::BULK_MEMORY, true),
    (WasmFeatures::SIMD, true),
    (WasmFeatures::MULTI_MEMORY, true),
    (WasmFeatures::EXTENDED_CONST, true),
    (WasmFeatures::RELAXED_SIMD, false),
    (WasmFeatures::TAIL_CALL, false),
    (WasmFeatures::MEMORY64, false),
    (WasmFeatures::THREADS, false),
    (WasmFeatures::GC, false),
    (WasmFeatures::FUNCTION_REFERENCES, false),
    (WasmFeatures::EXCEPTIONS, false),
    (WasmFeatures::STACK_SWITCHING, false),
    (WasmFeatures::WIDE_ARITHMETIC, false),
    (WasmFeatures::CUSTOM_PAGE_SIZES, false),
];

fn pool(limits: &Limits, max_concurrent: usize) -> PoolingAllocationConfig {
    let slots = places(max_concurrent);
    let count = |each: usize, per_component: usize| to_u32(slots.saturating_mul(each).max(per_component));
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(to_u32(slots))
        .total_stacks(to_u32(slots))
        .total_core_instances(count(CORE_INSTANCES, limits.instances))
        .total_memories(count(MEMORIES, limits.memories))
        .total_tables(count(TABLES, limits.tables))
        .max_core_instances_per_component(to_u32(limits.instances))
        .max_memories_per_component(to_u32(limits.memories))
        .max_tables_per_component(to_u32(limits.tables))
        .max_memories_per_module(to_u32(limits.memories))
        .max_tables_per_module(to_u32(limits.tables))
        .max_component_instance_size(INSTANCE_SIZE)
        .max_core_instance_size(INSTANCE_SIZE)
        .max_memory_size(limits.memory_bytes)
        .table_elements(limits.table_elements)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(KEEP_RESIDENT_TABLE)
        // Resets only the pages that a call made dirty, without giving them back and faulting them in again.
        .pagemap_scan(Enabled::Auto);
    pool
}

/// Places of the pool, each for one instance of a block.
pub(crate) fn places(max_concurrent: usize) -> usize {
    max_concurrent.saturating_mul(NESTED_CALLS)
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// An OS thread, since a guest may keep every thread of the async runtime busy.
fn tick(engine: &Engine) -> std::io::Result<()> {
    let engine = engine.weak();
    thread::Builder::new().name("blockhouse-epoch".to_owned()).spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(TICK);
        }
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash, Hasher};

    use super::*;

    fn compatibility(engine: &Engine) -> u64 {
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn what_the_compiling_engine_makes_fits_the_serving_one() {
        let serving = new(&Limits::default(), 4, true).unwrap();
        assert_eq!(compatibility(&for_compiling().unwrap()), compatibility(&serving));
    }
}
