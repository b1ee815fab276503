//! What a score is validated on, and what of it can be used.

/// A score column and what stands beside it, one entry for each lead.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// The score; nothing where the lead has none.
    pub scores: &'a [Option<f64>],
    /// The outcome; nothing where it is not known yet.
    pub outcomes: &'a [Option<bool>],
    /// When the lead was created or decided on, in microseconds since 1970.
    pub times: Option<&'a [Option<i64>]>,
    /// When the score was last written.
    pub scored_at: Option<&'a [Option<i64>]>,
    /// When the outcome was known.
    pub outcome_at: Option<&'a [Option<i64>]>,
    /// How much the lead did: a count of activities.
    pub activity: Option<&'a [Option<f64>]>,
    /// Our model's scores of the same leads, made without their outcomes.
    pub ours: Option<&'a [Option<f64>]>,
}

/// Why a score cannot be validated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// There are no rows.
    #[error("there are no leads")]
    NoRows,
    /// A column has another number of rows than the scores.
    #[error("`{0}` has another number of rows than the scores")]
    Uneven(&'static str),
    /// A number is none.
    #[error("`{column}` on row {row} is not a number")]
    NotANumber {
        /// The column.
        column: &'static str,
        /// The row, from 1.
        row: usize,
    },
}

impl Subject<'_> {
    /// Refuses columns of unequal length and numbers that are none.
    pub(super) fn check(&self) -> Result<(), SubjectError> {
        let rows = self.scores.len();
        if rows == 0 {
            return Err(SubjectError::NoRows);
        }
        let lengths = [
            ("outcomes", Some(self.outcomes.len())),
            ("times", self.times.map(<[_]>::len)),
            ("scored_at", self.scored_at.map(<[_]>::len)),
            ("outcome_at", self.outcome_at.map(<[_]>::len)),
            ("activity", self.activity.map(<[_]>::len)),
            ("ours", self.ours.map(<[_]>::len)),
        ];
        if let Some((name, _)) =
            lengths.iter().find(|(_, length)| length.is_some_and(|length| length != rows))
        {
            return Err(SubjectError::Uneven(name));
        }
        for (column, values) in
            [("scores", Some(self.scores)), ("activity", self.activity), ("ours", self.ours)]
        {
            let faulty =
                values.and_then(|values| values.iter().position(|value| value.is_some_and(f64::is_nan)));
            if let Some(row) = faulty {
                return Err(SubjectError::NotANumber { column, row: row + 1 });
            }
        }
        Ok(())
    }

    /// Rows with a score and an outcome.
    pub(super) fn judged(&self) -> Vec<Judged> {
        let of = |row: usize| Some(Judged { row, score: self.scores[row]?, converted: self.outcomes[row]? });
        (0..self.scores.len()).filter_map(of).collect()
    }
}

/// A lead with a score and an outcome.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged {
    pub(super) row: usize,
    pub(super) score: f64,
    pub(super) converted: bool,
}

/// Scores and outcomes as two lists.
pub(super) fn apart<'a>(rows: impl IntoIterator<Item = &'a Judged>) -> (Vec<f64>, Vec<bool>) {
    rows.into_iter().map(|row| (row.score, row.converted)).unzip()
}
