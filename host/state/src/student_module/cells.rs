//! One row of an answer, however it came: as a row of the database, or packed with all others into one.

use std::borrow::Cow;
use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

use crate::Score;
use crate::database::{Database, Row};

/// What stands in a row of `statements::TABLES`, in the columns of `statements::COLUMNS`.
pub(super) struct Cells<'a> {
    /// The table's number.
    pub(super) source: i64,
    pub(super) id: i64,
    /// 0 where the row is nobody's own.
    pub(super) student: i64,
    pub(super) owner: Cow<'a, str>,
    pub(super) field: Cow<'a, str>,
    pub(super) value: Option<Cow<'a, str>>,
    pub(super) score: Option<Score>,
}

impl<'a> Cells<'a> {
    pub(super) fn of<D: Database>(row: &'a Row<D>) -> Result<Self, sqlx::Error> {
        let number = |column| Ok::<_, sqlx::Error>(D::number(row, column)?.unwrap_or_default());
        let text = |column| Ok::<_, sqlx::Error>(Cow::Borrowed(D::text(row, column)?.unwrap_or_default()));
        let source = number("source")?;
        let score = match source {
            0 => D::real(row, "grade")?.zip(D::real(row, "max_grade")?),
            _ => None,
        };
        Ok(Self {
            source,
            id: number("id")?,
            student: number("student")?,
            owner: text("owner")?,
            field: text("field")?,
            value: D::text(row, "value")?.map(Cow::Borrowed),
            score: score.map(|(earned, possible)| Score { earned, possible }),
        })
    }

    /// The rows of one table that came packed (`Database::packed`). Nobody looks at the number of one.
    pub(super) fn unpacked(source: i64, columns: &'a str) -> Result<Vec<Self>, serde_json::Error> {
        let columns: Columns<'a> = serde_json::from_str(columns)?;
        let mut students = columns.student.into_iter();
        let [mut owners, mut fields, mut earned, mut possible] =
            [columns.owner, columns.field, columns.grade, columns.max_grade].map(Vec::into_iter);
        let rows = columns.value.into_iter().map(|value| {
            let score = earned.next().and_then(Text::real).zip(possible.next().and_then(Text::real));
            Self {
                source,
                id: 0,
                student: students.next().unwrap_or_default(),
                owner: owners.next().and_then(|text| text.0).unwrap_or_default(),
                field: fields.next().and_then(|text| text.0).unwrap_or_default(),
                value: value.0,
                score: score.map(|(earned, possible)| Score { earned, possible }),
            }
        });
        Ok(rows.collect())
    }
}

/// What a packed table has of `statements::COLUMNS`: each is as long as the others or, where it has none, empty.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Columns<'a> {
    student: Vec<i64>,
    #[serde(borrow)]
    owner: Vec<Text<'a>>,
    field: Vec<Text<'a>>,
    value: Vec<Text<'a>>,
    grade: Vec<Text<'a>>,
    max_grade: Vec<Text<'a>>,
}

/// A text or nothing, borrowed where nothing in it had to be escaped. (serde's own `Option<Cow<str>>` never borrows.)
struct Text<'a>(Option<Cow<'a, str>>);

impl Text<'_> {
    fn real(self) -> Option<f64> {
        self.0?.parse().ok()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads;

        impl<'de> Visitor<'de> for Reads {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or null")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Borrowed(text))))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Owned(text.to_owned()))))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Text(None))
            }
        }

        deserializer.deserialize_any(Reads)
    }
}
