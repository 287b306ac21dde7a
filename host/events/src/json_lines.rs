//! Events as lines of JSON in a file. It is opened for every batch, so renaming it is all that a rotation takes, and it
//! is on the disk before the batch counts as delivered.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;

use async_trait::async_trait;

use crate::{Consumer, ConsumerError, PublishedEvent};

/// A file to which events are added.
#[derive(Clone, Debug)]
pub struct JsonLines {
    path: PathBuf,
}

impl JsonLines {
    /// The file at `path`, which need not be there. Its directory has to be.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }
}

#[async_trait]
impl Consumer for JsonLines {
    fn name(&self) -> &str {
        "file"
    }

    async fn take(&self, events: &[PublishedEvent]) -> Result<(), ConsumerError> {
        let failed = |source| ConsumerError::File { path: self.path.clone(), source };
        let mut lines = Vec::new();
        for event in events {
            serde_json::to_writer(&mut lines, event).map_err(|error| failed(error.into()))?;
            lines.push(b'\n');
        }
        let path = self.path.clone();
        let written = tokio::task::spawn_blocking(move || {
            let mut file = OpenOptions::new().create(true).append(true).open(path)?;
            file.write_all(&lines)?;
            file.sync_data()
        });
        written.await.map_err(io::Error::other).and_then(|result| result).map_err(failed)
    }
}
