//! Where to stop contacting leads: at what the team can handle, or where a contact no longer pays.

use crate::proportion::Proportion;

/// What bounds the contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// Contacts that the team can make.
    pub capacity: Option<usize>,
    /// What a conversion is worth and what a contact costs, in one currency.
    pub economics: Option<Economics>,
}

/// What a conversion is worth and what a contact costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Economics {
    /// The value of a conversion.
    pub value_per_conversion: f64,
    /// The cost of a contact.
    pub cost_per_contact: f64,
}

/// What sets the cut-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The team's capacity.
    Capacity,
    /// The probability below which a contact costs more than it is expected to bring.
    ExpectedValue,
}

/// A cut-off and what it is expected to yield.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutOff {
    /// What sets it.
    pub rule: Rule,
    /// The lowest probability worth a contact. Above one, nobody is.
    pub probability: f64,
    /// Scored leads to contact.
    pub contacts: u64,
    /// Conversions expected among them: the sum of their probabilities.
    pub expected_conversions: f64,
    /// Their expected value less the cost of contacting them.
    pub expected_net_value: Option<f64>,
    /// Conversions among test leads at or above the cut-off.
    pub tested: Proportion,
}

/// The cut-off for the scored leads, or nothing where nothing bounds the contacts.
pub fn cut_off(scored: &[f64], tested: &[(f64, bool)], bounds: &Bounds) -> Option<CutOff> {
    let mut falling: Vec<(f64, u64)> = scored.iter().map(|chance| (*chance, 1)).collect();
    falling.sort_by(|a, b| b.0.total_cmp(&a.0));
    cut_off_counted(&falling, tested, bounds)
}

/// The same for leads counted by their probability, the highest first: a stream of any length fits in memory so.
pub fn cut_off_counted(falling: &[(f64, u64)], tested: &[(f64, bool)], bounds: &Bounds) -> Option<CutOff> {
    let pays = bounds.economics.map(|economics| economics.cost_per_contact / economics.value_per_conversion);
    let floor = pays.unwrap_or(f64::NEG_INFINITY);
    let worth: u64 = falling.iter().filter(|(chance, _)| *chance >= floor).map(|(_, count)| count).sum();
    let contacts = bounds.capacity.map_or(worth, |capacity| worth.min(capacity as u64));
    let by_capacity = contacts < worth || pays.is_none();
    let rule = if by_capacity { Rule::Capacity } else { Rule::ExpectedValue };
    let (mut left, mut expected_conversions, mut last) = (contacts, 0.0, 1.0);
    for (chance, count) in falling {
        let taken = left.min(*count);
        if taken == 0 {
            break;
        }
        expected_conversions += chance * taken as f64;
        last = *chance;
        left -= taken;
    }
    let probability = if by_capacity { last } else { pays? };
    let reached = tested.iter().filter(|(chance, _)| *chance >= probability);
    let (hits, trials) =
        reached.fold((0, 0), |(hits, trials), (_, hit)| (hits + u64::from(*hit), trials + 1));
    (bounds.capacity.is_some() || pays.is_some()).then_some(CutOff {
        rule,
        probability,
        contacts,
        expected_conversions,
        expected_net_value: bounds.economics.map(|economics| {
            expected_conversions * economics.value_per_conversion
                - contacts as f64 * economics.cost_per_contact
        }),
        tested: Proportion::new(hits, trials),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORED: [f64; 5] = [0.1, 0.5, 0.3, 0.05, 0.2];
    const TESTED: [(f64, bool); 4] = [(0.6, true), (0.25, false), (0.2, true), (0.1, true)];

    fn with(capacity: Option<usize>, costs: Option<f64>) -> Option<CutOff> {
        let economics =
            costs.map(|cost_per_contact| Economics { value_per_conversion: 100.0, cost_per_contact });
        cut_off(&SCORED, &TESTED, &Bounds { capacity, economics })
    }

    #[test]
    fn capacity_takes_the_best() {
        let cut = with(Some(2), None).unwrap();
        assert_eq!((cut.rule, cut.contacts, cut.probability), (Rule::Capacity, 2, 0.3));
        assert!((cut.expected_conversions - 0.8).abs() < 1e-12);
        assert_eq!((cut.tested, cut.expected_net_value), (Proportion::new(1, 1), None));
        assert_eq!(with(Some(0), None).unwrap().contacts, 0);
        assert_eq!(with(Some(99), None).unwrap().contacts, 5);
    }

    #[test]
    fn counted_leads_come_to_the_same() {
        let falling = [(0.5, 1), (0.3, 2), (0.1, 4)];
        let one_by_one = [0.5, 0.3, 0.3, 0.1, 0.1, 0.1, 0.1];
        for capacity in 0..9 {
            let bounds = Bounds { capacity: Some(capacity), economics: None };
            let (one, other) =
                (cut_off(&one_by_one, &TESTED, &bounds), cut_off_counted(&falling, &TESTED, &bounds));
            let (one, other) = (one.unwrap(), other.unwrap());
            assert_eq!(
                (one.contacts, one.probability, one.tested),
                (other.contacts, other.probability, other.tested)
            );
            assert!((one.expected_conversions - other.expected_conversions).abs() < 1e-12);
        }
    }

    #[test]
    fn value_stops_where_a_contact_no_longer_pays() {
        let cut = with(None, Some(20.0)).unwrap();
        assert_eq!((cut.rule, cut.contacts, cut.probability), (Rule::ExpectedValue, 3, 0.2));
        assert!((cut.expected_net_value.unwrap() - 40.0).abs() < 1e-12);
        assert_eq!(cut.tested, Proportion::new(2, 3));
        assert_eq!(with(None, Some(200.0)).unwrap().contacts, 0);
    }

    #[test]
    fn the_tighter_bound_rules() {
        assert_eq!(with(Some(2), Some(20.0)).unwrap().rule, Rule::Capacity);
        assert_eq!(with(Some(4), Some(20.0)).unwrap().rule, Rule::ExpectedValue);
        assert_eq!(with(None, None), None);
    }
}
