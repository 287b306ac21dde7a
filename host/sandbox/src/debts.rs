//! What learning contexts owe each other: processor time that one of them has used lately beyond its share, while
//! others were there. A debtor's calls go through the slow lane from their start, however short each of them is: a
//! thousand short calls keep a processor as busy as one that never ends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How much a context may owe before it counts as a debtor.
const CREDIT: Duration = Duration::from_millis(20);

/// The most that is remembered, so that a burst is soon forgotten.
const MOST: Duration = Duration::from_millis(500);

/// How long a context is there after its last call.
const PRESENT: Duration = Duration::from_secs(1);

/// The debts of one sandbox.
pub(crate) struct Debts {
    /// The share of each context: processor time in a second.
    share: Duration,
    ledger: Mutex<Ledger>,
}

#[derive(Default)]
struct Ledger {
    accounts: HashMap<Arc<str>, Account>,
    swept: Option<Instant>,
}

struct Account {
    owed: Duration,
    /// Until when its share is taken off.
    settled: Instant,
    called: Instant,
}

impl Account {
    fn settle(&mut self, share: Duration, now: Instant) {
        let elapsed = now.saturating_duration_since(self.settled);
        self.owed = self.owed.saturating_sub(share.mul_f64(elapsed.as_secs_f64()));
        self.settled = now;
    }

    fn is_debtor(&self) -> bool {
        self.owed > CREDIT
    }

    fn is_present(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.called) < PRESENT
    }
}

impl Debts {
    /// Nobody owes anything yet. `processors` are those that calls run on.
    pub(crate) fn new(processors: usize) -> Self {
        // Less than the lane has, or whoever uses all of the lane would leave it every other moment.
        let share = Duration::from_secs(1).mul_f64(processors as f64 / 4.0);
        Self { share, ledger: Mutex::default() }
    }

    /// A call of this context begins: whether it has to go through the slow lane, for the context is a debtor and
    /// somebody who is none is there.
    pub(crate) fn begin(&self, context: &Arc<str>, now: Instant) -> bool {
        let mut ledger = self.lock();
        ledger.sweep(self.share, now);
        let account = ledger.account(context, now);
        account.called = now;
        account.settle(self.share, now);
        if !account.is_debtor() {
            return false;
        }
        ledger.accounts.iter_mut().any(|(other, account)| {
            account.settle(self.share, now);
            other != context && account.is_present(now) && !account.is_debtor()
        })
    }

    /// A call of this context has used so much.
    pub(crate) fn charge(&self, context: &Arc<str>, spent: Duration, now: Instant) {
        let mut ledger = self.lock();
        let account = ledger.account(context, now);
        account.settle(self.share, now);
        account.owed = (account.owed + spent).min(MOST);
    }

    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger {
    fn account(&mut self, context: &Arc<str>, now: Instant) -> &mut Account {
        let opened = || Account { owed: Duration::ZERO, settled: now, called: now };
        self.accounts.entry(Arc::clone(context)).or_insert_with(opened)
    }

    /// Forgets those who are gone and owe nothing, from time to time.
    fn sweep(&mut self, share: Duration, now: Instant) {
        let swept = *self.swept.get_or_insert(now);
        if now.saturating_duration_since(swept) < PRESENT {
            return;
        }
        self.swept = Some(now);
        self.accounts.retain(|_, account| {
            account.settle(share, now);
            account.is_present(now) || account.is_debtor()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: Duration = Duration::from_millis(400);

    fn debts() -> (Debts, Instant, Arc<str>, Arc<str>) {
        (Debts::new(2), Instant::now(), Arc::from("hog"), Arc::from("other"))
    }

    #[test]
    fn whoever_uses_much_while_others_are_there_goes_through_the_lane() {
        let (debts, now, hog, other) = debts();
        debts.begin(&other, now);
        assert!(!debts.begin(&hog, now));
        debts.charge(&hog, MANY, now);
        assert!(debts.begin(&hog, now));
        assert!(!debts.begin(&other, now));
    }

    #[test]
    fn whoever_is_alone_may_use_everything() {
        let (debts, now, hog, other) = debts();
        debts.charge(&hog, MANY, now);
        assert!(!debts.begin(&hog, now));
        debts.begin(&other, now);
        assert!(!debts.begin(&hog, now + PRESENT));
    }

    #[test]
    fn debtors_among_themselves_leave_no_processor_idle() {
        let (debts, now, hog, other) = debts();
        debts.charge(&hog, MANY, now);
        debts.charge(&other, MANY, now);
        assert!(!debts.begin(&hog, now));
        assert!(!debts.begin(&other, now));
    }

    #[test]
    fn a_debt_is_paid_by_waiting() {
        let (debts, now, hog, other) = debts();
        debts.charge(&hog, MANY, now);
        debts.begin(&other, now + PRESENT);
        assert!(!debts.begin(&hog, now + PRESENT));
    }

    #[test]
    fn who_is_gone_is_forgotten() {
        let (debts, now, hog, other) = debts();
        debts.begin(&hog, now);
        debts.begin(&other, now + 2 * PRESENT);
        assert_eq!(debts.lock().accounts.len(), 1);
    }
}
