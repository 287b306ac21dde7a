//! Requests of blocks to other servers, on a whole server and with another one that answers: they go where the operator
//! lets them and nowhere else.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::support::{Answer, COURSE, House, QUEUE, block, block_of_a_second_course};
use axum::Router;
use axum::body::Body;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use axum::serve::Listener;
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use blockhouse_runtime::{Authorities, Granted, Reach};
use futures_util::future::join_all;
use futures_util::stream;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Another server.
struct Other {
    address: SocketAddr,
    /// How often it was asked.
    asked: Arc<AtomicUsize>,
    /// Somebody waits for `/held`.
    arrived: Arc<Notify>,
    /// Lets them go.
    release: Arc<Notify>,
}

impl Other {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self::serve(listener, address)
    }

    /// One that shows a certificate for `localhost`.
    async fn start_with_tls() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self::serve(Encrypted::new(listener), address)
    }

    fn serve(listener: impl Listener<Addr: std::fmt::Debug>, address: SocketAddr) -> Self {
        let other = Self { address, asked: Arc::default(), arrived: Arc::default(), release: Arc::default() };
        let (asked, arrived, release) =
            (Arc::clone(&other.asked), Arc::clone(&other.arrived), Arc::clone(&other.release));
        let held = || async move {
            arrived.notify_one();
            release.notified().await;
            "5"
        };
        let router = Router::new()
            .route("/mark", get(|| async { (StatusCode::CREATED, "5") }))
            .route("/echo", post(echo))
            .route("/leads", get(leads))
            .route("/round", get(|| async { Redirect::temporary("/round") }))
            .route("/endless", get(endless))
            .route("/slow", get(|| tokio::time::sleep(Duration::from_secs(60))))
            .route("/held", get(held))
            .layer(axum::middleware::map_request(move |request: axum::extract::Request| {
                asked.fetch_add(1, Relaxed);
                async { request }
            }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        other
    }

    fn server(&self) -> String {
        format!("http://{}", self.address)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server())
    }

    fn asked(&self) -> usize {
        self.asked.load(Relaxed)
    }
}

async fn echo(headers: HeaderMap, body: String) -> String {
    let header = |name| headers.get(name).map_or("", |value| value.to_str().unwrap());
    format!("{} {} {body}", header("x-mark"), header("user-agent"))
}

async fn leads(Query(query): Query<HashMap<String, String>>) -> impl IntoResponse {
    Redirect::to(query.get("to").unwrap())
}

async fn endless() -> Body {
    Body::from_stream(stream::repeat_with(|| Ok::<_, Infallible>(vec![b'x'; 1_000])))
}

