//! The result as a person reads it.

use super::output::{Output, PlatformCoverage, Share};
use std::fmt::Write as _;

/// Rows of the table; the structured result has them all.
const ROWS: usize = 25;
/// Findings told.
const FINDINGS: usize = 6;

pub(super) fn tell(output: &Output) -> String {
    let mut text = format!("**MCP coverage of {} platform(s)**\n\n", output.platform_count);
    for share in &output.shares {
        let _ = writeln!(text, "- {}", told(share, output));
    }
    if let Some(constraint) = &output.binding_constraint {
        let _ = writeln!(
            text,
            "- Binding constraint: **{}**: {} ({} core operations). Next: {}.",
            constraint.platform, constraint.what, constraint.core_operations, constraint.next_step
        );
    }
    text.push_str("\n| platform | MCP | core operations | decision |\n|---|---|---|---|\n");
    for platform in output.platforms.iter().take(ROWS) {
        let _ = writeln!(
            text,
            "| {} | {}{} | {} | {} |",
            cell(&platform.name),
            platform.status,
            seen(platform),
            core(platform),
            platform.decision
        );
    }
    for platform in output.platforms.iter().filter(|platform| !platform.disagreements.is_empty()) {
        let _ = writeln!(text, "\n{}: {}.", cell(&platform.name), platform.disagreements.join("; "));
    }
    for unresolved in &output.unresolved {
        let candidates = match unresolved.candidates.as_slice() {
            [] => String::new(),
            some => format!(" (perhaps {})", some.join(", ")),
        };
        let _ = writeln!(
            text,
            "\nNot in the catalog: `{}`{candidates}. It counts as unknown.",
            cell(&unresolved.asked)
        );
    }
    for failure in &output.inspect_failures {
        let _ = writeln!(text, "\nNot inspected: {}. {}.", failure.error, failure.hint);
    }
    if !output.findings.is_empty() {
        text.push_str("\nFindings, the gravest first:\n");
        for finding in output.findings.iter().take(FINDINGS) {
            let about = finding.table.as_deref().unwrap_or_default();
            let _ = writeln!(text, "- {}: {}", cell(about), finding.what_found);
        }
    }
    if let Some(cursor) = &output.next_cursor {
        let _ = writeln!(text, "\nMore platforms: call again with cursor `{cursor}`.");
    }
    text.push_str(
        "\nStatus and operations are published claims unless a list was seen; unknown counts neither way.\n",
    );
    text
}

fn told(share: &Share, output: &Output) -> String {
    let Share { measure, hits, known, unknown } = share;
    let name = match measure.as_str() {
        "native_mcp_share" => "Vendor-run MCP server",
        "any_mcp_share" => "Any MCP server",
        _ => "Core operations covered",
    };
    let value = output.measures.iter().find(|value| value.measure == *measure);
    match value {
        Some(value) => {
            let bounds = match (value.low, value.high) {
                (Some(low), Some(high)) if low < high => {
                    format!(", between {:.0}% and {:.0}% once all is known", low * 100.0, high * 100.0)
                }
                _ => String::new(),
            };
            format!(
                "{name}: {:.0}% ({hits} of {known} known, {unknown} unknown{bounds})",
                value.value * 100.0
            )
        }
        None => format!("{name}: unknown ({unknown} unknown)"),
    }
}

fn seen(platform: &PlatformCoverage) -> String {
    platform.server.as_ref().map_or_else(String::new, |server| {
        format!(", {} {} tools (~{} tokens)", server.ground, server.tools, server.context_tokens)
    })
}

fn core(platform: &PlatformCoverage) -> String {
    let core = &platform.core;
    if core.total == 0 {
        return "no category".to_owned();
    }
    let parts = [
        ("evidenced", core.evidenced.len()),
        ("implied", core.implied.len()),
        ("missing", core.missing.len()),
        ("unknown", core.unknown.len()),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{count} {name}")).collect();
    format!("{} of {}", parts.join(", "), core.total)
}

/// Text from outside in a table: one line, without the table's own bars.
fn cell(text: &str) -> String {
    text.replace('|', "/").replace(['\n', '\r'], " ").chars().take(60).collect()
}
