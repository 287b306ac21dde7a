//! `kill -9` while an author uploads, publishes and imports: what was answered is there, and the storage is whole.
//!
//! The test program runs itself: with the work in its environment, the test below is the host that is killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use blockhouse_content::libraries::{Author, Libraries, LibraryRules, NewComponent, NewLibrary};
use blockhouse_content::{Fsck, Storage};
use blockhouse_keys::{LibraryKey, UsageKey};
use serde_json::{Value, json};

use crate::database::Postgres;

const WORK: &str = "BLOCKHOUSE_SYSTEM_AUTHOR";
const HOST: &str = "authors::an_author_in_a_process_of_its_own";
const ROUNDS: u32 = 8;

fn author() -> Author {
    Author { account: 3, username: "ann".to_owned() }
}

async fn libraries(database: &str, data: &Path) -> (Storage, Libraries) {
    let storage = Storage::open(database, data.join("blobs").to_str().unwrap()).await.unwrap();
    (storage.clone(), Libraries::new(storage, LibraryRules::default(), || 1_700_000_000_000))
}

/// Contents that lie beside the database, different for each number.
fn large(number: u64) -> Vec<u8> {
    number.to_le_bytes().repeat(12_000)
}

/// Uploads, saves, publishes and imports until it is killed, and says of each when it has been answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_author_in_a_process_of_its_own() {
    let Ok(work) = std::env::var(WORK) else { return };
    let work: Value = serde_json::from_str(&work).unwrap();
    let data = Path::new(work[1].as_str().unwrap());
    let (_, libraries) = libraries(work[0].as_str().unwrap(), data).await;
    let usage: UsageKey = work[2].as_str().unwrap().parse().unwrap();
    let (mut number, round) = (work[3].as_u64().unwrap(), work[4].as_u64().unwrap());
    for turn in 0.. {
        number += 1;
        libraries.add_file(&usage, "tides.bin", &large(number), &author()).await.unwrap();
        println!("uploaded {number}.");
        libraries.set_olx(&usage, &format!("<html>{number}</html>"), None, &author()).await.unwrap();
        println!("saved {number}.");
        libraries.publish_one(usage.as_str(), None, &author()).await.unwrap();
        println!("published {number}.");
        let key: LibraryKey = format!("lib:Copy:R{round}T{turn}").parse().unwrap();
        libraries.restore(&data.join("backup.zip"), Some(&key), &author()).await.unwrap();
        println!("imported {key} .");
    }
}

async fn what_was_answered_is_there_and_the_storage_is_whole(
    data: &Path,
    database: &str,
    server: Option<&Postgres>,
) {
    let (storage, store) = libraries(database, data).await;
    let new = NewLibrary {
        org: "Harbour".to_owned(),
        slug: "TIDES".to_owned(),
        title: "Tides".to_owned(),
        ..NewLibrary::default()
    };
    let library = store.create_library(new, &author()).await.unwrap().key;
    let block = |id: &str| NewComponent {
        block_type: "html".to_owned(),
        id: id.to_owned(),
        title: "Text".to_owned(),
        olx: format!("<html>{id}</html>"),
        can_stand_alone: true,
        parent: None,
    };
    for number in 0..30 {
        store.create_component(&library, block(&format!("b{number}")), &author()).await.unwrap();
    }
    store.backup(&library, &data.join("backup.zip"), &author()).await.unwrap();
    let usage = store.create_component(&library, block("ebb"), &author()).await.unwrap().usage;
    drop((storage, store));

    let mut last = 0;
    for round in 0..ROUNDS {
        let work = json!([database, data, usage.as_str(), last, round]).to_string();
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", HOST, "--nocapture"])
            .env(WORK, work)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let noise = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
        let (until, later) = (1 + noise as usize % 12, Duration::from_micros(u64::from(noise % 20_000)));
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut answered: Vec<String> = Vec::new();
        while answered.len() < until {
            let line = lines.next().unwrap().unwrap();
            answered.extend(line.strip_suffix('.').map(str::to_owned));
        }
        // Into the middle of whatever comes next.
        std::thread::sleep(later);
        process.kill().unwrap();
        answered
            .extend(lines.map_while(Result::ok).filter_map(|line| Some(line.strip_suffix('.')?.to_owned())));
        process.wait().unwrap();
        eprintln!("round {round}: killed after {} answers", answered.len());
        if let Some(server) = server {
            server.settle().await;
        }

        let (storage, store) = libraries(database, data).await;
        // What was begun and not finished may lie there; everything else must not be.
        let left = storage.fsck(Fsck { mend: true, age: Duration::ZERO }).await.unwrap();
        assert!(left.iter().all(blockhouse_content::Finding::can_be_mended), "{left:?}");
        let left = storage.fsck(Fsck { mend: false, age: Duration::ZERO }).await.unwrap();
        assert_eq!(left, [], "mended");
        let number = |verb: &str| {
            let numbers =
                answered.iter().filter_map(|line| line.strip_prefix(verb)?.trim().parse::<u64>().ok());
            numbers.max()
        };
        let read = |olx: String| olx.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok();
        let saved = read(store.olx(&usage).await.unwrap().0);
        assert!(saved >= number("saved "), "{saved:?} of {answered:?}");
        let published = store.published_olx(&usage).await.unwrap().and_then(read);
        assert!(published >= number("published "), "{published:?} of {answered:?}");
        for file in store.files(&usage).await.unwrap() {
            let bytes = store.file_bytes(&usage, &file.digest.to_hex()).await.unwrap();
            let stored = u64::from_le_bytes(bytes[..8].try_into().unwrap());
            assert_eq!(bytes, large(stored));
            assert!(Some(stored) >= number("uploaded "), "{stored} of {answered:?}");
            last = stored;
        }
        // A library is there whole or not at all.
        let copies = store.libraries(&Default::default()).await.unwrap();
        let copies: Vec<_> = copies.into_iter().filter(|library| library.key.org() == "Copy").collect();
        for copy in &copies {
            assert_eq!(store.components(&copy.key, &Default::default()).await.unwrap().len(), 30);
        }
        for line in answered.iter().filter_map(|line| line.strip_prefix("imported ")) {
            assert!(copies.iter().any(|copy| copy.key.as_str() == line.trim()), "{line}");
        }
        last = last.max(saved.unwrap_or_default());
    }
}

#[tokio::test]
async fn a_killed_author_on_sqlite_leaves_what_was_answered_and_a_whole_storage() {
    let data = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", data.path().join("content.sqlite").display());
    what_was_answered_is_there_and_the_storage_is_whole(data.path(), &database, None).await;
}

#[tokio::test]
async fn a_killed_author_on_postgres_leaves_what_was_answered_and_a_whole_storage() {
    let Some(server) = Postgres::new().await else { return };
    let data = tempfile::tempdir().unwrap();
    what_was_answered_is_there_and_the_storage_is_whole(data.path(), &server.url(), Some(&server)).await;
}
