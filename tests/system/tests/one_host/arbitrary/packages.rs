//! Uploads of damaged packages, and of whole packages with damaged components: what is refused, is refused with a
//! sentence; what is taken, runs within its limits.

use blockhouse_sandbox::Package;
use blockhouse_system_tests::{Host, Reply};

use super::damage::{damage, damaged};
use super::{runner, threads};
use crate::guest;
use crate::versions::{PACKAGES, bytes, operate};

/// Guests whose views ask the host for something, so that their damaged versions ask for something else.
const GUESTS: [&str; 5] = ["polite", "chatter-politely", "reader", "trap-after-write", "parent"];

/// It said what came of the upload, and it was not the host's fault. How the views of what was installed fare, was
/// found out by then.
fn is_answered(reply: &Reply) {
    let text = reply.text();
    match reply.status.as_u16() {
        201 => assert!(reply.value()["smoke_run"].is_array(), "{text}"),
        409 | 422 => assert!(text.len() > 20, "{text}"),
        status => panic!("{status}: {text}"),
    }
}

#[test]
fn a_damaged_package_is_refused_or_runs_within_its_limits() {
    let threads = threads();
    let _entered = threads.enter();
    let site = threads.block_on(Host::empty()).site();
    let good = bytes(&guest::package("polite"));
    let tried = runner(96).run(&damage(), |changes| {
        let upload = damaged(&good, &changes);
        is_answered(&threads.block_on(operate(&site.stranger(), "POST", PACKAGES, upload)));
        Ok(())
    });
    tried.unwrap();
}

#[test]
fn a_damaged_component_is_refused_or_runs_within_its_limits() {
    let threads = threads();
    let _entered = threads.enter();
    let site = threads.block_on(Host::empty()).site();
    let good = GUESTS.map(guest::package);
    let strategy = (proptest::sample::select(good.to_vec()), damage());
    let tried = runner(96).run(&strategy, |(good, changes)| {
        let component = damaged(&good.component, &changes);
        let package = Package::new(good.definition, component.into(), good.public);
        is_answered(&threads.block_on(operate(&site.stranger(), "POST", PACKAGES, bytes(&package))));
        Ok(())
    });
    tried.unwrap();
    let alive = threads.block_on(async { site.stranger().get("/healthz").await });
    assert_eq!(alive.status, 200);
}
