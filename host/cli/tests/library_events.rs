//! The binary itself, from a change of a library to the receivers of its events (spec 7.7).

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::net::TcpListener as Probe;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

/// More than a busy machine needs.
const LONG: Duration = Duration::from_secs(60);

/// A host in a process of its own. It ends with the test.
struct Host {
    process: Child,
    url: String,
    client: Client,
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Host {
    /// Starts the host and waits until it answers.
    async fn serving(data: &Path, settings: &[(&str, &str)]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let address = Probe::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut command = Command::new(env!("CARGO_BIN_EXE_blockhouse"));
        // Where the servers of other tests are is no setting of a host.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BLOCKHOUSE_") {
                command.env_remove(name);
            }
        }
        command.arg("serve").current_dir(data).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("BLOCKHOUSE_DATA", data.join("data")).env("BLOCKHOUSE_LISTEN", &address);
        command.env("BLOCKHOUSE_DEVELOPMENT", "true").envs(settings.iter().copied());
        let host = Self {
            process: command.spawn().unwrap(),
            url: format!("http://{address}"),
            client: Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap(),
        };
        let ready = async {
            while host.client.get(format!("{}/readyz", host.url)).send().await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(LONG, ready).await.unwrap();
        host
    }

    /// The cookie of somebody whom one can choose to be in development mode.
    async fn sign_in(&self, name: &str) -> String {
        let form = self.client.post(format!("{}/dev/identity", self.url));
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        let answer = form.body(format!("identity={name}&next=/")).send().await.unwrap();
        answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    }
}

/// Takes one request that is posted to it, and gives the head and the body.
async fn posted(listener: TcpListener) -> (String, Value) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    loop {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).await.unwrap();
        assert!(read > 0, "the request broke off: {}", String::from_utf8_lossy(&request));
        request.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        if let Ok(body) = serde_json::from_str(body) {
            let head = head.to_owned();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            return (head, body);
        }
    }
}

/// The first line of a file, once it is there whole.
async fn first_line(file: &Path) -> Value {
    loop {
        let text = tokio::fs::read_to_string(file).await.unwrap_or_default();
        match text.split_once('\n') {
            Some((line, _)) => return serde_json::from_str(line).unwrap(),
            None => sleep(Duration::from_millis(20)).await,
        }
    }
}

fn tells_of_the_library(event: &Value) {
    assert_eq!(event["event_type"], "org.openedx.content_authoring.content_library.created.v1", "{event}");
    assert!(event.to_string().contains("lib:Harbour:tides"), "{event}");
}

#[tokio::test]
async fn an_event_of_a_library_reaches_a_file_and_a_webhook() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("events.jsonl");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let webhook = format!("http://{}/", listener.local_addr().unwrap());
    let settings = [
        ("BLOCKHOUSE_EVENTS__FILE", file.to_str().unwrap()),
        ("BLOCKHOUSE_EVENTS__WEBHOOK", &webhook),
        ("BLOCKHOUSE_EVENTS__WEBHOOK_KEY", "a long random text"),
    ];
    let host = Host::serving(data.path(), &settings).await;
    let ann = host.sign_in("ann").await;
    let library = json!({ "org": "Harbour", "slug": "tides", "title": "Tides" });
    let request = host.client.post(format!("{}/api/libraries/v2/", host.url)).header("cookie", ann);
    let request = request.header("content-type", "application/json").body(library.to_string());
    let made = request.send().await.unwrap();
    assert_eq!(made.status(), 200, "{}", made.text().await.unwrap());

    tells_of_the_library(&timeout(LONG, first_line(&file)).await.unwrap());
    let (head, body) = timeout(LONG, posted(listener)).await.unwrap();
    assert!(head.to_lowercase().contains("blockhouse-signature: sha256="), "{head}");
    tells_of_the_library(&body["events"][0]);
}
