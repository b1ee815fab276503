//! The answer as a person reads it.

use super::output::{MetricOut, Output, ScoreOut, ValueOut};
use std::fmt::Write as _;

/// Metrics told.
const TOLD: usize = 24;

pub(super) fn of(output: &Output) -> String {
    let partial = output.periods.iter().any(|period| period.name == output.period && period.partial);
    let note = if partial { ", which is not over" } else { "" };
    let mut text = format!("## Revenue in {}{note}\n\n", output.period);
    let mut told: Vec<(&MetricOut, &ValueOut)> = output
        .metrics
        .iter()
        .filter_map(|metric| {
            Some((metric, metric.values.iter().find(|value| value.period == output.period)?))
        })
        .filter(|(_, value)| value.value.is_some())
        .collect();
    // The whole before its parts.
    told.sort_by_key(|(metric, _)| metric.segment.is_some());
    if told.is_empty() {
        text.push_str("No metric could be worked out.\n");
    } else {
        text.push_str("| metric | value | trend |\n|---|---|---|\n");
    }
    for (metric, value) in told.iter().take(TOLD) {
        let _ = writeln!(text, "| {} |", line(metric, value));
    }
    if told.len() > TOLD {
        let _ = writeln!(text, "\nand {} more", told.len() - TOLD);
    }
    if !output.unknown.is_empty() {
        text.push_str("\nUnknown:\n");
    }
    for unknown in output.unknown.iter().take(8) {
        let _ = writeln!(text, "- {}: {} ({})", unknown.metrics.join(", "), unknown.lacks, unknown.why);
    }
    let known: Vec<&ScoreOut> = output.scorecard.iter().filter(|score| score.standing != "unknown").collect();
    let _ = writeln!(
        text,
        "\nScorecard, {} of {} KPIs known (targets are the guide's claims):",
        known.len(),
        output.scorecard.len()
    );
    for score in known {
        let target = score
            .target
            .map_or_else(String::new, |target| format!(", target {}", shown(target, &score.unit)));
        let value = score.value.map(|value| shown(value, &score.unit)).unwrap_or_default();
        let _ = writeln!(text, "- {}: {value}{target}: {}", score.kpi, score.standing.replace('_', " "));
    }
    for note in output.notes.iter().take(6) {
        let _ = writeln!(text, "- {note}");
    }
    text
}

fn line(metric: &MetricOut, value: &ValueOut) -> String {
    let title = metric
        .segment
        .as_ref()
        .map_or_else(|| metric.title.clone(), |segment| format!("{}, {segment}", metric.title));
    let mut told = shown(value.value.unwrap_or_default(), &metric.unit);
    if let Some(interval) = value.interval {
        let _ = write!(told, " ({} to {})", percent(interval.low), percent(interval.high));
    }
    for target in &metric.targets {
        let reached = match target.reached {
            Some(true) => "reached",
            _ => "not reached",
        };
        let _ = write!(told, "; claimed: {}, {reached}", target.states);
    }
    let trend = metric.trend.as_ref().map_or_else(
        || "-".to_owned(),
        |trend| {
            let by = trend.relative.map_or_else(String::new, |by| format!(" {:+.0}%", 100.0 * by));
            format!("{}{by} since {}", trend.course.replace('_', " "), trend.from)
        },
    );
    format!("{title} | {told} | {trend}")
}

fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

fn shown(value: f64, unit: &str) -> String {
    match unit {
        "share" => percent(value),
        "days" | "months" => format!("{value:.1} {unit}"),
        "money_per_day" => format!("{value:.0} a day"),
        _ => number(value),
    }
}

fn number(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
