//! `storage`: files that the block keeps. Waiting for them is not the block's processor time. Reading one counts with the
//! author's files that are read.

use wasmtime::Result;

use crate::bindings::storage::{Host as StorageHost, KeptFile as WitFile, Space as WitSpace, StorageError};
use crate::files::FileBytes;
use crate::host::Host;
use crate::state::State;
use crate::storage::{KeptFile, Room, Space, StorageFailure};

impl<H: Host> StorageHost for State<H> {
    async fn kept_files(&mut self, space: WitSpace) -> Result<Result<Vec<WitFile>, StorageError>> {
        self.quota.host_call()?;
        self.wait();
        let kept = self.meter.exclude(self.host.kept_files(space.into())).await;
        Ok(kept.map(|files| files.into_iter().map(WitFile::from).collect()).map_err(StorageError::from))
    }

    async fn read(&mut self, space: WitSpace, name: String) -> Result<Result<Option<Vec<u8>>, StorageError>> {
        let most = self.quota.file_read()?;
        self.wait();
        let read = match self.meter.exclude(self.host.kept_file(space.into(), &name, most)).await {
            Ok(found) => found.map(|FileBytes(bytes)| bytes),
            Err(failure) => return Ok(Err(failure.into())),
        };
        self.quota.file_bytes(read.as_ref().map_or(0, Vec::len))?;
        Ok(Ok(read))
    }

    async fn write(
        &mut self,
        space: WitSpace,
        name: String,
        data: Vec<u8>,
    ) -> Result<Result<(), StorageError>> {
        self.quota.file_write(data.len())?;
        let limits = self.budget.limits();
        if data.len() > limits.storage_file_bytes {
            return Ok(Err(StorageError::TooLarge));
        }
        let room = Room { files: limits.storage_files, bytes: limits.storage_bytes };
        self.wait();
        let kept = self.host.keep_file(space.into(), &name, FileBytes(data), room);
        Ok(self.meter.exclude(kept).await.map_err(StorageError::from))
    }

    async fn delete(&mut self, space: WitSpace, name: String) -> Result<Result<(), StorageError>> {
        self.quota.write()?;
        self.wait();
        let deleted = self.meter.exclude(self.host.delete_file(space.into(), &name)).await;
        Ok(deleted.map_err(StorageError::from))
    }
}

impl From<WitSpace> for Space {
    fn from(space: WitSpace) -> Self {
        match space {
            WitSpace::Own => Self::Own,
            WitSpace::Shared => Self::Shared,
        }
    }
}

impl From<KeptFile> for WitFile {
    fn from(KeptFile { name, bytes }: KeptFile) -> Self {
        Self { name, bytes }
    }
}

impl From<StorageFailure> for StorageError {
    fn from(failure: StorageFailure) -> Self {
        match failure {
            StorageFailure::NotInAHandler => Self::NotInAHandler,
            StorageFailure::Refused(text) => Self::Refused(text),
            StorageFailure::InvalidName => Self::InvalidName,
            StorageFailure::TooLarge => Self::TooLarge,
            StorageFailure::Full => Self::Full,
            StorageFailure::Unavailable(text) => Self::Unavailable(text),
        }
    }
}
