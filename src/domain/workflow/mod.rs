//! Which agentic workflows can be deployed now, and which few fixes unblock the rest?
//!
//! A workflow rests on data and on operations. What of the data it needs is judged by readiness, what agents
//! can do by coverage; here the two meet. The workflows are data in one file that both sides read, and a team
//! may add its own.
//!
//! # Design
//!
//! A need that is known to fail blocks; a need nobody knows about leaves the workflow unknown, and what would
//! have to be measured is told instead of a fix. An operation that is only claimed by a published source is
//! not known to be there for this company's account, so it is measured too, and the result says what the
//! verdict would be if every claim held.

mod action;
mod definition;
mod parse;
mod plan;
mod solve;
mod state;
mod unblocking;

pub use action::{ActionKind, PlannedAction};
pub use definition::{Guardrail, OperationNeed, Workflow, WorkflowFile};
pub use parse::{WorkflowError, parse, shipped, with_own};
pub use plan::{Deployability, NeedState, Plan, Standing, WorkflowPlan, plan};
pub use solve::{Answer, Bound, Clause, Target, solve};
pub use state::{
    Access, DataNeed, DataState, FailedCheck, OperationState, PlatformAccess, Reach, WorkflowData, demands,
};
pub use unblocking::{Step, Unblocking};

#[cfg(test)]
mod tests;
