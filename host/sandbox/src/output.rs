//! What comes out of a block is a stranger's: each answer is measured and checked here before anyone else sees it.

use crate::bindings::types as wit;
use crate::host::{Fragment, Request, Resource, Response};
use crate::learning_context::{ContextAnswer, ContextQuestion};
use crate::limits::{Limit, Limits};
use crate::outcome::{CallError, Output};

/// An answer and its size in bytes.
pub(crate) type Measured = Result<(Output, usize), CallError>;

/// A view's answer.
pub(crate) fn fragment(fragment: wit::Fragment, limits: &Limits) -> Measured {
    let wit::Fragment { content, resources, init_function, init_arguments } = fragment;
    if resources.len() > limits.fragment_resources {
        return Err(CallError::OutOf(Limit::FragmentResources));
    }
    let bytes = content.len()
        + resources.iter().map(|resource| resource.data.len() + resource.mimetype.len()).sum::<usize>()
        + init_function.as_ref().map_or(0, String::len)
        + init_arguments.as_ref().map_or(0, String::len);
    if bytes > limits.fragment_bytes {
        return Err(CallError::OutOf(Limit::FragmentBytes));
    }
    let mut kept: Vec<Resource> = Vec::with_capacity(resources.len());
    for resource in resources {
        let resource = Resource::from(resource);
        check_mimetype(&resource)?;
        if !kept.contains(&resource) {
            kept.push(resource);
        }
    }
    let json_init_args = match init_arguments {
        None => None,
        Some(json) => Some(
            serde_json::from_str(&json)
                .map_err(|error| CallError::BadOutput(format!("`init-arguments` is not JSON: {error}")))?,
        ),
    };
    let fragment = Fragment {
        content,
        resources: kept,
        js_init_version: init_function.is_some().then_some(1),
        js_init_fn: init_function,
        json_init_args,
    };
    Ok((Output::Fragment(fragment), bytes))
}

/// Spec 2.7.2: three media types, and HTML only as text.
fn check_mimetype(resource: &Resource) -> Result<(), CallError> {
    match (resource.mimetype.as_str(), resource.kind.as_str()) {
        ("text/css" | "application/javascript", _) | ("text/html", TEXT) => Ok(()),
        (mimetype, kind) => Err(CallError::BadOutput(format!(
            "a resource of kind `{kind}` cannot be `{}`: style sheets are `text/css`, scripts `application/javascript`, \
             and HTML text `text/html`",
            mimetype.escape_debug().take(80).collect::<String>()
        ))),
    }
}

/// A handler's answer.
pub(crate) fn response(response: wit::Response, limits: &Limits) -> Measured {
    let wit::Response { status, headers, body } = response;
    let bytes = body.len() + headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
    if bytes > limits.response_bytes {
        return Err(CallError::OutOf(Limit::ResponseBytes));
    }
    if !(200..=599).contains(&status) {
        return Err(CallError::BadOutput(format!("{status} is no status of an answer; it is 200 to 599")));
    }
    if let Some((name, _)) = headers.iter().find(|(name, value)| !is_token(name) || !is_header_value(value)) {
        let name: String = name.escape_debug().take(80).collect();
        return Err(CallError::BadOutput(format!("the header `{name}` is not one that HTTP can carry")));
    }
    Ok((Output::Response(Response { status, headers, body }), bytes))
}

/// RFC 9110, 5.6.2.
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// A line break in a value would start a header of the block's own making.
fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}

/// The answer of an export that returns JSON.
pub(crate) fn json(json: String, limits: &Limits) -> Measured {
    if json.len() > limits.response_bytes {
        return Err(CallError::OutOf(Limit::ResponseBytes));
    }
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&json) {
        return Err(CallError::BadOutput(format!("it is not JSON: {error}")));
    }
    let bytes = json.len();
    Ok((Output::Json(json), bytes))
}

/// The answer of `olx-writer`. Whether it is XML is for the host to see, which reads it as an author's.
pub(crate) fn text(text: String, limits: &Limits) -> Measured {
    if text.len() > limits.response_bytes {
        return Err(CallError::OutOf(Limit::ResponseBytes));
    }
    let bytes = text.len();
    Ok((Output::Text(text), bytes))
}

