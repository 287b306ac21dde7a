//! Any sequence of commits leaves in a store what it would leave in a map.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::sync::Arc;

use blockhouse_fields::{Scope, StoreKey};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof};
use proptest::test_runner::{TestCaseError, TestRunner};
use tokio::runtime::Runtime;

use super::Subject;
use super::person::{FIELDS, Person, commit_of, usage};
use crate::{BlockRef, Snapshot, StateError, Stored};

const PEOPLE: u32 = 3;
const BLOCKS: usize = 4;
const NAMES: [&str; 2] = ["f", "g"];

/// One commit: who, on which block, what, and whether on the snapshot of their last commit or on a fresh one.
#[derive(Clone, Debug)]
struct Step {
    person: u32,
    block: usize,
    writes: BTreeMap<(usize, usize), Option<String>>,
    fresh: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let value = prop_oneof![
        Just(None),
        any::<i64>().prop_map(|number| Some(number.to_string())),
        "[a-z\"\\\\ü]{0,8}".prop_map(|text| Some(serde_json::Value::from(text).to_string())),
        Just(Some("{\"b\":1.0,\"a\":[null]}".to_owned())),
    ];
    let field = (0..FIELDS.len(), 0..NAMES.len());
    let writes = prop::collection::btree_map(field, value, 0..5);
    (0..PEOPLE, 0..BLOCKS, writes, prop::bool::weighted(0.7))
        .prop_map(|(person, block, writes, fresh)| Step { person, block, writes, fresh })
}

/// Runs the property on stores that `subject` makes.
pub fn check<F: Future<Output = Option<Subject>>>(subject: fn() -> F) {
    let runtime = Runtime::new().expect("a runtime");
    let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(step(), 1..24), |steps| {
            runtime.block_on(async {
                match subject().await {
                    Some(subject) => agree(subject, &steps).await,
                    None => Ok(()),
                }
            })
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

async fn agree(subject: Subject, steps: &[Step]) -> Result<(), TestCaseError> {
    let blocks: Vec<_> = (0..BLOCKS)
        .map(|n| {
            let usage = usage(["C1", "C2"][n % 2], ["poll", "video"][n / 2], "1");
            BlockRef::whole(usage, NAMES.map(Arc::from).to_vec())
        })
        .collect();
    let mut model: HashMap<StoreKey, String> = HashMap::new();
    let mut seen: HashMap<u32, Snapshot> = HashMap::new();
    for step in steps {
        let person = subject.person(step.person);
        let snapshot = match seen.remove(&step.person) {
            Some(old) if !step.fresh => old,
            _ => load(&person, &blocks).await,
        };
        let writes: Vec<_> = step
            .writes
            .iter()
            .map(|((scope, name), value)| {
                let scope: Scope = FIELDS[*scope].0;
                (person.key(&blocks[step.block].usage, scope, NAMES[*name]), value.as_deref())
            })
            .collect();
        let stale = writes.iter().any(|(key, _)| {
            model.get(key).map(String::as_str) != snapshot.values.get(key).map(|value| &*value.json)
        });
        let commit = commit_of(&person.user, &snapshot, &writes, Vec::new());
        match subject.store.commit(commit).await {
            Ok(()) if !stale => {
                for (key, value) in writes {
                    match value {
                        Some(value) => model.insert(key, value.to_owned()),
                        None => model.remove(&key),
                    };
                }
            }
            Err(StateError::Conflict) if stale => {}
            outcome => return Err(TestCaseError::fail(format!("{outcome:?} for {step:?}"))),
        }
        seen.insert(step.person, snapshot);
        compare(&subject, &blocks, &model).await?;
    }
    Ok(())
}

async fn load(person: &Person, blocks: &[BlockRef]) -> Snapshot {
    person.store.load(&person.user, blocks).await.expect("a snapshot")
}

/// Every person sees exactly the part of the model that is theirs or everybody's.
async fn compare(
    subject: &Subject,
    blocks: &[BlockRef],
    model: &HashMap<StoreKey, String>,
) -> Result<(), TestCaseError> {
    for n in 0..PEOPLE {
        let person = subject.person(n);
        let found: BTreeSet<(StoreKey, String)> = load(&person, blocks)
            .await
            .values
            .into_iter()
            .map(|(key, Stored { json })| (key, json.to_string()))
            .collect();
        let expected: BTreeSet<(StoreKey, String)> = model
            .iter()
            .filter(|(key, _)| match key {
                StoreKey::UserState(user, ..)
                | StoreKey::Preferences(user, ..)
                | StoreKey::UserInfo(user, _)
                | StoreKey::Receipts(user, _) => *user == person.user,
                StoreKey::File(user, ..) => user.as_ref().is_none_or(|user| *user == person.user),
                StoreKey::UserStateSummary(..) => true,
            })
            .map(|(key, json)| (key.clone(), json.clone()))
            .collect();
        if found != expected {
            return Err(TestCaseError::fail(format!("{found:?} instead of {expected:?}")));
        }
    }
    Ok(())
}
