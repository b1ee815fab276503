//! From the columns of a table to the answer. Nothing here waits, so it runs on a thread of its own.

use super::{
    output::{
        ColumnNote, CutOff, Grade, Lead, Metrics, ModelCard, Outcome, Output, Reason, Scored, Shortage,
        Source, Which, rounded,
    },
    text,
};
use crate::{Answer, ToolError, wire::Provenance};
use revarch_domain::leads::{
    cutoff::{Bounds, cut_off},
    grade::grade,
    reading::{ReadingError, Roles, TextColumn, read},
    reason::Dropped,
    split::Method,
    sufficiency::Insufficient,
    table::{Kind, Table, Values},
    train::{Trained, Training, train},
    words::Side,
};

/// Dropped columns that a concise answer lists.
const DROPPED_SHOWN: usize = 25;
/// Letters of a cell that are shown.
const LETTERS_SHOWN: usize = 60;

/// What is asked of the columns.
pub(super) struct Request {
    pub(super) table: String,
    pub(super) roles: Roles,
    pub(super) bounds: Bounds,
    pub(super) top: usize,
    pub(super) detailed: bool,
    pub(super) seed: u64,
}

pub(super) fn answer(columns: &[TextColumn], request: &Request) -> Result<Answer<Output>, ToolError> {
    let reading = read(columns, &request.roles).map_err(|error| unreadable(&error, request))?;
    let output = match train(&reading, request.seed) {
        Training::Insufficient(why, dropped) => insufficient(why, dropped, request),
        Training::Trained(trained) => told(*trained, &reading.table, request),
    };
    Ok(Answer { text: text::of(&output), structured: output })
}

fn unreadable(error: &ReadingError, request: &Request) -> ToolError {
    let message = match error {
        ReadingError::UnknownColumn { .. } => format!("{error} in `{}`", request.table),
        _ => error.to_string(),
    };
    let hint = match error {
        ReadingError::UnknownColumn { near, .. } if !near.is_empty() => {
            format!("did you mean `{}`?", near.join("`, `"))
        }
        ReadingError::UnknownColumn { .. } => "call describe_data to see the columns".into(),
        ReadingError::NoRows => "check that the table's file holds more than its header".into(),
        ReadingError::Uneven(_) => "this is a fault of revarch's; please report it".into(),
        ReadingError::NotTwoValued { .. } => {
            "name a yes/no column as `label`, or say with `positive_value` which value means converted".into()
        }
        ReadingError::OneOutcome { .. } => {
            "a score learns from leads of both outcomes: fill in the other outcome too; blank means not known yet".into()
        }
        ReadingError::NoLabel(_) => "name another column as `label`, or fill in the outcome of past leads".into(),
        ReadingError::PersonalId(_) => "name a key column as `id`, or leave `id` out to number the rows".into(),
    };
    ToolError::input(message).hint(hint)
}

/// The answer before anything is known but the columns.
fn bare(outcome: Outcome, dropped: Vec<Dropped>, request: &Request) -> Output {
    let mut dropped = dropped;
    dropped.sort_by_key(|dropped| !dropped.reason.is_leak());
    let shown = if request.detailed { dropped.len() } else { DROPPED_SHOWN };
    let dropped_not_shown = dropped.len().saturating_sub(shown);
    let Roles { label, time, id, .. } = request.roles.clone();
    Output {
        outcome,
        summary: String::new(),
        provenance: Provenance::Measured,
        source: Source { table: request.table.clone(), label, time, id },
        shortages: Vec::new(),
        metrics: None,
        dropped: dropped.into_iter().take(shown).map(ColumnNote::dropped).collect(),
        dropped_not_shown,
        flagged: Vec::new(),
        cut_off: None,
        grades: Vec::new(),
        scored: None,
        top_leads: Vec::new(),
        next_steps: Vec::new(),
        model_card: None,
    }
}

fn insufficient(why: Insufficient, dropped: Vec<Dropped>, request: &Request) -> Output {
    let next_steps = vec![why.next_evidence()];
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
        ..bare(Outcome::Insufficient, dropped, request)
    }
}

fn told(trained: Trained, table: &Table, request: &Request) -> Output {
    let signal = trained.has_signal();
    let outcome = if signal { Outcome::Trained } else { Outcome::NoSignal };
    let mut output = bare(outcome, trained.card.dropped.clone(), request);
    output.flagged = trained.card.flagged.iter().cloned().map(ColumnNote::flagged).collect();
    output.next_steps = next_steps(&trained, request);
    output.summary = summary(&trained);
    if signal {
        scores(&trained, table, request, &mut output);
    }
    let Trained { model: _, card, test: _, ranking, honesty, bands: _ } = trained;
    output.metrics = Some(Metrics::of(ranking, honesty));
    output.model_card = Some(ModelCard::of(card));
    output
}

