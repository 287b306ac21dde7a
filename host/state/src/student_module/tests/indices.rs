//! Every table is read by an index that knows what is looked for: the databases' own plans for the store's own
//! statements, on tables with enough rows for an index to matter.

use std::sync::Arc;

use serde_json::Value;

use super::{Bed, Testable, on_every_database};
use crate::BlockRef;
use crate::conformance::usage;
use crate::database::{Database, MySql, Parameter, Postgres, Row, Sqlite, Statement};
use crate::student_module::wanted::Wanted;

/// Learners in the tables, each with a row in each of them.
const LEARNERS: i64 = 3000;

const NOW: &str = "'2024-01-02 03:04:05'";

/// A plan, as far as it says how tables are read.
trait Planner: Testable {
    const EXPLAIN: &'static str;
    const ANALYZE: &'static [&'static str];

    /// The parts of a plan that read one of our tables without an index that knows what is looked for.
    fn scans(rows: &[Row<Self>]) -> Vec<String>;
}

impl Planner for Sqlite {
    const EXPLAIN: &'static str = "EXPLAIN QUERY PLAN";
    const ANALYZE: &'static [&'static str] = &["ANALYZE"];

    fn scans(rows: &[Row<Self>]) -> Vec<String> {
        let details = rows.iter().map(|row| Self::text(row, "detail").unwrap().unwrap().to_owned());
        details
            .filter(|detail| detail.starts_with("SCAN ") && !detail.contains("VIRTUAL TABLE"))
            .filter(|detail| !detail.contains("CONSTANT ROW"))
            // The list of what is wanted is read as a whole.
            .filter(|detail| detail != "SCAN groups")
            .collect()
    }
}

impl Planner for Postgres {
    const EXPLAIN: &'static str = "EXPLAIN (FORMAT JSON)";
    const ANALYZE: &'static [&'static str] = &["ANALYZE"];

    fn scans(rows: &[Row<Self>]) -> Vec<String> {
        let plan = Self::text(&rows[0], "QUERY PLAN").unwrap().unwrap();
        let mut nodes = vec![serde_json::from_str::<Value>(plan).unwrap()[0]["Plan"].clone()];
        let mut scans = Vec::new();
        while let Some(node) = nodes.pop() {
            nodes.extend(node["Plans"].as_array().cloned().unwrap_or_default());
            let condition =
                ["Index Cond", "Recheck Cond", "TID Cond"].iter().find_map(|name| node[name].as_str());
            let reads = node["Relation Name"].is_string() && node["Node Type"] != "ModifyTable";
            if reads && condition.is_none() {
                scans.push(node.to_string());
            }
        }
        scans
    }
}

impl Planner for MySql {
    const EXPLAIN: &'static str = "EXPLAIN";
    const ANALYZE: &'static [&'static str] =
        &["ANALYZE TABLE courseware_studentmodule, courseware_studentmodulehistory, blockhouse_receipts, blockhouse_files,
                       courseware_xmoduleuserstatesummaryfield, courseware_xmodulestudentprefsfield,
                       courseware_xmodulestudentinfofield, completion_blockcompletion, blockhouse_outbox"];

    fn scans(rows: &[Row<Self>]) -> Vec<String> {
        let text = |row, column| Self::text(row, column).unwrap().unwrap_or_default().to_owned();
        rows.iter()
            .map(|row| (text(row, "table"), text(row, "type"), text(row, "key")))
            // The list of what is wanted is read as a whole.
            .filter(|(table, how, _)| matches!(how.as_str(), "ALL" | "index") && table != "w")
            .filter(|(table, ..)| !table.starts_with('<'))
            .map(|scan| format!("{scan:?}"))
            .collect()
    }
}

