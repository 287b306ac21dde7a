//! What ten thousand installed block types cost a host while nobody uses them, and how long the first call of one takes.
//!
//! `loading` installs them, and starts itself once more as the host that is measured: what installing left in memory is
//! not the host's. Every type is a component of its own, checked, compiled, asked what it is and kept as `blockhouse
//! install` does it. Only the registry's list of them is written once at the end: written ten thousand times, one longer
//! than the other, it alone would take minutes.

#![allow(clippy::print_stdout, reason = "a table on standard output is what this program is for")]

#[path = "../../../../../host/sandbox/tests/support/guest.rs"]
#[allow(unreachable_pub, reason = "the sandbox's tests share it")]
mod guest;
mod host;
mod types;

use std::error::Error;
use std::path::Path;
use std::process::Command;

/// As the host has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [part, data] if part == "many" => threads.block_on(host::with_many_types(Path::new(data))),
        [part, data] if part == "standard" => threads.block_on(host::with_standard_types(Path::new(data))),
        _ => bench(),
    }
}

fn bench() -> Result<(), Box<dyn Error>> {
    let data = tempfile::tempdir()?;
    types::install(data.path())?;
    for part in ["many", "standard"] {
        let status = Command::new(std::env::current_exe()?).arg(part).arg(data.path()).status()?;
        if !status.success() {
            return Err(format!("the host `{part}` failed").into());
        }
    }
    Ok(())
}
