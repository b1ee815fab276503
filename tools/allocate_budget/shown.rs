//! The plan as the result shows it.

use super::{
    claims::ClaimOut,
    output::{CategoryOut, CheckOut, LimitOut, MoveOut, Output, RelaxationOut, TableOut},
};
use crate::{
    ToolError,
    page::{Window, fitting},
    wire::{ContradictionOut, Interval, Provenance, one_line},
};
use revarch_domain::{
    budget::{
        Aim, Allocation, Check, Currency, Limit, Move, Relaxation, SetAside, Share, TableCheck,
        contradictions, published,
    },
    provenance,
};

/// What the limits that move may take of the result, and those of which one would suffice.
const MOVES: usize = 1_200;

/// Letters of a name that are told.
const LONGEST_NAME: usize = 80;

/// What the result tells beside the plan.
pub(super) struct Facts {
    pub(super) total: Option<f64>,
    pub(super) currency: Currency,
    pub(super) aim: Aim,
    pub(super) is_compared: bool,
    pub(super) share_of_revenue: Option<f64>,
}

/// What becomes of the limits, in one word.
pub(super) fn verdict(plan: &Allocation) -> &'static str {
    const ROUNDING: f64 = 1e-4;
    let is_open = |share: &Share| share.could_be.high - share.could_be.low > ROUNDING;
    if plan.relaxation.is_some() {
        "cannot_be_met"
    } else if plan.shares.iter().any(is_open) {
        "met"
    } else {
        "one_plan_only"
    }
}

pub(super) fn wire(
    plan: Allocation,
    checks: &[Check],
    facts: Facts,
    detailed: bool,
    from: usize,
) -> Result<Output, ToolError> {
    let verdict = verdict(&plan).to_owned();
    let remarks = remarks(&plan, &facts);
    let Allocation { shares, relaxation, set_aside: _, distance, expected_return, table } = plan;
    let Facts { total, currency, aim: _, is_compared: _, share_of_revenue } = facts;
    let claims: Vec<ClaimOut> = match (detailed, &table) {
        (true, _) => published().claims.iter().map(ClaimOut::of).collect(),
        (false, Some(_)) => published().claim("category_returns").map(ClaimOut::of).into_iter().collect(),
        (false, None) => Vec::new(),
    };
    let of_table = table.iter().flat_map(|table| table.contradictions.iter().copied());
    let of_claims = claims.iter().flat_map(|claim| claim.contradictions.iter().map(String::as_str));
    let contradictions =
        contradictions(of_table.chain(of_claims)).into_iter().map(ContradictionOut::of).collect();
    let mut output = Output {
        verdict,
        total,
        currency: currency.code().map(str::to_owned),
        categories: Vec::new(),
        relaxation: relaxation.map(relaxed),
        distance_points: plain(distance),
        expected_return: expected_return.map(plain),
        published_table: table.as_ref().map(of_model),
        checks: checks.iter().filter(|check| detailed || check.percent.is_some()).map(check).collect(),
        share_of_revenue_percent: share_of_revenue.map(plain),
        contradictions,
        claims,
        remarks,
        next_cursor: None,
    };
    let categories = shares.into_iter().map(|share| category(share, total, &currency)).collect();
    let mut window = Window::beside(&output, from, usize::MAX);
    output.categories = window.of(categories);
    window.check("categories")?;
    output.next_cursor = window.next();
    Ok(output)
}

pub(super) fn remarks(plan: &Allocation, facts: &Facts) -> Vec<String> {
    let mut remarks: Vec<String> = plan
        .set_aside
        .iter()
        .map(|SetAside { category, end, at }| {
            format!(
                "the published {} of {at}% for `{category}` was set aside, since your own limit excludes it",
                end.name()
            )
        })
        .collect();
    let is_published = |moved: &Move| moved.whose == provenance::Provenance::Published;
    if plan.relaxation.as_ref().is_some_and(|relaxation| relaxation.moves.iter().all(is_published)) {
        remarks.push(
            "only published ranges stand in the way; with `use_published_limits` false the plan keeps near to their midpoints"
                .to_owned(),
        );
    }
    if facts.aim == Aim::MostReturn {
        remarks.push(
            "returns are taken as constant, so the plan goes to the limits; where more money returns less, it goes too far"
                .to_owned(),
        );
    }
    if plan.table.is_some() {
        remarks.push(
            "the published source does not say of which budget its percentages are; it has no row for CRM, SEO or integration"
                .to_owned(),
        );
    }
    if !facts.is_compared {
        remarks.push(
            "`compare` holds the budget against published shares of marketing and technology".to_owned(),
        );
    }
    remarks
}

fn category(share: Share, total: Option<f64>, currency: &Currency) -> CategoryOut {
    let Share {
        id,
        name,
        percent,
        amount,
        is_fixed,
        least,
        most,
        could_be,
        reference,
        current,
        claimed_return,
        expected_return: _,
    } = share;
    let amount = amount.map(|smallest| smallest as f64 / currency.units());
    let now = current.zip(total).map(|(percent, total)| percent * total / 100.0);
    let cents = |amount: f64| (amount * currency.units()).round() / currency.units();
    CategoryOut {
        id: one_line(&id, LONGEST_NAME),
        name: one_line(&name, LONGEST_NAME),
        percent: plain(percent),
        amount,
        change: amount.zip(now).map(|(then, now)| cents(then - now)),
        fixed: is_fixed,
        minimum: least.map(limit),
        maximum: most.map(limit),
        could_be: Interval { low: plain(could_be.low), high: plain(could_be.high) },
        reference_percent: plain(reference.percent),
        reference_from: reference.from.name().to_owned(),
        reference_provenance: Provenance::of(reference.from.provenance()),
        claimed_return,
    }
}

fn limit(limit: Limit) -> LimitOut {
    let Limit { at, whose } = limit;
    LimitOut { percent: plain(at), provenance: Provenance::of(whose) }
}

fn relaxed(relaxation: Relaxation) -> RelaxationOut {
    let Relaxation { points, moves, alone } = relaxation;
    let count = moves.len() + alone.len();
    let moves = fitting(moves.into_iter().map(moved).collect(), MOVES);
    let any_one_of = fitting(alone.into_iter().map(moved).collect(), MOVES);
    let more = count - moves.len() - any_one_of.len();
    RelaxationOut { points: plain(points), moves, any_one_of, more: (more > 0).then_some(more) }
}

fn moved(moved: Move) -> MoveOut {
    let Move { categories, end, from, to, whose } = moved;
    MoveOut {
        categories: categories.iter().map(|name| one_line(name, LONGEST_NAME)).collect(),
        limit: end.name().to_owned(),
        from_percent: plain(from),
        to_percent: plain(to),
        provenance: Provenance::of(whose),
    }
}

fn of_model(table: &TableCheck) -> TableOut {
    let TableCheck { model, sums, followable, contradictions: _ } = table;
    TableOut {
        model: model.name().to_owned(),
        minimums_sum: sums.low,
        maximums_sum: sums.high,
        followable: followable.name().to_owned(),
        source: published().source.clone(),
    }
}

fn check(check: &Check) -> CheckOut {
    let Check { claim, percent, standing } = check;
    CheckOut {
        percent: percent.map(plain),
        standing: standing.map_or("unknown", |standing| standing.name()).to_owned(),
        claim: ClaimOut::of(claim),
    }
}

/// A number without digits that say nothing.
fn plain(number: f64) -> f64 {
    (number * 1e4).round() / 1e4
}
