//! How fast blocks come into a library that authors edit, and what a large library costs beside a small one, on SQLite.

#![allow(clippy::print_stdout, reason = "a table on standard output is what this program is for")]

mod opening;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use blockhouse_content::Storage;
use blockhouse_content::libraries::{Author, Libraries, LibraryImport, LibraryRules};

/// The library's key.
const LIBRARY: &str = "lib:Bench:L";

/// Blocks of the library.
const BLOCKS: usize = 10_000;

/// What is wanted, in blocks a second.
const WANTED: f64 = 2_000.0;

/// How often it is done, each time with a new database.
const ROUNDS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let source = tempfile::tempdir()?;
    generate(source.path(), BLOCKS)?;
    println!(
        "import of {BLOCKS} blocks into an editable library on SQLite, {ROUNDS} rounds; wanted {WANTED} blocks/s"
    );
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for _ in 0..ROUNDS {
        threads.block_on(round(source.path()))?;
    }
    threads.block_on(opening::compare(BLOCKS))
}

/// One new library: as drafts, once more without a change, and published.
async fn round(source: &Path) -> Result<(), Box<dyn Error>> {
    let data = tempfile::tempdir()?;
    let storage = Storage::open_in(data.path()).await?;
    let libraries = Libraries::new(storage, LibraryRules::default(), || 1_700_000_000_000);
    let first = timed("as drafts", &libraries, source, false).await?;
    let again = timed("once more, unchanged", &libraries, source, false).await?;
    let published = timed("once more, and published", &libraries, source, true).await?;
    let counts = (first.new, again.unchanged(), published.unchanged());
    if counts != (BLOCKS, BLOCKS, BLOCKS) {
        return Err(format!("not all blocks came in: {counts:?}, {:?}", first.left_out.first()).into());
    }
    Ok(())
}

async fn timed(
    what: &str,
    libraries: &Libraries,
    source: &Path,
    publish: bool,
) -> Result<LibraryImport, Box<dyn Error>> {
    let author = Author { account: 1, username: "bench".to_owned() };
    let begun = Instant::now();
    let done = libraries.import(source, &LIBRARY.parse()?, publish, &author, &mut |_| ()).await?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("  {what:<26} {:>7.0} blocks/s {seconds:>7.2} s", done.taken.len() as f64 / seconds);
    Ok(done)
}

/// A library in OLX: problems and texts in files of their own, one of ten with a picture.
fn generate(folder: &Path, blocks: usize) -> Result<(), Box<dyn Error>> {
    for name in ["problem", "html", "static"] {
        fs::create_dir(folder.join(name))?;
    }
    fs::write(folder.join("static/chart.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>")?;
    let mut root = "<library org=\"Bench\" library=\"L\" display_name=\"Tides\">\n".to_owned();
    for number in 0..blocks {
        if number % 2 == 0 {
            root.push_str(&format!("<problem url_name=\"p{number}\"/>\n"));
            let olx = format!(
                "<problem display_name=\"Tide {number}\" max_attempts=\"3\"><p>When is it high?</p>\
                 <multiplechoiceresponse><choicegroup type=\"MultipleChoice\"><choice correct=\"true\">At {number}</choice>\
                 <choice correct=\"false\">Never</choice></choicegroup></multiplechoiceresponse></problem>"
            );
            fs::write(folder.join(format!("problem/p{number}.xml")), olx)?;
        } else {
            root.push_str(&format!("<html url_name=\"h{number}\"/>\n"));
            let picture = if number % 10 == 1 { "<img src=\"/static/chart.svg\" alt=\"\">" } else { "" };
            let olx = format!("<html display_name=\"Text {number}\" filename=\"h{number}\"/>");
            fs::write(folder.join(format!("html/h{number}.xml")), olx)?;
            fs::write(
                folder.join(format!("html/h{number}.html")),
                format!("<p>The tide of day {number}.</p>{picture}"),
            )?;
        }
    }
    root.push_str("</library>");
    Ok(fs::write(folder.join("library.xml"), root)?)
}
