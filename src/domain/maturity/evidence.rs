//! What a measurement says about a question, and which tool takes it.

use super::{
    lens::{EvidenceRule, LOWEST_LEVEL},
    sheet::Levels,
};
use crate::{
    measure::{Measure, MeasureId},
    proportion::Interval,
};

/// The tool whose result holds the measure.
pub const fn tool_of(measure: MeasureId) -> &'static str {
    match measure {
        MeasureId::FieldsFilledShare
        | MeasureId::ConsistentNamingShare
        | MeasureId::ContactAccountLinkShare
        | MeasureId::EventKnownPersonShare
        | MeasureId::EventLagP95Hours
        | MeasureId::EventAgeDays
        | MeasureId::DuplicateContactShare
        | MeasureId::ConsentFilledShare
        | MeasureId::LeadScoreAuc
        | MeasureId::OwnerFilledShare => "check_data_readiness",
        MeasureId::NativeMcpShare | MeasureId::AnyMcpShare | MeasureId::CoreOperationShare => {
            "audit_mcp_coverage"
        }
        MeasureId::TouchedConversionShare => "attribute_revenue",
        MeasureId::RevenueMetricsShare => "measure_revenue",
    }
}

/// The values the measure can take.
pub const fn range(measure: MeasureId) -> Interval {
    let high = match measure {
        MeasureId::EventLagP95Hours | MeasureId::EventAgeDays => f64::MAX,
        MeasureId::FieldsFilledShare
        | MeasureId::ConsistentNamingShare
        | MeasureId::ContactAccountLinkShare
        | MeasureId::EventKnownPersonShare
        | MeasureId::LeadScoreAuc
        | MeasureId::DuplicateContactShare
        | MeasureId::ConsentFilledShare
        | MeasureId::OwnerFilledShare
        | MeasureId::NativeMcpShare
        | MeasureId::AnyMcpShare
        | MeasureId::CoreOperationShare
        | MeasureId::TouchedConversionShare
        | MeasureId::RevenueMetricsShare => 1.0,
    };
    Interval { low: 0.0, high }
}

impl EvidenceRule {
    /// The level that one value reaches.
    pub fn level(&self, value: f64) -> u8 {
        let reached = |level: &&f64| if self.higher_is_better { value >= **level } else { value <= **level };
        self.levels.iter().filter(reached).fold(LOWEST_LEVEL, |level, _| level + 1)
    }

    /// The levels that the measure's interval leaves possible.
    pub fn supports(&self, measure: &Measure) -> Levels {
        let at = self.level(measure.value);
        let ends = measure.interval.map_or([at, at], |ends| [self.level(ends.low), self.level(ends.high)]);
        Levels { low: at.min(ends[0]).min(ends[1]), high: at.max(ends[0]).max(ends[1]) }
    }

    /// What the whole interval must reach for the level, in words; nothing for the lowest level.
    pub fn needed_for(&self, level: u8) -> Option<String> {
        let place = usize::from(level.checked_sub(LOWEST_LEVEL + 1)?);
        let threshold = self.levels.get(place)?;
        Some(format!("{} {threshold}", if self.higher_is_better { "at least" } else { "at most" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        higher_is_better: bool,
        levels: [f64; 4],
        value: f64,
        ends: Option<(f64, f64)>,
        expected: (u8, u8),
    ) {
        let rule = EvidenceRule { measure: MeasureId::FieldsFilledShare, higher_is_better, levels };
        let interval = ends.map(|(low, high)| Interval { low, high });
        let levels = rule.supports(&Measure { interval, ..Measure::exact(rule.measure, value) });
        assert_eq!((levels.low, levels.high), expected, "{value} {ends:?}");
    }

    #[test]
    fn a_measure_supports_the_levels_its_interval_touches() {
        let share = [0.25, 0.5, 0.8, 0.95];
        check(true, share, 0.1, None, (1, 1));
        check(true, share, 0.8, None, (4, 4));
        check(true, share, 0.8, Some((0.74, 0.85)), (3, 4));
        check(true, share, 1.0, Some((0.9, 1.0)), (4, 5));
        let hours = [168.0, 24.0, 4.0, 0.25];
        check(false, hours, 200.0, None, (1, 1));
        check(false, hours, 24.0, Some((3.0, 30.0)), (2, 4));
        check(false, hours, 0.1, None, (5, 5));
    }

    #[test]
    fn says_what_a_level_needs() {
        let rule = EvidenceRule {
            measure: MeasureId::EventLagP95Hours,
            higher_is_better: false,
            levels: [168.0, 24.0, 4.0, 0.25],
        };
        assert_eq!(rule.needed_for(1), None);
        assert_eq!(rule.needed_for(3).as_deref(), Some("at most 24"));
        assert_eq!(rule.needed_for(6), None);
    }
}
