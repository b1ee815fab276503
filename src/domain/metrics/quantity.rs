//! The counted things that metrics are made from.

use serde::{Deserialize, Serialize};

/// A counted thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Deals created.
    DealsCreated,
    /// Their amounts.
    PipelineCreated,
    /// The amounts of those whose source is marketing's.
    SourcedPipeline,
    /// The amounts of those that marketing touched before they closed.
    InfluencedPipeline,
    /// Deals closed as won.
    DealsWon,
    /// Deals closed as lost.
    DealsLost,
    /// Amounts of deals won.
    WonAmount,
    /// Deals won that have an amount.
    WonWithAmount,
    /// Days from creation to closing of deals won, summed.
    WonDays,
    /// Deals won of which both days are known.
    WonWithDays,
    /// Leads created.
    LeadsCreated,
    /// Leads that marketing calls qualified.
    QualifiedLeads,
    /// Days from leads to the deals they became, summed.
    LeadDays,
    /// Deals created that a lead became.
    DealsFromLeads,
    /// Money spent on marketing.
    MarketingSpend,
    /// Money spent on sales.
    SalesCost,
    /// Customers won for the first time.
    NewCustomers,
    /// Customers at the start.
    CustomersStart,
    /// Those of them that are none at the end.
    CustomersLost,
    /// Customers at the end.
    CustomersEnd,
    /// Monthly recurring revenue at the start.
    MrrStart,
    /// Monthly recurring revenue at the end.
    MrrEnd,
    /// What customers at the start pay more at the end.
    Expansion,
    /// What customers at the start pay less at the end, and still pay something.
    Contraction,
    /// What customers at the start paid who pay nothing at the end.
    Churned,
    /// Months in the period.
    Months,
    /// The share of revenue left after the cost of what is sold.
    GrossMargin,
    /// The share of customer profiles that are complete.
    CompleteProfiles,
    /// The share of content that adapts to its reader.
    DynamicContent,
    /// The net promoter score.
    NetPromoterScore,
    /// The share of paid features in use.
    StackUtilisation,
    /// How much better scored leads convert.
    ConversionLift,
}

impl Quantity {
    /// Every quantity.
    pub const ALL: [Self; 32] = [
        Self::DealsCreated,
        Self::PipelineCreated,
        Self::SourcedPipeline,
        Self::InfluencedPipeline,
        Self::DealsWon,
        Self::DealsLost,
        Self::WonAmount,
        Self::WonWithAmount,
        Self::WonDays,
        Self::WonWithDays,
        Self::LeadsCreated,
        Self::QualifiedLeads,
        Self::LeadDays,
        Self::DealsFromLeads,
        Self::MarketingSpend,
        Self::SalesCost,
        Self::NewCustomers,
        Self::CustomersStart,
        Self::CustomersLost,
        Self::CustomersEnd,
        Self::MrrStart,
        Self::MrrEnd,
        Self::Expansion,
        Self::Contraction,
        Self::Churned,
        Self::Months,
        Self::GrossMargin,
        Self::CompleteProfiles,
        Self::DynamicContent,
        Self::NetPromoterScore,
        Self::StackUtilisation,
        Self::ConversionLift,
    ];

    /// Its name in definitions, arguments and results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DealsCreated => "deals_created",
            Self::PipelineCreated => "pipeline_created",
            Self::SourcedPipeline => "sourced_pipeline",
            Self::InfluencedPipeline => "influenced_pipeline",
            Self::DealsWon => "deals_won",
            Self::DealsLost => "deals_lost",
            Self::WonAmount => "won_amount",
            Self::WonWithAmount => "won_with_amount",
            Self::WonDays => "won_days",
            Self::WonWithDays => "won_with_days",
            Self::LeadsCreated => "leads_created",
            Self::QualifiedLeads => "qualified_leads",
            Self::LeadDays => "lead_days",
            Self::DealsFromLeads => "deals_from_leads",
            Self::MarketingSpend => "marketing_spend",
            Self::SalesCost => "sales_cost",
            Self::NewCustomers => "new_customers",
            Self::CustomersStart => "customers_start",
            Self::CustomersLost => "customers_lost",
            Self::CustomersEnd => "customers_end",
            Self::MrrStart => "mrr_start",
            Self::MrrEnd => "mrr_end",
            Self::Expansion => "expansion",
            Self::Contraction => "contraction",
            Self::Churned => "churned",
            Self::Months => "months",
            Self::GrossMargin => "gross_margin",
            Self::CompleteProfiles => "complete_profiles",
            Self::DynamicContent => "dynamic_content",
            Self::NetPromoterScore => "net_promoter_score",
            Self::StackUtilisation => "stack_utilisation",
            Self::ConversionLift => "conversion_lift",
        }
    }

    /// Whether no table holds it, so that somebody has to say it.
    pub const fn is_only_given(self) -> bool {
        matches!(
            self,
            Self::SalesCost
                | Self::QualifiedLeads
                | Self::GrossMargin
                | Self::CompleteProfiles
                | Self::DynamicContent
                | Self::NetPromoterScore
                | Self::StackUtilisation
                | Self::ConversionLift
        )
    }

    /// Whether it is a share that lies between nothing and the whole.
    pub const fn is_share(self) -> bool {
        matches!(
            self,
            Self::GrossMargin | Self::CompleteProfiles | Self::DynamicContent | Self::StackUtilisation
        )
    }

    /// Whether it may be below nothing.
    pub const fn may_be_negative(self) -> bool {
        matches!(self, Self::GrossMargin | Self::NetPromoterScore | Self::ConversionLift)
    }
}
