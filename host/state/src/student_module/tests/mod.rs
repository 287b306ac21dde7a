//! What the SQL stores promise beyond `conformance`: tables that Open edX can read, files and databases that survive.

mod adoption;
pub(crate) mod bed;
mod crash;
mod delivery;
mod events;
mod files;
mod indices;
mod records;
mod servers;
mod tables;

use std::sync::Arc;

use blockhouse_fields::UserId;

use self::bed::{Bed, Testable};
use crate::conformance::Subject;

async fn subject<D: Testable>() -> Option<Subject> {
    let bed = D::bed().await?;
    Some(Subject {
        store: bed.store,
        user: |n| UserId::Learner(n.into()),
        stranger: UserId::Anonymous(Arc::from("anon0123456789abcdef0123")),
        keep: bed.keep,
    })
}

mod sqlite {
    crate::state_store_conformance!(super::subject::<crate::database::Sqlite>);
}

mod postgres {
    crate::state_store_conformance!(super::subject::<crate::database::Postgres>);
}

mod mysql {
    crate::state_store_conformance!(super::subject::<crate::database::MySql>);
}

/// One test for each function on each database.
macro_rules! on_every_database {
    ($($name:ident,)+) => {
        mod sqlite { $crate::student_module::tests::on_every_database! { @ Sqlite $($name)+ } }
        mod postgres { $crate::student_module::tests::on_every_database! { @ Postgres $($name)+ } }
        mod mysql { $crate::student_module::tests::on_every_database! { @ MySql $($name)+ } }
    };
    (@ $database:ident $($name:ident)+) => {
        $(
            #[tokio::test]
            async fn $name() {
                use $crate::student_module::tests::bed::Testable;
                if let Some(bed) = $crate::database::$database::bed().await {
                    super::$name(bed).await;
                }
            }
        )+
    };
}
pub(crate) use on_every_database;
