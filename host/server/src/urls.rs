//! How addresses look. The only place that composes them; the router is the only place that takes them apart.

use axum::http::HeaderMap;
use blockhouse_fields::{FrameLibrary, UserId};
use blockhouse_keys::{LearningContextKey, LibraryKey, UsageKey};
use blockhouse_runtime::{Urls, Version, View, Visitor};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::frame_origins::FrameOrigins;
use crate::handler_token::HandlerTokens;
use crate::{ConfigError, ServerConfig};

/// What stands before an author's account number in a credential.
pub(crate) const AUTHOR: &str = "author";

/// What is escaped in a path segment. `:`, `@` and `+` stay, because every key is full of them and RFC 3986 allows it.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b':')
    .remove(b'@')
    .remove(b'+');

/// As in a segment, but `/` divides.
const PATH: &AsciiSet = &SEGMENT.remove(b'/');

/// Composes the server's addresses and signs those that carry authorization.
#[derive(Clone)]
pub struct ServerUrls {
    origin: String,
    tokens: HandlerTokens,
    frames: Option<FrameOrigins>,
    clock: fn() -> u64,
}

impl ServerUrls {
    /// For a server with these settings. Hand it to the runtime too.
    ///
    /// # Errors
    /// The public URL or the keys are unusable.
    pub fn new(config: &ServerConfig) -> Result<Self, ConfigError> {
        config.check_secrets()?;
        let tokens = HandlerTokens::new(config.token_keys()).ok_or(ConfigError::NoSecretKey)?;
        Ok(Self { origin: config.origin()?, tokens, frames: config.frame_origins()?, clock: config.clock })
    }

    /// Scheme, host and port by which browsers reach the server.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether `token` lets `user` act on `usage` now. `user` is the text from the address.
    pub(crate) fn is_authorized(&self, user: &str, token: &str, usage: &UsageKey) -> bool {
        self.tokens.is_valid(token, user, usage.as_ref(), self.now_s())
    }

    /// The frame of a version of a block, as the visitor sees it. Where frames have no origins, relative to that of
    /// pages.
    pub fn frame(&self, visitor: &Visitor, usage: &UsageKey, version: Version, view: View) -> String {
        let Visitor { user, locale } = visitor;
        let origin = self.frames.as_ref().map(|frames| frames.of(&in_address(user), usage));
        format!(
            "{}/frame/{}/{}/{}?locale={}",
            origin.unwrap_or_default(),
            versioned(usage, version),
            self.credential(user, usage),
            view.name(),
            segment(locale)
        )
    }

    /// Where frames have their origins, if they have any.
    pub(crate) fn frames(&self) -> Option<&FrameOrigins> {
        self.frames.as_ref()
    }

    /// Whether a request came to the host at which the block's document has an origin of its own for this user.
    pub(crate) fn is_frames_home(&self, headers: &HeaderMap, user: &UserId, usage: &UsageKey) -> bool {
        self.frames.as_ref().is_some_and(|frames| frames.is_home(headers, &in_address(user), usage))
    }

    /// `{user}-{token}`.
    fn credential(&self, user: &UserId, usage: &UsageKey) -> String {
        let user = in_address(user);
        let token = self.tokens.mint(&user, usage.as_ref(), self.now_s());
        format!("{user}-{token}")
    }

    fn now_s(&self) -> u64 {
        (self.clock)() / 1000
    }
}

impl Urls for ServerUrls {
    fn handler_url(&self, user: &UserId, usage: &UsageKey, version: Version, handler: &str) -> String {
        let (origin, usage_segment, handler) = (&self.origin, versioned(usage, version), segment(handler));
        let credential = self.credential(user, usage);
        format!("{origin}/api/xblock/v2/xblocks/{usage_segment}/handler/{credential}/{handler}/")
    }

    fn resource_url(&self, block_type: &str, digest: &str, path: &str) -> String {
        let (block_type, digest, path) =
            (segment(block_type), segment(digest), utf8_percent_encode(path, PATH));
        format!("{}/xblock/resource/{block_type}/{digest}/{path}", self.origin)
    }

    fn frame_library_url(&self, library: FrameLibrary) -> String {
        format!("{}/frame-libraries/{}.js", self.origin, library.name())
    }

    fn static_url(&self, context: &LearningContextKey, name: &str) -> String {
        format!("{}/static/{}/{}", self.origin, segment(context), utf8_percent_encode(name, PATH))
    }

    fn file_url(&self, usage: &UsageKey, hash: &str, name: &str) -> String {
        let (usage, hash, name) = (segment(usage), segment(hash), utf8_percent_encode(name, PATH));
        format!("{}/files/{usage}/{hash}/{name}", self.origin)
    }
}

/// Somebody, as addresses name them.
fn in_address(user: &UserId) -> String {
    match user {
        // An author's state is not the state of the learner with the same account.
        UserId::Author(id) => format!("{AUTHOR}{id}"),
        other => other.to_string(),
    }
}

/// The outline of a learning context. Relative to the origin.
pub(crate) fn outline(context: &LearningContextKey) -> String {
    format!("/learn/{}", segment(context))
}

/// The page of a unit. Relative to the origin.
pub(crate) fn unit(context: &LearningContextKey, usage: &UsageKey) -> String {
    format!("/learn/{}/{}", segment(context), segment(usage))
}

