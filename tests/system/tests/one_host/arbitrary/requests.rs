//! Requests that are made of the API's own routes, of keys that mean something, and of junk. None of them makes the
//! host fail.

use axum::body::Body;
use axum::http::Request;
use blockhouse_system_tests::{Browser, Host, OPERATOR, Reply};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{runner, threads};

/// Other methods than a route has.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// What stands where a route has a parameter.
const VALUES: [&str; 14] = [
    "block-v1:Test+System+1+type@html+block@one",
    "block-v1:Test+System+1+type@thumbs+block@two@draft",
    "block-v1:Test+System+1+type@poll+block@none@7",
    "course-v1:Test+System+1",
    "lib:Org:L",
    "lb:Org:L:html:a",
    "lct:Org:L:unit:u",
    "x-pathway:Org:p",
    "student_view",
    "vote",
    "thumbs",
    "1",
    "..",
    "\u{0}",
];

/// Addresses that the description of the API does not have.
const PAGES: [(&str, &str); 27] = [
    ("GET", "/"),
    ("GET", "/learn/{}"),
    ("GET", "/learn/{}/{}"),
    ("GET", "/learn/{}/{}/standing"),
    ("GET", "/frame/{}/{}/{}"),
    ("GET", "/frame-libraries/{}"),
    ("GET", "/files/{}/{}/{}"),
    ("GET", "/static/{}/{}"),
    ("GET", "/assets/{}/{}"),
    ("GET", "/xblock/resource/{}/{}/public/{}"),
    ("GET", "/embed.js"),
    ("POST", "/answers"),
    ("POST", "/language"),
    ("POST", "/dev/identity"),
    ("GET", "/admin/blocks"),
    ("POST", "/admin/blocks/release"),
    ("GET", "/author/"),
    ("GET", "/author/{}/"),
    ("POST", "/author/{}/blocks"),
    ("POST", "/author/{}/publish"),
    ("POST", "/author/{}/revert"),
    ("POST", "/author/{}/team"),
    ("GET", "/author/block/{}"),
    ("POST", "/author/block/{}/olx"),
    ("POST", "/author/block/{}/fields"),
    ("POST", "/author/block/{}/files"),
    ("POST", "/author/block/{}/delete"),
];

/// What every answer has.
const HEADERS: [&str; 4] =
    ["x-content-type-options", "content-security-policy", "permissions-policy", "referrer-policy"];

#[derive(Clone, Debug)]
struct Wanted {
    route: Index,
    method: Option<&'static str>,
    values: Vec<String>,
    query: String,
    content_type: &'static str,
    body: Vec<u8>,
    /// The operator's token where it means nothing, or none where it is needed.
    confused: bool,
    who: usize,
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let value = || prop_oneof![6 => select(VALUES.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    let content_types = [
        "application/json",
        "multipart/form-data; boundary=B",
        "application/x-www-form-urlencoded",
        "text/plain",
    ];
    let bodies = prop_oneof![
        Just(Vec::new()),
        select(vec!["{}", "[]", "null", "{\"olx\": 1}", "{\"usage_keys\": [null]}", "{\"user_id\": 1e99}"])
            .prop_map(|text| text.as_bytes().to_vec()),
        vec(any::<u8>(), 0..64),
    ];
    (
        (
            any::<Index>(),
            prop_oneof![7 => Just(None), 1 => select(METHODS.to_vec()).prop_map(Some)],
            vec(value(), 4),
        ),
        (prop_oneof![Just(String::new()), any::<String>()], select(content_types.to_vec()), bodies),
        (
            prop_oneof![9 => Just(false), 1 => Just(true)],
            prop_oneof![1 => Just(0_usize), 1 => Just(1), 4 => Just(2)],
        ),
    )
        .prop_map(|((route, method, values), (query, content_type, body), (confused, who))| Wanted {
            route,
            method,
            values,
            query,
            content_type,
            body,
            confused,
            who,
        })
}

/// The routes of the API and their methods, with `{}` where a parameter stands.
async fn routes(browser: &Browser<'_>) -> Vec<(String, String)> {
    let described = browser.get("/api/openapi.json").await.good();
    let braced = |path: &str| {
        let parts = path.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
        parts.collect::<Vec<_>>().join("{}")
    };
    let mut routes: Vec<_> = PAGES.map(|(method, path)| (method.to_owned(), path.to_owned())).into();
    // A handler that may be called.
    let vote = "/api/xblock/v2/xblocks/block-v1:Test+System+1+type@thumbs+block@two/handler_url/vote/";
    let vote = browser.get(vote).await.good()["handler_url"].as_str().unwrap().to_owned();
    routes.push(("POST".to_owned(), vote[vote.find("/api/").unwrap()..].to_owned()));
    for (path, operations) in described["paths"].as_object().unwrap() {
        let methods = operations.as_object().unwrap().keys().map(|method| method.to_uppercase());
        routes.extend(methods.map(|method| (method, braced(path))));
    }
    routes
}

fn request(routes: &[(String, String)], wanted: &Wanted) -> Request<Body> {
    let mut values = wanted.values.iter().map(|value| encoded(value));
    let (method, route) = wanted.route.get(routes);
    let mut address = String::new();
    for (position, part) in route.split("{}").enumerate() {
        if position > 0 {
            address += &values.next().unwrap_or_default();
        }
        address += part;
    }
    if !wanted.query.is_empty() {
        address += &format!("?{}", encoded(&wanted.query));
    }
    let mut request = Request::builder()
        .method(wanted.method.unwrap_or(method))
        .uri(address)
        .header("content-type", wanted.content_type);
    if wanted.confused != route.contains("/admin") {
        request = request.header("authorization", format!("Bearer {OPERATOR}"));
    }
    request.body(Body::from(wanted.body.clone())).unwrap()
}

/// Every byte that might mean something else in an address.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:@+".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

#[test]
fn no_request_makes_the_host_fail() {
    let threads = threads();
    let _entered = threads.enter();
    let (site, routes) = threads.block_on(async {
        let site = Host::with_unit("<html url_name='one'>text</html><thumbs url_name='two'/>").await.site();
        let ann = site.browser("ann").await;
        let library = serde_json::json!({ "org": "Org", "slug": "L", "title": "L", "description": "" });
        ann.json("POST", "/api/libraries/v2/", library).await.good();
        let block = serde_json::json!({ "block_type": "html", "definition_id": "a" });
        ann.json("POST", "/api/libraries/v2/lib:Org:L/blocks/", block).await.good();
        let routes = routes(&ann).await;
        assert!(routes.len() > 50, "{routes:?}");
        (site, routes)
    });
    let people =
        threads.block_on(async { [site.stranger(), site.browser("alice").await, site.browser("ann").await] });
    let tried = runner(1_000).run(&wanted(), |wanted| {
        let request = request(&routes, &wanted);
        let asked = format!("{} {}", request.method(), request.uri());
        let Reply { status, headers, body } = threads.block_on(people[wanted.who].send(request));
        let said = || format!("{asked}: {status} {}", String::from_utf8_lossy(&body));
        prop_assert!(!status.is_server_error() || status == 503, "{}", said());
        for header in HEADERS {
            prop_assert!(headers.contains_key(header), "no {header}: {}", said());
        }
        Ok(())
    });
    tried.unwrap();
}
