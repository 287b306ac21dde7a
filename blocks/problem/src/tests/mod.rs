//! The block on a host in memory.

mod golden;
mod learning;
mod looking;

use blockhouse_sdk::Request;
use blockhouse_sdk::testing::TestHost;
use serde_json::Value as Json;

use crate::ProblemBlock;

const TWO_CHOICES: &str = "<problem><multiplechoiceresponse><label>Pick</label><choicegroup type=\"MultipleChoice\">\
    <choice correct=\"false\">A<choicehint>no!</choicehint></choice><choice correct=\"true\">B</choice>\
    </choicegroup></multiplechoiceresponse><demandhint><hint>First</hint><hint>Second</hint></demandhint></problem>";

/// A host with this problem under a library's key.
fn host(data: &str) -> TestHost<ProblemBlock> {
    let mut host = TestHost::new();
    host.at("lb:T:l:problem:p", "lib:T:l").author("data", data);
    host
}

/// Posts form fields to the dispatch `action`.
fn act(host: &mut TestHost<ProblemBlock>, learner: &str, action: &str, fields: &[(&str, &str)]) -> Json {
    let response = host.learner(learner).request("xmodule_handler", request(action, fields));
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    response.body_json()
}

fn request(action: &str, fields: &[(&str, &str)]) -> Request {
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let body: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    Request {
        method: "POST".into(),
        suffix: action.into(),
        body: body.join("&").into(),
        ..Request::default()
    }
}

/// Submits a choice of [`TWO_CHOICES`].
fn submit(host: &mut TestHost<ProblemBlock>, learner: &str, choice: &str) -> Json {
    act(host, learner, "problem_check", &[("input_lb:T:l:problem:p_2_1", choice)])
}
