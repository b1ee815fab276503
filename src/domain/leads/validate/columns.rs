//! Columns of text read as what a score is validated on.

use super::Subject;
use crate::leads::{
    reading::{ReadingError, TextColumn, find, times, two_valued},
    text,
};

/// Percentage of filled cells that have to be numbers for a column to be a score.
const NUMBERS_PERCENT: usize = 99;

/// Which columns hold what.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The score.
    pub score: String,
    /// Whether the lead converted.
    pub outcome: String,
    /// The outcome's value that means converted, where it is none of the usual words.
    pub positive: Option<String>,
    /// When the lead was created or decided on.
    pub time: Option<String>,
    /// When the score was last written.
    pub scored_at: Option<String>,
    /// When the outcome was known.
    pub outcome_at: Option<String>,
    /// A count of what the lead did.
    pub activity: Option<String>,
}

/// The columns, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// The score of each lead.
    pub scores: Vec<Option<f64>>,
    /// The outcome of each lead.
    pub outcomes: Vec<Option<bool>>,
    times: Option<Vec<Option<i64>>>,
    scored_at: Option<Vec<Option<i64>>>,
    outcome_at: Option<Vec<Option<i64>>>,
    activity: Option<Vec<Option<f64>>>,
}

impl Read {
    /// Reads the columns that `names` names.
    pub fn of(columns: &[TextColumn], names: &Names) -> Result<Self, ReadingError> {
        let moments =
            |name: &Option<String>| name.as_ref().map(|name| times(find(columns, name)?)).transpose();
        Ok(Self {
            scores: numbers(find(columns, &names.score)?)?,
            outcomes: two_valued(find(columns, &names.outcome)?, names.positive.as_deref())?,
            times: moments(&names.time)?,
            scored_at: moments(&names.scored_at)?,
            outcome_at: moments(&names.outcome_at)?,
            activity: names.activity.as_ref().map(|name| numbers(find(columns, name)?)).transpose()?,
        })
    }

    /// Takes a count of what each lead did that no column holds, such as a sum of several.
    pub fn count_activity(&mut self, counts: Vec<Option<f64>>) {
        self.activity = Some(counts);
    }

    /// What is validated, beside our model's scores of the same leads where there are any.
    pub fn subject<'a>(&'a self, ours: Option<&'a [Option<f64>]>) -> Subject<'a> {
        Subject {
            scores: &self.scores,
            outcomes: &self.outcomes,
            times: self.times.as_deref(),
            scored_at: self.scored_at.as_deref(),
            outcome_at: self.outcome_at.as_deref(),
            activity: self.activity.as_deref(),
            ours,
        }
    }
}

fn numbers(column: &TextColumn) -> Result<Vec<Option<f64>>, ReadingError> {
    let numbers: Vec<Option<f64>> =
        column.values.iter().map(|cell| cell.as_deref().and_then(text::number)).collect();
    let filled = column.values.iter().flatten().count();
    let unread = filled - numbers.iter().flatten().count();
    if unread * 100 > filled * (100 - NUMBERS_PERCENT) {
        return Err(ReadingError::NoNumbers { column: column.name.clone(), unread, filled });
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::{Names, Read};
    use crate::leads::reading::{ReadingError, TextColumn};

    fn column(name: &str, cells: &[&str]) -> TextColumn {
        let cell = |cell: &&str| (!cell.is_empty()).then(|| (*cell).to_owned());
        TextColumn { name: name.into(), values: cells.iter().map(cell).collect() }
    }

    #[test]
    fn columns_are_read_by_what_they_are_for() {
        let columns = [
            column("points", &["10", "", "7"]),
            column("grade", &["A", "B", "C"]),
            column("won", &["yes", "no", ""]),
            column("made", &["2024-01-01", "2024-01-02", ""]),
        ];
        let names = Names {
            score: "points".into(),
            outcome: "won".into(),
            time: Some("made".into()),
            ..Names::default()
        };
        let read = Read::of(&columns, &names).unwrap();
        assert_eq!(read.scores, [Some(10.0), None, Some(7.0)]);
        assert_eq!(read.outcomes, [Some(true), Some(false), None]);
        assert_eq!(read.subject(None).times.map(<[_]>::len), Some(3));
        let of = |names: Names| Read::of(&columns, &names).unwrap_err();
        let words = of(Names { score: "grade".into(), ..names.clone() });
        assert_eq!(words, ReadingError::NoNumbers { column: "grade".into(), unread: 3, filled: 3 });
        let many = of(Names { outcome: "grade".into(), ..names.clone() });
        assert!(matches!(many, ReadingError::NotTwoValued { distinct: 3, .. }));
        let missing = of(Names { scored_at: Some("mad".into()), ..names });
        assert!(matches!(missing, ReadingError::UnknownColumn { ref near, .. } if near == &["made"]));
    }
}