/// A library on the authors' pages. Relative to the origin; ends with a slash.
pub(crate) fn library(library: &LibraryKey) -> String {
    format!("/author/{}/", segment(library))
}

/// The file of a library's backup. Relative to the origin.
pub(crate) fn backup(library: &LibraryKey) -> String {
    format!("/api/libraries/v2/{}/backup/file/", segment(library))
}

/// A block of a library on the authors' pages. Relative to the origin.
pub(crate) fn author_block(usage: &UsageKey) -> String {
    format!("/author/block/{}", segment(usage))
}

/// A published version is what an address means that names none.
fn versioned(usage: &UsageKey, version: Version) -> String {
    match version {
        Version::Published => segment(usage),
        other => format!("{}@{other}", segment(usage)),
    }
}

fn segment(text: impl ToString) -> String {
    utf8_percent_encode(&text.to_string(), SEGMENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const USAGE: &str = "block-v1:org+course+run+type@problem+block@one";

    fn urls() -> ServerUrls {
        let mut config = ServerConfig::new("http://localhost:8000/", vec![vec![7; 32]]);
        config.clock = || 1_700_000_000_000;
        ServerUrls::new(&config).unwrap()
    }

    #[test]
    fn a_handler_url_carries_user_and_token() {
        let url =
            urls().handler_url(&UserId::Learner(1), &USAGE.parse().unwrap(), Version::Published, "vote");
        let (before, credential) = url.split_once("/handler/").unwrap();
        assert_eq!(before, format!("http://localhost:8000/api/xblock/v2/xblocks/{USAGE}"));
        assert!(credential.starts_with("1-") && credential.ends_with("/vote/"), "{credential}");
    }

    #[test]
    fn row_103_replacing_the_handler_name_gives_the_other_handlers_address() {
        let (urls, usage) = (urls(), USAGE.parse().unwrap());
        let literal = urls.handler_url(&UserId::Learner(1), &usage, Version::Published, "handler_name");
        assert_eq!(
            literal.replace("handler_name", "vote"),
            urls.handler_url(&UserId::Learner(1), &usage, Version::Published, "vote")
        );
    }

    #[test]
    fn a_credential_is_good_for_its_own_user_and_block_only() {
        let (urls, usage): (_, UsageKey) = (urls(), USAGE.parse().unwrap());
        let credential = urls.credential(&UserId::Learner(1), &usage);
        let (_, token) = credential.split_once('-').unwrap();
        assert!(urls.is_authorized("1", token, &usage));
        assert!(!urls.is_authorized("2", token, &usage));
    }

    #[test]
    fn row_116_a_handler_url_keeps_the_version_of_its_view() {
        let usage = "lb:O:L:html:a".parse().unwrap();
        let url = |version| urls().handler_url(&UserId::Author(5), &usage, version, "h");
        assert!(url(Version::Draft).contains("/lb:O:L:html:a@draft/handler/author5-"));
        assert!(url(Version::Number(2)).contains("/lb:O:L:html:a@2/handler/"));
        assert!(url(Version::Published).contains("/lb:O:L:html:a/handler/"));
    }

    #[test]
    fn a_frame_has_an_origin_of_its_own_where_there_are_any() {
        let (usage, visitor) =
            (USAGE.parse().unwrap(), Visitor { user: UserId::Learner(1), locale: "de".to_owned() });
        let frame = urls().frame(&visitor, &usage, Version::Published, View::Student);
        assert!(frame.starts_with("/frame/") && frame.ends_with("/student_view?locale=de"), "{frame}");
        let mut config = ServerConfig::new("http://localhost:8000", vec![vec![7; 32]]);
        config.frame_origins = Some("http://*.blocks.localhost:8000".to_owned());
        let urls = ServerUrls::new(&config).unwrap();
        let frame = urls.frame(&visitor, &usage, Version::Published, View::Student);
        let (origin, _) = frame.split_once("/frame/").unwrap();
        let host = origin.strip_prefix("http://").unwrap();
        assert!(host.ends_with(".blocks.localhost:8000"), "{frame}");
        let at = |host: &str| HeaderMap::from_iter([(axum::http::header::HOST, host.parse().unwrap())]);
        assert!(urls.is_frames_home(&at(host), &visitor.user, &usage));
        assert!(!urls.is_frames_home(&at(host), &UserId::Author(1), &usage));
        assert!(!urls.is_frames_home(&at("localhost:8000"), &visitor.user, &usage));
    }

    #[test]
    fn pages_and_frames_cannot_have_the_same_origins() {
        let mut config = ServerConfig::new("https://learn.example.org", vec![vec![7; 32]]);
        for pattern in ["https://*.example.org", "https://example.org", "http://*.blocks.example.org"] {
            config.frame_origins = Some(pattern.to_owned());
            assert_eq!(ServerUrls::new(&config).err(), Some(ConfigError::FrameOrigins(pattern.to_owned())));
        }
    }

    #[test]
    fn names_are_escaped_but_folders_stay() {
        let context = "course-v1:a+b+c".parse().unwrap();
        assert_eq!(
            urls().static_url(&context, "a folder/50%?.png"),
            "http://localhost:8000/static/course-v1:a+b+c/a%20folder/50%25%3F.png"
        );
    }
}
