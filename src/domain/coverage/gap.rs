//! What agents cannot do in this stack, the gaps that stop most first, and the way around each.
//!
//! A gap is one platform's lack: everything that its server is known not to offer has one remedy, so it is one
//! decision. What is merely unknown is no gap; it is told apart, with the evidence that would settle it.

use super::{
    audit::{PlatformAudit, StackAudit},
    catalog::{CautionKind, Platform},
    decision::{Action, Effort},
    matrix::Cell,
    taxonomy::Operation,
};
use std::collections::{BTreeMap, BTreeSet};

/// The four ways that a decision can go, and the two that put it off or need none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// The vendor's own server.
    Native,
    /// A server that somebody else published.
    Community,
    /// A wrapper of the API, of one's own.
    Wrap,
    /// An integration platform.
    IntegrationLayer,
    /// Another platform.
    Replace,
    /// Nobody can decide before more is known.
    Undecided,
}

impl Route {
    /// The route's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Community => "community",
            Self::Wrap => "wrap",
            Self::IntegrationLayer => "integration_layer",
            Self::Replace => "replace",
            Self::Undecided => "undecided",
        }
    }

    const fn of(action: Action) -> Self {
        match action {
            Action::UseNative => Self::Native,
            Action::UseCommunityWithReview => Self::Community,
            Action::WrapApi => Self::Wrap,
            Action::RouteThroughIpaas => Self::IntegrationLayer,
            Action::Replace => Self::Replace,
            Action::FindOut => Self::Undecided,
        }
    }
}

/// An operation that workflows ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The workflow.
    pub workflow: String,
    /// Operations of which one suffices.
    pub any_of: Vec<Operation>,
    /// The categories of platforms that may offer it.
    pub categories: Vec<String>,
}

/// What one platform lacks, or what nobody knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The platform's key.
    pub key: String,
    /// The platform's name.
    pub platform: String,
    /// Whether the lack is known; the operations are unknown otherwise.
    pub is_known: bool,
    /// Core operations concerned, and those that workflows ask for.
    pub operations: BTreeSet<Operation>,
    /// Workflows that ask for one of them here and get it, as far as is known or claimed, from no other platform
    /// of the stack.
    pub blocks: BTreeSet<String>,
    /// Workflows that ask for one of them and may get it elsewhere.
    pub touches: BTreeSet<String>,
    /// The way to go.
    pub route: Route,
    /// The step.
    pub step: &'static str,
    /// Why this way.
    pub reasons: Vec<String>,
    /// How much work it is.
    pub effort: Effort,
    /// What has to be there before one begins.
    pub prerequisites: &'static [&'static str],
    /// What would settle what is open.
    pub next_evidence: Option<String>,
}

/// The gaps of a stack: those that block most workflows first, known before unknown, then those with more core
/// operations, then by key.
pub fn gaps(audit: &StackAudit, demands: &[Demand]) -> Vec<Gap> {
    let cells = Cells::of(audit, demands);
    let mut gaps: Vec<Gap> = audit
        .platforms
        .iter()
        .flat_map(|platform| {
            [Cell::Absent, Cell::Unknown]
                .into_iter()
                .filter_map(|cell| gap(audit, platform, cell, demands, &cells))
        })
        .collect();
    gaps.sort_by(|a, b| {
        let rank = |gap: &Gap| (gap.blocks.len(), gap.is_known, gap.touches.len(), gap.operations.len());
        rank(b).cmp(&rank(a)).then_with(|| a.key.cmp(&b.key))
    });
    gaps
}

/// How each operation that is demanded or core stands on each platform, by the platform's key.
struct Cells(BTreeMap<String, BTreeMap<Operation, Cell>>);

impl Cells {
    fn of(audit: &StackAudit, demands: &[Demand]) -> Self {
        let wanted: BTreeSet<Operation> =
            demands.iter().flat_map(|demand| demand.any_of.iter().cloned()).collect();
        let matrix = super::matrix::Matrix::of(audit, &wanted);
        Self(matrix.rows.into_iter().map(|row| (row.key, row.cells)).collect())
    }

    fn cell(&self, platform: &PlatformAudit, operation: &Operation) -> Cell {
        let row = self.0.get(platform.key());
        row.and_then(|cells| cells.get(operation)).copied().unwrap_or(Cell::Unknown)
    }

    /// Whether some platform of the stack meets a demand, as far as is known or claimed.
    fn meets(&self, audit: &StackAudit, demand: &Demand) -> bool {
        audit.platforms.iter().filter(|platform| is_asked(platform, demand)).any(|platform| {
            let cells = demand.any_of.iter().map(|operation| self.cell(platform, operation));
            cells.min().is_some_and(|best| best <= Cell::Claimed)
        })
    }
}

