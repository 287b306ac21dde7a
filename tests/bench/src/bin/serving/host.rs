//! The server that is loaded, and the requests that it understands.

use std::error::Error;

use blockhouse_system_tests::{Host, handler_url, import_unit, learner, usage};
use tokio::net::TcpListener;

/// A page of prose, as an html block has it.
const PROSE: &str = include_str!("../../prose.txt");

/// How many blocks there are to vote on: enough that hardly two votes at once are for the same one.
const POLLS: usize = 1024;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What an html block shows.
    View,
    /// A vote.
    Vote,
}

impl Kind {
    /// The request of the connection with this number. Each votes as a learner of its own; all look with one session.
    pub(crate) fn request(self, connection: usize, session: &str) -> String {
        match self {
            Self::View => {
                let path = format!("/api/xblock/v2/xblocks/{}/view/student_view/", usage("html", "one"));
                format!("GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {session}\r\n\r\n")
            }
            Self::Vote => {
                let poll = usage("thumbs", &format!("t{}", connection % POLLS));
                let user = learner(connection as i64 + 1).user;
                let path = handler_url(&user, &poll, "vote");
                let body = r#"{"voteType":"up"}"#;
                let head = "host: localhost\r\ncontent-type: application/json";
                format!("POST {path} HTTP/1.1\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
            }
        }
    }
}

/// Serves until the process is ended, on a database in a file. What is written is on the disk before it is answered, if
/// the store is `durable`.
pub(crate) async fn serve(durable: bool) -> Result<(), Box<dyn Error>> {
    let data = tempfile::tempdir()?;
    let polls: String = (0..POLLS).map(|number| format!("<thumbs url_name=\"t{number}\"/>")).collect();
    import_unit(data.path(), &format!("<html url_name=\"one\"><p>{PROSE}</p></html>{polls}"));
    let synchronous = if durable { "full" } else { "normal" };
    let file = data.path().join("state.sqlite");
    let database = format!("sqlite:{}?synchronous={synchronous}", file.display()).parse()?;
    let host = Host::at(data.path(), &database).await;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(axum::serve(listener, host.site().router()).await?)
}
