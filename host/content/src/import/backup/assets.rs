//! The files of components. In a backup each component has its own; a learning context has one name for each.

use std::collections::HashMap;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::import::ImportError;
use crate::import::source::Source;
use crate::store::VersionWriter;
use crate::{Fault, hex};

/// The names that are taken, each with the digest of its file.
#[derive(Default)]
pub(super) struct Assets {
    taken: HashMap<String, Vec<u8>>,
}

impl Assets {
    /// Adds the files of a component's version, and points its text to those that could not keep their names, as
    /// another component has another file of that name.
    pub(super) fn add(
        &mut self,
        source: &mut Source<'_>,
        writer: &mut VersionWriter,
        folder: &str,
        olx: &mut String,
    ) -> Result<Vec<Fault>, ImportError> {
        let mut faults = Vec::new();
        let folder = format!("{folder}/static");
        for path in source.files(&folder) {
            let name = path.get(folder.len() + 1..).unwrap_or_default();
            let digest = match source.open_file(&path).and_then(|file| digest(&path, file)) {
                Ok(digest) => digest,
                Err(fault) => {
                    faults.push(fault);
                    continue;
                }
            };
            let own = match self.taken.get(name) {
                Some(other) if *other == digest => continue,
                Some(_) => {
                    let short: String = hex::encode(&digest).chars().take(12).collect();
                    let own = format!("{short}/{name}");
                    *olx = renamed(olx, name, &own);
                    own
                }
                None => name.to_owned(),
            };
            match source.open_file(&path) {
                Ok(file) => writer.add_file(&format!("static/{own}"), file)?,
                Err(fault) => faults.push(fault),
            }
            self.taken.insert(own, digest);
        }
        Ok(faults)
    }
}

fn digest(path: &str, mut file: impl Read) -> Result<Vec<u8>, Fault> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(digest.finalize().to_vec()),
            Ok(read) => digest.update(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Fault::of_file(path, format!("cannot be read: {error}"))),
        }
    }
}

/// The text with `static/<name>` as `static/<own>`, where the name ends there.
fn renamed(text: &str, name: &str, own: &str) -> String {
    let reference = format!("static/{name}");
    let mut pieces = text.split(&reference);
    let mut renamed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let longer =
            piece.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '.' | '_' | '-'));
        renamed.push_str("static/");
        renamed.push_str(if longer { name } else { own });
        renamed.push_str(piece);
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::renamed;

    #[test]
    fn only_the_whole_name_is_renamed() {
        let text = "<a href='/static/a.png'/><a href='/static/a.png.txt'/> a.png";
        assert_eq!(
            renamed(text, "a.png", "x/a.png"),
            "<a href='/static/x/a.png'/><a href='/static/a.png.txt'/> a.png"
        );
    }
}
