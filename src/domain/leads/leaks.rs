//! Columns that tell a model what happened after the decision. All evidence is taken from training rows.

use super::{
    auc::auc,
    reason::{Dropped, Flag, Reason, Suspicion},
    table::{Column, Kind, Table, Values},
    words,
};

/// AUC of a column's fill above which (or below its mirror image) the column is filled by the outcome.
pub const LEAKING_FILL_AUC: f64 = 0.8;
/// AUC of a column's fill from which it is flagged.
pub const SUSPICIOUS_FILL_AUC: f64 = 0.6;
/// AUC of one column's values above which it must have seen the outcome.
pub const LEAKING_VALUE_AUC: f64 = 0.95;
/// AUC of one column's values from which it is flagged.
pub const SUSPICIOUS_VALUE_AUC: f64 = 0.85;
/// Share of cells later than the decision that is forgiven as clock errors.
const FORGIVEN_LATE_SHARE: f64 = 0.01;
/// A date up to a day after the decision may be the same day in another time zone.
const FORGIVEN_LATE_DAYS: f64 = 1.0;
/// Share of rows on which an endless count has to exceed its twin for that to be told.
const EXCEEDING_SHARE: f64 = 0.05;

/// Parts that the training rows are dealt into when levels are ranked.
const FOLDS: usize = 5;

/// Columns to leave out and columns to look at twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Leaks {
    pub(crate) dropped: Vec<Dropped>,
    pub(crate) flagged: Vec<Flag>,
}

/// Judges every column on the training rows.
pub(crate) fn find(table: &Table, train: &[usize]) -> Leaks {
    let labels: Vec<bool> = train.iter().filter_map(|row| table.label[*row]).collect();
    let mut leaks = Leaks::default();
    for column in &table.columns {
        if let Some(reason) = leak(column, train, &labels) {
            leaks.dropped.push(Dropped { column: column.name.clone(), reason });
        } else {
            let flags = suspicions(column, table, train, &labels).into_iter();
            leaks.flagged.extend(flags.map(|suspicion| Flag { column: column.name.clone(), suspicion }));
        }
    }
    leaks
}

fn leak(column: &Column, train: &[usize], labels: &[bool]) -> Option<Reason> {
    if let Some(phrase) = words::outcome(&column.name) {
        return Some(Reason::OutcomeName(phrase.into()));
    }
    if let Some(share) = late_share(column, train).filter(|share| *share > FORGIVEN_LATE_SHARE) {
        return Some(Reason::StampedAfter(share));
    }
    if let Some(area) = fill_auc(column, train, labels).filter(|area| distance(*area) >= LEAKING_FILL_AUC) {
        return Some(Reason::FilledByOutcome(area));
    }
    value_auc(column, train, labels).filter(|area| *area > LEAKING_VALUE_AUC).map(Reason::TellsOutcome)
}

fn suspicions(column: &Column, table: &Table, train: &[usize], labels: &[bool]) -> Vec<Suspicion> {
    let mut found = Vec::new();
    found.extend(words::later_step(&column.name).map(|phrase| Suspicion::LaterStep(phrase.into())));
    if let Some(word) = words::unbounded(&column.name) {
        match twin(column, table, train) {
            Some(twin) => found.push(Suspicion::Unbounded(word.into(), Some(twin))),
            // "Total" alone is the commonest way to name a sum, so it takes a twin to make it suspicious.
            None if word != "total" => found.push(Suspicion::Unbounded(word.into(), None)),
            None => {}
        }
    }
    let fill = fill_auc(column, train, labels).filter(|area| distance(*area) >= SUSPICIOUS_FILL_AUC);
    found.extend(fill.map(Suspicion::FillSpeaks));
    let values = value_auc(column, train, labels).filter(|area| *area >= SUSPICIOUS_VALUE_AUC);
    found.extend(values.map(Suspicion::Strong));
    found
}

/// An area or its mirror image, whichever is larger.
fn distance(area: f64) -> f64 {
    area.max(1.0 - area)
}

fn late_share(column: &Column, train: &[usize]) -> Option<f64> {
    let Values::Number(days) = &column.values else { return None };
    let filled: Vec<f64> = train.iter().filter_map(|row| days[*row]).collect();
    let late = filled.iter().filter(|day| **day < -FORGIVEN_LATE_DAYS).count();
    (column.kind == Kind::Date && !filled.is_empty()).then(|| late as f64 / filled.len() as f64)
}

/// How well being filled ranks converted leads above the others.
fn fill_auc(column: &Column, train: &[usize], labels: &[bool]) -> Option<f64> {
    let filled: Vec<f64> =
        train.iter().map(|row| f64::from(u8::from(column.values.is_filled(*row)))).collect();
    auc(&filled, labels)
}

