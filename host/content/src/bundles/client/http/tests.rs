//! Against a server of a few lines that answers as it is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// A server that gives these answers in turn, the last one for ever, each on a connection of its own; and how many
/// requests it got.
async fn server(answers: &'static [&'static str]) -> (Http, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 65536];
            let length = stream.read(&mut request).await.unwrap();
            let request = String::from_utf8_lossy(&request[..length]).to_lowercase();
            assert!(request.contains("authorization: token secret\r\n"), "{request}");
            let number = counted.fetch_add(1, Ordering::SeqCst);
            let answer = answers.get(number).or(answers.last()).unwrap();
            let (status, body) = answer.split_once('|').unwrap();
            let length = body.len();
            let answer =
                format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (Http::new(&address, "secret").unwrap(), count)
}

#[tokio::test]
async fn an_overloaded_server_is_asked_again_and_a_broken_one_is_not() {
    let (http, count) = server(&["503 Busy|", "200 OK|[1]"]).await;
    assert_eq!(http.get("x").await.unwrap().read::<Vec<u8>>().unwrap(), [1]);
    assert_eq!(count.load(Ordering::SeqCst), 2);
    let (http, count) = server(&["500 Broken|"]).await;
    assert!(matches!(http.get("x").await.unwrap(), Reply::Failed(BundleError::Unavailable(_))));
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let (http, count) = server(&["503 Busy|"]).await;
    assert!(matches!(http.get("x").await.unwrap(), Reply::Failed(BundleError::Unavailable(_))));
    assert_eq!(count.load(Ordering::SeqCst), ATTEMPTS as usize, "and not for ever");
}

#[tokio::test]
async fn a_post_is_not_sent_again_when_it_may_have_had_its_effect() {
    let (http, count) = server(&["502 Gateway|"]).await;
    assert!(matches!(http.post("x", &Value::Null).await.unwrap(), Reply::Failed(_)));
    assert_eq!(count.load(Ordering::SeqCst), 1);
    let (http, count) = server(&["502 Gateway|", "200 OK|{}"]).await;
    assert!(matches!(http.patch("x", &Value::Null).await.unwrap(), Reply::Done(_)));
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn each_kind_of_answer_has_its_own_meaning() {
    let (http, _) = server(&["401 No|"]).await;
    assert!(matches!(http.get("x").await, Err(BundleError::Refused { .. })));
    let (http, _) = server(&["404 No|"]).await;
    assert!(matches!(http.get("x").await.unwrap(), Reply::NotFound));
    let (http, _) = server(&["409 No|"]).await;
    assert!(matches!(http.get("x").await.unwrap(), Reply::Conflict));
    let (http, _) = server(&["400 No|{\"slug\":[\"too long\"],\"request_id\":\"a\"}"]).await;
    assert!(matches!(http.get("x").await.unwrap(), Reply::Invalid(message) if message == "too long"));
    let (http, _) = server(&["200 OK|no json"]).await;
    assert!(matches!(http.get("x").await.unwrap().read::<Value>(), Err(BundleError::Damaged(_))));
}

#[tokio::test]
async fn a_store_that_is_away_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let http = Http::new(&address, "secret").unwrap();
    assert!(matches!(http.get("x").await, Err(BundleError::Unavailable(_))));
}

#[test]
fn the_root_of_the_api_is_below_the_address() {
    let root = |address| Http::new(address, "t").map(|http| http.address().to_owned()).ok();
    assert_eq!(root("https://b.example.org").as_deref(), Some("https://b.example.org/api/v1/"));
    assert_eq!(root("http://b.example.org/store/").as_deref(), Some("http://b.example.org/store/api/v1/"));
    assert_eq!(root("b.example.org"), None);
    assert_eq!(root("ftp://b.example.org"), None);
    assert!(Http::new("http://b", "line\nbreak").is_err());
}
