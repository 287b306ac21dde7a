//! How fast a course is imported, and how much memory that takes. A second course has the same files more often: what
//! it takes beyond the first is what grows with the course.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use blockhouse_content::{ContentStore, import};
use tempfile::TempDir;

/// Chapters of the two courses.
const CHAPTERS: [usize; 2] = [8, 64];

/// Units in each chapter, each with one problem and one html block inside it.
const UNITS: usize = 24;

/// Paragraphs of two kilobytes in each problem and html block.
const PARAGRAPHS: usize = 4;

/// How often each course is imported, each time into a new store.
const ROUNDS: usize = 3;

/// What is wanted, in megabytes of XML text a second.
const WANTED: f64 = 20.0;

const MB: f64 = 1e6;

pub(crate) fn imports() -> Result<(), Box<dyn Error>> {
    println!(
        "\nimport of a generated course, one thread, best of {ROUNDS}; wanted {WANTED} MB/s of XML text"
    );
    for chapters in CHAPTERS {
        let course = Course::generate(chapters)?;
        let mut best = Duration::MAX;
        for _ in 0..ROUNDS {
            best = best.min(course.import()?);
        }
        let mut outcome = Ok(Duration::ZERO);
        let memory = allocation_counter::measure(|| outcome = course.import());
        outcome?;
        let megabytes = course.bytes as f64 / MB;
        println!(
            "  {megabytes:>5.1} MB in {:>5} files, largest {:>4.0} kB {:>6.1} MB/s   {:>4.0} ms, peak memory {:.2} MB",
            course.files,
            course.largest as f64 / 1e3,
            megabytes / best.as_secs_f64(),
            best.as_secs_f64() * 1e3,
            memory.bytes_max as f64 / MB,
        );
    }
    Ok(())
}

/// A course on disk.
struct Course {
    folder: TempDir,
    files: usize,
    bytes: usize,
    largest: usize,
}

impl Course {
    fn generate(chapters: usize) -> Result<Self, Box<dyn Error>> {
        let mut course = Self { folder: tempfile::tempdir()?, files: 0, bytes: 0, largest: 0 };
        let pointers: String =
            (0..chapters).map(|chapter| format!("<chapter url_name=\"c{chapter}\"/>\n")).collect();
        let root = format!(
            "<course org=\"Bench\" course=\"Import\" url_name=\"R\" display_name=\"Tides\">{pointers}</course>"
        );
        course.file("course.xml", &root)?;
        for chapter in 0..chapters {
            let units: String =
                (0..UNITS).map(|unit| format!("<vertical url_name=\"v{chapter}_{unit}\"/>\n")).collect();
            let text = format!(
                "<chapter display_name=\"Chapter\"><sequential url_name=\"s{chapter}\">{units}</sequential></chapter>"
            );
            course.file(&format!("chapter/c{chapter}.xml"), &text)?;
            for unit in 0..UNITS {
                let name = format!("{chapter}_{unit}");
                let text = format!(
                    "<vertical display_name=\"Unit\"><problem url_name=\"p{name}\"/><html url_name=\"h{name}\">{}</html></vertical>",
                    prose(PARAGRAPHS)
                );
                course.file(&format!("vertical/v{name}.xml"), &text)?;
                course.file(&format!("problem/p{name}.xml"), &problem())?;
            }
        }
        Ok(course)
    }

    fn file(&mut self, name: &str, text: &str) -> Result<(), Box<dyn Error>> {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        fs::write(path, text)?;
        self.files += 1;
        self.bytes += text.len();
        self.largest = self.largest.max(text.len());
        Ok(())
    }

    /// The time of an import into an empty store.
    fn import(&self) -> Result<Duration, Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        let store = ContentStore::open(place.path())?;
        let started = Instant::now();
        let report = import(self.folder.path(), &store, &mut |_| ())?;
        let time = started.elapsed();
        // What was left out would have been quick.
        if let Some(problem) = report.problems.first() {
            return Err(problem.fault.to_string().into());
        }
        Ok(time)
    }
}

fn problem() -> String {
    let choices: String = (0..4)
        .map(|choice| {
            format!(
                "  <choice correct=\"{}\">After {choice} hours &amp; some minutes</choice>\n",
                choice == 2
            )
        })
        .collect();
    format!(
        "<problem display_name=\"High water\" max_attempts=\"3\">\n{}<multiplechoiceresponse>\n <choicegroup type=\"MultipleChoice\">\n{choices} </choicegroup>\n</multiplechoiceresponse>\n</problem>\n",
        prose(PARAGRAPHS),
    )
}

fn prose(paragraphs: usize) -> String {
    format!("<p class=\"text\">{} <b>twice</b> a day &#8211; or so.</p>\n", include_str!("../../prose.txt"))
        .repeat(paragraphs)
}
