//! Whether the library store holds together: contents that nothing names are swept away, and those that are named and
//! gone are reported.

use super::{Libraries, LibraryError};

/// What an inspection found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LibraryFindings {
    /// Contents that no version names. They are left by deleted libraries, and are taken away.
    pub orphans: u64,
    /// Digests that a version names and the store does not have.
    pub missing: Vec<String>,
}

/// The digests that versions name.
const NAMED: &str = "SELECT olx AS digest FROM version WHERE olx IS NOT NULL UNION
    SELECT file.value ->> 'digest' FROM version, json_each(version.files) AS file";

impl Libraries {
    /// Inspects the store, and with `mend` takes orphans away.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn fsck(&self, mend: bool) -> Result<LibraryFindings, LibraryError> {
        let mut tx = self.write().await?;
        let missing =
            format!("SELECT digest FROM ({NAMED}) WHERE digest NOT IN (SELECT digest FROM content)");
        let missing = sqlx::query_scalar(sqlx::AssertSqlSafe(missing)).fetch_all(&mut *tx).await?;
        let orphans =
            format!("SELECT count(*) FROM content WHERE digest NOT IN (SELECT digest FROM ({NAMED}))");
        let orphans: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(orphans)).fetch_one(&mut *tx).await?;
        if mend {
            let sweep = format!("DELETE FROM content WHERE digest NOT IN (SELECT digest FROM ({NAMED}))");
            sqlx::query(sqlx::AssertSqlSafe(sweep)).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(LibraryFindings { orphans: orphans.cast_unsigned(), missing })
    }
}
