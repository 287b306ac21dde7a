//! Made for the tests of this directory; they open nothing.

pub(super) const PRIVATE_ONE: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAxMGxEtg+w02y50vi/bAdExYBn7UKbhg91E13MiaRUV
-----END PRIVATE KEY-----";
pub(super) const PUBLIC_ONE: &str = "sPaxHQyAyQ3tMNexqAFHkj3M3WGa1row48cAE9BHZMk";
pub(super) const PRIVATE_TWO: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINT8rqXGjJet+Idtsn/0AyZ/7KIhkvMUO/T3PBSkHr9+
-----END PRIVATE KEY-----";
pub(super) const PUBLIC_TWO: &str = "ueA6vUM6l5Iescu5ZWuVIBRVFDUJStn9EqvdA1xUBuA";
