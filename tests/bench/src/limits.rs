//! (e) What the limits cost: the same view with all of them, and without those that can be left out, in turn.

use std::error::Error;

use crate::fixture::{Fixture, Store};
use crate::measure::{BATCH, SAMPLES, Samples, ratio, warm_up};
use crate::{RENDERED, micros};

/// How much dearer a view may be for its limits.
const WANTED: f64 = 1.3;

/// State is in memory, so nothing hides what they cost.
pub(crate) async fn cost(block: &str, what: &str) -> Result<(), Box<dyn Error>> {
    let with = Fixture::new(Store::Memory, RENDERED).await?;
    let without = Fixture::without_limits(Store::Memory, RENDERED).await?;
    // A contender that fails is fast; make sure that none does.
    with.check(block).await?;
    without.check(block).await?;
    let (limited, unlimited) = (with.contender(block), without.contender(block));
    warm_up(&limited).await;
    warm_up(&unlimited).await;
    let [mut on, mut off] = [(); 2].map(|()| Samples::default());
    for _ in 0..SAMPLES {
        on.take(&limited).await;
        off.take(&unlimited).await;
    }
    let (on, off) = (on.median(), off.median());
    println!("\n{block}: a view with its limits, {what}; medians of {SAMPLES} x {BATCH} calls");
    println!("  without those that can be left out     {:>9.1} µs", micros(off));
    println!(
        "  (e) with all of them                   {:>9.1} µs   {:.2} x without (wanted at most {WANTED})",
        micros(on),
        ratio(on, off)
    );
    Ok(())
}
