//! The files that a block reads of its author. Which they are is the learning context's to say, from the definition
//! that the call began with: so a draft has the draft's files, and what a block cannot see stays out of reach.

use blockhouse_content::AuthorFile;
use blockhouse_sandbox::{FileBytes, FileFailure};

use crate::mediate::Place;

impl Place {
    /// The file that `/static/NAME` means to this block.
    pub(crate) async fn file(&self, name: &str, most: usize) -> Result<Option<FileBytes>, FileFailure> {
        let definition = &self.block.definition;
        // A definition says which bytes its own files have. Those of a course may be others after the next import, and
        // the definition the same: a view that read one is not kept.
        if definition.files.is_none() {
            self.becomes_personal();
        }
        let found = async {
            let context = self.scene.runtime.inner.parts.contexts.open(&self.scene.context).await?;
            context.file(definition, name, most).await
        };
        match found.await {
            Ok(None) => Ok(None),
            Ok(Some(AuthorFile::Bytes(bytes))) => Ok(Some(FileBytes(bytes.into()))),
            Ok(Some(AuthorFile::TooLarge)) => Err(FileFailure::TooLarge),
            Err(error) => {
                self.becomes_personal();
                tracing::error!(usage = %definition.usage, name, %error, "a file cannot be read");
                Err(FileFailure::Unavailable(format!("the file `{name}` cannot be read now")))
            }
        }
    }
}