/// How well the filled values rank converted leads above the others, in whichever direction.
fn value_auc(column: &Column, train: &[usize], labels: &[bool]) -> Option<f64> {
    let mut scores = Vec::new();
    let mut outcomes = Vec::new();
    match &column.values {
        Values::Number(values) => {
            for (row, label) in train.iter().zip(labels) {
                if let Some(value) = values[*row] {
                    scores.push(value);
                    outcomes.push(*label);
                }
            }
            auc(&scores, &outcomes).map(distance)
        }
        Values::Category { codes, levels } => {
            let level = |row: usize| codes[row].and_then(|code| usize::try_from(code).ok());
            let coded: Vec<(usize, bool)> =
                train.iter().zip(labels).filter_map(|(row, label)| Some((level(*row)?, *label))).collect();
            folded_auc(&coded, levels.len())
        }
    }
}

/// How well levels rank converted leads above the others, each lead by its level's rate in the other folds. Rare
/// levels then cannot tell the outcome of their only member; and within a fold the leads of a level are tied, so
/// that leaving a lead's own outcome out does not turn ties into losses.
fn folded_auc(coded: &[(usize, bool)], levels: usize) -> Option<f64> {
    let overall = coded.iter().filter(|(_, label)| *label).count() as f64 / coded.len().max(1) as f64;
    let (mut wins, mut pairs) = (0.0, 0.0);
    for fold in 0..FOLDS {
        let mut counts = vec![(overall, 1.0); levels];
        let (mut scores, mut outcomes) = (Vec::new(), Vec::new());
        for (_, (level, label)) in coded.iter().enumerate().filter(|(at, _)| at % FOLDS != fold) {
            counts[*level].0 += f64::from(u8::from(*label));
            counts[*level].1 += 1.0;
        }
        for (_, (level, label)) in coded.iter().enumerate().filter(|(at, _)| at % FOLDS == fold) {
            let (converted, rows) = counts[*level];
            scores.push(converted / rows);
            outcomes.push(*label);
        }
        let positives = outcomes.iter().filter(|label| **label).count();
        if let Some(area) = auc(&scores, &outcomes) {
            let weight = (positives * (outcomes.len() - positives)) as f64;
            wins += area * weight;
            pairs += weight;
        }
    }
    (pairs > 0.0).then(|| wins / pairs)
}

