//! What a second process sees of the server over loopback: a view and a vote with a durable write, in a closed loop, at
//! several numbers of connections; beside what one worker of the Python runtime did with the same work.
//!
//! `serving` starts itself once more as the server and loads it. The reference figures were taken on a machine with
//! two cores like ours and are the processor time that a Python worker spent on a request, which moves less than rates
//! do; what such a worker gets done in a second follows from it.

#![allow(clippy::print_stdout, reason = "a table on standard output is what this program is for")]

mod host;
mod load;

use std::error::Error;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::host::Kind;
use crate::load::Load;

/// How long each load lasts.
const TIME: Duration = Duration::from_secs(5);

/// How many connections there are at once.
const CONNECTIONS: [usize; 3] = [1, 16, 256];

/// The same work in Python (Django with sessions and accounts, SQLite): milliseconds of a worker's processor per request.
const PYTHON_VIEW_MS: f64 = 3.63;
const PYTHON_VOTE_MS: f64 = 8.83;

/// As the host has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    threads.block_on(async {
        match std::env::args().nth(1).as_deref() {
            Some("serve") => host::serve().await,
            _ => bench().await,
        }
    })
}

async fn bench() -> Result<(), Box<dyn Error>> {
    let mut server = Server::start()?;
    let address = server.address()?;
    let workers = std::thread::available_parallelism()?.get() as f64;
    for (kind, what, python_ms, wanted) in [
        (Kind::View, "html: student_view as JSON", PYTHON_VIEW_MS, 50.0),
        (Kind::Vote, "thumbs: a vote with a durable write", PYTHON_VOTE_MS, 20.0),
    ] {
        let python = workers * 1000.0 / python_ms;
        println!("\n{what}, from a second process; Python with {workers} workers: {python:.0} requests/s");
        println!("  connections   requests/s        p50        p99   x Python (wanted {wanted:.0})");
        for connections in CONNECTIONS {
            let Load { rate, p50, p99 } = load::run(address, kind, connections, TIME).await?;
            let (p50, p99) = (p50.as_secs_f64() * 1e3, p99.as_secs_f64() * 1e3);
            println!(
                "  {connections:>11}   {rate:>10.0}   {p50:>5.2} ms   {p99:>5.2} ms   {:.1}",
                rate / python
            );
        }
    }
    Ok(())
}

/// The process that serves. It ends with this one.
struct Server(Child);

impl Server {
    fn start() -> Result<Self, Box<dyn Error>> {
        let program = std::env::current_exe()?;
        Ok(Self(Command::new(program).arg("serve").stdout(Stdio::piped()).spawn()?))
    }

    /// Where it listens, as it says on its first line.
    fn address(&mut self) -> Result<std::net::SocketAddr, Box<dyn Error>> {
        use std::io::BufRead as _;
        let stdout = self.0.stdout.take().ok_or("the server has no standard output")?;
        let mut line = String::new();
        std::io::BufReader::new(stdout).read_line(&mut line)?;
        Ok(line.trim().parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
