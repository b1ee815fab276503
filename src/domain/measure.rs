//! The numbers that one tool measures and another takes as evidence.

use crate::{
    proportion::{Interval, Proportion},
    provenance::Provenance,
};
use serde::{Deserialize, Serialize};

/// What was measured. The names are a contract: tools print them and lenses refer to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureId {
    /// Share of the fields an agent needs that are filled above the threshold.
    FieldsFilledShare,
    /// Share of columns named in their table's own style, without twins.
    ConsistentNamingShare,
    /// Share of contacts whose account key resolves.
    ContactAccountLinkShare,
    /// Share of behavioural events that join to a known person.
    EventKnownPersonShare,
    /// Hours from an event to its arrival, 95th percentile.
    EventLagP95Hours,
    /// Days since the newest behavioural event.
    EventAgeDays,
    /// Area under the ROC curve of the existing lead score.
    LeadScoreAuc,
    /// Share of contacts that repeat another contact's e-mail address.
    DuplicateContactShare,
    /// Share of contacts with a recorded consent.
    ConsentFilledShare,
    /// Share of deals with an owner.
    OwnerFilledShare,
    /// Share of the stack's platforms with a vendor-run MCP server.
    NativeMcpShare,
    /// Share of the stack's platforms an agent can reach by any MCP server.
    AnyMcpShare,
    /// Share of the core operations of the stack's platforms that are evidenced.
    CoreOperationShare,
    /// Share of the conversions that a recorded touch of marketing preceded.
    TouchedConversionShare,
    /// Share of the revenue metrics that the data alone allow to be worked out.
    RevenueMetricsShare,
}

impl MeasureId {
    /// Every measure.
    pub const ALL: [Self; 15] = [
        Self::FieldsFilledShare,
        Self::ConsistentNamingShare,
        Self::ContactAccountLinkShare,
        Self::EventKnownPersonShare,
        Self::EventLagP95Hours,
        Self::EventAgeDays,
        Self::LeadScoreAuc,
        Self::DuplicateContactShare,
        Self::ConsentFilledShare,
        Self::OwnerFilledShare,
        Self::NativeMcpShare,
        Self::AnyMcpShare,
        Self::CoreOperationShare,
        Self::TouchedConversionShare,
        Self::RevenueMetricsShare,
    ];

    /// Whether a smaller value is better.
    pub const fn is_lower_better(self) -> bool {
        matches!(self, Self::EventLagP95Hours | Self::EventAgeDays | Self::DuplicateContactShare)
    }

    /// The measure's name as it stands in results and lenses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FieldsFilledShare => "fields_filled_share",
            Self::ConsistentNamingShare => "consistent_naming_share",
            Self::ContactAccountLinkShare => "contact_account_link_share",
            Self::EventKnownPersonShare => "event_known_person_share",
            Self::EventLagP95Hours => "event_lag_p95_hours",
            Self::EventAgeDays => "event_age_days",
            Self::LeadScoreAuc => "lead_score_auc",
            Self::DuplicateContactShare => "duplicate_contact_share",
            Self::ConsentFilledShare => "consent_filled_share",
            Self::OwnerFilledShare => "owner_filled_share",
            Self::NativeMcpShare => "native_mcp_share",
            Self::AnyMcpShare => "any_mcp_share",
            Self::CoreOperationShare => "core_operation_share",
            Self::TouchedConversionShare => "touched_conversion_share",
            Self::RevenueMetricsShare => "revenue_metrics_share",
        }
    }
}

/// A measured number, with its interval where it is an estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// What was measured.
    pub id: MeasureId,
    /// The value.
    pub value: f64,
    /// Its 95% interval.
    pub interval: Option<Interval>,
    /// Whether revarch counted it or somebody said so.
    pub provenance: Provenance,
}

impl Measure {
    /// One measure for each that was taken: of several the worst, since an agent meets that one too.
    pub fn worst(measures: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut worst: Vec<Self> = Vec::new();
        for measure in measures {
            match worst.iter_mut().find(|held| held.id == measure.id) {
                Some(held)
                    if held.value.total_cmp(&measure.value).is_lt() == measure.id.is_lower_better() =>
                {
                    *held = measure;
                }
                Some(_) => {}
                None => worst.push(measure),
            }
        }
        worst
    }

    /// The measure of a share that revarch counted, or nothing when no row was asked.
    pub fn of(id: MeasureId, proportion: Proportion) -> Option<Self> {
        Some(Self { interval: proportion.wilson(), ..Self::exact(id, proportion.rate()?) })
    }

    /// A number that revarch counted and that is no estimate.
    pub const fn exact(id: MeasureId, value: f64) -> Self {
        Self { id, value, interval: None, provenance: Provenance::Measured }
    }

    /// The same number on another ground.
    #[must_use]
    pub const fn on(self, provenance: Provenance) -> Self {
        Self { provenance, ..self }
    }
}