/// A column that counts the same thing, is never larger, and is smaller on a fair share of rows.
fn twin(column: &Column, table: &Table, train: &[usize]) -> Option<(String, f64)> {
    let Values::Number(totals) = &column.values else { return None };
    let stems = words::stems(&column.name);
    table
        .columns
        .iter()
        .filter(|other| other.name != column.name && words::stems(&other.name) == stems)
        .find_map(|other| {
            let Values::Number(parts) = &other.values else { return None };
            let pairs: Vec<(f64, f64)> =
                train.iter().filter_map(|row| Some((totals[*row]?, parts[*row]?))).collect();
            let larger =
                pairs.iter().filter(|(total, part)| total > part).count() as f64 / pairs.len().max(1) as f64;
            let holds = pairs.iter().all(|(total, part)| total >= part) && larger >= EXCEEDING_SHARE;
            holds.then(|| (other.name.clone(), larger))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(columns: Vec<(&str, Kind, Values)>) -> Leaks {
        let columns =
            columns.into_iter().map(|(name, kind, values)| Column { name: name.into(), kind, values });
        let label = (0..400).map(|row| Some(converted(row))).collect();
        let table = Table { columns: columns.collect(), ..Table::of_labels(label) };
        find(&table, &(0..400).collect::<Vec<_>>())
    }

    fn converted(row: usize) -> bool {
        row.is_multiple_of(4)
    }

    fn number(value: impl Fn(usize) -> Option<f64>) -> Values {
        Values::Number((0..400).map(value).collect())
    }

    fn level(code: impl Fn(usize) -> u32, levels: u32) -> Values {
        Values::Category {
            codes: (0..400).map(|row| Some(code(row))).collect(),
            levels: (0..levels).map(|level| level.to_string()).collect(),
        }
    }

    #[test]
    fn each_kind_of_leak_is_dropped_with_its_reason() {
        let leaks = judge(vec![
            ("closed_at", Kind::Date, number(|_| Some(1.0))),
            ("last_seen", Kind::Date, number(|row| Some(if row % 9 == 0 { -5.0 } else { 5.0 }))),
            ("plan_value", Kind::Number, number(|row| converted(row).then_some(5.0))),
            ("rejection", Kind::Number, number(|row| (!converted(row)).then_some(5.0))),
            (
                "fee",
                Kind::Number,
                number(|row| Some(if converted(row) { 0.0 } else { 1.0 + (row % 3) as f64 })),
            ),
            ("handler", Kind::Category, level(|row| u32::from(converted(row)), 2)),
            ("visits", Kind::Number, number(|row| Some((row % 7) as f64))),
        ]);
        let reasons: Vec<_> =
            leaks.dropped.iter().map(|drop| (drop.column.as_str(), drop.reason.clone())).collect();
        assert_eq!(reasons[0], ("closed_at", Reason::OutcomeName("closed".into())));
        assert!(
            matches!(reasons[1], ("last_seen", Reason::StampedAfter(share)) if (share - 45.0 / 400.0).abs() < 1e-12)
        );
        assert_eq!(reasons[2], ("plan_value", Reason::FilledByOutcome(1.0)));
        assert_eq!(reasons[3], ("rejection", Reason::FilledByOutcome(0.0)));
        assert_eq!(reasons[4], ("fee", Reason::TellsOutcome(1.0)));
        assert!(matches!(reasons[5], ("handler", Reason::TellsOutcome(area)) if area > 0.99));
        assert_eq!(reasons.len(), 6);
        assert!(reasons.iter().all(|(_, reason)| reason.is_leak()));
    }

    #[test]
    fn what_a_clock_explains_is_forgiven_and_no_more() {
        let is_dropped = |late: usize, days: f64| {
            let day = |row: usize| if row < late { -days } else { 5.0 + (row % 3) as f64 };
            !judge(vec![("last_seen", Kind::Date, number(|row| Some(day(row))))]).dropped.is_empty()
        };
        assert_eq!((is_dropped(4, 9.0), is_dropped(5, 9.0)), (false, true), "one row in a hundred");
        assert!(!is_dropped(200, 1.0), "a day later may be the same day elsewhere");
    }

    #[test]
    fn a_column_leaks_is_suspicious_or_neither_by_the_thresholds() {
        // Filled for all that converted, and for so many in ten of the others.
        let filled = |tenths: usize| {
            let cell = |row: usize| (converted(row) || row / 4 % 10 < tenths).then_some((row * 7 % 5) as f64);
            judge(vec![("budget", Kind::Number, number(cell))])
        };
        assert_eq!(filled(4).dropped[0].reason, Reason::FilledByOutcome(0.8));
        assert_eq!(filled(5).dropped, []);
        assert_eq!(filled(5).flagged[0].suspicion, Suspicion::FillSpeaks(0.75));
        assert_eq!(filled(9), Leaks::default());
        // One for all that converted, and for so many in forty of the others.
        let valued = |fortieths: usize| {
            let cell = |row: usize| f64::from(u8::from(converted(row) || row / 4 % 40 < fortieths));
            judge(vec![("budget", Kind::Number, number(|row| Some(cell(row))))])
        };
        assert!(matches!(valued(2).dropped[0].reason, Reason::TellsOutcome(area) if area > 0.95));
        assert!(matches!(valued(8).flagged[0].suspicion, Suspicion::Strong(area) if area > 0.85));
        assert_eq!(valued(20), Leaks::default());
    }

    #[test]
    fn a_category_of_one_row_each_tells_nothing() {
        let leaks = judge(vec![("badge", Kind::Category, level(|row| u32::try_from(row).unwrap(), 400))]);
        assert_eq!(leaks, Leaks::default());
    }

    #[test]
    fn an_endless_count_is_flagged_with_its_twin() {
        let leaks = judge(vec![
            ("touch_count", Kind::Number, number(|row| Some((row % 7) as f64))),
            ("total_touches_all", Kind::Number, number(|row| Some((row % 7 + row % 2) as f64))),
            ("total_seconds", Kind::Number, number(|row| Some((row % 11) as f64))),
        ]);
        assert!(leaks.dropped.is_empty());
        let [flag] = leaks.flagged.as_slice() else { panic!("{:?}", leaks.flagged) };
        assert_eq!(flag.column, "total_touches_all");
        assert_eq!(flag.suspicion, Suspicion::Unbounded("total".into(), Some(("touch_count".into(), 0.5))));
    }

    #[test]
    fn a_total_is_no_twin_of_what_it_does_not_hold_or_never_exceeds() {
        let flagged = |total: fn(usize) -> f64| {
            let leaks = judge(vec![
                ("touch_count", Kind::Number, number(|row| Some((row % 7) as f64))),
                ("total_touches_all", Kind::Number, number(|row| Some(total(row)))),
            ]);
            leaks.flagged.len()
        };
        assert_eq!(flagged(|row| (row % 7 + row % 2) as f64), 1);
        assert_eq!(flagged(|row| if row == 3 { 0.0 } else { (row % 7 + row % 2) as f64 }), 0);
        assert_eq!(flagged(|row| (row % 7) as f64), 0);
    }

    #[test]
    fn a_mild_suspicion_keeps_the_column() {
        let leaks = judge(vec![
            (
                "budget",
                Kind::Number,
                number(|row| (converted(row) || row % 8 < 4).then_some((row % 7) as f64)),
            ),
            ("opportunity_created", Kind::Boolean, number(|row| Some((row % 2) as f64))),
        ]);
        assert!(leaks.dropped.is_empty(), "{leaks:?}");
        assert!(leaks.flagged.iter().any(|flag| matches!(flag.suspicion, Suspicion::FillSpeaks(_))));
        assert!(
            leaks.flagged.iter().any(|flag| flag.suspicion == Suspicion::LaterStep("opportunity".into()))
        );
    }
}