/// Connections of a listener, each encrypted.
struct Encrypted {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Encrypted {
    fn new(listener: TcpListener) -> Self {
        let certificates = CertificateDer::pem_file_iter(tls("localhost.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(tls("localhost.key")).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(certificates.collect::<Result<_, _>>().unwrap(), key)
            .unwrap();
        Self { listener, acceptor: TlsAcceptor::from(Arc::new(config)) }
    }
}

impl Listener for Encrypted {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let (stream, from) = self.listener.accept().await.unwrap();
            // Somebody who does not believe the certificate hangs up.
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

fn tls(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/tls").join(name)
}

/// A host on which the guest may send requests to these servers in these networks.
async fn house(servers: &[&str], networks: &[&str]) -> House {
    house_that_believes(Authorities::default(), servers, networks).await
}

async fn house_that_believes(authorities: Authorities, servers: &[&str], networks: &[&str]) -> House {
    let http = Reach {
        servers: servers.iter().map(|text| text.parse().unwrap()).collect(),
        networks: networks.iter().map(|text| text.parse().unwrap()).collect(),
        authorities,
    };
    House::granted("caller", "http", Granted { http, ..Granted::default() }).await
}

/// Calls a handler of the guest.
async fn call(house: &House, handler: &str, body: &str) -> Answer {
    call_of(&block(), house, handler, body).await
}

async fn call_of(block: &UsageKey, house: &House, handler: &str, body: &str) -> Answer {
    house.call(&UserId::Learner(1), block, handler, "", body).await
}

async fn refused(house: &House, url: &str) -> String {
    let answer = call(house, "ask", url).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{}", answer.body);
    answer.body
}

#[tokio::test]
async fn a_block_gets_the_answer_of_a_server_that_the_operator_listed() {
    let other = Other::start().await;
    let house = house(&[&other.server()], &["127.0.0.1"]).await;
    let answer = call(&house, "ask", &other.url("/mark?of=alice")).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::CREATED, "5"));
    let answer = call(&house, "post", &other.url("/echo")).await;
    assert_eq!(answer.body, format!("5 blockhouse/{} hello", env!("CARGO_PKG_VERSION")));
    assert_eq!(call(&house, "note", "").await.body, "\"again\"");
}

#[tokio::test]
async fn a_server_is_found_by_its_name() {
    let other = Other::start().await;
    let name = format!("http://localhost:{}", other.address.port());
    let house = house(&[&name], &["127.0.0.1"]).await;
    assert_eq!(call(&house, "ask", &format!("{name}/mark")).await.body, "5");
}

#[tokio::test]
async fn a_server_that_is_not_listed_is_not_asked_and_the_message_says_what_to_write() {
    let other = Other::start().await;
    let house = house(&["api.example.org"], &["127.0.0.1"]).await;
    let message = refused(&house, &other.url("/mark")).await;
    assert!(message.contains(&format!("add \"{}\" to `http_hosts`", other.server())), "{message}");
    assert!(message.contains("[grants_of.guest]"), "{message}");
    let message = refused(&house, "http://api.example.org/").await;
    assert!(message.contains("add \"http://api.example.org\""), "{message}");
    assert_eq!(other.asked(), 0);
}

#[tokio::test]
async fn a_listed_server_at_an_address_that_is_not_public_is_not_asked() {
    let other = Other::start().await;
    let port = other.address.port();
    let by_name = format!("http://localhost:{port}");
    let mapped = format!("http://[::ffff:127.0.0.1]:{port}");
    let house = house(&[&other.server(), &by_name, &mapped], &["10.0.0.0/8"]).await;
    for server in [&other.server(), &by_name, &mapped, &format!("http://2130706433:{port}")] {
        let message = refused(&house, &format!("{server}/mark")).await;
        assert!(message.contains("is not at a public address"), "{message}");
        assert!(message.contains("`http_networks` below [grants_of.guest]"), "{message}");
    }
    assert_eq!(other.asked(), 0);
}

#[tokio::test]
async fn a_redirect_goes_only_where_the_request_itself_might_have_gone() {
    let other = Other::start().await;
    let inside = format!("http://[::1]:{}", other.address.port());
    let house = house(&[&other.server(), &inside], &["127.0.0.1"]).await;
    let leads = |to: &str| other.url(&format!("/leads?to={to}"));
    assert_eq!(call(&house, "ask", &leads("/mark")).await.body, "5");
    let message = refused(&house, &leads("http://evil.example/")).await;
    assert!(message.contains("add \"http://evil.example\" to `http_hosts`"), "{message}");
    let message = refused(&house, &leads(&format!("http://localhost:{}/mark", other.address.port()))).await;
    assert!(message.contains("`http_hosts`"), "{message}");
    let message = refused(&house, &leads(&format!("{inside}/mark"))).await;
    assert!(message.contains("is not at a public address"), "{message}");
    let message = refused(&house, &leads("file:///etc/passwd")).await;
    assert!(message.contains("begins with https:// or http://"), "{message}");
    assert_eq!(other.asked(), 6);
}

#[tokio::test]
async fn redirects_without_end_are_not_followed_without_end() {
    let other = Other::start().await;
    let house = house(&[&other.server()], &["127.0.0.1"]).await;
    let message = refused(&house, &other.url("/round")).await;
    assert!(message.contains("without end"), "{message}");
    assert_eq!(other.asked(), 6);
}

#[tokio::test]
async fn an_answer_without_end_is_cut_while_it_comes() {
    let other = Other::start().await;
    let house = house(&[&other.server()], &["127.0.0.1"]).await;
    assert_eq!(refused(&house, &other.url("/endless")).await, "too-large");
}

#[tokio::test]
async fn a_slow_server_is_given_up() {
    let other = Other::start().await;
    let house = house(&[&other.server()], &["127.0.0.1"]).await;
    assert_eq!(refused(&house, &other.url("/slow")).await, "too-slow");
}

#[tokio::test]
async fn a_server_that_is_away_is_unreachable() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let server = format!("http://{closed}");
    let house = house(&[&server], &["127.0.0.1"]).await;
    let message = refused(&house, &format!("{server}/?key=hunter2")).await;
    assert_eq!(message, format!("`{server}` cannot be reached"));
}

#[tokio::test]
async fn a_server_that_cannot_show_who_it_is_is_unreachable() {
    let other = Other::start().await;
    let name = other.address.to_string();
    let house = house(&[&name], &["127.0.0.1"]).await;
    let message = refused(&house, &format!("https://{name}/mark")).await;
    assert_eq!(message, format!("`{name}` cannot be reached"));
    assert_eq!(other.asked(), 0);
}

#[tokio::test]
async fn a_server_is_asked_over_https_when_an_authority_of_the_operator_vouches_for_it() {
    let other = Other::start_with_tls().await;
    let name = format!("localhost:{}", other.address.port());
    let url = format!("https://{name}/mark");
    let pem = std::fs::read_to_string(tls("authority.pem")).unwrap();
    let believing = house_that_believes(pem.parse().unwrap(), &[&name], &["127.0.0.1"]).await;
    assert_eq!(call(&believing, "ask", &url).await.body, "5");
    let doubting = house(&[&name], &["127.0.0.1"]).await;
    assert_eq!(refused(&doubting, &url).await, format!("`{name}` cannot be reached"));
    assert_eq!(other.asked(), 1);
}

#[tokio::test]
async fn a_server_with_somebody_elses_certificate_is_unreachable() {
    let other = Other::start_with_tls().await;
    let name = other.address.to_string();
    let pem = std::fs::read_to_string(tls("authority.pem")).unwrap();
    let house = house_that_believes(pem.parse().unwrap(), &[&name], &["127.0.0.1"]).await;
    let message = refused(&house, &format!("https://{name}/mark")).await;
    assert_eq!(message, format!("`{name}` cannot be reached"));
    assert_eq!(other.asked(), 0);
}

#[tokio::test]
async fn a_block_that_sends_more_than_it_may_is_stopped_and_keeps_nothing() {
    let other = Other::start().await;
    let house = house(&[&other.server()], &["127.0.0.1"]).await;
    let answer = call(&house, "flood", &other.url("/mark")).await;
    assert!(answer.status.is_server_error(), "{}", answer.status);
    assert_eq!(call(&house, "note", "").await.body, "");
    assert_eq!(other.asked(), 8);
}

#[tokio::test]
async fn a_handler_that_is_run_again_sends_nothing_again() {
    let other = Other::start().await;
    let house = house(&[&other.server()], &["127.0.0.1"]).await;
    let url = other.url("/held");
    let meanwhile = async {
        other.arrived.notified().await;
        assert_eq!(call(&house, "write", "\"mine\"").await.status, StatusCode::OK);
        other.release.notify_one();
    };
    let (answer, ()) = tokio::join!(call(&house, "ask", &url), meanwhile);
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "5"));
    // The second run found a note.
    assert_eq!(call(&house, "note", "").await.body, "\"again\"");
    assert_eq!(other.asked(), 1);
}

