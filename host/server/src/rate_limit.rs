//! Nobody may ask so much that others wait: requests are counted per address, and calls of handlers per person too.
//!
//! A person is counted only after their token was checked, so nobody can use up the share of somebody else.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::{ConnectInfo, Request};
use blockhouse_fields::UserId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::HttpError;
use crate::state::AppState;

/// After so many requests, those who have been quiet are forgotten.
const SWEEP: u32 = 10_000;

/// What an orchestrator asks, and must always get an answer to.
const EXEMPT: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// How much is allowed. Each has a burst of ten seconds' worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimits {
    /// Requests per second of one address. None: any number.
    pub per_address: Option<NonZeroU32>,
    /// Handler calls per second of one person. None: any number.
    pub per_person: Option<NonZeroU32>,
    /// Whether a proxy stands in front, whose last word in `x-forwarded-for` is the address.
    pub behind_proxy: bool,
}

pub(crate) struct RateLimiters {
    addresses: Limiter<IpAddr>,
    people: Limiter<UserId>,
    behind_proxy: bool,
}

impl RateLimiters {
    pub(crate) fn new(limits: RateLimits) -> Self {
        let RateLimits { per_address, per_person, behind_proxy } = limits;
        Self { addresses: Limiter::new(per_address), people: Limiter::new(per_person), behind_proxy }
    }

    /// Counts a handler call.
    pub(crate) fn person(&self, user: &UserId) -> Result<(), HttpError> {
        self.people.count(user)
    }

    fn address(&self, request: &Request) -> Option<IpAddr> {
        let forwarded = request.headers().get("x-forwarded-for").filter(|_| self.behind_proxy);
        let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        let peer = || request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        last.or_else(peer).map(network)
    }
}

/// Whoever has one address of IPv6 has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

/// Refuses an address that asks too much.
pub(crate) fn by_address(state: &AppState, request: &Request) -> Result<(), HttpError> {
    let limiters = state.rate_limiters();
    match limiters.address(request) {
        Some(address) if !EXEMPT.contains(&request.uri().path()) => limiters.addresses.count(&address),
        _ => Ok(()),
    }
}

struct Limiter<K: Hash + Eq + Clone> {
    limiter: Option<DefaultKeyedRateLimiter<K>>,
    counted: AtomicU32,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(per_second: Option<NonZeroU32>) -> Self {
        let quota = per_second.map(|rate| Quota::per_second(rate).allow_burst(rate.saturating_mul(TEN)));
        Self { limiter: quota.map(RateLimiter::keyed), counted: AtomicU32::new(0) }
    }

    fn count(&self, key: &K) -> Result<(), HttpError> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if self.counted.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|refusal| {
            let wait = refusal.wait_time_from(DefaultClock::default().now());
            HttpError::too_many(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
        })
    }
}

const TEN: NonZeroU32 = NonZeroU32::new(10).unwrap();

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn limiters(behind_proxy: bool) -> RateLimiters {
        let one = NonZeroU32::new(1);
        RateLimiters::new(RateLimits { per_address: one, per_person: one, behind_proxy })
    }

    fn request(forwarded: &str) -> Request {
        let request = Request::builder().header("x-forwarded-for", forwarded);
        request.extension(ConnectInfo(SocketAddr::from(([9, 9, 9, 9], 1)))).body(Body::empty()).unwrap()
    }

    #[test]
    fn a_person_has_a_burst_and_then_waits_and_others_do_not_notice() {
        let limiters = limiters(false);
        for _ in 0..10 {
            assert!(limiters.person(&UserId::Learner(1)).is_ok());
        }
        assert!(limiters.person(&UserId::Learner(1)).is_err());
        assert!(limiters.person(&UserId::Learner(2)).is_ok());
    }

    #[test]
    fn only_behind_a_proxy_its_word_is_taken() {
        let (nine, seven) = (IpAddr::from([9, 9, 9, 9]), IpAddr::from([7, 7, 7, 7]));
        assert_eq!(limiters(false).address(&request("1.1.1.1, 7.7.7.7")), Some(nine));
        assert_eq!(limiters(true).address(&request("1.1.1.1, 7.7.7.7")), Some(seven));
        assert_eq!(limiters(true).address(&request("nonsense")), Some(nine));
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let [one, other, else_where] =
            ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"].map(|text| network(text.parse().unwrap()));
        assert_eq!(one, other);
        assert_ne!(one, else_where);
        assert_eq!(network("::ffff:9.9.9.9".parse().unwrap()), IpAddr::from([9, 9, 9, 9]));
    }
}
