//! The credit of every channel by every model, how sure it is, and which moves hold whatever one assumes.

use super::{
    answer::{Ask, Attribution, Scenario, Shift},
    channels::Channels,
    collect::Collected,
    enough,
    model::Model,
    moves::{self, Telling},
    paths::Paths,
    solver::Solver,
    warning::{Warning, warnings},
};
use crate::proportion::Interval;

/// Credits the channels.
pub fn attribute(channels: &Channels, base: &Collected, scenarios: &[Scenario], ask: &Ask) -> Attribution {
    let direct = channels.direct(&ask.direct);
    let solver = Solver::new(&base.paths, channels.len(), &direct, ask);
    let (_, _, cents) = base.paths.totals();
    let valued = cents > 0;
    let sufficient = base.counts.touched.conversions >= enough::CONVERSIONS;
    let (mut models, mut resampled) = (Vec::new(), Vec::new());
    for model in &solver.models {
        let (credit, drawn) = solver.told(*model, cents, valued);
        models.push(credit);
        resampled.push(drawn);
    }
    let mut tellings: Vec<(Telling, Model)> = models
        .iter()
        .map(|credit| {
            let earned = credit.shares.clone();
            (Telling { name: credit.model.name().to_owned(), is_model: true, earned }, credit.model)
        })
        .collect();
    for (name, model, shares) in solver.scenarios(scenarios, channels.len(), &direct, ask, valued) {
        tellings.push((Telling { name: format!("{model}, {name}"), is_model: false, earned: shares }, model));
    }
    let shifts = shifts(&tellings);
    let tellings: Vec<Telling> = tellings.into_iter().map(|(telling, _)| telling).collect();
    let by_spend = ask.spend.iter().flatten().filter(|spend| **spend > 0.0).count() > 1;
    let sizes = if by_spend { ask.spend.clone() } else { vec![Some(1.0); channels.len()] };
    let reach = reach(&base.paths, channels.len());
    let present = reach.iter().filter(|(_, all)| *all > 0).count();
    let needs_nulls = solver
        .models
        .iter()
        .any(|model| matches!(model, Model::Markov | Model::ShapleyRate | Model::LeaveOneOut));
    let mut warnings = warnings(&base.counts, channels, present, needs_nulls);
    for credit in models.iter().filter(|credit| credit.shares.iter().any(|share| *share < 0.0)) {
        let text = format!(
            "{} gives some channels less than nothing: journeys with them convert less often than the same without, so \
             that others get more than all",
            credit.model
        );
        warnings.push(Warning::new("negative_credit", text));
    }
    Attribution {
        valued,
        sufficient,
        left_out: solver.left_out,
        range: range(&tellings, channels.len()),
        shifts,
        moves: moves::moves(&tellings, &resampled, &sizes, sufficient),
        by_spend,
        reach,
        warnings,
        counts: base.counts.clone(),
        models,
    }
}

fn reach(paths: &Paths, channels: usize) -> Vec<(u64, u64)> {
    let mut reach = vec![(0, 0); channels];
    let mut seen = Vec::new();
    for row in paths.rows() {
        seen.clear();
        seen.extend_from_slice(paths.path(row.path));
        seen.sort_unstable();
        seen.dedup();
        for channel in &seen {
            let (converted, all) = &mut reach[usize::from(*channel)];
            *converted += row.conversions;
            *all += row.conversions + row.nulls;
        }
    }
    reach
}

fn range(tellings: &[Telling], channels: usize) -> Vec<Interval> {
    let of_channel = |channel: usize| {
        let shares = || tellings.iter().map(|telling| telling.earned[channel]);
        Interval {
            low: shares().fold(f64::INFINITY, f64::min),
            high: shares().fold(f64::NEG_INFINITY, f64::max),
        }
    };
    if tellings.is_empty() { Vec::new() } else { (0..channels).map(of_channel).collect() }
}

fn shifts(tellings: &[(Telling, Model)]) -> Vec<Shift> {
    let mut shifts: Vec<Shift> = Vec::new();
    for (telling, model) in tellings.iter().filter(|(telling, _)| !telling.is_model) {
        let Some((base, _)) = tellings.iter().find(|(base, of)| base.is_model && of == model) else {
            continue;
        };
        let scenario = telling.name.split_once(", ").map_or("", |(_, name)| name);
        for (channel, (from, to)) in (0_u16..).zip(base.earned.iter().zip(&telling.earned)) {
            let shift = Shift { scenario: scenario.to_owned(), model: *model, channel, from: *from, to: *to };
            let size = |shift: &Shift| (shift.to - shift.from).abs();
            match shifts.iter_mut().find(|known| known.scenario == scenario) {
                Some(known) if size(&shift) > size(known) => *known = shift,
                Some(_) => {}
                None => shifts.push(shift),
            }
        }
    }
    shifts
}
