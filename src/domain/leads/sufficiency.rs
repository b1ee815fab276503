//! Whether there are enough outcomes to learn from. Outcomes count, not rows: a hundred thousand leads with
//! ten conversions teach no more than a hundred with ten.

use super::{
    split::{Part, Split},
    table::Table,
};

/// Rows of each outcome that training needs. An authored floor: about ten for each of five effects.
pub const FEWEST_IN_TRAINING: usize = 50;
/// Rows of each outcome that calibration needs: ten for each of its two numbers.
pub const FEWEST_IN_CALIBRATION: usize = 20;
/// Rows of each outcome that testing needs: below it an AUC's interval spans a quarter of the scale.
pub const FEWEST_IN_TEST: usize = 20;

/// Too few rows of one outcome in one part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// The part.
    pub part: Part,
    /// The outcome.
    pub converted: bool,
    /// Rows there are.
    pub found: usize,
    /// Rows it takes.
    pub needed: usize,
}

/// Why no model was trained, and what it would take.
#[derive(Clone, Debug, PartialEq)]
pub enum Insufficient {
    /// Too few outcomes.
    Outcomes {
        /// Where, at least one.
        shortages: Vec<Shortage>,
        /// Further labelled leads that would do, at the present rate of conversion.
        more_leads: usize,
        /// Leads whose outcome is blank: filling it in is cheaper than waiting for new ones.
        unlabelled: usize,
    },
    /// No column is left to learn from.
    Columns,
}

impl Insufficient {
    /// The cheapest evidence that would change the answer.
    pub fn next_evidence(&self) -> String {
        match self {
            Self::Outcomes { more_leads, unlabelled, .. } if unlabelled >= more_leads => format!(
                "fill in the outcome of about {more_leads} of the {unlabelled} leads whose label is blank, where it is already known"
            ),
            Self::Outcomes { more_leads, unlabelled: 0, .. } => {
                format!("about {more_leads} more leads with a known outcome: export a longer history of closed leads")
            }
            Self::Outcomes { more_leads, unlabelled, .. } => format!(
                "about {more_leads} more leads with a known outcome: fill in the {unlabelled} blank labels that are already known, then export a longer history"
            ),
            Self::Columns => "add columns known at the decision time, such as industry, company size, lead source or counts of visits and opens".into(),
        }
    }
}

/// What is short, or nothing when there is enough.
pub(crate) fn shortage(table: &Table, split: &Split) -> Option<Insufficient> {
    let labels: Vec<bool> =
        (0..table.rows()).filter(|row| table.counts(*row)).filter_map(|row| table.label[row]).collect();
    let labelled = labels.len();
    let mut shortages = Vec::new();
    let mut more_leads = 0;
    for part in Part::ALL {
        let (needed, tenths) = match part {
            Part::Train => (FEWEST_IN_TRAINING, 6),
            Part::Calibrate => (FEWEST_IN_CALIBRATION, 2),
            Part::Test => (FEWEST_IN_TEST, 2),
        };
        for converted in [true, false] {
            let found = split.part(part).iter().filter(|row| table.label[**row] == Some(converted)).count();
            if found < needed {
                let all = labels.iter().filter(|label| **label == converted).count().max(1);
                let rows = (needed * labelled * 10).div_ceil(all * tenths);
                more_leads = more_leads.max(rows.saturating_sub(labelled)).max(needed - found);
                shortages.push(Shortage { part, converted, found, needed });
            }
        }
    }
    let unlabelled = table.label.iter().filter(|label| label.is_none()).count();
    (!shortages.is_empty()).then_some(Insufficient::Outcomes { shortages, more_leads, unlabelled })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leads::split::Method;

    fn of(label: impl Fn(usize) -> bool, test: Vec<usize>) -> Option<Insufficient> {
        let table = Table::of_labels((0..1000).map(|row| Some(label(row))).collect());
        let split = Split {
            method: Method::NoTimeColumn,
            train: (0..600).collect(),
            calibrate: (600..800).collect(),
            test,
            undated: 0,
            repeated: 0,
        };
        shortage(&table, &split)
    }

    #[test]
    fn each_part_needs_enough_of_both_outcomes() {
        assert_eq!(of(|row| row % 2 == 0, (800..1000).collect()), None);
        let Some(Insufficient::Outcomes { shortages, .. }) = of(|_| true, (800..1000).collect()) else {
            panic!()
        };
        let short: Vec<(Part, bool, usize, usize)> =
            shortages.iter().map(|short| (short.part, short.converted, short.found, short.needed)).collect();
        assert_eq!(
            short,
            [(Part::Train, false, 0, 50), (Part::Calibrate, false, 0, 20), (Part::Test, false, 0, 20)]
        );
    }

    #[test]
    fn a_part_that_got_too_few_asks_for_more_though_there_are_enough_in_all() {
        // Of the test leads, which are odd rows and a few even ones, five converted.
        let test = (800..1000).filter(|row| row % 2 == 1 || *row < 810).collect();
        let Some(Insufficient::Outcomes { shortages, more_leads, unlabelled }) = of(|row| row % 2 == 0, test)
        else {
            panic!()
        };
        assert_eq!((shortages.len(), shortages[0].found, more_leads, unlabelled), (1, 5, 15, 0));
    }
}
