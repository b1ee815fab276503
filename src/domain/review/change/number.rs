//! One number beside its earlier self.

use super::{Standing, yardstick::Yardsticks};
pub(super) use crate::review::snapshot::Taken;
use crate::{
    measure::MeasureId,
    provenance::Provenance,
    review::{
        Area,
        snapshot::{MaturityState, Snapshot},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// A difference smaller than this, relative to the value, is how the number was written, not a change.
const NOISE: f64 = 1e-9;

/// A measure, or a dimension of maturity, of either review.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberChange {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
    /// What it was.
    pub before: Option<Taken>,
    /// What it is.
    pub now: Option<Taken>,
}

/// How a number stands that is a sample's: better or worse only if the 95% interval of the difference leaves zero out,
/// made from the two intervals as Newcombe (1998, method 10) does.
pub(super) fn moved(before: Taken, now: Taken, is_lower_better: bool) -> Standing {
    let by = now.value - before.value;
    let (was, is) = (ends(before), ends(now));
    let down = (now.value - is.0).hypot(was.1 - before.value);
    let up = (is.1 - now.value).hypot(before.value - was.0);
    let noise = NOISE * before.value.abs().max(1.0);
    if by - down > noise {
        toward(!is_lower_better)
    } else if by + up < -noise {
        toward(is_lower_better)
    } else {
        Standing::Unchanged
    }
}

/// How a number stands whose bounds are what is unknown: better or worse only if the bounds leave each other, and a
/// matter of evidence if they became narrower or wider.
fn shifted(before: Taken, now: Taken, is_lower_better: bool) -> Standing {
    let (was, is) = (ends(before), ends(now));
    let noise = NOISE * before.value.abs().max(1.0);
    let wider = (is.1 - is.0) - (was.1 - was.0);
    if is.0 > was.1 + noise {
        toward(!is_lower_better)
    } else if is.1 < was.0 - noise {
        toward(is_lower_better)
    } else if wider > noise {
        Standing::because("less is known than before")
    } else if wider < -noise {
        Standing::because("more is known than before")
    } else if is.0 > was.0 + noise {
        toward(!is_lower_better)
    } else if is.0 < was.0 - noise {
        toward(is_lower_better)
    } else {
        Standing::Unchanged
    }
}

const fn toward(good: bool) -> Standing {
    if good { Standing::Better } else { Standing::Worse }
}

fn ends(taken: Taken) -> (f64, f64) {
    taken.ends.unwrap_or((taken.value, taken.value))
}

pub(super) fn measures(before: &Snapshot, now: &Snapshot, yardsticks: &Yardsticks) -> Vec<NumberChange> {
    changes(&before.measures, &now.measures, |name, was, is| {
        let Some(id) = MeasureId::ALL.into_iter().find(|id| id.name() == name) else {
            return Standing::because("this revarch does not know the measure");
        };
        if was.provenance != is.provenance {
            return Standing::because("it stands on another ground than before");
        }
        let is_coverage =
            matches!(id, MeasureId::NativeMcpShare | MeasureId::AnyMcpShare | MeasureId::CoreOperationShare);
        let area = if is_coverage { Area::Coverage } else { Area::Data };
        if let Some(why) = yardsticks.of_area(area.name()) {
            return Standing::NotComparable(why);
        }
        if !is_coverage {
            return moved(was, is, id.is_lower_better());
        }
        if before.platforms != now.platforms {
            return Standing::because("other platforms were audited");
        }
        shifted(was, is, id.is_lower_better())
    })
}

pub(super) fn dimensions(before: &Snapshot, now: &Snapshot, yardsticks: &Yardsticks) -> Vec<NumberChange> {
    let of = |state: &Option<MaturityState>| -> BTreeMap<String, Taken> {
        let dimensions = state.iter().flat_map(|state| &state.dimensions);
        dimensions
            .map(|(name, (low, high))| {
                let value = f64::midpoint(*low, *high);
                (name.clone(), Taken { value, ends: Some((*low, *high)), provenance: Provenance::Authored })
            })
            .collect()
    };
    changes(&of(&before.maturity), &of(&now.maturity), |_, was, is| {
        yardsticks
            .of_area(Area::Maturity.name())
            .map_or_else(|| shifted(was, is, false), Standing::NotComparable)
    })
}

fn changes(
    before: &BTreeMap<String, Taken>,
    now: &BTreeMap<String, Taken>,
    compare: impl Fn(&str, Taken, Taken) -> Standing,
) -> Vec<NumberChange> {
    let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    names
        .into_iter()
        .map(|name| {
            let (before, now) = (before.get(name).copied(), now.get(name).copied());
            let standing = match (before, now) {
                (Some(before), Some(now)) => compare(name, before, now),
                (None, _) => Standing::because("it was not measured before"),
                (_, None) => Standing::because("it was not measured again"),
            };
            NumberChange { name: name.clone(), standing, before, now }
        })
        .collect()
}
