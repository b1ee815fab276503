//! A lens: what it asks, and what one would see at each level.

use revarch_domain::maturity::{
    Lens,
    lens::{Dimension, Origin},
};
use std::fmt::Write as _;

pub(super) fn lens(lens: &Lens) -> String {
    let Origin { source, published, authored, cautions, facts: _ } = &lens.provenance;
    let mut page = format!("# {}\n\n", lens.title);
    let _ = writeln!(page, "Lens `{}`, version {}. Use it with `assess_maturity`.\n", lens.id, lens.version);
    let _ = writeln!(page, "Source: {source}\n");
    let _ = writeln!(page, "Published by it: {}.\n", published.join("; "));
    let _ = writeln!(page, "Revarch's own (authored): {}.\n", authored.join("; "));
    for caution in cautions {
        let _ = writeln!(page, "- Caution: {caution}");
    }
    if !cautions.is_empty() {
        page.push('\n');
    }
    if !lens.stages.is_empty() {
        let names = lens.stages.iter().map(|stage| format!("{} {}", stage.number, stage.name));
        let _ = writeln!(page, "Stages: {}.\n", names.collect::<Vec<_>>().join("; "));
    }
    for dimension in &lens.dimensions {
        write_dimension(dimension, &mut page);
    }
    page
}

fn write_dimension(dimension: &Dimension, page: &mut String) {
    let _ = writeln!(page, "## {}\n", dimension.title);
    for question in &dimension.questions {
        let _ = writeln!(page, "**{}** (`{}`)\n", question.text, question.id);
        for (level, anchor) in &question.anchors {
            let _ = writeln!(page, "- {level}: {anchor}");
        }
        page.push('\n');
    }
}
