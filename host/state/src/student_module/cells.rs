//! One row of an answer, however it came: as a row of the database, or packed with all others into one.

use std::borrow::Cow;
use std::fmt;
use std::iter::zip;

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

    /// The rows of one table that came packed (`Database::packed`): what it has of the columns.
    pub(super) fn unpacked(source: i64, columns: &'a str) -> Result<Vec<Self>, serde_json::Error> {
        let none = || Text(None);
        let row = |student, owner, field, value| Self::packed(source, student, owner, field, value);
        Ok(match source {
            0 => {
                let (students, owners, values, earned, possible): Modules<'a> =
                    serde_json::from_str(columns)?;
                let rows = zip(zip(students, owners), values).zip(zip(earned, possible));
                rows.map(|(((student, owner), value), (earned, possible))| {
                    row(student, owner, none(), value).scored(earned, possible)
                })
                .collect()
            }
            1 => {
                let (owners, fields, values): (Texts<'a>, Texts<'a>, Texts<'a>) =
                    serde_json::from_str(columns)?;
                zip(zip(owners, fields), values)
                    .map(|((owner, field), value)| row(0, owner, field, value))
                    .collect()
            }
            2 => {
                let (students, owners, fields, values): Preferences<'a> = serde_json::from_str(columns)?;
                zip(zip(students, owners), zip(fields, values))
                    .map(|((student, owner), (field, value))| row(student, owner, field, value))
                    .collect()
            }
            3 => {
                let (students, fields, values): (Vec<i64>, Texts<'a>, Texts<'a>) =
                    serde_json::from_str(columns)?;
                zip(zip(students, fields), values)
                    .map(|((student, field), value)| row(student, none(), field, value))
                    .collect()
            }
            _ => {
                let (students, owners, values): (Vec<i64>, Texts<'a>, Texts<'a>) =
                    serde_json::from_str(columns)?;
                zip(zip(students, owners), values)
                    .map(|((student, owner), value)| row(student, owner, none(), value))
                    .collect()
            }
        })
    }

    /// Nobody looks at the number of a row that came packed.
    fn packed(source: i64, student: i64, owner: Text<'a>, field: Text<'a>, value: Text<'a>) -> Self {
        let (owner, field) = (owner.0.unwrap_or_default(), field.0.unwrap_or_default());
        Self { source, id: 0, student, owner, field, value: value.0, score: None }
    }

    fn scored(self, earned: Text<'a>, possible: Text<'a>) -> Self {
        let real = |text: Text<'_>| text.0.and_then(|text| text.parse().ok());
        let score = real(earned).zip(real(possible));
        Self { score: score.map(|(earned, possible)| Score { earned, possible }), ..self }
    }
}

type Texts<'a> = Vec<Text<'a>>;
/// The columns of StudentModule.
type Modules<'a> = (Vec<i64>, Texts<'a>, Texts<'a>, Texts<'a>, Texts<'a>);
/// The columns of what learners prefer.
type Preferences<'a> = (Vec<i64>, Texts<'a>, Texts<'a>, Texts<'a>);

/// A text or nothing, borrowed where nothing in it had to be escaped. (serde's own `Option<Cow<str>>` never borrows.)
struct Text<'a>(Option<Cow<'a, str>>);

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
