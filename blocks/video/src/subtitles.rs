//! The lines of a transcript, and the forms in which they are written: SubRip, WebVTT, the JSON of older courses, and
//! plain text. It knows nothing of files or requests.

use blockhouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// What is said, and from when to when, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) text: String,
}

/// `{start: [ms], end: [ms], text: [line]}`, which players read.
#[derive(Deserialize, Serialize)]
struct Columns<T> {
    start: Vec<T>,
    end: Vec<T>,
    text: Vec<Option<String>>,
}

/// Whether a file has the JSON form.
fn is_json(file: &str) -> bool {
    file.starts_with('{')
}

/// Whether a file is SubRip as it stands.
pub(crate) fn is_subrip(file: &str) -> bool {
    !is_json(file) && !file.starts_with("WEBVTT")
}

/// The lines of a file of any of the forms but plain text. What cannot be read as a line is left out.
pub(crate) fn read(file: &str) -> Result<Vec<Line>> {
    if !is_json(file) {
        return Ok(read_blocks(file));
    }
    let Columns { start, end, text } = serde_json::from_str::<Columns<f64>>(file)?;
    let times = start.into_iter().zip(end);
    // Into whole milliseconds; what is no time becomes 0.
    let line = |((from, to), text): ((f64, f64), Option<String>)| Line {
        from: from as u64,
        to: to as u64,
        text: text.unwrap_or_default(),
    };
    Ok(times.zip(text).map(line).collect())
}

/// Blocks between empty lines, each with a line `from --> to` and what is said below it.
fn read_blocks(file: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open: Option<Line> = None;
    for row in file.lines().map(str::trim_end).chain([""]) {
        if row.is_empty() {
            lines.extend(open.take());
        } else if let Some(line) = &mut open {
            if !line.text.is_empty() {
                line.text.push('\n');
            }
            line.text.push_str(row);
        } else if let Some((from, to)) = times(row) {
            open = Some(Line { from, to, text: String::new() });
        }
    }
    lines
}

/// `00:01:02,500 --> 00:01:04,000 line:0`
fn times(row: &str) -> Option<(u64, u64)> {
    let (from, to) = row.split_once("-->")?;
    Some((milliseconds(from.trim())?, milliseconds(to.split_whitespace().next()?)?))
}

/// `00:01:02,500` and `01:02.500`
fn milliseconds(time: &str) -> Option<u64> {
    let (whole, fraction) = time.split_once([',', '.']).unwrap_or((time, "0"));
    let seconds =
        whole.split(':').try_fold(0_u64, |sum, part| sum.checked_mul(60)?.checked_add(part.parse().ok()?))?;
    let fraction: u64 = format!("{:0<3}", fraction.get(..3).unwrap_or(fraction)).parse().ok()?;
    seconds.checked_mul(1000)?.checked_add(fraction)
}

/// The form that players read: each line in one piece.
pub(crate) fn to_json(lines: &[Line]) -> Value {
    let text = lines.iter().map(|line| Some(line.text.replace('\n', " "))).collect();
    let start = lines.iter().map(|line| line.from).collect();
    json!(Columns { start, end: lines.iter().map(|line| line.to).collect(), text })
}

pub(crate) fn to_subrip(lines: &[Line]) -> String {
    let block = |(line, number): (&Line, u32)| {
        format!("{number}\n{} --> {}\n{}\n\n", clock(line.from), clock(line.to), line.text)
    };
    lines.iter().zip(1..).map(block).collect()
}

pub(crate) fn to_text(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

fn clock(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    let (minutes, rest) = (seconds / 60, milliseconds % 1000);
    format!("{:02}:{:02}:{:02},{rest:03}", minutes / 60, minutes % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(from: u64, to: u64, text: &str) -> Line {
        Line { from, to, text: text.to_owned() }
    }

    #[test]
    fn subrip_and_webvtt_are_read_alike() {
        let lines = [line(1_500, 62_004, "Low water.\nThen high."), line(3_723_000, 3_724_050, "Ebb.")];
        let subrip = "1\r\n00:00:01,500 --> 00:01:02,004\r\nLow water.\r\nThen high.\r\n\r\n2\r\n\
                      01:02:03,000 --> 01:02:04,05\r\nEbb.";
        let vtt = "WEBVTT\n\nNOTE tides\n\n00:01.500 --> 01:02.004 line:0\nLow water.\nThen high.\n\n\n\
                   01:02:03.000 --> 01:02:04.05\nEbb.\n";
        assert_eq!(read(subrip).unwrap(), lines);
        assert_eq!(read(vtt).unwrap(), lines);
        assert!(is_subrip(subrip) && !is_subrip(vtt));
    }

    #[test]
    fn each_form_is_read_as_it_was_written() {
        let lines = [line(1_500, 62_004, "Low water."), line(62_004, 3_723_000, "High water.")];
        assert_eq!(read(&to_subrip(&lines)).unwrap(), lines);
        assert_eq!(read(&to_json(&lines).to_string()).unwrap(), lines);
        assert_eq!(to_text(&lines), "Low water.\nHigh water.");
    }

    #[test]
    fn what_is_no_line_is_left_out() {
        let file = "1\nsoon --> later\nNobody hears this.\n\n99999999999999999999:00 --> 1\nNor this.\n\n\
                    00:01 --> 00:02\nBut this.";
        assert_eq!(read(file).unwrap(), [line(1_000, 2_000, "But this.")]);
        assert!(read("{\"start\": 1}").is_err());
    }
}
