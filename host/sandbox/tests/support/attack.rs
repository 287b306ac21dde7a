//! The attacks: for each limit a guest that runs into it, what the guest is asked, and how its call has to end. The
//! sandbox's tests ask how each ends and what it leaves in memory, those of a whole host what is kept of it, and
//! `scripts/bench` what a neighbour notices.

#![allow(dead_code, reason = "each test binary uses another part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "an attack that ends otherwise fails the test")]

use std::collections::BTreeMap;

use blockhouse_sandbox::{
    Call, CallError, Capability, Finished, Grants, Limit, Limits, Output, Package, Request,
};

use super::guest;
use super::host::{Child, Recorder, view};
use Asked::{Handler, View, ViewOfSleeper};
use End::{OutOf, Told, Trapped};

/// One way to run into a limit.
#[derive(Clone, Copy, Debug)]
pub struct Attack {
    pub name: &'static str,
    /// `tests/guests/GUEST.wat`
    pub guest: &'static str,
    pub asked: Asked,
    /// The key of the limit, or what else bounds it.
    pub limit: &'static str,
    pub ends: End,
}

/// What the guest is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A view, its child answering at once.
    View,
    /// A view, its child never answering.
    ViewOfSleeper,
    /// A handler by its name, with this text so many times as its body.
    Handler(&'static str, &'static str, usize),
}

/// How the call has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Stopped by the limit.
    OutOf(Limit),
    /// Stopped with a reason in which this stands.
    Trapped(&'static str),
    /// Answered: the block was told, and this stands in what it shows.
    Told(&'static str),
}

const SERVER: &str = "https://api.example.org/marks";
const SLOW: &str = "https://api.example.org/slow";

/// The file beside a block, and its bytes.
const BESIDE: (&str, usize) = ("en.srt", 2_000);

/// Every limit that one call in a sandbox can run into, and a call that fails by itself.
pub const ATTACKS: [Attack; 33] = [
    stopped("loop", View, Limit::Cpu),
    stopped("endless-realloc", View, Limit::Cpu),
    stopped("filler", View, Limit::Cpu),
    Attack { name: "sleeper", ..stopped("parent", ViewOfSleeper, Limit::Wall) },
    stopped("hog", View, Limit::Memory),
    stopped("three-memories", View, Limit::Memory),
    stopped("table", View, Limit::TableElements),
    stopped("two-tables", View, Limit::TableElements),
    attack("recurse", "recurse", View, "stack", Trapped("recursed")),
    stopped("string-bomb", View, Limit::HostCallBytes),
    stopped("enormous-answer", View, Limit::HostCallBytes),
    stopped("overlapping-texts", View, Limit::HostCallBytes),
    stopped("handle-hoarder", View, Limit::Handles),
    stopped("chatter", View, Limit::HostCalls),
    stopped("writer", View, Limit::Writes),
    stopped("reader", Handler("read", "en.srt", 1), Limit::FileReads),
    attack("large-file", "reader", View, "file_bytes", Told("too-large")),
    attack("keeper", "keeper", Handler("keep", "kilobyte", 3_000), "storage_file_bytes", Told("too-large")),
    attack("keeper-of-many", "keeper", Handler("fill", "x", 1), "storage_files", Told("full")),
    attack("keeper-of-much", "keeper", Handler("fill", "kilobyte", 1_000), "storage_bytes", Told("full")),
    stopped("caller", Handler("flood", SERVER, 1), Limit::HttpRequests),
    Attack {
        name: "long-address",
        ..stopped("caller", Handler("ask", SERVER, 1_000), Limit::HttpRequestBytes)
    },
    attack("large-reply", "caller", Handler("post", SERVER, 1), "http_response_bytes", Told("too-large")),
    attack("slow-server", "caller", Handler("ask", SLOW, 1), "http_ms", Told("too-slow")),
    stopped("dice", View, Limit::RandomBytes),
    attack("log-flood", "log-flood", View, "log_bytes", Told("")),
    stopped("large-value", View, Limit::FieldValueBytes),
    stopped("hand-over", View, Limit::TotalBytes),
    stopped("huge-fragment", View, Limit::FragmentBytes),
    stopped("many-resources", View, Limit::FragmentResources),
    attack("calling-realloc", "calling-realloc", View, "none", Trapped("cannot leave")),
    attack("trap-after-write", "trap-after-write", View, "none", Trapped("panicked")),
    stopped("large-response", Handler("any", "", 0), Limit::ResponseBytes),
];

const fn attack(
    name: &'static str,
    guest: &'static str,
    asked: Asked,
    limit: &'static str,
    ends: End,
) -> Attack {
    Attack { name, guest, asked, limit, ends }
}

const fn stopped(guest: &'static str, asked: Asked, limit: Limit) -> Attack {
    attack(guest, guest, asked, limit.key(), OutOf(limit))
}

/// Limits that every attack runs into soon.
pub fn limits() -> Limits {
    Limits {
        cpu_ms: 100,
        wall_ms: 1_000,
        memory_bytes: 32 << 20,
        file_bytes: 1_000,
        storage_file_bytes: 20_000,
        storage_files: 10,
        storage_bytes: 50_000,
        http_request_bytes: 10_000,
        http_response_bytes: 4,
        http_ms: 50,
        ..Limits::default()
    }
}

/// What the guests ask for.
pub fn grants() -> Grants {
    let of = [("guest".to_owned(), [Capability::Http, Capability::Storage].into())].into();
    Grants { of, ..Grants::default() }
}

impl Attack {
    /// The attack of this name.
    pub fn named(name: &str) -> Self {
        ATTACKS.into_iter().find(|attack| attack.name == name).unwrap()
    }

    /// What the guest has to be granted.
    pub fn capability(&self) -> Option<&'static str> {
        match self.guest {
            "caller" => Some("http"),
            "keeper" => Some("storage"),
            _ => None,
        }
    }

    pub fn package(&self) -> Package {
        match self.capability() {
            Some(capability) => guest::asking(self.guest, &[capability]),
            None => guest::package(self.guest),
        }
    }

    pub fn call(&self) -> Call {
        match self.asked {
            View | ViewOfSleeper => view(),
            Handler(name, text, times) => {
                let body = text.repeat(times).into_bytes();
                let request = Request {
                    method: "POST".to_owned(),
                    suffix: "file".to_owned(),
                    body,
                    ..Request::default()
                };
                Call::Handle { name: name.to_owned(), request }
            }
        }
    }

    /// The host that the guest attacks, in this learning context.
    pub fn host(&self, context: &'static str) -> Recorder {
        let (name, bytes) = BESIDE;
        let child = if self.asked == ViewOfSleeper { Child::Never } else { Child::Ready };
        let files = BTreeMap::from([(name.to_owned(), vec![b'x'; bytes])]);
        Recorder { context, child, files, ..Recorder::default() }
    }

    pub fn assert_ended(&self, finished: &Finished<Recorder>) {
        let as_it_should = match (&finished.result, self.ends) {
            (Err(CallError::OutOf(limit)), OutOf(expected)) => *limit == expected,
            (Err(CallError::Trapped(reason)), Trapped(expected)) => reason.contains(expected),
            (Ok(Output::Fragment(fragment)), Told(expected)) => fragment.content.contains(expected),
            (Ok(Output::Response(response)), Told(expected)) => response.body == expected.as_bytes(),
            _ => false,
        };
        assert!(as_it_should, "{} ended with {:?}, not {:?}", self.name, finished.result, self.ends);
    }
}
