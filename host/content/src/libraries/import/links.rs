//! The links of a library's backup, by which the blocks in it include those of other libraries.

use blockhouse_keys::LibraryKey;

use crate::libraries::backup::links::{FILE, LinksFile};
use crate::libraries::{Author, Libraries, LibraryError};
use crate::{Fault, Problem, Severity};

impl Libraries {
    /// Lets the library's links lead where the drafts of these do, and returns their names. One that would lead back is
    /// left as it was, which is a problem of its own.
    pub(super) async fn take_links(
        &self,
        library: &LibraryKey,
        links: LinksFile,
        by: &Author,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<String>, LibraryError> {
        let mut taken = Vec::new();
        for (id, target) in links.drafts() {
            match self.take_link(library, &id, &target, by).await {
                Ok(()) => taken.push(id),
                Err(LibraryError::Invalid { message, .. }) => {
                    let fault = Fault::of_file(FILE, format!("the link `{id}` is left out: {message}"));
                    problems.push(Problem { usage: None, severity: Severity::Error, fault });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(taken)
    }
}
