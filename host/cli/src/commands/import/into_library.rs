//! `blockhouse import PATH --into lib:ORG:SLUG`: blocks become drafts of a library that authors edit.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use blockhouse_content::libraries::{Author, Libraries, LibraryImport, LibraryImportError, LibraryRules};
use blockhouse_content::{ImportError, ListedPeople, Person, find};
use blockhouse_fields::UserId;
use blockhouse_keys::LibraryKey;
use blockhouse_runtime::{Version, Visitor};
use blockhouse_server::{ServerConfig, ServerUrls};
use blockhouse_state::DatabaseUrl;
use indicatif::ProgressBar;

use super::table::{Outcome, Table};
use super::{Args, print_problems, render};
use crate::causes::on_one_line;
use crate::config::Config;
use crate::host::{HostError, open_data, open_runtime, open_storage};
use crate::plain::Plain;
use crate::progress;

/// The account whose change an import is where none is named. No person has it.
const NOBODY: i64 = 0;

/// What became of the paths.
type Imported = (Vec<LibraryImport>, Vec<(PathBuf, LibraryImportError)>);

/// Imports, then renders every draft that was taken. Succeeds when something was imported.
pub(super) fn run(args: &Args, library: &LibraryKey, config: &Config) -> Result<ExitCode, HostError> {
    let secrets = open_data(config)?;
    let author = author(args.author.as_deref())?;
    let server = ServerConfig::new(config.public_url(), vec![secrets.key("session").to_vec()]);
    let urls = Arc::new(ServerUrls::new(&server)?);
    // Nobody's state is read or written: the author of this check has it in a directory that goes away.
    let scratch =
        tempfile::tempdir().map_err(|source| HostError::Data { path: config.data.clone(), source })?;
    let bar = progress::bar();
    let threads =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(HostError::Threads)?;
    let (imported, table) = threads.block_on(async {
        let storage = open_storage(config).await?;
        let libraries = Libraries::new(storage.clone(), LibraryRules::default(), server.clock);
        let (imported, failures) = import_all(args, library, &libraries, &author, &bar).await;
        for (path, error) in &failures {
            eprintln!("blockhouse: {} was not imported: {}", path.display(), Plain(on_one_line(error)));
        }
        let state = DatabaseUrl::file(&scratch.path().join("state.sqlite"));
        let staff = Arc::new(ListedPeople::new(vec![staff()]));
        let (runtime, refused) =
            open_runtime(config, &secrets, storage, &state, staff, urls, server.clock).await?;
        for error in &refused {
            eprintln!("left out a package: {}", Plain(on_one_line(error)));
        }
        let mut table = Table::default();
        let visitor = Visitor { user: UserId::Author(NOBODY), locale: "en".to_owned() };
        for one in &imported {
            render::each(&runtime, &visitor, Version::Draft, &one.taken, &mut table, &bar).await;
            for left_out in &one.left_out {
                let outcome = match &left_out.reason {
                    None => Outcome::Outline,
                    Some(reason) => Outcome::LeftOut(format!("{}: {reason}", left_out.usage)),
                };
                table.add(&left_out.block_type, outcome);
            }
        }
        Ok::<_, HostError>((imported, table))
    })?;
    bar.finish_and_clear();
    // The reader of a pipe may have seen enough; the import is done all the same.
    let _ = print_summary(&mut std::io::stdout().lock(), library, &imported, &table);
    Ok(if imported.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Imports whatever is below the paths, and tells of each source as soon as it is in.
async fn import_all(
    args: &Args,
    library: &LibraryKey,
    libraries: &Libraries,
    author: &Author,
    bar: &ProgressBar,
) -> Imported {
    let (mut imported, mut failures) = (Vec::new(), Vec::new());
    for path in &args.paths {
        let sources = match find(path) {
            Ok(sources) if sources.is_empty() => Err(ImportError::NothingFound(path.clone())),
            found => found,
        };
        let sources = sources.unwrap_or_else(|error| {
            failures.push((path.clone(), error.into()));
            Vec::new()
        });
        for source in sources {
            bar.reset();
            let mut show = |progress| progress::show(bar, progress);
            match libraries.import(&source, library, args.publish, author, &mut show).await {
                Ok(one) => {
                    bar.suspend(|| {
                        let _ = tell(&mut std::io::stdout().lock(), library, &one);
                    });
                    imported.push(one);
                }
                Err(error) => failures.push((source, error)),
            }
        }
    }
    (imported, failures)
}

fn tell(out: &mut impl Write, library: &LibraryKey, one: &LibraryImport) -> std::io::Result<()> {
    let made = if one.made_library { ", which was made" } else { "" };
    let LibraryImport { title, new, changed, links, .. } = one;
    let links = if links.is_empty() { String::new() } else { format!("; links: {}", links.join(", ")) };
    writeln!(
        out,
        "{title} into {library}{made}: {new} blocks are new, {changed} changed, {} unchanged{links}",
        one.unchanged()
    )
}

/// The table, what does not show, what was not taken, and what an author should look at.
fn print_summary(
    out: &mut impl Write,
    library: &LibraryKey,
    imported: &[LibraryImport],
    table: &Table,
) -> std::io::Result<()> {
    if imported.is_empty() {
        return Ok(());
    }
    write!(out, "\n{}", Plain(table))?;
    let lists: [(&str, Vec<&str>); 2] =
        [("failed to render", table.failures().collect()), ("left out", table.left_out().collect())];
    for (what, reasons) in lists.iter().filter(|(_, reasons)| !reasons.is_empty()) {
        writeln!(out, "\n{what}:")?;
        for reason in reasons {
            writeln!(out, "  {}", Plain(reason))?;
        }
    }
    for one in imported {
        print_problems(out, &format!("{} for {library}", one.title), &one.problems)?;
    }
    Ok(())
}

/// Whose change it is.
fn author(text: Option<&str>) -> Result<Author, HostError> {
    let Some(text) = text else { return Ok(Author { account: NOBODY, username: "import".to_owned() }) };
    let (number, name) = text.split_once(':').unwrap_or((text, text));
    match number.parse() {
        Ok(account) if !name.is_empty() => Ok(Author { account, username: name.to_owned() }),
        _ => Err(HostError::Account(text.to_owned())),
    }
}

/// Who looks at the drafts of this check.
fn staff() -> Person {
    Person { account: Some(NOBODY), active: true, staff: true, ..Person::default() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_account_is_a_number_perhaps_with_a_name() {
        let read = |text| author(Some(text)).map(|author| (author.account, author.username));
        assert_eq!(read("3:ann").unwrap(), (3, "ann".to_owned()));
        assert_eq!(read("3").unwrap(), (3, "3".to_owned()));
        for text in ["ann", "3:", ":ann", ""] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(author(None).unwrap().account, NOBODY);
    }
}
