//! (d) Over HTTP, closed loop: the host's view beside a plain route that returns the same bytes.

use std::error::Error;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How many clients ask at once.
const CLIENTS: usize = 16;

/// Requests per second that `CLIENTS` closed-loop clients get done in `time`.
pub(crate) async fn throughput(
    address: SocketAddr,
    path: &str,
    cookie: &str,
    time: Duration,
) -> Result<f64, Box<dyn Error>> {
    let started = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n");
            tokio::spawn(async move {
                let mut connection = TcpStream::connect(address).await?;
                let (mut done, mut buffer) = (0_u64, vec![0; 64 * 1024]);
                while started.elapsed() < time {
                    connection.write_all(request.as_bytes()).await?;
                    read_response(&mut connection, &mut buffer).await?;
                    done += 1;
                }
                Ok::<_, std::io::Error>(done)
            })
        })
        .collect();
    let mut done = 0;
    for client in clients {
        done += client.await??;
    }
    Ok(done as f64 / started.elapsed().as_secs_f64())
}

/// Reads one response with a `content-length`; anything but 200 is an error.
pub(crate) async fn read_response(
    connection: &mut TcpStream,
    buffer: &mut Vec<u8>,
) -> std::io::Result<String> {
    let mut filled = 0;
    loop {
        if filled == buffer.len() {
            buffer.resize(buffer.len() * 2, 0);
        }
        let read = connection.read(buffer.get_mut(filled..).unwrap_or_default()).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        let text = String::from_utf8_lossy(buffer.get(..filled).unwrap_or_default());
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        if !head.starts_with("HTTP/1.1 200") {
            return Err(std::io::Error::other(head.to_owned()));
        }
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let length: usize = length.ok_or_else(|| std::io::Error::other("no content-length"))?;
        if body.len() >= length {
            return Ok(text.into_owned());
        }
    }
}
