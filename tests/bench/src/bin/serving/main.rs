//! What a second process sees of the server over loopback: a view and a vote with a durable write, in a closed loop, at
//! several numbers of connections; beside what one worker of the Python runtime did with the same work.
//!
//! `serving` starts itself once more as the server and loads it. The reference figures were taken on a machine with two
//! cores like ours, by a load on the same machine. Rates are compared with rates, which hold what the load itself costs
//! on both sides, and the processor time of a request with the processor time of a request, which moves less. The
//! reference's processors had other work to do and never slept, so these do not sleep either ([`Awake`]).

#![allow(clippy::print_stdout, reason = "a table on standard output is what this program is for")]

mod host;
mod load;

use std::error::Error;
use std::fs::File;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::runtime::Builder;

use crate::host::Kind;

/// A store whose writes are on the disk before they are answered. The reference did without (`synchronous=NORMAL`).
const DURABLE: &str = "full";

/// How long each load lasts.
const TIME: Duration = Duration::from_secs(5);

/// How many connections there are at once.
const CONNECTIONS: [usize; 3] = [1, 16, 256];

/// The same work in Python (Django with sessions and accounts on SQLite, one worker per core).
struct Python {
    /// Requests in a second, at four connections.
    rate: f64,
    /// Milliseconds of a worker's processor for one request.
    cpu_ms: f64,
}

const PYTHON_VIEW: Python = Python { rate: 274.0, cpu_ms: 3.63 };
const PYTHON_VOTE: Python = Python { rate: 88.0, cpu_ms: 8.83 };

/// As the host has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some(store) => {
            Builder::new_multi_thread().enable_all().build()?.block_on(host::serve(store == DURABLE))
        }
        // One thread, as the load on Python had: several would wake each other on the processors of the server.
        None => Builder::new_current_thread().enable_all().build()?.block_on(bench()),
    }
}

async fn bench() -> Result<(), Box<dyn Error>> {
    let awake = Awake::start();
    if let Err(error) = &awake {
        println!("processors sleep between requests, which slows a single connection down: {error}");
    }
    for (kind, store, what, python, wanted) in [
        (Kind::View, DURABLE, "html: student_view as JSON", PYTHON_VIEW, 50),
        (Kind::Vote, DURABLE, "thumbs: a vote with a durable write", PYTHON_VOTE, 20),
        (Kind::Vote, "normal", "thumbs: a vote that waits for no disk, as in Python", PYTHON_VOTE, 20),
    ] {
        let mut server = Server::start(store)?;
        let address = server.address()?;
        let Python { rate, cpu_ms } = python;
        println!(
            "\n{what}, from a second process; Python: {rate:.0} requests/s, {cpu_ms} ms of processor each"
        );
        println!(
            "  connections   requests/s        p50        p99   processor   x Python by rate, by processor (wanted {wanted})"
        );
        for connections in CONNECTIONS {
            let before = server.processor_time()?;
            let load = load::run(address, kind, connections, TIME).await?;
            let cpu = (server.processor_time()? - before).as_secs_f64() * 1e3 / load.requests as f64;
            println!(
                "  {connections:>11}   {:>10.0}   {:>5.2} ms   {:>5.2} ms   {cpu:>6.3} ms   {:>16.1} {:>14.1}",
                load.rate,
                load.p50.as_secs_f64() * 1e3,
                load.p99.as_secs_f64() * 1e3,
                load.rate / python.rate,
                python.cpu_ms / cpu,
            );
        }
    }
    Ok(())
}

/// While it is there, no processor sleeps for want of work. The reference was taken on a machine that had other work;
/// on an idle one, and on a virtual one above all, a single connection would measure how long a processor takes to
/// wake.
struct Awake {
    _file: File,
}

impl Awake {
    /// # Errors
    /// Only who may change the machine may say so.
    fn start() -> std::io::Result<Self> {
        let mut file = File::options().write(true).open("/dev/cpu_dma_latency")?;
        // The microseconds that waking may take. It holds until the file is closed.
        file.write_all(&0_i32.to_ne_bytes())?;
        Ok(Self { _file: file })
    }
}

/// The process that serves. It ends with this one.
struct Server(Child);

impl Server {
    fn start(store: &str) -> Result<Self, Box<dyn Error>> {
        let program = std::env::current_exe()?;
        Ok(Self(Command::new(program).arg(store).stdout(Stdio::piped()).spawn()?))
    }

    /// What all its threads have spent so far.
    fn processor_time(&self) -> Result<Duration, Box<dyn Error>> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        // The program's name, the second column, may hold anything but stands in the last parentheses.
        let (_, columns) = stat.rsplit_once(')').ok_or("not a line of /proc")?;
        let ticks =
            columns.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
        // Linux tells user space of hundredths of a second, whatever it counts in itself.
        Ok(Duration::from_millis(ticks * 10))
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
