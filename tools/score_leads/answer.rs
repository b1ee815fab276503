//! From the columns of a table to a model and the answer. Nothing here waits, so it runs on a thread of its own.

use super::{
    card,
    cells::{self, shortened},
    output::{
        ColumnNote, CutOff, Grade, HistoryTold, Lead, Metrics, ModelCard, Outcome, Output, Scored, Shortage,
        Source, Which, rounded,
    },
};
use crate::{
    ToolError,
    score_leads::labelled::{self, Leads},
    wire::Provenance,
};
use revarch_domain::leads::{
    batch::BatchError,
    cutoff::{Bounds, cut_off},
    document::Document,
    reading::{Roles, TextColumn},
    reason::Dropped,
    sufficiency::Insufficient,
    table::{Table, Values},
    train::{Trained, Training},
};

/// Dropped columns that a concise answer lists.
const DROPPED_SHOWN: usize = 25;

/// What is asked besides which leads.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) bounds: Bounds,
    pub(super) top: usize,
    pub(super) detailed: bool,
    pub(super) seed: u64,
}

/// The answer, and the model where it is fit for use.
pub(super) struct Answered {
    pub(super) output: Output,
    pub(super) document: Option<Document>,
    /// The probability and outcome of each test lead.
    pub(super) tested: Vec<(f64, bool)>,
}

pub(super) fn answer(
    columns: Vec<TextColumn>,
    leads: &Leads,
    request: &Request,
) -> Result<Answered, ToolError> {
    let table = leads.table();
    let (reading, training, roles) = labelled::trained(columns, leads, request.seed)
        .map_err(|error| labelled::unreadable(&error, table))?;
    let about = About { leads, roles: &roles };
    match training {
        Training::Insufficient(why, dropped) => {
            let output = insufficient(why, dropped, &about, request);
            Ok(Answered { output, document: None, tested: Vec::new() })
        }
        Training::Trained(trained) => {
            let signal = trained.has_signal();
            let document = signal.then(|| Document::from(&trained, leads.origin(&roles)));
            let tested = trained.tested.clone();
            let output = told(*trained, &reading.table, &about, request)
                .map_err(|error| labelled::unscorable(&error, table))?;
            Ok(Answered { output, document, tested })
        }
    }
}

/// Which leads, and which of their columns are for what.
struct About<'a> {
    leads: &'a Leads,
    roles: &'a Roles,
}

/// The answer before anything is known but the columns.
fn bare(outcome: Outcome, dropped: Vec<Dropped>, about: &About<'_>, request: &Request) -> Output {
    let Roles { label, time, id, .. } = about.roles.clone();
    let history = match about.leads {
        Leads::Table { .. } => None,
        Leads::History { history, .. } => Some(HistoryTold::of(history)),
    };
    let table = about.leads.table().to_owned();
    let mut output =
        Output::bare(outcome, Provenance::Measured, Source { table, label: Some(label), time, id, history });
    note_dropped(&mut output, dropped, request.detailed);
    output
}

/// Lists what was dropped, leaks first.
pub(super) fn note_dropped(output: &mut Output, mut dropped: Vec<Dropped>, detailed: bool) {
    dropped.sort_by_key(|dropped| !dropped.reason.is_leak());
    let shown = if detailed { dropped.len() } else { DROPPED_SHOWN };
    output.dropped_not_shown = dropped.len().saturating_sub(shown);
    output.dropped = dropped.into_iter().take(shown).map(ColumnNote::dropped).collect();
}

fn insufficient(why: Insufficient, dropped: Vec<Dropped>, about: &About<'_>, request: &Request) -> Output {
    let mut next_steps = vec![why.next_evidence()];
    next_steps
        .push("until then `method`: \"points\" ranks by authored points, which nothing has validated".into());
    let (summary, shortages) = match why {
        Insufficient::Outcomes { shortages, more_leads: _, unlabelled: _ } => {
            ("INSUFFICIENT: too few outcomes to train and test a score on".to_owned(), shortages)
        }
        Insufficient::Columns => ("INSUFFICIENT: no column is left to learn from".to_owned(), Vec::new()),
    };
    Output {
        summary,
        shortages: shortages.into_iter().map(Shortage::of).collect(),
        next_steps,
        ..bare(Outcome::Insufficient, dropped, about, request)
    }
}

fn told(trained: Trained, table: &Table, about: &About<'_>, request: &Request) -> Result<Output, BatchError> {
    let signal = trained.has_signal();
    let outcome = if signal { Outcome::Trained } else { Outcome::NoSignal };
    let mut output = bare(outcome, trained.card.dropped.clone(), about, request);
    output.flagged = trained.card.flagged.iter().cloned().map(ColumnNote::flagged).collect();
    output.next_steps = card::next_steps(&trained, request);
    output.summary = card::summary(&trained);
    if signal {
        scores(&trained, table, request, &mut output)?;
    }
    let Trained { model, card, test: _, ranking, honesty, bands: _, tested: _ } = trained;
    output.metrics = Some(Metrics::of(ranking, honesty));
    output.model_card = Some(ModelCard::of(card, &model, request.detailed));
    Ok(output)
}

/// Scores the open leads, or the test leads where none is open.
fn scores(
    trained: &Trained,
    table: &Table,
    request: &Request,
    output: &mut Output,
) -> Result<(), BatchError> {
    let open: Vec<usize> = (0..table.rows()).filter(|row| table.label[*row].is_none()).collect();
    let (which, rows) =
        if open.is_empty() { (Which::Test, trained.test.clone()) } else { (Which::Unlabelled, open) };
    let model = &trained.model;
    // Calibration may tie leads that the model tells apart, so they are ranked before it.
    let odds = model.log_odds(table, &rows)?;
    let chances: Vec<f64> = odds.iter().map(|odds| model.calibration().apply(*odds)).collect();
    output.cut_off = cut_off(&chances, &trained.tested, &request.bounds).map(CutOff::of);
    output.grades = trained.bands.iter().copied().map(Grade::of).collect();
    output.scored = Some(Scored {
        which,
        leads: rows.len() as u64,
        expected_conversions: Some(rounded(chances.iter().sum())),
        base: rounded(model.base()),
    });
    let mut best: Vec<(f64, usize)> = odds.into_iter().zip(rows).collect();
    best.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then_with(|| table.ids[a.1].cmp(&table.ids[b.1])).then(a.1.cmp(&b.1))
    });
    best.truncate(request.top);
    let leads = best.into_iter().map(|(_, row)| lead(trained, table, row, request.detailed));
    output.top_leads = leads.collect::<Result<_, _>>()?;
    Ok(())
}

fn lead(trained: &Trained, table: &Table, row: usize, detailed: bool) -> Result<Lead, BatchError> {
    let model = &trained.model;
    let score = model.score(table, row)?;
    let value = |column: usize| {
        let name = &model.columns()[column].name;
        let column = table.columns.iter().find(|column| column.name == *name)?;
        match &column.values {
            Values::Number(values) => Some(cells::number(column.kind, values[row])),
            Values::Category { codes, levels } => match codes[row] {
                None => Some("empty".to_owned()),
                Some(code) => {
                    usize::try_from(code).ok().filter(|_| detailed).map(|level| shortened(&levels[level]))
                }
            },
        }
    };
    Ok(cells::lead(model, &trained.bands, &table.ids[row], &score, detailed, value))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
