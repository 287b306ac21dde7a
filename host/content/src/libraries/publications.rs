//! Publications, noted one by one: with number, moment and author, and from which version to which each entity moved. So
//! a library can be looked at as it was after any of them (`place`), and says what happened to it (`history`).

use super::LibraryError;
use super::change::Change;
use super::links::latest;
use crate::storage::database::Value;
use crate::storage::number;

/// What a publication did to one entity.
pub(super) struct Move {
    pub(super) entity: i64,
    /// The version that learners saw before; none: it was not there for them.
    pub(super) from: Option<u64>,
    /// The version that they see now; none: it is gone.
    pub(super) to: Option<u64>,
}

impl Change<'_> {
    /// Notes a publication. One that moved nothing is none.
    pub(super) async fn note_publication(
        &mut self,
        library: i64,
        moves: &[Move],
    ) -> Result<(), LibraryError> {
        if moves.is_empty() {
            return Ok(());
        }
        // Nobody else publishes meanwhile: the library is locked.
        let publication = number(latest(&mut self.tx, library).await? + 1);
        let (now, by) = (self.now, self.by);
        let row: [Value<'_>; 4] = [library.into(), publication.into(), now.into(), (&by.username).into()];
        let columns = ["library_id", "number", "created", "created_by"];
        self.insert("content_publication", &columns, &[row]).await?;
        let version = |version: Option<u64>| number(version.unwrap_or_default());
        let rows: Vec<[Value<'_>; 5]> = moves
            .iter()
            .map(|one| -> [Value<'_>; 5] {
                [
                    one.entity.into(),
                    publication.into(),
                    library.into(),
                    version(one.from).into(),
                    version(one.to).into(),
                ]
            })
            .collect();
        let columns = ["entity_id", "number", "library_id", "old_version", "new_version"];
        self.insert("content_publication_record", &columns, &rows).await
    }
}
