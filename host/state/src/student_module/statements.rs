//! The statements on Open edX's tables, put together once for a kind of database.
//!
//! Each takes its rows as lists, so that a whole page is read, or a whole group of commits written, with one statement
//! per table, and no statement depends on how many there are.

use std::sync::Arc;

use crate::database::Type::{Key, Number, Real, Text, Time};
use crate::database::{Database, Statement, Type};

const MODULES: &str = "courseware_studentmodule";
const HISTORY: &str = "courseware_studentmodulehistory";
const SUMMARIES: &str = "courseware_xmoduleuserstatesummaryfield";
const PREFERENCES: &str = "courseware_xmodulestudentprefsfield";
const USER_INFO: &str = "courseware_xmodulestudentinfofield";
const COMPLETIONS: &str = "completion_blockcompletion";
const RECEIPTS: &str = "blockhouse_receipts";
const FILES: &str = "blockhouse_files";
const OUTBOX: &str = "blockhouse_outbox";

/// Which field a row of one value holds.
const FIELD: (&str, Type) = ("field_name", Text);

/// The unique key of StudentModule, with that last in which the rows of a page differ.
const MODULE_KEY: [(&str, Type); 3] = [("student_id", Number), ("course_id", Key), ("module_id", Key)];

/// How rows of a table are looked up and read.
struct Source {
    /// Its position in [`TABLES`], which stands in every row of an answer.
    number: i64,
    table: &'static str,
    /// The columns of a commit's list, each equal to the table's column of that name.
    lookup: &'static [(&'static str, Type)],
    /// Whether the list is one of groups: `Database::grouped`.
    grouped: bool,
    /// What stands in the columns of an answer, which are the same for every table: see [`COLUMNS`].
    columns: [&'static str; 6],
}

/// The columns of an answer behind `source` and `id`.
const COLUMNS: [(&str, Type); 6] = [
    ("student", Number),
    ("owner", Text),
    ("field", Text),
    ("value", Text),
    ("grade", Real),
    ("max_grade", Real),
];

/// What stands in a column that a table does not have.
const NONE: &str = "NULL";

/// The number of the table of what learners share.
const SUMMARY: i64 = 1;

/// The tables that are read for calls.
pub(super) const SOURCES: usize = 6;

/// In the order of `Wanted::to_load` and `Wanted::to_lock`.
const TABLES: [Source; SOURCES] = [
    Source {
        number: 0,
        table: MODULES,
        lookup: &MODULE_KEY,
        grouped: true,
        columns: ["t.student_id", "t.module_id", NONE, "t.state", "t.grade", "t.max_grade"],
    },
    Source {
        number: SUMMARY,
        table: SUMMARIES,
        lookup: &[("usage_id", Key), ("field_name", Key)],
        grouped: false,
        columns: [NONE, "t.usage_id", "t.field_name", "t.value", NONE, NONE],
    },
    Source {
        number: 2,
        table: PREFERENCES,
        lookup: &[("student_id", Number), ("module_type", Key)],
        grouped: false,
        columns: ["t.student_id", "t.module_type", "t.field_name", "t.value", NONE, NONE],
    },
    Source {
        number: 3,
        table: USER_INFO,
        lookup: &[("student_id", Number)],
        grouped: false,
        columns: ["t.student_id", NONE, "t.field_name", "t.value", NONE, NONE],
    },
    Source {
        number: 4,
        table: RECEIPTS,
        lookup: &[("student_id", Number), ("usage_id", Key)],
        grouped: false,
        columns: ["t.student_id", "t.usage_id", NONE, "t.value", NONE, NONE],
    },
    Source {
        number: 5,
        table: FILES,
        lookup: &[("student_id", Number), ("usage_id", Key), ("name", Key)],
        grouped: false,
        columns: ["t.student_id", "t.usage_id", "t.name", "t.value", NONE, NONE],
    },
];

impl Source {
    /// The columns of an answer that say something.
    fn answered(&self) -> Vec<(&'static str, Type)> {
        let columns = self.columns.iter().zip(COLUMNS);
        columns.filter(|(column, _)| **column != NONE).map(|(_, named)| named).collect()
    }

