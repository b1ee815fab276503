//! A score against outcomes, and beside a model of our own. Nothing here waits, so it runs on a thread of its own.

use super::output::{Output, Source};
use crate::{
    ToolError,
    score_leads::labelled::{self, Leads},
    score_leads::output::HistoryTold,
};
use revarch_domain::leads::{
    reading::{Reading, ReadingError, TextColumn},
    table::{Kind, Table, Values},
    train::{Trained, Training},
    validate::{
        Subject, Validation,
        columns::{Names, Read},
        lens::Lens,
        validate,
    },
    words::Side,
};

/// Words by which a number of engagement is no count of acts.
const NO_COUNTS: [&str; 8] = ["day", "since", "score", "rate", "duration", "minutes", "seconds", "hours"];

/// What is to be done.
pub(super) struct Work {
    pub(super) columns: Vec<TextColumn>,
    pub(super) leads: Leads,
    pub(super) names: Names,
    pub(super) exclude: Vec<String>,
    pub(super) lens: Lens,
    pub(super) seed: u64,
    pub(super) detailed: bool,
}

/// Our model on the leads it was tested on.
pub(super) struct Ours {
    pub(super) validation: Validation,
    pub(super) contest: String,
}

impl Work {
    pub(super) fn done(mut self) -> Result<Output, ToolError> {
        let table = self.leads.table().to_owned();
        let refuse = |error: &ReadingError| labelled::unreadable(error, &table);
        let mut read = Read::of(&self.columns, &self.names);
        if matches!(read, Err(ReadingError::NoTimes { .. })) && self.guesses_time() {
            self.names.time = None;
            read = Read::of(&self.columns, &self.names);
        }
        let mut read = read.map_err(|error| refuse(&error))?;
        // The model may not lean on the score it is compared with.
        let is_history = matches!(self.leads, Leads::History { .. });
        let roles = self.leads.roles_mut();
        roles.exclude.clone_from(&self.exclude);
        roles.exclude.push(self.names.score.clone());
        for column in [&self.names.scored_at, &self.names.outcome_at].into_iter().flatten() {
            roles.exclude.push(column.clone());
        }
        if is_history {
            // A count that a system keeps is as of today, not of the decision.
            roles.exclude.extend(self.names.activity.clone());
        }
        let columns = std::mem::take(&mut self.columns);
        let trained = labelled::trained(columns, &self.leads, self.seed);
        let mut summed = Vec::new();
        let (ours, no_model) = match trained {
            Ok((reading, training, _)) => {
                if self.names.activity.is_none() {
                    summed = sum_up(&mut read, &reading);
                }
                match training {
                    Training::Trained(trained) => (Some(scores(&trained, &reading.table)?), None),
                    Training::Insufficient(why, _) => (None, Some(why.next_evidence())),
                }
            }
            Err(error @ ReadingError::UnknownColumn { .. }) => return Err(refuse(&error)),
            Err(error) => (None, Some(error.to_string())),
        };
        let unusable = |error: revarch_domain::leads::validate::SubjectError| {
            ToolError::input(format!("`{table}`: {error}"))
        };
        let subject = read.subject(ours.as_ref().map(|(scores, _)| scores.as_slice()));
        let validation = validate(&subject, &self.lens, self.seed).map_err(unusable)?;
        let ours = match &ours {
            Some((scores, contest)) => {
                let subject = Subject {
                    scores,
                    outcomes: subject.outcomes,
                    times: subject.times,
                    ..Subject::default()
                };
                let validation = validate(&subject, &self.lens, self.seed).map_err(unusable)?;
                Some(Ours { validation, contest: contest.clone() })
            }
            None => None,
        };
        let Names { score, outcome, positive: _, time, scored_at, outcome_at, activity } = self.names;
        let history = match &self.leads {
            Leads::Table { .. } => None,
            Leads::History { history, .. } => Some(HistoryTold::of(history)),
        };
        let activity = activity.map_or(summed, |activity| vec![activity]);
        let source = Source { table, score, label: outcome, time, scored_at, outcome_at, activity, history };
        Ok(Output::of(validation, ours, no_model, source, self.lens, self.detailed))
    }

    fn guesses_time(&self) -> bool {
        matches!(self.leads, Leads::Table { guessed_time: true, .. })
    }
}

/// Our model's scores of the leads it has never seen, and how it came to be kept.
fn scores(trained: &Trained, table: &Table) -> Result<(Vec<Option<f64>>, String), ToolError> {
    let odds = trained.model.log_odds(table, &trained.test);
    let odds = odds.map_err(|error| labelled::unscorable(&error, "the test leads"))?;
    let mut scores = vec![None; table.rows()];
    for (row, odds) in trained.test.iter().zip(odds) {
        scores[*row] = Some(odds);
    }
    Ok((scores, trained.card.contest.to_string()))
}

/// Adds up counts of engagement as how much each lead did; the columns that were counts.
fn sum_up(read: &mut Read, reading: &Reading) -> Vec<String> {
    let mut names = Vec::new();
    let mut sums: Vec<Option<f64>> = vec![None; reading.table.rows()];
    for column in &reading.table.columns {
        let Values::Number(values) = &column.values else { continue };
        let name = column.name.to_lowercase();
        let is_count = |value: &f64| *value >= 0.0 && value.fract() == 0.0;
        if column.kind != Kind::Number
            || Side::of(&column.name) != Side::Engagement
            || NO_COUNTS.iter().any(|word| name.contains(word))
            || !values.iter().flatten().all(is_count)
        {
            continue;
        }
        names.push(column.name.clone());
        for (sum, value) in sums.iter_mut().zip(values) {
            if let Some(value) = value {
                *sum.get_or_insert(0.0) += value;
            }
        }
    }
    if !names.is_empty() {
        read.count_activity(sums);
    }
    names
}
