//! The scores by dimension, and their mean.

use super::{number, span};
use crate::{
    assess_maturity::output::{Dimension, Output},
    wire::Provenance,
};
use std::fmt::Write;

/// Dimensions told; a lens of the operator's own may have many more.
const MOST_ROWS: usize = 12;

pub(super) fn tell(output: &Output, lines: &mut Vec<String>) {
    lines.extend([
        String::new(),
        "| dimension | score | claimed | ground |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ]);
    lines.extend(output.dimensions.iter().take(MOST_ROWS).map(row));
    if let Some(left) = output.dimensions.len().checked_sub(MOST_ROWS).filter(|left| *left > 0) {
        lines.push(format!("| and {left} more in the structured result | | | |"));
    }
    let mut profile = format!("Profile (weighted mean, weights authored): {}", span(output.profile.all));
    if let Some(known) = output.profile.known {
        let _ = write!(profile, "; over what is known {}", span(known));
    }
    lines.extend([String::new(), profile + "."]);
    if !output.groups.is_empty() {
        let groups: Vec<String> =
            output.groups.iter().map(|group| format!("{} {}", group.title, span(group.score))).collect();
        lines.push(format!("Groups: {}.", groups.join("; ")));
    }
    if output.dimensions.iter().any(|dimension| dimension.capped) {
        lines.push(format!(
            "Statements without a note count for {} at most in a capped dimension, until something in it is \
             measured.",
            output.attested_cap
        ));
    }
}

fn row(dimension: &Dimension) -> String {
    let claimed = dimension.claimed.map_or_else(|| "-".to_owned(), number);
    let cap = if dimension.capped { ", capped" } else { "" };
    let Dimension { title, score, measured, attested, unknown, .. } = dimension;
    format!(
        "| {title} | {} | {claimed} | {}{cap}: {measured} measured, {attested} stated, {unknown} unknown |",
        span(*score),
        ground(dimension.provenance)
    )
}

const fn ground(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Measured => "measured",
        Provenance::Attested => "attested",
        Provenance::Published => "published",
        Provenance::Authored => "authored",
        Provenance::Unknown => "unknown",
    }
}
