//! What a large library costs those who use it, beside a small one: opening one of its blocks, and publishing ten
//! changes.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use blockhouse_bench::median;
use blockhouse_content::libraries::{Author, Libraries, LibraryContexts, LibraryRules};
use blockhouse_content::{ContentStore, ContextKind, NobodyKnown, Storage, Version};
use blockhouse_keys::{LearningContextKey, UsageKey};
use tempfile::TempDir;

/// Blocks of the small library; of either, as many are opened for a sample, and changed for a publication.
const FEW: usize = 10;

/// How often each of the two libraries is asked in turn.
const SAMPLES: usize = 40;

/// Compares a library of `many` blocks with one of ten.
pub(crate) async fn compare(many: usize) -> Result<(), Box<dyn Error>> {
    let mut libraries = [Published::with(FEW).await?, Published::with(many).await?];
    // One after the other: SQLite forgets what it has read whenever somebody else has written.
    for _ in 0..SAMPLES {
        for library in &mut libraries {
            library.opened.push(library.open().await?);
        }
    }
    for sample in 0..SAMPLES {
        for library in &mut libraries {
            library.published.push(library.publish(sample).await?);
        }
    }
    let [few, large] = libraries;
    println!("\na library of {many} blocks beside one of {FEW}; medians of {SAMPLES}");
    for (what, few, many) in [
        ("opening one block", few.opened, large.opened),
        ("publishing ten changes", few.published, large.published),
    ] {
        let (few, many) = (median(few), median(many));
        println!(
            "  {what:<26} {:>9.1} µs   {:>9.1} µs   {:.2} x",
            few.as_secs_f64() * 1e6,
            many.as_secs_f64() * 1e6,
            many.as_secs_f64() / few.as_secs_f64()
        );
    }
    Ok(())
}

/// A library that has been published.
struct Published {
    libraries: Libraries,
    contexts: LibraryContexts,
    blocks: Vec<UsageKey>,
    _data: TempDir,
    opened: Vec<Duration>,
    published: Vec<Duration>,
}

impl Published {
    async fn with(blocks: usize) -> Result<Self, Box<dyn Error>> {
        let (source, data) = (tempfile::tempdir()?, tempfile::tempdir()?);
        super::generate(source.path(), blocks)?;
        let storage = Storage::open_in(data.path()).await?;
        let libraries = Libraries::new(storage, LibraryRules::default(), || 1_700_000_000_000);
        libraries.import(source.path(), &super::LIBRARY.parse()?, true, &author(), &mut |_| ()).await?;
        let imported = Arc::new(ContentStore::open(&data.path().join("imported"))?);
        let contexts = LibraryContexts::new(libraries.clone(), Arc::new(NobodyKnown), imported);
        let key: LearningContextKey = super::LIBRARY.parse()?;
        let blocks = contexts.open(&key).await?.ok_or("the library is gone")?.usages().await?;
        Ok(Self { libraries, contexts, blocks, _data: data, opened: Vec::new(), published: Vec::new() })
    }

    /// As many blocks as the small library has, from all over this one.
    fn some(&self) -> impl Iterator<Item = &UsageKey> {
        self.blocks.iter().step_by((self.blocks.len() / FEW).max(1)).take(FEW)
    }

    /// The time to open a context and a block of it, as each view does.
    async fn open(&self) -> Result<Duration, Box<dyn Error>> {
        let key: LearningContextKey = super::LIBRARY.parse()?;
        let begun = Instant::now();
        for usage in self.some() {
            let context = self.contexts.open(&key).await?.ok_or("the library is gone")?;
            context.definition(usage, Version::Published).await?;
        }
        Ok(begun.elapsed() / FEW as u32)
    }

    /// The time to publish a change of each of some blocks.
    async fn publish(&self, sample: usize) -> Result<Duration, Box<dyn Error>> {
        for usage in self.some() {
            let olx = format!("<{0}>Changed by sample {sample}</{0}>", usage.block_type());
            self.libraries.set_olx(usage, &olx, None, &author()).await?;
        }
        let begun = Instant::now();
        self.libraries.publish_library(&super::LIBRARY.parse()?, None, &author()).await?;
        Ok(begun.elapsed())
    }
}

fn author() -> Author {
    Author { account: 1, username: "bench".to_owned() }
}
