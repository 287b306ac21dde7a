//! What all endpoints have in common: the parts of their addresses, and the ways in which they refuse.

use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::request_body::RequestBody;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Required};

/// What the parts of addresses mean.
const PARTS: [(&str, &str); 20] = [
    (
        "usage",
        "A usage key; for views, fields and handlers with `@draft`, `@published` or `@N` behind it for a version",
    ),
    ("context", "The key of a course or library"),
    ("unit", "The usage key of a unit"),
    ("library", "The key of a library: `lib:ORG:SLUG`"),
    ("collection", "The key of a collection"),
    ("link", "What includes call a link"),
    ("container", "The key of a container: `lct:ORG:SLUG:TYPE:ID`"),
    ("username", "The name of an account"),
    ("group", "The name of a group"),
    ("path", "The path of a file; slashes in it stay slashes"),
    ("block_type", "The name of a block type"),
    ("version", "A version of a package, or `UUID,NUMBER` of a bundle"),
    ("learner", "The learner's number"),
    ("uuid", "A UUID"),
    ("tree", "`UUID,NUMBER` for a version of a bundle, a UUID for a draft"),
    ("signature", "What makes the address valid, for some days"),
    ("credential", "`USER-TOKEN`, as in the handler's address"),
    ("handler", "The handler's name"),
    ("suffix", "What stands behind the handler's name"),
    ("view", "student_view, public_view, author_view or studio_view"),
];

/// Answered even to those who ask too much, and when nothing works.
const ALWAYS: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Says who may use the endpoints of a part of the API that do not say it themselves.
pub(super) fn open_to(mut part: OpenApi, schemes: &[&str]) -> OpenApi {
    for item in part.paths.paths.values_mut() {
        for (_, operation) in operations(item) {
            let none: [&str; 0] = [];
            let to = || schemes.iter().map(|scheme| SecurityRequirement::new(*scheme, none)).collect();
            operation.security.get_or_insert_with(to);
        }
    }
    part
}

/// Adds what endpoints do not say themselves.
pub(super) fn complete(api: &mut OpenApi) {
    let usual = api.security.clone().unwrap_or_default();
    for (path, item) in &mut api.paths.paths {
        let parts: Vec<_> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .map(str::to_owned)
            .collect();
        for (changes, operation) in operations(item) {
            add_parts(operation, &parts);
            let security = operation.security.as_ref().unwrap_or(&usual);
            let somebody = security.iter().any(|requirement| *requirement != SecurityRequirement::default());
            add_refusals(operation, path, changes, somebody);
        }
    }
}

/// All operations at an address, with whether they change something.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
    let reading = [get, head, options, trace].into_iter().flatten().map(|operation| (false, operation));
    let changing = [put, post, delete, patch].into_iter().flatten().map(|operation| (true, operation));
    reading.chain(changing)
}

/// Describes each part of the address.
fn add_parts(operation: &mut Operation, parts: &[String]) {
    let known = operation.parameters.get_or_insert_default();
    for part in parts {
        let found = known.iter_mut().find_map(|parameter| match parameter {
            RefOr::T(parameter) if parameter.name == *part => Some(parameter),
            _ => None,
        });
        let described = PARTS.iter().find(|(name, _)| name == part).map(|(_, description)| *description);
        if let Some(parameter) = found {
            parameter.description = parameter.description.take().or_else(|| described.map(str::to_owned));
            continue;
        }
        let text = ObjectBuilder::new().schema_type(Type::String).build();
        let parameter = ParameterBuilder::new()
            .name(part)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(described)
            .schema(Some(text))
            .build();
        known.push(parameter.into());
    }
}

fn add_refusals(operation: &mut Operation, path: &str, changes: bool, somebody: bool) {
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    let is_in = |place: &ParameterIn| {
        parameters.iter().any(|parameter| matches!(parameter, RefOr::T(it) if it.parameter_in == *place))
    };
    let body = match &operation.request_body {
        Some(RefOr::T(RequestBody { content, .. })) => Some(content),
        _ => None,
    };
    let json = body.is_some_and(|content| content.contains_key("application/json"));
    let refusals = [
        (
            400,
            "This cannot be done, or not with what was sent",
            changes || body.is_some() || is_in(&ParameterIn::Query),
        ),
        (401, "Nobody who is known here", somebody),
        (403, "Not for whoever asks", somebody),
        (404, "There is nothing at this address", is_in(&ParameterIn::Path)),
        (408, "The body took too long to arrive", body.is_some()),
        (413, "The body is too large", body.is_some()),
        (415, "The body does not say that it is JSON", json),
        (422, "The body is JSON of another form", json),
        (429, "Too many requests; the header Retry-After says when to come back", !ALWAYS.contains(&path)),
        (
            503,
            "Not now; the header Retry-After says when to come back",
            path != "/healthz" && path != "/metrics",
        ),
    ];
    let responses = &mut operation.responses.responses;
    // A block answers with whatever status it likes, so a status does not tell what the answer looks like.
    let form = match (path, responses.contains_key("default")) {
        (_, true) => Form::Unknown,
        // Frames are shown to people.
        (path, _) if path.starts_with("/xblocks/") => Form::Document,
        _ => Form::Json,
    };
    for (status, why, _) in refusals.into_iter().filter(|(_, _, holds)| *holds) {
        responses.entry(status.to_string()).or_insert_with(|| form.refusal(why));
    }
}

/// How a refusal looks.
#[derive(Clone, Copy)]
enum Form {
    Json,
    Document,
    Unknown,
}

impl Form {
    fn refusal(self, why: &str) -> RefOr<utoipa::openapi::Response> {
        let response = ResponseBuilder::new().description(why);
        let response = match self {
            Self::Json => {
                let schema = Some(Ref::from_schema_name("Problem"));
                response.content("application/json", ContentBuilder::new().schema(schema).build())
            }
            Self::Document => response.content("text/html", ContentBuilder::new().build()),
            Self::Unknown => response,
        };
        response.build().into()
    }
}
