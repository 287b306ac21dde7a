//! What it costs to read a usage key and to print it.

use std::hint::black_box;
use std::time::{Duration, Instant};

use blockhouse_bench::median;
use blockhouse_keys::UsageKey;

/// Keys of each form in use, of the length that they have in real courses.
const TEXTS: [&str; 3] = [
    "block-v1:Bench+Tides101+2031_T1+type@problem+block@3f5a0f0e6d6c4a5c8f0c8f6a1f2f4d7e",
    "lb:Bench:tides:problem:3f5a0f0e-6d6c-4a5c-8f0c-8f6a1f2f4d7e",
    "lib-block-v1:Bench+tides+type@problem+block@3f5a0f0e6d6c4a5c8f0c",
];

/// How often each key is timed.
const SAMPLES: usize = 60;

/// Keys per sample: one takes less than the clock does.
const BATCH: u32 = 2000;

/// What one key may take, in nanoseconds.
const WANTED: u32 = 500;

pub(crate) fn keys() {
    println!("\nusage keys: parsed and printed; medians of {SAMPLES} x {BATCH}; wanted below {WANTED} ns");
    for text in TEXTS {
        let namespace = text.split(':').next().unwrap_or_default();
        let allocations = allocation_counter::measure(|| drop(black_box(text.parse::<UsageKey>())));
        let median = median((0..SAMPLES).map(|_| sample(text)).collect());
        println!(
            "  {namespace:<13} {:>4} bytes                {:>9.0} ns   {} allocations, {} bytes",
            text.len(),
            median.as_secs_f64() * 1e9,
            allocations.count_total,
            allocations.bytes_total,
        );
    }
}

/// The time of one key, printed into a buffer that is there already, as into a page.
fn sample(text: &str) -> Duration {
    use std::fmt::Write as _;
    let mut page = String::with_capacity(text.len());
    let started = Instant::now();
    for _ in 0..BATCH {
        page.clear();
        if let Ok(key) = black_box(text).parse::<UsageKey>() {
            let _ = write!(page, "{key}");
        }
        black_box(&page);
    }
    started.elapsed() / BATCH
}
