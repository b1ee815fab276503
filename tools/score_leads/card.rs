//! What is said of a model: how good it is, and what to do next.

use super::{
    answer::{Request, note_dropped},
    output::{ColumnNote, Grade, ModelCard, Outcome, Output, Source, StoredMetrics},
};
use crate::wire::Provenance;
use revarch_domain::leads::{
    cutoff::Bounds, document::Document, reason::Flag, split::Method, train::Trained,
};

pub(super) fn summary(trained: &Trained) -> String {
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

pub(super) fn next_steps(trained: &Trained, request: &Request) -> Vec<String> {
    let mut steps = Vec::new();
    if !trained.has_signal() {
        steps.push(
            "do not rank by this score; add columns about what leads did before the decision".to_owned(),
        );
    }
    steps.extend(suspects(&trained.card.flagged));
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
    if trained.has_signal() {
        steps.extend(no_bounds(request));
    }
    steps
}

fn suspects(flagged: &[Flag]) -> Option<String> {
    let mut suspects: Vec<String> = flagged.iter().map(|flag| format!("\"{}\"", flag.column)).collect();
    suspects.dedup();
    (!suspects.is_empty()).then(|| {
        format!(
            "check when the flagged columns are written; where that is after the decision, call again with exclude: [{}]",
            suspects.join(", ")
        )
    })
}

fn no_bounds(request: &Request) -> Option<String> {
    (request.bounds == Bounds::default()).then(|| {
        "give `capacity`, or `value_per_conversion` and `cost_per_contact`, for a cut-off".to_owned()
    })
}

/// The answer of a stored model before it has scored anything.
pub(super) fn of_stored(document: &Document, id: &str, request: &Request) -> Output {
    let Document { origin, card, bands, model, .. } = document;
    let source = Source {
        table: origin.table.clone(),
        label: (!origin.label.is_empty()).then(|| origin.label.clone()),
        time: origin.time.clone(),
        id: origin.id.clone(),
        history: None,
    };
    let metrics = &card.metrics;
    let measured = format!(
        "model {id} had AUC {:.3} (95% interval {:.3} to {:.3}) on the leads it was tested on",
        metrics.auc, metrics.auc_interval.low, metrics.auc_interval.high
    );
    let signal = document.has_signal();
    let outcome = if signal { Outcome::Scored } else { Outcome::NoSignal };
    let mut output = Output::bare(outcome, Provenance::Measured, source);
    output.summary = if signal {
        format!("Scored without training: {measured}")
    } else {
        format!("No signal: {measured}, so nothing is ranked by it")
    };
    output.model_id = Some(id.to_owned());
    output.stored_metrics = Some(StoredMetrics::of(metrics));
    output.flagged = card.flagged.iter().cloned().map(ColumnNote::flagged).collect();
    note_dropped(&mut output, card.dropped.clone(), request.detailed);
    if signal {
        output.grades = bands.iter().copied().map(Grade::of).collect();
        output.next_steps.extend(no_bounds(request));
        output.next_steps.push(
            "once these leads have outcomes, check with validate_lead_score that the model still predicts"
                .into(),
        );
    } else {
        output.next_steps.push("train a model on more telling columns".into());
    }
    output.model_card = request.detailed.then(|| ModelCard::of(card.clone(), model, true));
    output
}
