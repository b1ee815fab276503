//! The answer as a person reads it.

use super::output::{AtOut, Output, PairOut};
use std::fmt::Write as _;

/// Clusters, pairs and rules told.
const TOLD: usize = 6;

pub(super) fn of(output: &Output) -> String {
    let mut text = format!("## Identities\n\n{}.\n", output.summary);
    let sources: Vec<String> =
        output.sources.iter().map(|source| format!("{} ({})", source.table, source.records)).collect();
    let compared: Vec<&str> = output.comparisons.iter().map(|one| one.name.as_str()).collect();
    let _ = writeln!(text, "Compared {} by {}.", sources.join(", "), compared.join(", "));
    let blocking = &output.blocking;
    let recall = blocking.recall_estimate.map_or_else(String::new, |recall| {
        format!("; they are estimated to hold {:.0}% of all matches", 100.0 * recall)
    });
    let _ = writeln!(text, "{} pairs were compared{recall}.", blocking.compared);
    for rule in
        blocking.rules.iter().chain(&blocking.left_out).filter(|rule| rule.crowded_values.is_some()).take(3)
    {
        let _ = writeln!(
            text,
            "- {}: {} values are shared by {} records and tell nobody apart",
            rule.agree_on,
            rule.crowded_values.unwrap_or(0),
            rule.crowded_records.unwrap_or(0)
        );
    }
    if let Some(quality) = &output.quality {
        let _ = writeln!(text, "\nBy {} judged pairs: {}", quality.judged, at(&quality.at_threshold));
        if let Some(best) = quality.at_best.as_ref().filter(|_| !output.threshold_is_tuned) {
            let _ = writeln!(text, "Best F1: {}", at(best));
        }
    }
    if !output.clusters.is_empty() {
        let _ = writeln!(text, "\nClusters:");
    }
    for cluster in output.clusters.iter().take(TOLD) {
        let records: Vec<String> =
            cluster.records.iter().map(|record| format!("{} {}", record.table, record.id)).collect();
        let rule = cluster.kept_for.as_ref().map_or_else(String::new, |rule| format!(" ({rule})"));
        let _ = writeln!(
            text,
            "- {} records: {}; keep {}{rule}",
            cluster.size,
            records.join(", "),
            cluster.keep.id
        );
        for flag in &cluster.flags {
            let _ = writeln!(text, "  - {flag}");
        }
        if let Some(weakest) = cluster.pairs.first() {
            let _ = writeln!(text, "  - {}", pair(weakest));
        }
    }
    if !output.review.is_empty() {
        let _ = writeln!(text, "\nTo be looked at:");
    }
    for one in output.review.iter().take(TOLD) {
        let _ = writeln!(text, "- {}", pair(one));
    }
    if let Some(links) = &output.links {
        let likeness =
            links.by_likeness.map_or_else(String::new, |links| format!(", {links} by a near spelling"));
        let _ = writeln!(
            text,
            "\nOf {} {}, {} lead to {} by their key. One account fits {} more by domain, {} by name{likeness}; several fit {}, and {} have a private address only.",
            links.contact_count,
            links.contacts,
            links.by_key,
            links.accounts,
            links.by_domain,
            links.by_name,
            links.several_fit,
            links.free_mail
        );
    }
    for written in &output.written {
        let _ = writeln!(text, "Wrote {} rows to {}.", written.rows, written.file);
    }
    for note in &output.notes {
        let _ = writeln!(text, "- {note}");
    }
    text
}

fn pair(pair: &PairOut) -> String {
    let mut reasons: Vec<_> = pair.reasons.iter().collect();
    reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    let reasons: Vec<String> = reasons
        .iter()
        .take(4)
        .map(|reason| format!("{} {} {:+.1}", reason.comparison, reason.level, reason.weight))
        .collect();
    format!("{} and {}: {:.2} ({})", pair.a.id, pair.b.id, pair.probability, reasons.join(", "))
}

fn at(at: &AtOut) -> String {
    let share = |name: &str, share: &Option<super::output::ShareOut>| match share {
        Some(share) => format!("{name} {:.3} ({:.3} to {:.3})", share.value, share.low, share.high),
        None => format!("{name} unknown"),
    };
    format!(
        "{}, {}, {} at a probability of {}",
        share("precision", &at.precision),
        share("recall", &at.recall),
        share("F1", &at.f1),
        at.threshold
    )
}
