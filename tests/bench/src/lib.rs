//! What the programs of `scripts/bench` count with.

use std::cmp::Ordering;

/// The one in the middle, which a busy moment of the machine does not move; zero of none.
pub fn median<T: Copy + Default + PartialOrd>(mut values: Vec<T>) -> T {
    values.sort_by(|one, other| one.partial_cmp(other).unwrap_or(Ordering::Equal));
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Resident memory of this process in MiB.
pub fn resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    let kib: f64 = line.trim().trim_end_matches(" kB").trim().parse().unwrap_or_default();
    kib / 1024.0
}
