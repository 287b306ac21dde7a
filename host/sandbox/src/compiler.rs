//! Compiling a component. A compiler that reads what a stranger wrote can be made slow, large, or be broken into, so a
//! host that serves lets a process of its own do it: with nothing in its environment, within limits that the process sets
//! itself, a few at a time, and killed when it takes too long.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use wasmtime::Engine;

use crate::engine;
use crate::install::InstallError;

/// How many components are compiled at once.
const AT_ONCE: usize = 2;

/// How long one may take. CPython takes a minute here.
const LONGEST: Duration = Duration::from_secs(300);

/// The most bytes of a compiled component.
const LARGEST: u64 = 512 << 20;

/// The most bytes that are read of what a compiler complains about.
const COMPLAINT: u64 = 16 << 10;

/// Who compiles.
#[derive(Clone, Debug)]
pub enum Compiler {
    /// This process: for components that one wrote oneself, in tests and tools. Never for a host that takes packages of
    /// others.
    ThisProcess,
    /// A process for each component: a program, such as `blockhouse compile`, that calls [`compile`] on its standard
    /// input after giving up what it does not need.
    Child {
        /// The program.
        program: PathBuf,
        /// Its arguments.
        arguments: Vec<String>,
    },
}

/// A component as machine code for this machine and this version of the host.
///
/// # Errors
/// It does not compile.
pub fn compile(component: &[u8]) -> Result<Vec<u8>, InstallError> {
    compile_for(&engine::for_compiling().map_err(failed)?, component)
}

fn compile_for(engine: &Engine, component: &[u8]) -> Result<Vec<u8>, InstallError> {
    engine.precompile_component(component).map_err(failed)
}

fn failed(error: wasmtime::Error) -> InstallError {
    InstallError::Compile(format!("{error:#}"))
}

/// The compilers of one sandbox.
#[derive(Debug)]
pub(crate) struct Compilers {
    compiler: Compiler,
    longest: Duration,
    /// How many more may start.
    free: Mutex<usize>,
    freed: Condvar,
}

impl Compilers {
    pub(crate) fn new(compiler: Compiler) -> Self {
        Self { compiler, longest: LONGEST, free: Mutex::new(AT_ONCE), freed: Condvar::new() }
    }

    /// Compiles when it is its turn. Blocks the thread.
    pub(crate) fn compile(&self, engine: &Engine, component: &Arc<[u8]>) -> Result<Vec<u8>, InstallError> {
        let Compiler::Child { program, arguments } = &self.compiler else {
            return compile_for(engine, component);
        };
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        drop(free);
        let artifact = Command::new(program)
            .args(arguments)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| {
                InstallError::Compiler(format!("`{}` does not start: {error}", program.display()))
            })
            .and_then(|child| finish(child, Arc::clone(component), self.longest));
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.freed.notify_one();
        artifact
    }
}

/// Feeds a compiler and waits for what it says, but not for ever.
fn finish(mut child: Child, component: Arc<[u8]>, longest: Duration) -> Result<Vec<u8>, InstallError> {
    let (Some(mut input), Some(output), Some(errors)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(InstallError::Compiler("its pipes are gone".to_owned()));
    };
    // One that does not read what it is to compile will say why.
    thread::spawn(move || drop(input.write_all(&component)));
    let complaint = thread::spawn(move || read_at_most(errors, COMPLAINT).unwrap_or_default());
    let (said, hear) = mpsc::channel();
    thread::spawn(move || said.send(read_at_most(output, LARGEST + 1)));
    let artifact = hear.recv_timeout(longest);
    if artifact.is_err() {
        child.kill().map_err(|error| InstallError::Compiler(error.to_string()))?;
    }
    let status = child.wait().map_err(|error| InstallError::Compiler(error.to_string()))?;
    let artifact = match artifact {
        Ok(artifact) => artifact.map_err(|error| InstallError::Compiler(error.to_string()))?,
        Err(_) => return Err(InstallError::TooLong { seconds: longest.as_secs() }),
    };
    if !status.success() {
        let complaint = complaint.join().unwrap_or_default();
        let text = String::from_utf8_lossy(&complaint).trim().to_owned();
        let reason = if text.is_empty() { format!("the compiler ended with {status}") } else { text };
        return Err(InstallError::Compile(reason));
    }
    match artifact.len() as u64 {
        0 => Err(InstallError::Compiler("it said nothing".to_owned())),
        bytes if bytes > LARGEST => {
            Err(InstallError::Compile(format!("it makes more than {LARGEST} bytes of code")))
        }
        _ => Ok(artifact),
    }
}

fn read_at_most(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compilers(script: &str, longest: Duration) -> Compilers {
        let arguments = vec!["-c".to_owned(), script.to_owned()];
        let compiler = Compiler::Child { program: "/bin/sh".into(), arguments };
        Compilers { longest, ..Compilers::new(compiler) }
    }

    fn outcome(script: &str) -> Result<Vec<u8>, InstallError> {
        compilers(script, Duration::from_secs(60)).compile(&Engine::default(), &Arc::from(&b"component"[..]))
    }

    #[test]
    fn what_the_process_says_is_the_compiled_component() {
        assert_eq!(outcome("cat").unwrap(), b"component");
    }

    #[test]
    fn a_process_that_takes_too_long_is_killed() {
        let compilers = compilers("exec sleep 1000", Duration::from_millis(50));
        let error = compilers.compile(&Engine::default(), &Arc::from(&b"component"[..])).unwrap_err();
        assert!(matches!(error, InstallError::TooLong { .. }), "{error}");
    }

    #[test]
    fn a_process_that_fails_says_why() {
        let error = outcome("echo no wasm >&2; exit 1").unwrap_err();
        assert!(matches!(&error, InstallError::Compile(reason) if reason == "no wasm"), "{error}");
    }

    #[test]
    fn a_process_that_dies_or_says_nothing_has_compiled_nothing() {
        assert!(matches!(outcome("kill -9 $$"), Err(InstallError::Compile(_))));
        assert!(matches!(outcome("cat >/dev/null"), Err(InstallError::Compiler(_))));
    }

    #[test]
    fn a_process_finds_nothing_in_its_environment() {
        let names = String::from_utf8(outcome("/usr/bin/env").unwrap()).unwrap();
        assert!(!names.contains("PATH=/root") && !names.contains("HOME="), "{names}");
    }

    #[test]
    fn no_more_than_two_run_at_once() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().display();
        // Each leaves a mark while it runs and counts the marks; the third waits for one of the first two.
        let script = format!("mkdir {place}/$$; ls {place} | wc -l; sleep 0.2; rmdir {place}/$$");
        let compilers = Arc::new(compilers(&script, Duration::from_secs(60)));
        let running: Vec<_> = (0..6)
            .map(|_| {
                let compilers = Arc::clone(&compilers);
                thread::spawn(move || compilers.compile(&Engine::default(), &Arc::from(&b""[..])).unwrap())
            })
            .collect();
        for count in running.into_iter().map(|thread| String::from_utf8(thread.join().unwrap()).unwrap()) {
            assert!(count.trim().parse::<usize>().unwrap() <= AT_ONCE, "{count}");
        }
    }
}