#[tokio::test]
async fn a_view_sends_nothing() {
    let house = house(&["api.example.org"], &[]).await;
    let page = house.get(&house.frame("1", &block(), "student_view")).await;
    assert!(page.body.contains("not-in-a-handler"), "{}", page.body);
}

#[tokio::test]
async fn requests_are_refused_in_a_course_where_they_were_not_granted() {
    let other = Other::start().await;
    let http = Reach {
        servers: [other.server().parse().unwrap()].into(),
        networks: vec!["127.0.0.1".parse().unwrap()],
        ..Reach::default()
    };
    let contexts = ["course-v1:Some+Other+Course".parse().unwrap()].into();
    let house = House::granted("caller", "http", Granted { contexts, http, ..Granted::default() }).await;
    let message = refused(&house, &other.url("/mark")).await;
    assert!(message.contains(&format!("do not hold in {COURSE}")), "{message}");
    assert_eq!(other.asked(), 0);
}

#[tokio::test]
async fn when_a_course_has_taken_its_places_the_next_call_is_told_when_to_come_again() {
    let other = Other::start().await;
    let house = house(&[&other.server()], &["127.0.0.1"]).await;
    let held = other.url("/held");
    // One course may have three quarters of the eight places.
    let calls = join_all((0..6).map(|_| call(&house, "ask", &held)));
    let next = async {
        while other.asked() < 6 {
            tokio::task::yield_now().await;
        }
        let asked = Instant::now();
        let refused = call(&house, "note", "").await;
        other.release.notify_waiters();
        (refused, asked.elapsed())
    };
    let (served, (refused, waited)) = tokio::join!(calls, next);
    assert!(waited >= QUEUE, "it was sent away after {waited:?}");
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
    assert!(refused.body.contains("the host is busy"), "{}", refused.body);
    assert!(served.iter().all(|answer| answer.body == "5"));
    assert_eq!(call(&house, "note", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn when_two_courses_have_taken_all_places_neither_gets_another_until_one_is_free() {
    let other = Other::start().await;
    let house = house(&[&other.server()], &["127.0.0.1"]).await;
    let (held, second) = (other.url("/held"), block_of_a_second_course());
    let first = join_all((0..6).map(|_| call(&house, "ask", &held)));
    let rest = join_all((0..2).map(|_| call_of(&second, &house, "ask", &held)));
    let next = async {
        while other.asked() < 8 {
            tokio::task::yield_now().await;
        }
        // It has less than its share, and there is no place left.
        let refused = call_of(&second, &house, "note", "").await;
        other.release.notify_waiters();
        refused
    };
    let (first, rest, refused) = tokio::join!(first, rest, next);
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
    assert!(first.iter().chain(&rest).all(|answer| answer.body == "5"));
    assert_eq!(call_of(&second, &house, "note", "").await.status, StatusCode::OK);
}
