//! The tables, embedded. A file that has been released is never changed; what comes next is another file with the next
//! number, in all three directories.

use std::sync::LazyLock;

use sqlx::migrate::Migrator;

/// Open edX's database has a table of migrations of its own, and so may other parts of a host that keep theirs here.
const TABLE: &str = "blockhouse_state_migrations";

fn migrator(mut migrator: Migrator) -> Migrator {
    migrator.dangerous_set_table_name(TABLE);
    migrator
}

pub(crate) fn sqlite() -> &'static Migrator {
    static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
        let mut migrator = migrator(sqlx::migrate!("migrations/sqlite"));
        // The file's write lock is enough.
        migrator.set_locking(false);
        migrator
    });
    &MIGRATIONS
}

pub(crate) fn postgres() -> &'static Migrator {
    static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| migrator(sqlx::migrate!("migrations/postgres")));
    &MIGRATIONS
}

pub(crate) fn mysql() -> &'static Migrator {
    static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
        let mut migrator = migrator(sqlx::migrate!("migrations/mysql"));
        // Its lock waits for ever, which MariaDB refuses; `MySql::open` takes one of its own.
        migrator.set_locking(false);
        migrator
    });
    &MIGRATIONS
}
