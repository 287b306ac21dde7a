//! Connections in a closed loop: each sends its next request when the last one is answered.

use std::error::Error;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::host::Kind;

/// What came of a load.
pub(crate) struct Load {
    /// All requests, those of the first tenth too.
    pub(crate) requests: usize,
    /// Requests in a second.
    pub(crate) rate: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

/// Loads the server for a while. The first tenth counts for no time.
pub(crate) async fn run(
    address: SocketAddr,
    kind: Kind,
    connections: usize,
    time: Duration,
) -> Result<Load, Box<dyn Error>> {
    let (from, until) = (Instant::now() + time / 10, Instant::now() + time);
    let session = session(address).await?;
    let mut clients = JoinSet::new();
    for number in 0..connections {
        clients.spawn(client(address, kind.request(number, &session), from, until));
    }
    let (mut requests, mut times) = (0, Vec::new());
    for client in clients.join_all().await {
        let Answered { all, counted } = client?;
        requests += all;
        times.extend(counted);
    }
    times.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default();
    let counted = until.duration_since(from).as_secs_f64();
    Ok(Load { requests, rate: times.len() as f64 / counted, p50: at(0.5), p99: at(0.99) })
}

/// The cookie of a browser that has become a learner.
async fn session(address: SocketAddr) -> Result<String, Box<dyn Error>> {
    let mut connection = TcpStream::connect(address).await?;
    let body = "identity=alice&next=/";
    let head = "host: localhost\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded";
    let length = body.len();
    let request = format!("POST /dev/identity HTTP/1.1\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}");
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
    Ok(cookie.ok_or("nobody became a learner")?.to_owned())
}

/// One connection's requests: how many, and the times that those took which count.
#[derive(Default)]
struct Answered {
    all: usize,
    counted: Vec<Duration>,
}

async fn client(
    address: SocketAddr,
    request: String,
    from: Instant,
    until: Instant,
) -> std::io::Result<Answered> {
    let mut connection = TcpStream::connect(address).await?;
    connection.set_nodelay(true)?;
    let (mut answered, mut buffer) = (Answered::default(), vec![0; 16 * 1024]);
    loop {
        let started = Instant::now();
        if started >= until {
            return Ok(answered);
        }
        connection.write_all(request.as_bytes()).await?;
        read_answer(&mut connection, &mut buffer).await?;
        answered.all += 1;
        if started >= from {
            answered.counted.push(started.elapsed());
        }
    }
}

/// Reads one answer to its end; anything but 200 is an error. It looks at no more than it has to: the load runs on the
/// processors of the server.
async fn read_answer(connection: &mut TcpStream, buffer: &mut [u8]) -> std::io::Result<()> {
    let mut filled = 0;
    loop {
        let read = connection.read(buffer.get_mut(filled..).unwrap_or_default()).await?;
        filled += read;
        let got = buffer.get(..filled).unwrap_or_default();
        if read == 0 {
            return Err(std::io::Error::other("an answer that is too long, or only half of one"));
        }
        let Some(end) = got.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(got.get(..end).unwrap_or_default());
        if !head.starts_with("HTTP/1.1 200") {
            return Err(std::io::Error::other(String::from_utf8_lossy(got).into_owned()));
        }
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let length = length.ok_or_else(|| std::io::Error::other("no content-length"))?;
        if filled >= end + 4 + length {
            return Ok(());
        }
    }
}