    /// The rows of the table that match the list in the n-th parameter.
    fn select<D: Database>(&self, database: &D, parameter: usize, lookup: &[(&str, Type)]) -> String {
        let (rows, equal, member) = match lookup.split_last() {
            Some((last, common)) if self.grouped => {
                (database.grouped(parameter, self.table, common, *last), common, Some(D::is_member(last.0)))
            }
            _ => (database.rows(parameter, self.table, lookup), lookup, None),
        };
        let on = equal.iter().map(|(column, _)| format!("t.{column} = w.{column}")).chain(member);
        let columns = self.columns.iter().zip(COLUMNS).map(|(column, (name, _))| match name {
            "student" => format!("CAST({column} AS {}) AS {name}", D::NUMBER),
            _ => format!("{column} AS {name}"),
        });
        format!(
            "SELECT CAST({source} AS {number}) AS source, CAST(t.id AS {number}) AS id, {columns}
               FROM {rows} {join} {table} AS t ON {on}",
            source = self.number,
            number = D::NUMBER,
            columns = columns.collect::<Vec<_>>().join(", "),
            join = D::JOIN,
            table = self.table,
            on = on.collect::<Vec<_>>().join(" AND "),
        )
    }
}

/// All statements of a store.
#[derive(Debug)]
pub(super) struct Statements {
    /// The rows of some of the tables, with the lists of `Wanted::to_load` that are not empty. One statement is one
    /// snapshot. Which tables, says the position: see [`Self::load`]. The answer may be packed: see `Database::packed`.
    load: [Statement; 1 << SOURCES],
    /// Whether the answers of loads come packed.
    pub(super) packed: bool,
    /// The rows of each table, with its list. Nobody else changes them before the transaction ends.
    pub(super) select: [Statement; SOURCES],
    /// Insert, update and delete.
    pub(super) modules: [Statement; 3],
    /// The same for each table that has a row for each value.
    pub(super) fields: [[Statement; 3]; 5],
    pub(super) history: Statement,
    pub(super) completion: Statement,
    pub(super) outbox: Statement,
    pub(super) records: super::records::RecordStatements,
    pub(super) completions: super::completions::CompletionStatements,
}

impl Statements {
    pub(super) fn new<D: Database>(database: &D) -> Self {
        Self {
            packed: D::packed(&[]).is_some(),
            load: std::array::from_fn(|tables| Arc::from(load(database, tables))),
            select: TABLES.map(|source| Arc::from(source.select(database, 1, source.lookup) + D::FOR_UPDATE)),
            modules: modules(database),
            fields: [
                fields(database, SUMMARIES, &[FIELD, ("usage_id", Text)]),
                fields(database, PREFERENCES, &[FIELD, ("module_type", Text), ("student_id", Number)]),
                fields(database, USER_INFO, &[FIELD, ("student_id", Number)]),
                fields(database, RECEIPTS, &[("usage_id", Text), ("student_id", Number)]),
                fields(database, FILES, &[("name", Text), ("usage_id", Text), ("student_id", Number)]),
            ],
            history: history(database),
            completion: completion(database),
            outbox: outbox(database),
            records: super::records::RecordStatements::new(database),
            completions: super::completions::CompletionStatements::new::<D>(),
        }
    }

    /// The statement that reads the tables of which rows are wanted.
    pub(super) fn load(&self, wanted: [bool; SOURCES]) -> Option<&Statement> {
        let tables = wanted.iter().rev().fold(0, |tables, wanted| tables << 1 | usize::from(*wanted));
        self.load.get(tables).filter(|_| tables != 0)
    }
}

/// `INSERT INTO table (columns) SELECT …`, where each column takes the value of an expression over the list.
fn insert<D: Database>(database: &D, table: &str, list: &[(&str, Type)], columns: &[(&str, &str)]) -> String {
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    let values: Vec<_> = columns.iter().map(|(_, value)| *value).collect();
    let rows = database.rows(1, table, list);
    // `WHERE true` keeps an `ON CONFLICT` that may follow from being read as the `ON` of a join.
    format!("INSERT INTO {table} ({}) SELECT {} FROM {rows} WHERE true", names.join(", "), values.join(", "))
}

/// Reads the tables whose bits are set. All fields of a block that learners share are read together.
fn load<D: Database>(database: &D, tables: usize) -> String {
    let sources = TABLES.iter().enumerate().filter(|(bit, _)| tables & (1 << bit) != 0);
    let selects = sources.zip(1..).map(|((_, source), list)| {
        let lookup = if source.number == SUMMARY { &[("usage_id", Key)] } else { source.lookup };
        (source.select(database, list, lookup), source.answered())
    });
    let selects: Vec<_> = selects.collect();
    D::packed(&selects).unwrap_or_else(|| {
        selects.iter().map(|(select, _)| select.as_str()).collect::<Vec<_>>().join(" UNION ALL ")
    })
}

