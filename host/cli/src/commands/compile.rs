//! `blockhouse compile`, which nobody types: `serve` and `install` start it for each component, so that whatever a
//! hostile one does to the compiler, it does in a process that has nothing.

use std::io::{self, Read, Write};

use blockhouse_sandbox::InstallError;
use rlimit::Resource;

/// The most address space, in bytes. CPython's compiler takes 2 GiB here.
const ADDRESS_SPACE: u64 = 6 << 30;

/// Seconds of processor time, of all threads together.
const CPU_SECONDS: u64 = 240;

/// Open files: the three that it was given, and what the threads' machinery needs.
const FILES: u64 = 16;

/// The largest component that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Why nothing was compiled. The parent shows the text to whoever installs.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompileError {
    /// The component.
    #[error(transparent)]
    Component(#[from] InstallError),
    /// The process could not give up what it does not need, and so reads nothing.
    #[error("the compiler cannot be confined: {0}")]
    Confine(io::Error),
    /// The pipes.
    #[error("the compiler cannot read or write: {0}")]
    Io(#[from] io::Error),
}

/// Gives up what a compiler does not need, then compiles.
pub(crate) fn run() -> Result<(), CompileError> {
    confine().map_err(CompileError::Confine)?;
    let mut component = Vec::new();
    io::stdin().lock().take(LARGEST).read_to_end(&mut component)?;
    let artifact = blockhouse_sandbox::compile(&component)?;
    io::stdout().lock().write_all(&artifact)?;
    Ok(())
}

/// It can write no file, leave no core, and grow no further; `seccomp` takes the network and other programs.
fn confine() -> io::Result<()> {
    for (resource, most) in [
        (Resource::AS, ADDRESS_SPACE),
        (Resource::CPU, CPU_SECONDS),
        (Resource::NOFILE, FILES),
        (Resource::FSIZE, 0),
        (Resource::CORE, 0),
    ] {
        resource.set(most, most)?;
    }
    forbid()
}

/// Calls of the system that a compiler has no use for. Threads that are started later are bound by it, too.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn forbid() -> io::Result<()> {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
    let calls = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_kill,
        libc::SYS_mount,
        libc::SYS_unlinkat,
        libc::SYS_renameat2,
        libc::SYS_mkdirat,
    ];
    let filter = SeccompFilter::new(
        calls.into_iter().map(|call| (call, Vec::new())).collect(),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        std::env::consts::ARCH.try_into().map_err(io::Error::other)?,
    );
    let program: BpfProgram = filter.and_then(TryInto::try_into).map_err(io::Error::other)?;
    seccompiler::apply_filter(&program).map_err(io::Error::other)
}

/// On other machines the limits above have to do.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn forbid() -> io::Result<()> {
    Ok(())
}
