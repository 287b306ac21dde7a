//! Limits on a whole host: what is kept of a call that runs into one, and those that only a host has.

use std::collections::BTreeSet;

use blockhouse_runtime::{HandlerRequest, RuntimeError, Version, View};
use blockhouse_sandbox::{Call, CallError, Limit};
use blockhouse_system_tests::{Host, learner, usage};
use serde_json::json;

use crate::attack::{ATTACKS, Asked, Attack, End};
use crate::guest;
use crate::host::view;
use crate::versions::upload;

/// Attacks that a call of a real host runs into as soon, with nothing granted.
fn attacks() -> impl Iterator<Item = Attack> {
    ATTACKS.into_iter().filter(|attack| {
        let is_stopped = !matches!(attack.ends, End::Told(_));
        is_stopped && attack.capability().is_none() && attack.asked != Asked::ViewOfSleeper
    })
}

/// A host with a block of each of these guests; each is a type of its own, and writes before it does what it does.
async fn host(guests: &BTreeSet<&str>) -> Host {
    let olx: String = guests.iter().map(|guest| format!("<{guest} url_name=\"b\"/>")).collect();
    let host = Host::with_unit(&olx).await;
    let site = host.site();
    for guest in guests {
        upload(&site.stranger(), &guest::writing_first(guest)).await;
    }
    host
}

/// How a call of a learner ends, and whether anything of it is kept.
async fn outcome(host: &Host, guest: &str, call: Call) -> (Result<(), RuntimeError>, bool) {
    let (alice, usage) = (learner(1), usage(guest, "b"));
    let result = match call {
        Call::Handle { name, request } => {
            let (version, visitor, usage) = (Version::Published, alice.clone(), usage.clone());
            let call = HandlerRequest { visitor, usage, version, handler: name, request, based_on: None };
            host.runtime.handle(call).await.map(|_| ())
        }
        _ => host.view(&alice, &usage, View::Student).await.map(|_| ()),
    };
    (result, host.runtime.learners().record(&alice.user, &usage).await.unwrap().is_some())
}

#[tokio::test]
async fn nothing_is_kept_of_a_call_whatever_limit_it_runs_into() {
    let guests: BTreeSet<_> = attacks().map(|attack| attack.guest).chain(["polite"]).collect();
    let host = host(&guests).await;
    for attack in attacks() {
        let (result, kept) = outcome(&host, attack.guest, attack.call()).await;
        let Err(RuntimeError::BlockFailed { source, .. }) = result else {
            panic!("{} ended with {result:?}", attack.name)
        };
        match attack.ends {
            End::OutOf(limit) => assert_eq!(source, CallError::OutOf(limit), "{}", attack.name),
            _ => assert!(matches!(source, CallError::Trapped(_)), "{}: {source}", attack.name),
        }
        assert!(!kept, "something is kept of {}", attack.name);
    }
    // The same of a block that does no more than that is kept.
    let (result, kept) = outcome(&host, "polite", view()).await;
    assert!(result.is_ok() && kept, "{result:?}");
}

#[tokio::test]
async fn what_one_person_has_in_a_block_cannot_grow_without_bound() {
    let host = Host::with_unit(r#"<guest url_name="b"/>"#).await;
    let fields = ["a", "b", "c"].map(|name| json!({"name": name, "type": "string", "scope": "user_state"}));
    let definition = json!({
        "name": "guest", "version": "1.0.0", "display_name": "Guest", "fields": fields,
    });
    upload(&host.site().stranger(), &guest::saying("hoarder", &definition)).await;
    let (result, kept) = outcome(&host, "guest", view()).await;
    let Err(RuntimeError::BlockFailed { source, .. }) = result else { panic!("{result:?}") };
    assert_eq!((source, kept), (CallError::OutOf(Limit::StateBytes), false));
}

#[tokio::test]
async fn blocks_that_are_nested_too_deep_are_not_rendered_and_those_around_them_are() {
    let nested = |depth: usize| {
        let (open, close) = ((1..=depth).map(|at| format!("<vertical url_name=\"at{at}\">")), "</vertical>");
        format!("{}<html url_name=\"inner\">inside</html>{}", open.collect::<String>(), close.repeat(depth))
    };
    // The inner block is below as many as there are around it.
    for (depth, is_shown) in [(7, true), (8, true), (9, false), (40, false)] {
        let host = Host::with_unit(&nested(depth)).await;
        let shown = host.view(&learner(1), &usage("vertical", "at1"), View::Student).await.unwrap();
        assert_eq!(shown.content.contains("inside"), is_shown, "{depth}: {}", shown.content);
    }
}