fn is_asked(platform: &PlatformAudit, demand: &Demand) -> bool {
    platform
        .audited
        .platform
        .is_some_and(|known| demand.categories.iter().any(|slug| slug == known.category_slug()))
}

fn gap(
    audit: &StackAudit,
    platform: &PlatformAudit,
    state: Cell,
    demands: &[Demand],
    cells: &Cells,
) -> Option<Gap> {
    let core = platform
        .operations
        .iter()
        .filter(|operation| operation.is_core)
        .map(|operation| &operation.operation);
    let mut operations: BTreeSet<Operation> =
        core.filter(|operation| cells.cell(platform, operation) == state).cloned().collect();
    let mut blocks = BTreeSet::new();
    let mut touches = BTreeSet::new();
    for demand in demands.iter().filter(|demand| is_asked(platform, demand)) {
        let best = demand.any_of.iter().map(|operation| cells.cell(platform, operation)).min();
        if best != Some(state) {
            continue;
        }
        // Of several that would do, the ones that this kind of platform is expected to have.
        let usual =
            |operation: &&Operation| platform.operations.iter().any(|known| known.operation == **operation);
        let wanted = demand.any_of.iter().find(usual).or(demand.any_of.first());
        operations.extend(wanted.cloned());
        if cells.meets(audit, demand) {
            touches.insert(demand.workflow.clone());
        } else {
            blocks.insert(demand.workflow.clone());
        }
    }
    if operations.is_empty() {
        return None;
    }
    touches.retain(|workflow| !blocks.contains(workflow));
    let is_known = state == Cell::Absent;
    let (action, reasons) = if is_known {
        let (action, reason) = audit.way_around(platform);
        let material = platform.audited.platform.into_iter().flat_map(Platform::cautions);
        let material =
            material.filter(|caution| action == Action::WrapApi && caution.kind == CautionKind::WrapMaterial);
        (action, std::iter::once(reason).chain(material.map(|caution| caution.words.clone())).collect())
    } else {
        (platform.decision.action, platform.decision.reasons.clone())
    };
    Some(Gap {
        key: platform.key().to_owned(),
        platform: platform.audited.name.clone(),
        is_known,
        operations,
        blocks,
        touches,
        route: Route::of(action),
        step: action.step(),
        reasons,
        effort: action.effort(),
        prerequisites: action.prerequisites(),
        next_evidence: platform.decision.next_evidence.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        coverage::{
            audit::{Audited, Ground, LiveServer, audit},
            inspection::inspect,
            matrix::Matrix,
            resolve::{Resolution, resolve},
            tools_list::parse,
        },
        workflow,
    };
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn known(name: &str, tools: Option<&Value>) -> Audited {
        let Resolution::Known { platform, .. } = resolve(name) else { panic!("{name}") };
        let live = tools.map(|tools| LiveServer {
            ground: Ground::Inspected,
            inspection: inspect(&parse(tools).unwrap(), Some(&platform.id)),
        });
        Audited { name: platform.name.clone(), platform: Some(platform), live }
    }

    fn named<'a>(gaps: &'a [Gap], key: &str) -> &'a Gap {
        gaps.iter().find(|gap| gap.key == key).unwrap_or_else(|| panic!("no gap {key}"))
    }

    fn operation(text: &str) -> Operation {
        text.to_owned().try_into().unwrap()
    }

    #[test]
    fn a_matrix_tells_four_states_apart() {
        let list = json!([{"name": "search_deals"}]);
        let stack = vec![
            known("Salesforce", Some(&list)),
            known("HubSpot", None),
            known("Eloqua", None),
            known("Pardot", None),
        ];
        let matrix = Matrix::of(&audit(stack), &BTreeSet::from([operation("deal.search")]));
        let cells: Vec<&'static str> =
            matrix.rows.iter().map(|row| row.cells[&operation("deal.search")].name()).collect();
        assert_eq!(cells, ["verified_live", "claimed", "absent", "unknown"]);
        let counted: usize = matrix.counts().values().sum();
        assert_eq!(counted, matrix.rows.iter().map(|row| row.cells.len()).sum::<usize>());
        let stored: Matrix = serde_json::from_str(&serde_json::to_string(&matrix).unwrap()).unwrap();
        assert_eq!(stored, matrix);
    }

    #[test]
    fn gaps_that_block_workflows_come_first_and_each_has_a_way_around() {
        let crm = json!([{"name": "search_deals"}, {"name": "get_contact"}]);
        let stack =
            audit(vec![known("Eloqua", None), known("Salesforce", Some(&crm)), known("Pardot", None)]);
        let found = gaps(&stack, &workflow::demands(workflow::shipped()));
        assert_eq!(found[0].key, "salesforce", "{found:#?}");
        let salesforce = &found[0];
        assert!(salesforce.is_known && salesforce.blocks.contains("stage_advancement"));
        assert_eq!((salesforce.route, salesforce.effort), (Route::Wrap, Effort::Weeks));
        assert!(!salesforce.prerequisites.is_empty() && !salesforce.reasons.is_empty());
        let eloqua = named(&found, "eloqua");
        assert!(eloqua.is_known && eloqua.route == Route::Wrap);
        assert!(
            eloqua.reasons.iter().any(|reason| reason.contains("description of its API")),
            "{:?}",
            eloqua.reasons
        );
        let pardot = named(&found, "salesforce-account-engagement");
        assert_eq!((pardot.is_known, pardot.route), (false, Route::Undecided));
        assert!(pardot.next_evidence.is_some());
        let with_ipaas = audit(vec![known("Eloqua", None), known("Zapier", None)]);
        let eloqua = gaps(&with_ipaas, &[]);
        assert_eq!(named(&eloqua, "eloqua").route, Route::IntegrationLayer);
        let with_other = audit(vec![known("Eloqua", None), known("ActiveCampaign", None)]);
        assert_eq!(named(&gaps(&with_other, &[]), "eloqua").route, Route::Replace);
    }

    fn demand(workflow: &str, wanted: &str) -> Demand {
        Demand { workflow: workflow.into(), any_of: vec![operation(wanted)], categories: vec!["crm".into()] }
    }

    #[test]
    fn what_another_platform_may_offer_is_touched_and_not_blocked() {
        let deals = json!([{"name": "search_deals"}]);
        let stack = audit(vec![known("Salesforce", Some(&deals)), known("HubSpot", None)]);
        let of = |demands: &[Demand]| {
            let found = gaps(&stack, demands);
            let Gap { blocks, touches, .. } = named(&found, "salesforce").clone();
            (blocks.into_iter().collect::<Vec<_>>(), touches.into_iter().collect::<Vec<_>>())
        };
        let claimed = demand("move", "deal.update_stage");
        let nowhere = demand("move", "invoice.delete");
        assert_eq!(of(std::slice::from_ref(&claimed)), (vec![], vec!["move".to_owned()]));
        assert_eq!(of(&[claimed, nowhere]), (vec!["move".to_owned()], vec![]), "it is blocked all the same");
    }

    #[test]
    fn what_blocks_comes_before_what_is_known_and_that_before_what_is_much() {
        let stack = audit(vec![known("Salesforce", None), known("Eloqua", None)]);
        let keys = |demands: &[Demand]| -> Vec<String> {
            gaps(&stack, demands).into_iter().map(|gap| gap.key).collect()
        };
        assert_eq!(keys(&[demand("move", "deal.update_stage")]), ["salesforce", "eloqua"]);
        assert_eq!(keys(&[]), ["eloqua", "salesforce"]);
    }

    fn tools() -> impl Strategy<Value = Vec<&'static str>> {
        let names = [
            "search_deals",
            "get_contact",
            "update_deal",
            "create_task",
            "list_companies",
            "get_company",
            "create_deal",
        ];
        proptest::sample::subsequence(names.to_vec(), 0..names.len())
    }

    proptest! {
        #[test]
        fn one_more_tool_never_lowers_coverage_and_the_order_of_the_stack_does_not_matter(some in tools(), extra in tools()) {
            let list = |names: &[&str]| json!(names.iter().map(|name| json!({"name": name})).collect::<Vec<Value>>());
            let more: Vec<&str> = some.iter().chain(&extra).copied().collect::<BTreeSet<&str>>().into_iter().collect();
            let of = |names: &[&str]| audit(vec![known("Salesforce", Some(&list(names))), known("Slack", None)]);
            let demands = workflow::demands(workflow::shipped());
            let wanted: BTreeSet<Operation> = demands.iter().flat_map(|demand| demand.any_of.iter().cloned()).collect();
            let (fewer, more) = (of(&some), of(&more));
            let cells = |stack: &StackAudit| Matrix::of(stack, &wanted).rows[0].cells.clone();
            let before = cells(&fewer);
            for (operation, cell) in cells(&more) {
                prop_assert!(cell == Cell::VerifiedLive || before[&operation] != Cell::VerifiedLive);
            }
            let turned = audit(vec![known("Slack", None), known("Salesforce", Some(&list(&some)))]);
            prop_assert_eq!(gaps(&fewer, &demands), gaps(&turned, &demands));
        }
    }
}