/// The answer of `grading`.
pub(crate) fn score(points: f64) -> Measured {
    if !points.is_finite() || points < 0.0 {
        return Err(CallError::BadOutput(format!("{points} is no number of points; it is 0 or more")));
    }
    Ok((Output::Score(points), size_of::<f64>()))
}

/// The answer of `learning-context`.
pub(crate) fn context(answer: wit::ContextAnswer, question: &ContextQuestion, limits: &Limits) -> Measured {
    let answer = ContextAnswer::from(answer);
    if !answer.fits(question) {
        return Err(CallError::BadOutput(format!("it answers another question than {question:?}")));
    }
    let bytes = answer.bytes();
    if bytes > limits.response_bytes {
        return Err(CallError::OutOf(Limit::ResponseBytes));
    }
    Ok((Output::Context(answer), bytes))
}

const TEXT: &str = "text";
const URL: &str = "url";
const HEAD: &str = "head";
const FOOT: &str = "foot";

impl From<wit::FragmentResource> for Resource {
    fn from(resource: wit::FragmentResource) -> Self {
        let kind = match resource.kind {
            wit::ResourceKind::Text => TEXT,
            wit::ResourceKind::Url => URL,
        };
        let placement = match resource.placement {
            wit::ResourcePlacement::Head => HEAD,
            wit::ResourcePlacement::Foot => FOOT,
        };
        Self {
            kind: kind.to_owned(),
            data: resource.data,
            mimetype: resource.mimetype,
            placement: placement.to_owned(),
        }
    }
}

/// A child's fragment, on its way into its parent.
impl From<Fragment> for wit::Fragment {
    fn from(fragment: Fragment) -> Self {
        let resource = |resource: Resource| wit::FragmentResource {
            kind: if resource.kind == URL { wit::ResourceKind::Url } else { wit::ResourceKind::Text },
            data: resource.data,
            mimetype: resource.mimetype,
            placement: if resource.placement == FOOT {
                wit::ResourcePlacement::Foot
            } else {
                wit::ResourcePlacement::Head
            },
        };
        Self {
            content: fragment.content,
            resources: fragment.resources.into_iter().map(resource).collect(),
            init_function: fragment.js_init_fn,
            init_arguments: fragment.json_init_args.map(|json| json.to_string()),
        }
    }
}