fn modules<D: Database>(database: &D) -> [Statement; 3] {
    let insert = insert(
        database,
        MODULES,
        &[
            ("module_type", Text),
            ("module_id", Text),
            ("student_id", Number),
            ("course_id", Text),
            ("state", Text),
            ("grade", Real),
            ("max_grade", Real),
            ("now", Time),
        ],
        &[
            ("module_type", "w.module_type"),
            ("module_id", "w.module_id"),
            ("student_id", "w.student_id"),
            ("course_id", "w.course_id"),
            ("state", "w.state"),
            ("grade", "w.grade"),
            ("max_grade", "w.max_grade"),
            ("done", "'na'"),
            ("created", "w.now"),
            ("modified", "w.now"),
        ],
    );
    let rows = database.rows(
        1,
        MODULES,
        &[("id", Number), ("state", Text), ("grade", Real), ("max_grade", Real), ("now", Time)],
    );
    let columns = [
        ("state", "coalesce(w.state, t.state)"),
        ("grade", "w.grade"),
        ("max_grade", "w.max_grade"),
        ("modified", "w.now"),
    ];
    let update = database.update(MODULES, &rows, &columns);
    let delete = database.delete(MODULES, &database.rows(1, MODULES, &[("id", Number)]));
    [Arc::from(insert), Arc::from(update), Arc::from(delete)]
}

/// `key` are the columns that name a row.
fn fields<D: Database>(database: &D, table: &str, key: &[(&str, Type)]) -> [Statement; 3] {
    let mut list = vec![("value", Text), ("now", Time)];
    list.extend(key);
    let mut columns = vec![("value", "w.value"), ("created", "w.now"), ("modified", "w.now")];
    let key_values: Vec<_> = key.iter().map(|(name, _)| (*name, format!("w.{name}"))).collect();
    columns.extend(key_values.iter().map(|(name, value)| (*name, value.as_str())));
    let insert = insert(database, table, &list, &columns);
    let rows = database.rows(1, table, &[("id", Number), ("value", Text), ("now", Time)]);
    let update = database.update(table, &rows, &[("value", "w.value"), ("modified", "w.now")]);
    let delete = database.delete(table, &database.rows(1, table, &[("id", Number)]));
    [Arc::from(insert), Arc::from(update), Arc::from(delete)]
}

/// What rows have become, commit by commit. A new row has its number only now, so the row is found by its key.
fn history<D: Database>(database: &D) -> Statement {
    let mut list = MODULE_KEY.to_vec();
    list.extend([("now", Time), ("state", Text), ("grade", Real), ("max_grade", Real), ("position", Number)]);
    let rows = database.rows(1, MODULES, &list);
    Arc::from(format!(
        "INSERT INTO {HISTORY} (student_module_id, created, state, grade, max_grade)
         SELECT t.id, w.now, w.state, w.grade, w.max_grade
           FROM {rows} {join} {MODULES} AS t
             ON t.student_id = w.student_id AND t.module_id = w.module_id AND t.course_id = w.course_id
          ORDER BY w.position",
        join = D::JOIN
    ))
}

/// Completion may go down as well as up (spec 2.11.2).
fn completion<D: Database>(database: &D) -> Statement {
    let list = [
        ("now", Time),
        ("user_id", Number),
        ("course_key", Text),
        ("block_key", Text),
        ("block_type", Text),
        ("completion", Real),
    ];
    let columns = [
        ("created", "w.now"),
        ("modified", "w.now"),
        ("user_id", "w.user_id"),
        ("course_key", "w.course_key"),
        ("block_key", "w.block_key"),
        ("block_type", "w.block_type"),
        ("completion", "w.completion"),
    ];
    let insert = insert(database, COMPLETIONS, &list, &columns);
    let or_update = D::or_update("course_key, block_key, user_id", &["completion", "modified"]);
    Arc::from(format!("{insert} {or_update}"))
}

/// Numbers are given in the order of the list.
fn outbox<D: Database>(database: &D) -> Statement {
    let list = [
        ("now", Time),
        ("student_id", Number),
        ("context", Text),
        ("usage_id", Text),
        ("kind", Text),
        ("data", Text),
        ("position", Number),
    ];
    let columns = [
        ("created", "w.now"),
        ("student_id", "w.student_id"),
        ("context", "w.context"),
        ("usage_id", "w.usage_id"),
        ("kind", "w.kind"),
        ("data", "w.data"),
    ];
    Arc::from(insert(database, OUTBOX, &list, &columns) + " ORDER BY w.position")
}