/// Rows of many learners, so that reading a whole table is worse than any index.
async fn fill<D: Planner>(bed: &Bed<D>) {
    let (block, context) = (usage("C", "poll", "p"), usage("C", "poll", "p").context_key());
    let tables: [(&str, &dyn Fn(i64) -> String); 9] = [
        (
            "courseware_studentmodule (module_type, module_id, student_id, course_id, state, done, created, modified)",
            &|n| format!("('poll', '{block}', {n}, '{context}', '{{}}', 'na', {NOW}, {NOW})"),
        ),
        ("courseware_studentmodulehistory (student_module_id, created)", &|n| format!("({n}, {NOW})")),
        ("courseware_xmoduleuserstatesummaryfield (field_name, value, created, modified, usage_id)", &|n| {
            format!("('A', '1', {NOW}, {NOW}, '{block}{n}')")
        }),
        (
            "courseware_xmodulestudentprefsfield (field_name, value, created, modified, module_type, student_id)",
            &|n| format!("('P', '1', {NOW}, {NOW}, 'poll', {n})"),
        ),
        ("courseware_xmodulestudentinfofield (field_name, value, created, modified, student_id)", &|n| {
            format!("('I', '1', {NOW}, {NOW}, {n})")
        }),
        (
            "completion_blockcompletion (created, modified, user_id, course_key, block_key, block_type, completion)",
            &|n| format!("({NOW}, {NOW}, {n}, '{context}', '{block}', 'poll', 1)"),
        ),
        ("blockhouse_receipts (student_id, usage_id, value, created, modified)", &|n| {
            format!("({n}, '{block}', '[]', {NOW}, {NOW})")
        }),
        ("blockhouse_files (student_id, usage_id, name, value, created, modified)", &|n| {
            format!("({n}, '{block}', 'a', '\"\"', {NOW}, {NOW})")
        }),
        ("blockhouse_outbox (created, student_id, context, usage_id, kind, data)", &|n| {
            format!("({NOW}, {n}, '{context}', '{block}', 'grade', '{{}}')")
        }),
    ];
    for (table, row) in tables {
        let rows: Vec<_> = (1..=LEARNERS).map(row).collect();
        bed.execute(&format!("INSERT INTO {table} VALUES {}", rows.join(", "))).await;
    }
    for statement in D::ANALYZE {
        bed.execute(statement).await;
    }
}

async fn plan<D: Planner>(bed: &Bed<D>, statement: &Statement, parameters: &[Parameter]) -> Vec<Row<D>> {
    let explain = Arc::from(format!("{} {statement}", D::EXPLAIN));
    bed.store.reader.fetch(&explain, parameters.to_vec()).await.unwrap()
}

async fn every_table_is_read_by_index<D: Planner>(bed: Bed<D>) {
    fill(&bed).await;
    let block = usage("C", "poll", "p");
    let whole = BlockRef {
        receipts: true,
        own_files: vec![Arc::from("a")],
        ..BlockRef::whole(block.clone(), vec![Arc::from("A")])
    };
    let wanted = Wanted::of_blocks(7, &[whole]);
    let parameters = |lists: [Option<String>; 6]| lists.map(|rows| Parameter::Text(rows.unwrap())).to_vec();

    let statements = &bed.store.statements;
    let records = &statements.records;
    let (learner, after, limit) = (Parameter::Number(7), Parameter::Number(0), Parameter::Number(10));
    let text = |text: &str| Parameter::Text(text.to_owned());
    let (key, context) = (text(block.as_str()), text(block.context_key().as_str()));
    let one = vec![learner.clone(), key.clone(), context.clone()];
    let page = [after.clone(), limit.clone()];
    let mut reads = vec![
        ("a load", statements.load([true; 6]).unwrap(), parameters(wanted.to_load())),
        ("a record", &records.one, one.clone()),
        ("the history", &records.history, one.clone()),
        ("records of a block", &records.block, [vec![key, context.clone()], page.to_vec()].concat()),
        ("records of a context", &records.context, [vec![context.clone()], page.to_vec()].concat()),
        ("records of a learner", &records.learner, [vec![learner.clone()], page.to_vec()].concat()),
        ("a completion", &statements.completions.one, one),
        ("completions", &statements.completions.context, vec![learner, context]),
        ("old receipts", &records.forget_receipts, vec![text(r#"[["2024-01-01 00:00:00"]]"#)]),
        ("the outbox", &bed.store.delivery.undelivered, vec![text("file"), after, limit]),
    ];
    let commits = statements.select.iter().zip(parameters(wanted.to_lock()));
    reads.extend(commits.map(|(statement, list)| ("a commit", statement, vec![list])));
    for (what, statement, parameters) in reads {
        let scans = D::scans(&plan(&bed, statement, &parameters).await);
        assert!(scans.is_empty(), "{what}: {scans:?}\n{statement}");
    }
}

/// A test that finds nothing has to be able to find something.
async fn a_read_without_an_index_would_be_noticed<D: Planner>(bed: Bed<D>) {
    fill(&bed).await;
    let statement = Arc::from("SELECT id FROM courseware_studentmodule WHERE done = 'f'");
    assert_eq!(D::scans(&plan(&bed, &statement, &[]).await).len(), 1);
}

on_every_database! {
    every_table_is_read_by_index,
    a_read_without_an_index_would_be_noticed,
}