impl From<Request> for wit::Request {
    fn from(request: Request) -> Self {
        let Request { method, suffix, query, headers, body } = request;
        Self { method, suffix, query, headers, body }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use serde_json::{Value, json};

    use super::*;

    fn style(data: &str) -> wit::FragmentResource {
        wit::FragmentResource {
            kind: wit::ResourceKind::Text,
            data: data.to_owned(),
            mimetype: "text/css".to_owned(),
            placement: wit::ResourcePlacement::Head,
        }
    }

    fn empty() -> wit::Fragment {
        wit::Fragment {
            content: String::new(),
            resources: Vec::new(),
            init_function: None,
            init_arguments: None,
        }
    }

    #[test]
    fn a_repeated_resource_counts_once_at_its_first_position() {
        let resources = vec![style("a"), style("b"), style("a")];
        let (output, _) = fragment(wit::Fragment { resources, ..empty() }, &Limits::default()).unwrap();
        let Output::Fragment(fragment) = output else { panic!() };
        let data: Vec<_> = fragment.resources.iter().map(|resource| resource.data.as_str()).collect();
        assert_eq!(data, ["a", "b"]);
    }

    #[test]
    fn an_unknown_media_type_is_refused() {
        let resource = wit::FragmentResource { mimetype: "text/plain".to_owned(), ..style("a") };
        let error =
            fragment(wit::Fragment { resources: vec![resource], ..empty() }, &Limits::default()).unwrap_err();
        assert!(matches!(error, CallError::BadOutput(_)));
    }

    #[test]
    fn arguments_that_are_not_json_are_refused() {
        let rubbish = wit::Fragment { init_arguments: Some("{".to_owned()), ..empty() };
        assert!(matches!(fragment(rubbish, &Limits::default()), Err(CallError::BadOutput(_))));
    }

    #[test]
    fn a_line_break_in_a_header_is_refused() {
        let headers = vec![("x-note".to_owned(), "a\r\nset-cookie: b".to_owned())];
        let answer = wit::Response { status: 200, headers, body: Vec::new() };
        assert!(matches!(response(answer, &Limits::default()), Err(CallError::BadOutput(_))));
    }

    #[test]
    fn an_informational_status_is_refused() {
        let answer = wit::Response { status: 101, headers: Vec::new(), body: Vec::new() };
        assert!(matches!(response(answer, &Limits::default()), Err(CallError::BadOutput(_))));
    }

    /// The recorded fragments: of `tests/vectors`, or of the directory `BLOCKHOUSE_VECTORS`.
    fn recorded() -> Value {
        let own = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors"));
        let directory = std::env::var_os("BLOCKHOUSE_VECTORS").map_or_else(own, PathBuf::from);
        serde_json::from_slice(&std::fs::read(directory.join("fragments.json")).unwrap()).unwrap()
    }

    fn rows<'a>(file: &'a Value, part: &str) -> &'a [Value] {
        let rows = file[part].as_array().unwrap();
        assert!(!rows.is_empty(), "no {part}");
        rows
    }

    /// Out of a block and through the checks.
    fn checked(dict: &Value) -> Result<Value, CallError> {
        let of_block = wit::Fragment::from(serde_json::from_value::<Fragment>(dict.clone()).unwrap());
        match fragment(of_block, &Limits::default())?.0 {
            Output::Fragment(fragment) => Ok(serde_json::to_value(fragment).unwrap()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn golden_fragments_pass_as_they_are_recorded() {
        for row in rows(&recorded(), "fragments") {
            // What Open edX finds out when the page is made is refused here when the block hands it over.
            let is_refused = ["head_html", "foot_html"].iter().any(|part| row[part]["err"].is_string());
            match checked(&row["to_dict"]) {
                Ok(dict) => assert!(!is_refused && dict == row["to_dict"], "{dict} for {row}"),
                Err(error) => assert!(is_refused, "{error} for {row}"),
            }
        }
    }

    #[test]
    fn golden_fragments_are_read_from_json_as_recorded() {
        for row in rows(&recorded(), "from_dict") {
            match serde_json::from_value::<Fragment>(row["in"].clone()) {
                Ok(fragment) => {
                    assert_eq!(serde_json::to_value(fragment).unwrap(), row["out"]["ok"], "{row}")
                }
                Err(error) => assert!(row["out"]["err"].is_string(), "{error} for {row}"),
            }
        }
    }

    #[test]
    fn golden_resources_that_no_page_can_have_are_refused() {
        for row in rows(&recorded(), "resource_errors") {
            let words: BTreeMap<_, _> =
                row["op"].as_str().unwrap().split(' ').filter_map(|word| word.split_once('=')).collect();
            // The contract has no other kinds than these two, so a block cannot even name one.
            let (Some(kind @ (TEXT | URL)), Some(mimetype)) =
                (words.get("kind").copied(), words.get("mimetype"))
            else {
                continue;
            };
            let resource = json!({"kind": kind, "data": "", "mimetype": mimetype, "placement": HEAD});
            let dict = json!({"content": "", "resources": [resource]});
            assert!(matches!(checked(&dict), Err(CallError::BadOutput(_))), "{row}");
        }
    }

    #[test]
    fn an_answer_to_another_question_is_refused() {
        let answer = wit::ContextAnswer::Access(wit::ContextAccess::Edit);
        let error = context(answer, &ContextQuestion::Usages, &Limits::default()).unwrap_err();
        assert!(matches!(error, CallError::BadOutput(_)));
    }

    #[test]
    fn a_context_of_too_many_blocks_is_refused() {
        let name = wit::BlockName { block_type: "html".to_owned(), block_id: "a".repeat(100) };
        let limits = Limits { response_bytes: 1_000, ..Limits::default() };
        let answer = wit::ContextAnswer::Usages(vec![name; 10]);
        let error = context(answer, &ContextQuestion::Usages, &limits).unwrap_err();
        assert_eq!(error, CallError::OutOf(Limit::ResponseBytes));
    }

    #[test]
    fn a_score_is_a_finite_number_of_points() {
        assert!(score(f64::NAN).is_err());
        assert!(score(-1.0).is_err());
        assert_eq!(score(2.5), Ok((Output::Score(2.5), 8)));
    }
}
