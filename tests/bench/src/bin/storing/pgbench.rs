//! PostgreSQL's own load generator with the same read and the same write, one transaction for each.

use std::error::Error;
use std::io::Write;
use std::process::Command;
use std::time::Duration;

/// A colon before a letter would be a variable, even within quotes; hence `chr(58)`.
const SCRIPT: &str = "\
\\set student :client_id + 1
\\set minute random(10, 59)
\\set second random(10, 59)
BEGIN;
SELECT id, state FROM courseware_studentmodule WHERE student_id = :student
   AND module_id = 'block-v1' || chr(58) || 'Test+System+1+type@video+block@v'
   AND course_id = 'course-v1' || chr(58) || 'Test+System+1' \\gset
UPDATE courseware_studentmodule
   SET state = '{\"saved_video_position\":\"00:' || :minute || ':' || :second || '\"}', modified = now()
 WHERE id = :id;
COMMIT;
";

/// Transactions per second of so many clients.
pub(crate) fn rate(url: &str, clients: i64, time: Duration) -> Result<f64, Box<dyn Error>> {
    let mut script = tempfile::NamedTempFile::new()?;
    script.write_all(SCRIPT.as_bytes())?;
    let output = Command::new("pgbench")
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
        .arg(format!("--client={clients}"))
        .arg(format!("--time={}", time.as_secs()))
        .arg("--file")
        .arg(script.path())
        .arg(url)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    let failed = || format!("pgbench: {text}{}", String::from_utf8_lossy(&output.stderr));
    Ok(rate.ok_or_else(failed)?)
}
