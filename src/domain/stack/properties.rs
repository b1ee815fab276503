use super::*;
use crate::coverage::catalog::Status;
use proptest::prelude::*;
use std::collections::BTreeSet;

const CATEGORIES: [&str; 5] = ["crm", "marketing-automation", "sales-enablement", "cdp", "ipaas"];

fn tool(at: usize) -> impl Strategy<Value = StackTool> {
    let known = (
        prop::option::of(0_u32..100_000),
        prop::option::of(0_u64..4),
        prop::option::of(1_u32..100),
        prop::option::of(prop::sample::select(vec!["one", "other"])),
        prop::option::of(prop::collection::vec(0_usize..8, 0..3)),
    );
    let kind = (
        prop::collection::btree_set(0_usize..CATEGORIES.len(), 0..3),
        prop::bool::weighted(0.1),
        any::<bool>(),
    );
    (known, kind).prop_map(move |((cost, users, share, job, links), (categories, is_kept, is_reached))| {
        StackTool {
            key: format!("tool {at}"),
            name: format!("Tool {at}"),
            categories: categories.into_iter().map(|at| CATEGORIES[at].to_owned()).collect(),
            job: job.map(str::to_owned),
            annual_cost: cost.map(f64::from),
            users,
            utilisation: share.filter(|_| users != Some(0)).map(f64::from),
            links: links.map(|links| links.into_iter().map(|at| format!("tool {at}")).collect()),
            is_kept,
            mcp: is_reached.then_some(Status::OfficialGa),
            ..StackTool::default()
        }
    })
}

fn tools() -> impl Strategy<Value = Vec<StackTool>> {
    (1_usize..9).prop_flat_map(|count| (0..count).map(tool).collect::<Vec<_>>())
}

fn judge(tools: Vec<StackTool>) -> Rationalization {
    let today = "2026-11-22".parse().unwrap();
    rationalize(&Stack { tools, is_whole: true, today, low_use_percent: None }).unwrap()
}

proptest! {
    #[test]
    fn the_order_in_which_tools_are_given_does_not_matter(tools in tools(), turn in 0_usize..9) {
        let mut turned = tools.clone();
        turned.rotate_left(turn % tools.len());
        turned.reverse();
        prop_assert_eq!(judge(turned), judge(tools));
    }

    #[test]
    fn no_tool_goes_whose_use_is_unknown_or_that_is_kept(tools in tools()) {
        let result = judge(tools.clone());
        let going: BTreeSet<&str> = result.decisions.iter()
            .filter(|one| matches!(one.outcome, Outcome::Retire | Outcome::Merge))
            .map(|one| one.key.as_str()).collect();
        for tool in &tools {
            let is_going = going.contains(tool.key.as_str());
            prop_assert!(!is_going || !tool.is_kept && tool.usage() != Use::Unknown, "{tool:?}");
        }
        for decision in &result.decisions {
            let Some(into) = &decision.into else { continue };
            prop_assert!(!going.contains(into.as_str()), "{into} takes over and goes itself");
            let of = |key: &str| tools.iter().find(|tool| tool.key == key).unwrap();
            prop_assert!(of(&decision.key).categories.iter().all(|own| of(into).categories.contains(own)));
        }
    }

    #[test]
    fn savings_hold_the_certain_ones_and_a_cost_that_becomes_known_never_lowers_them(
        tools in tools(), which in 0_usize..9, cost in 0_u32..100_000,
    ) {
        let result = judge(tools.clone());
        let sum = |wanted: &dyn Fn(&Decision) -> bool| -> f64 {
            let chosen = result.decisions.iter().filter(|one| wanted(one));
            chosen.filter_map(|one| tools.iter().find(|tool| tool.key == one.key)?.annual_cost).sum()
        };
        let certain = sum(&|one| one.outcome == Outcome::Retire && one.is_certain);
        let all = sum(&|one| matches!(one.outcome, Outcome::Retire | Outcome::Merge));
        prop_assert!((result.savings.low - certain).abs() < 1e-6 && (result.savings.high - all).abs() < 1e-6);
        prop_assert!(result.savings.low <= result.savings.high && result.savings.high <= result.savings.known_cost);

        let mut more = tools.clone();
        let at = which % more.len();
        prop_assume!(more[at].annual_cost.is_none());
        more[at].annual_cost = Some(f64::from(cost));
        let with = judge(more).savings;
        prop_assert!(with.high >= result.savings.high && with.low >= result.savings.low);
        prop_assert!(with.unpriced.len() <= result.savings.unpriced.len());
    }
}