fn summary(trained: &Trained) -> String {
    let auc = trained.ranking.auc;
    let measured = format!(
        "AUC {:.3} (95% interval {:.3} to {:.3}) on {} leads it has not seen, {} of them converted",
        auc.value,
        auc.interval.low,
        auc.interval.high,
        auc.positives + auc.negatives,
        auc.positives
    );
    if trained.has_signal() {
        format!("The score ranks leads better than chance: {measured}")
    } else {
        format!("No signal: these columns do not tell later leads that convert from others. {measured}")
    }
}

/// Scores the open leads, or the test leads where none is open.
fn scores(trained: &Trained, table: &Table, request: &Request, output: &mut Output) {
    let open: Vec<usize> = (0..table.rows()).filter(|row| table.label[*row].is_none()).collect();
    let (which, rows) =
        if open.is_empty() { (Which::Test, trained.test.clone()) } else { (Which::Unlabelled, open) };
    let chances = trained.model.probabilities(table, &rows);
    output.cut_off = cut_off(&chances, &trained.tested(table), &request.bounds).map(CutOff::of);
    output.grades = trained.bands.iter().copied().map(Grade::of).collect();
    output.scored = Some(Scored {
        which,
        leads: rows.len(),
        expected_conversions: rounded(chances.iter().sum()),
        base: rounded(trained.model.base()),
    });
    let mut best: Vec<(f64, usize)> = chances.into_iter().zip(rows).collect();
    best.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then_with(|| table.ids[a.1].cmp(&table.ids[b.1])).then(a.1.cmp(&b.1))
    });
    best.truncate(request.top);
    output.top_leads = best.into_iter().map(|(_, row)| lead(trained, table, row, request.detailed)).collect();
}

fn lead(trained: &Trained, table: &Table, row: usize, detailed: bool) -> Lead {
    let model = &trained.model;
    let score = model.score(table, row);
    let mut order: Vec<usize> = (0..score.contributions.len()).collect();
    order.sort_by(|a, b| {
        score.contributions[*b].abs().total_cmp(&score.contributions[*a].abs()).then(a.cmp(b))
    });
    order.truncate(if detailed { 5 } else { 3 });
    let reasons: Vec<Reason> = order
        .into_iter()
        .map(|column| Reason {
            column: model.columns()[column].name.clone(),
            adds: rounded(score.contributions[column]),
            value: value(table, model.place(column), row, detailed),
        })
        .collect();
    // What rounding takes from the reasons goes here, so that the shown numbers add up.
    let shown: f64 = reasons.iter().map(|reason| reason.adds).sum();
    Lead {
        id: shortened(&table.ids[row]),
        probability: rounded(score.probability),
        log_odds: rounded(score.log_odds),
        grade: grade(score.probability, &trained.bands).name().to_owned(),
        fit: rounded(model.subtotal(&score, Side::Fit)),
        engagement: rounded(model.subtotal(&score, Side::Engagement)),
        other: rounded(rounded(score.log_odds) - rounded(score.base) - shown),
        reasons,
    }
}

fn value(table: &Table, place: usize, row: usize, detailed: bool) -> Option<String> {
    let column = &table.columns[place];
    match &column.values {
        Values::Number(values) => Some(match (column.kind, values[row]) {
            (_, None) => "empty".to_owned(),
            (Kind::Boolean, Some(value)) => if value > 0.5 { "yes" } else { "no" }.to_owned(),
            (Kind::Date, Some(days)) => format!("{days:.0} days before"),
            (Kind::Number | Kind::Category, Some(value)) => rounded(value).to_string(),
        }),
        Values::Category { codes, levels } => match codes[row] {
            None => Some("empty".to_owned()),
            Some(code) => {
                usize::try_from(code).ok().filter(|_| detailed).map(|level| shortened(&levels[level]))
            }
        },
    }
}

/// A cell as it may be shown: without control characters, and not endless.
fn shortened(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(LETTERS_SHOWN).collect()
}

fn next_steps(trained: &Trained, request: &Request) -> Vec<String> {
    let mut steps = Vec::new();
    if !trained.has_signal() {
        steps.push(
            "do not rank by this score; add columns about what leads did before the decision".to_owned(),
        );
    }
    let mut suspects: Vec<String> =
        trained.card.flagged.iter().map(|flag| format!("\"{}\"", flag.column)).collect();
    suspects.dedup();
    if !suspects.is_empty() {
        steps.push(format!(
            "check when the flagged columns are written; where that is after the decision, call again with exclude: [{}]",
            suspects.join(", ")
        ));
    }
    match trained.card.method {
        Method::ByTime => {}
        Method::NoTimeColumn => {
            steps.push(
                "name the decision time with `time`: a random split cannot show how the score fares later"
                    .to_owned(),
            );
        }
        Method::TooFewTimes => {
            steps
                .push("the times fall on too few moments to split by; give a finer `time` column".to_owned());
        }
    }
    if trained.test_may_be_unripe() {
        steps.push(
            "test leads convert at less than half the rate of earlier ones; blank the outcome of leads too young to have converted"
                .to_owned(),
        );
    }
    if trained.has_signal() && request.bounds == Bounds::default() {
        steps.push(
            "give `capacity`, or `value_per_conversion` and `cost_per_contact`, for a cut-off".to_owned(),
        );
    }
    steps
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
