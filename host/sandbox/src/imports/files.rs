//! `files`: what the author put beside the block. Waiting for a file is not the block's processor time.

use wasmtime::Result;

use crate::bindings::files::{FileError, Host as FilesHost};
use crate::files::{FileBytes, FileFailure};
use crate::host::Host;
use crate::state::State;

impl<H: Host> FilesHost for State<H> {
    async fn read(&mut self, name: String) -> Result<Result<Option<Vec<u8>>, FileError>> {
        let most = self.quota.file_read()?;
        self.wait();
        let read = match self.meter.exclude(self.host.file_read(&name, most)).await {
            Ok(found) => found.map(|FileBytes(bytes)| bytes),
            Err(FileFailure::TooLarge) => return Ok(Err(FileError::TooLarge)),
            Err(FileFailure::Unavailable(why)) => return Ok(Err(FileError::Unavailable(why))),
        };
        self.quota.file_bytes(read.as_ref().map_or(0, Vec::len))?;
        Ok(Ok(read))
    }
}
