//! The result as a person reads it.

use super::{
    gaps::GapOut,
    graded::ServerOut,
    output::{Output, Share},
    platforms::PlatformCoverage,
};
use std::fmt::Write as _;

/// Rows of the table; the structured result has them all.
const ROWS: usize = 20;
/// Servers, gaps, findings and other lines told of each kind.
const LINES: usize = 5;

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
    if !output.servers.is_empty() {
        let _ = writeln!(text, "\nServers seen, {} tokens of context in all:", output.context_tokens);
        for server in output.servers.iter().take(LINES) {
            let _ = writeln!(text, "- {}", graded(server));
        }
    }
    if !output.gaps.is_empty() {
        let _ = writeln!(text, "\n{} gaps; what stops most comes first:", output.gaps_total);
        for gap in output.gaps.iter().take(LINES) {
            let _ = writeln!(text, "- {}", told_gap(gap));
        }
    }
    if !output.found_servers.is_empty() {
        let names = output.found_servers.iter().take(LINES).map(|found| cell(&found.server));
        let _ = writeln!(
            text,
            "\nIn client files: {}{}. None is started unless `inspect` names it.",
            names.collect::<Vec<String>>().join(", "),
            if output.found_servers.len() > LINES { " and more" } else { "" }
        );
    }
    for problem in output.client_file_problems.iter().take(LINES) {
        let _ = writeln!(text, "\nNot read: {problem}");
    }
    let differing = output.platforms.iter().filter(|platform| !platform.disagreements.is_empty());
    for platform in differing.take(LINES) {
        let _ = writeln!(text, "\n{}: {}.", cell(&platform.name), platform.disagreements.join("; "));
    }
    for unresolved in output.unresolved.iter().take(LINES) {
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
    for failure in output.inspect_failures.iter().take(LINES) {
        let _ = writeln!(text, "\nNot inspected: {}. {}.", failure.error, failure.hint);
    }
    if !output.findings.is_empty() {
        text.push_str("\nFindings, the gravest first:\n");
        for finding in output.findings.iter().take(LINES) {
            let about = finding.table.as_deref().unwrap_or_default();
            let _ = writeln!(text, "- {}: {}", cell(about), finding.what_found);
        }
    }
    if let Some(cursor) = &output.next_cursor {
        let _ = writeln!(text, "\nMore: call again with cursor `{cursor}`.");
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
    if platform.servers.is_empty() { String::new() } else { ", seen".to_owned() }
}

fn graded(server: &ServerOut) -> String {
    let quality = server.quality.as_ref().map_or_else(String::new, |quality| {
        format!(", quality {} (worst `{}`: {})", quality.tier, cell(&quality.worst_tool), quality.worst_tier)
    });
    let security = &server.security;
    let changed = if server.compared.state == "changed" { ", **changed since the last audit**" } else { "" };
    format!(
        "{} ({}): {} tools, {} tokens{quality}, security {} blocker / {} major / {} minor{changed}",
        cell(&server.server),
        server.ground,
        server.tools,
        server.context_tokens,
        security.blocker,
        security.major,
        security.minor
    )
}

fn told_gap(gap: &GapOut) -> String {
    let state = if gap.known { "lacks" } else { "unknown:" };
    let more = gap.operations_left_out.map(|more| format!(" and {more} more")).unwrap_or_default();
    let blocks = match gap.blocks.len() {
        0 => String::new(),
        some => format!(", blocks {some} workflow(s)"),
    };
    format!(
        "{} {state} {}{more}{blocks}: {} ({})",
        cell(&gap.platform),
        gap.operations.join(", "),
        gap.route,
        gap.effort
    )
}

fn core(platform: &PlatformCoverage) -> String {
    let core = &platform.core;
    if core.total == 0 {
        return "no category".to_owned();
    }
    let parts = [
        ("verified live", core.verified_live.len()),
        ("claimed", core.claimed.len()),
        ("absent", core.absent.len()),
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
