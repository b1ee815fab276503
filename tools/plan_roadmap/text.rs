//! The plan as a person reads it.

use super::{known::Known, output::date};
use crate::wire::one_line;
use revarch_domain::roadmap::{Entry, Exit, Fit, Load, Period, Planned, Roadmap, published_phase};
use std::fmt::Write as _;

/// Items told of the first 90 days.
const NEAR: usize = 16;
/// Items told in each quarter after them.
const FAR: usize = 2;
/// Quarters told.
const QUARTERS: usize = 4;
/// Roles and notes told.
const TOLD: usize = 3;

/// The plan in two sentences.
pub(super) fn summary(plan: &Roadmap) -> String {
    let with = |fit: Fit| plan.items.iter().filter(|item| item.timing.fit == fit).count();
    let closed: usize = plan.items.iter().map(|item| item.closes.len()).sum();
    let (fit, may, not) = (with(Fit::Fits), with(Fit::MayFit), with(Fit::DoesNotFit));
    format!(
        "{} items from {} to {} close {closed} findings. {fit} fit the capacity, {may} only if efforts turn out low or become known, {not} do not.",
        plan.items.len(),
        plan.start,
        plan.end
    )
}

pub(super) fn tell(plan: &Roadmap, known: &Known) -> String {
    let mut text = format!("**Roadmap.** {}\n\n{}\n", summary(plan), begins(known));
    let mut left = NEAR;
    for block in &plan.blocks {
        let heading =
            format!("**Days {}-{}** ({} to {})", block.first_day, block.last_day, block.from, block.to);
        stretch(&heading, &block.starts, left, plan, &mut text);
        left = left.saturating_sub(block.starts.len());
    }
    let is_told = |id: &String| plan.blocks.iter().any(|block| block.starts.contains(id));
    for period in plan.periods.iter().take(QUARTERS) {
        let later: Vec<String> = period.starts.iter().filter(|id| !is_told(id)).cloned().collect();
        stretch(&quarter(period), &later, FAR, plan, &mut text);
    }
    text.push('\n');
    let is_short = |load: &&Load| load.needed.high.is_none_or(|high| high > load.available);
    for load in plan.loads.iter().filter(is_short).take(TOLD) {
        let most =
            load.needed.high.map_or_else(|| "nobody knows how many".to_owned(), |high| format!("{high:.0}"));
        let _ = writeln!(
            text,
            "- {} can give {:.0} people-days until {}, and the plan asks for {:.0} to {most}",
            load.owner_role, load.available, plan.end, load.needed.low
        );
    }
    if !plan.not_planned.is_empty() {
        let named: Vec<&str> = plan.not_planned.iter().take(5).map(|one| one.what.as_str()).collect();
        let more = plan.not_planned.len() - named.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let _ = writeln!(text, "- not planned: {}{more}", one_line(&named.join(", "), 400));
    }
    for note in plan.notes.iter().take(TOLD) {
        let _ = writeln!(text, "- {}", one_line(note, 300));
    }
    let _ = writeln!(
        text,
        "\nData: {}. Stack: {}. Stage: {}.\nEfforts are revarch's own estimates unless given. The published plan beside it is a claim of its source.",
        known.from.data, known.from.stack, known.from.maturity
    );
    text
}

fn begins(known: &Known) -> String {
    match &known.situation.entry {
        None => {
            "No stage can be named yet, so no phase is entered: the plan begins with what would settle it."
                .to_owned()
        }
        Some(Entry { lowest, highest, stages, .. }) if lowest == highest => {
            format!("It begins in Phase {lowest} (stage: {}).", stages.join(" or "))
        }
        Some(Entry { lowest, highest, stages, .. }) => format!(
            "It begins in Phase {lowest}; Phase {highest} is possible (stage: {}), and what would settle it comes first.",
            stages.join(" or ")
        ),
    }
}

fn quarter(period: &Period) -> String {
    let phase = period.phase.map_or_else(String::new, |number| {
        let name = published_phase(number).map(|phase| phase.name).unwrap_or_default();
        format!(", Phase {number} {name}")
    });
    format!(
        "**Months {}-{}{phase}** ({} to {})",
        period.first_month, period.last_month, period.from, period.to
    )
}

fn stretch(heading: &str, starts: &[String], most: usize, plan: &Roadmap, text: &mut String) {
    if starts.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{heading}");
    for item in starts.iter().take(most).filter_map(|id| plan.items.iter().find(|item| item.id == *id)) {
        let _ = writeln!(text, "- {}", line(item, plan));
    }
    if starts.len() > most {
        let _ = writeln!(text, "- and {} more", starts.len() - most);
    }
}

fn line(item: &Planned, plan: &Roadmap) -> String {
    let last = |day: u32| date(plan.start, day.saturating_sub(1));
    let latest = item.timing.end.latest.map_or_else(|| "unknown".to_owned(), last);
    let closes = match item.closes.len() {
        0 => String::new(),
        1 => "; closes 1 finding".to_owned(),
        many => format!("; closes {many} findings"),
    };
    let late = if item.timing.fit == Fit::DoesNotFit { "; **does not fit**" } else { "" };
    let exit = item.exits.first().map_or_else(String::new, |exit| format!("; done when {}", told(exit)));
    format!(
        "{} (`{}`, {}, ends {} to {latest}){closes}{exit}{late}",
        one_line(&item.title, 120),
        one_line(&item.id, 80),
        item.owner_role,
        last(item.timing.end.earliest)
    )
}

fn told(exit: &Exit) -> String {
    let short = |value: f64| format!("{value:.2}").trim_end_matches('0').trim_end_matches('.').to_owned();
    let bound = if exit.is_at_most { "at most" } else { "at least" };
    let now = exit.from.map_or_else(
        || "unknown".to_owned(),
        |from| {
            let low = short(from.low);
            if from.low < from.high { format!("{low} to {}", short(from.high)) } else { low }
        },
    );
    format!("{}: {bound} {} (now {now})", exit.measure, short(exit.to))
}
