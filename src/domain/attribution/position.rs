//! Credit by the place of a touch in its journey.

use super::{
    model::Model,
    paths::{Paths, Row},
};

/// The shares of the touches of one journey; they add up to 1. Nothing where the model needs what is not known of
/// the journey: times, or milestones of which none is recorded.
pub(crate) fn shares(
    model: Model,
    half_life: usize,
    paths: &Paths,
    row: &Row,
    direct: &[bool],
    shares: &mut Vec<f64>,
) -> bool {
    let path = paths.path(row.path);
    shares.clear();
    shares.resize(path.len(), 0.0);
    let Some(last) = path.len().checked_sub(1) else { return false };
    let mark = |mark: Option<u32>| mark.map(|place| (place as usize).min(last));
    let (lead, deal) = (mark(row.marks.lead), mark(row.marks.deal));
    match model {
        Model::First => shares[0] = 1.0,
        Model::Last => shares[last] = 1.0,
        Model::LastNonDirect => {
            let place = path.iter().rposition(|channel| !direct[usize::from(*channel)]);
            shares[place.unwrap_or(last)] = 1.0;
        }
        Model::Linear => shares.fill(1.0 / path.len() as f64),
        Model::TimeDecay => {
            let Some(decay) = paths.decay(row) else { return false };
            let conversions = row.conversions as f64;
            shares.iter_mut().zip(decay).for_each(|(share, decay)| *share = decay[half_life] / conversions);
        }
        Model::UShaped => milestones(shares, &[(Some(0), 0.4), (Some(last), 0.4)], 0.2),
        Model::WShaped => milestones(shares, &[(Some(0), 0.3), (lead, 0.3), (deal, 0.3)], 0.1),
        Model::FullPath => {
            let four = [(Some(0), 0.225), (lead, 0.225), (deal, 0.225), (Some(last), 0.225)];
            milestones(shares, &four, 0.1);
        }
        Model::LeaveOneOut | Model::Markov | Model::Shapley | Model::ShapleyRate => return false,
    }
    true
}

/// Fixed shares to milestones and one share to the rest. Milestones on one touch add up there; what has no touch,
/// be it a milestone or the rest, leaves its share to the others in proportion.
fn milestones(shares: &mut [f64], fixed: &[(Option<usize>, f64)], rest: f64) {
    for (place, share) in fixed {
        if let Some(place) = place {
            shares[*place] += share;
        }
    }
    let others = shares.iter().filter(|share| **share == 0.0).count();
    if others > 0 {
        let each = rest / others as f64;
        shares.iter_mut().filter(|share| **share == 0.0).for_each(|share| *share = each);
    }
    let all: f64 = shares.iter().sum();
    for share in shares {
        *share /= all;
    }
}
