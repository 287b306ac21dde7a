#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::page::{PAGE, RECORDS};
use super::*;

fn key(number: u64) -> Fingerprint {
    Fingerprint::of(&number.to_string())
}

fn value(number: u64) -> NonZeroU128 {
    NonZeroU128::MIN.saturating_add(number.into())
}

/// A stored table of so many keys, in a folder of its own.
fn stored(records: u64) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let mut table = Table::create(dir.path()).unwrap();
    for number in 0..records {
        table.set(key(number), value(number)).unwrap();
    }
    let path = dir.path().join("table");
    table.store(&path).unwrap();
    (dir, path)
}

fn is_damaged<T>(result: Result<T, ContentError>) -> bool {
    matches!(result, Err(ContentError::Damaged { .. }))
}

#[test]
fn every_record_is_found_when_there_are_more_pages_than_memory_keeps() {
    let dir = tempfile::tempdir().unwrap();
    let mut table = Table::create(dir.path()).unwrap();
    let many = KEPT * RECORDS * 2;
    for number in 0..many {
        table.set(key(number), value(number)).unwrap();
    }
    assert!((0..many).all(|number| table.get(key(number)).unwrap() == Some(value(number))));
    assert_eq!(table.get(key(many)).unwrap(), None);
    assert!(table.kept.len() as u64 <= KEPT);
}

#[test]
fn a_stored_table_says_what_was_set() {
    let (_dir, path) = stored(1000);
    let table = StoredTable::open(&path).unwrap();
    assert_eq!(table.header.records, 1000);
    assert!((0..1000).all(|number| table.get(key(number)).unwrap() == Some(value(number))));
    assert_eq!(table.get(key(1000)).unwrap(), None);
}

#[test]
fn a_table_that_was_stored_can_be_set_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut table = Table::create(dir.path()).unwrap();
    table.set(key(1), value(1)).unwrap();
    table.store(&dir.path().join("early")).unwrap();
    table.set(key(2), value(2)).unwrap();
    table.store(&dir.path().join("late")).unwrap();
    let [early, late] = ["early", "late"].map(|name| StoredTable::open(&dir.path().join(name)).unwrap());
    assert_eq!((early.get(key(2)).unwrap(), late.get(key(2)).unwrap()), (None, Some(value(2))));
}

#[test]
fn nothing_but_stored_tables_is_left_in_the_folder() {
    let (dir, _) = stored(1000);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_key_whose_page_is_full_is_found_in_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let header = Header { pages: 4, seed: 1, records: 0 };
    let mut table = Table::with(dir.path(), header).unwrap();
    let first = |number: &u64| header.pages_of(key(*number)).next();
    // Half a page more than the last page holds: the rest goes to the first.
    let last: Vec<_> =
        (0..).filter(|number| first(number) == Some(3)).take(RECORDS as usize * 3 / 2).collect();
    for number in &last {
        table.set(key(*number), value(*number)).unwrap();
    }
    assert_eq!(table.header.pages, 4);
    assert!(last.iter().all(|number| table.get(key(*number)).unwrap() == Some(value(*number))));
}

#[test]
fn a_file_that_is_no_whole_table_is_damaged() {
    let (_dir, path) = stored(1000);
    let whole = std::fs::read(&path).unwrap();
    let longer = [whole.as_slice(), b"x"].concat();
    let foreign = [b"{}".as_slice(), &whole].concat();
    let cut = [0, 10, header::HEAD, PAGE, whole.len() - 1].map(|length| whole.get(..length).unwrap());
    for bytes in cut.into_iter().chain([longer.as_slice(), &foreign, &[0xff; 2 * PAGE], &[0; 2 * PAGE]]) {
        std::fs::write(&path, bytes).unwrap();
        assert!(is_damaged(StoredTable::open(&path)), "{} bytes", bytes.len());
    }
}

#[test]
fn a_table_that_is_cut_while_it_is_served_is_damaged() {
    let (_dir, path) = stored(1000);
    let table = StoredTable::open(&path).unwrap();
    File::options().write(true).open(&path).unwrap().set_len(PAGE as u64).unwrap();
    assert!(is_damaged(table.get(key(1))));
}

#[test]
fn a_table_without_a_free_place_is_damaged() {
    let (_dir, path) = stored(1000);
    let file = File::options().write(true).open(&path).unwrap();
    let pages = file.metadata().unwrap().len() as usize / PAGE - 1;
    file.write_all_at(&vec![0xff; pages * PAGE], Header::offset(0)).unwrap();
    assert!(is_damaged(StoredTable::open(&path).unwrap().get(key(1))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_table_says_what_a_map_does(
        // Few enough numbers that many are set again, enough that most tables grow, some of them twice.
        sets in prop::collection::vec((0..1500u64, any::<u64>()), 0..2500),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let (mut table, mut map) = (Table::create(dir.path()).unwrap(), HashMap::new());
        for (number, new) in sets {
            prop_assert_eq!(table.get(key(number)).unwrap(), map.get(&number).copied());
            table.set(key(number), value(new)).unwrap();
            map.insert(number, value(new));
        }
        let path = dir.path().join("table");
        table.store(&path).unwrap();
        let stored = StoredTable::open(&path).unwrap();
        prop_assert_eq!(stored.header.records, map.len() as u64);
        for number in 0..1500 {
            prop_assert_eq!(stored.get(key(number)).unwrap(), map.get(&number).copied());
            prop_assert_eq!(table.get(key(number)).unwrap(), map.get(&number).copied());
        }
    }
}
