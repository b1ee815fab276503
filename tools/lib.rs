//! The tools of revarch. Open this folder and you see the product: one folder per tool.
//!
//! A tool is a question, an `Input`, an `Output` and a `call` between them. Adding one takes its folder
//! and one line in [`all`]; the server, the shell, the schemas and the README's table follow from that list.

pub mod allocate_budget;
pub mod ask;
pub mod assess_maturity;
pub mod attribute_revenue;
pub mod audit_mcp_coverage;
mod catalog;
pub mod check_data_readiness;
mod confirm;
pub mod describe_data;
pub mod fetch;
pub mod find_pipeline_risk;
mod meant;
pub mod measure_revenue;
mod page;
pub mod plan_roadmap;
pub mod plan_workflows;
pub mod rationalize_stack;
pub mod resolve_identities;
pub mod review_architecture;
mod reviews;
mod schema;
pub mod score_leads;
pub mod search;
mod shapes;
#[cfg(test)]
mod testing;
mod tokens;
mod tool;
pub mod validate_lead_score;
mod wire;

pub use catalog::Platforms;
pub use tokens::count as count_tokens;
pub use tool::{Answer, Context, ErrorKind, Route, Tool, ToolError, Toolset};

/// Every tool, in the order in which clients see them.
pub fn all() -> Vec<Route> {
    vec![
        Route::of::<describe_data::DescribeData>(),
        Route::of::<resolve_identities::ResolveIdentities>(),
        Route::of::<check_data_readiness::CheckDataReadiness>(),
        Route::of::<audit_mcp_coverage::AuditMcpCoverage>(),
        Route::of::<plan_workflows::PlanWorkflows>(),
        Route::of::<assess_maturity::AssessMaturity>(),
        Route::of::<score_leads::ScoreLeads>(),
        Route::of::<validate_lead_score::ValidateLeadScore>(),
        Route::of::<attribute_revenue::AttributeRevenue>(),
        Route::of::<measure_revenue::MeasureRevenue>(),
        Route::of::<find_pipeline_risk::FindPipelineRisk>(),
        Route::of::<review_architecture::ReviewArchitecture>(),
        Route::of::<plan_roadmap::PlanRoadmap>(),
        Route::of::<allocate_budget::AllocateBudget>(),
        Route::of::<rationalize_stack::RationalizeStack>(),
        Route::of::<search::Search>(),
        Route::of::<fetch::Fetch>(),
    ]
}
