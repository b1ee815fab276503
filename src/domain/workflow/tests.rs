use super::*;
use crate::{
    coverage::{
        audit::{Audited, Ground, LiveServer, audit},
        decision::Effort,
        inspection::inspect,
        matrix::Cell,
        resolve::{Resolution, resolve},
        taxonomy::{Effect, Operation, taxonomy},
        tools_list,
    },
    readiness::{self, Facts, Lens},
    verdict::Verdict,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{collections::BTreeSet, error::Error};

fn operation(text: &str) -> Operation {
    text.to_owned().try_into().unwrap()
}

fn known(name: &str, tools: Option<&Value>) -> Audited {
    let Resolution::Known { platform, .. } = resolve(name) else { panic!("{name}") };
    let live = tools.map(|tools| LiveServer {
        ground: Ground::Inspected,
        inspection: inspect(&tools_list::parse(tools).unwrap(), Some(&platform.id)),
    });
    Audited { name: platform.name.clone(), platform: Some(platform), live }
}

fn ready() -> DataState {
    let workflows = shipped().iter().map(|workflow| WorkflowData {
        id: workflow.id.clone(),
        needs: workflow.needs.iter().map(|need| data_need(&need.key(), Verdict::Ready)).collect(),
        partly_read: false,
    });
    DataState { workflows: workflows.collect(), ..DataState::default() }
}

fn data_need(key: &str, verdict: Verdict) -> DataNeed {
    DataNeed {
        key: key.into(),
        because: "it is".into(),
        verdict,
        failed: Vec::new(),
        open: Vec::new(),
        is_stated: false,
    }
}

fn platform(key: &str, category: &str, operations: &[(&str, Cell)]) -> PlatformAccess {
    PlatformAccess {
        key: key.into(),
        name: key.to_uppercase(),
        category: Some(category.into()),
        reach: Reach::Reached,
        operations: operations
            .iter()
            .map(|(name, cell)| OperationState { operation: operation(name), cell: *cell, is_stated: false })
            .collect(),
        remedy: "do it".into(),
        effort: Effort::Weeks,
        next_evidence: None,
    }
}

/// A stack on which every operation of the shipped workflows was seen.
fn everything(cell: Cell) -> Access {
    let needs = shipped().iter().flat_map(|workflow| &workflow.operations);
    let pairs: BTreeSet<(String, Operation)> = needs
        .flat_map(|need| {
            need.categories.iter().flat_map(|slug| need.any_of.iter().map(|one| (slug.clone(), one.clone())))
        })
        .collect();
    let slugs: BTreeSet<String> = pairs.iter().map(|(slug, _)| slug.clone()).collect();
    let platforms = slugs.iter().map(|slug| {
        let operations: Vec<String> =
            pairs.iter().filter(|(other, _)| other == slug).map(|(_, one)| one.to_string()).collect();
        let states: Vec<(&str, Cell)> = operations.iter().map(|one| (one.as_str(), cell)).collect();
        platform(&format!("p_{slug}"), slug, &states)
    });
    Access { platforms: platforms.collect(), is_whole_stack: true }
}

fn verdicts(plan: &Plan) -> Vec<Deployability> {
    plan.workflows.iter().map(|workflow| workflow.verdict).collect()
}

#[test]
fn the_five_workflows_are_whole() {
    let ids: Vec<&str> = shipped().iter().map(|workflow| workflow.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "inbound_research",
            "stage_advancement",
            "risk_monitoring",
            "account_expansion",
            "competitive_triggers"
        ]
    );
    for workflow in shipped() {
        assert!(workflow.goal.is_some() && !workflow.guardrails.is_empty(), "{}", workflow.id);
        assert_eq!(workflow.unguarded(), BTreeSet::new(), "{}", workflow.id);
        for need in &workflow.operations {
            let offers = |slug: &String| {
                let category = taxonomy().category(slug).unwrap();
                let profile: Vec<&Operation> = category.core.iter().chain(&category.extended).collect();
                need.any_of.iter().any(|wanted| profile.contains(&wanted))
            };
            assert!(need.categories.iter().any(offers), "{}: {:?}", workflow.id, need.any_of);
        }
    }
    assert_eq!(taxonomy().usual_effect(&operation("sequence.enroll")), Effect::Send);
    assert_eq!(Lens::shipped().unwrap().workflows, shipped(), "readiness reads the same file");
}

#[test]
fn the_schema_of_lenses_does_not_repeat_the_workflows() {
    let schema = schemars::schema_for!(Lens);
    assert_eq!(schema.pointer("/properties/workflows/default"), None);
    assert!(schema.pointer("/properties/workflows/items").is_some());
}

#[test]
fn all_that_holds_deploys_and_nothing_known_deploys_nothing() {
    let whole = plan(shipped(), Some(&ready()), Some(&everything(Cell::VerifiedLive)));
    assert_eq!(verdicts(&whole), [Deployability::Deployable; 5]);
    assert!(whole.actions.is_empty() && whole.fixes == Unblocking::default(), "{:?}", whole.actions);

    let nothing = plan(shipped(), None, None);
    assert_eq!(verdicts(&nothing), [Deployability::Unknown; 5]);
    let last = nothing.measurements.steps.last().unwrap();
    assert_eq!(last.actions, ["measure.coverage", "measure.data"]);
    assert_eq!(last.workflows.len(), 5);
    assert_eq!(nothing.fixes, Unblocking::default());
}

#[test]
fn a_claim_is_measured_before_it_is_relied_upon() {
    let claimed = plan(shipped(), Some(&ready()), Some(&everything(Cell::Claimed)));
    assert_eq!(verdicts(&claimed), [Deployability::Unknown; 5]);
    assert!(claimed.workflows.iter().all(|workflow| workflow.if_claims_hold == Deployability::Deployable));
    assert!(claimed.workflows.iter().all(|workflow| workflow.blocked_by.is_empty()));
    let step = claimed.measurements.steps.last().unwrap();
    assert!(step.actions.contains(&"measure.mcp.p_crm".to_owned()), "{step:?}");
}

#[test]
fn one_fix_that_blocks_all_comes_first() {
    let mut data = ready();
    for workflow in &mut data.workflows {
        for need in workflow.needs.iter_mut().filter(|need| need.key == "deal.stage") {
            *need = DataNeed {
                failed: vec!["fill.deals.stage".into()],
                ..data_need("deal.stage", Verdict::NotReady)
            };
        }
    }
    let mut access = everything(Cell::VerifiedLive);
    let enrich = access.platforms.iter_mut().find(|platform| platform.key == "p_audience-data").unwrap();
    enrich.reach = Reach::NotReached;
    enrich.operations.iter_mut().for_each(|state| state.cell = Cell::Absent);
    let plan = plan(shipped(), Some(&data), Some(&access));
    assert_eq!(
        verdicts(&plan),
        [
            Deployability::Blocked,
            Deployability::Blocked,
            Deployability::Blocked,
            Deployability::Blocked,
            Deployability::Blocked
        ]
    );
    let told: Vec<(Vec<&str>, usize)> = plan
        .fixes
        .steps
        .iter()
        .map(|step| (step.actions.iter().map(String::as_str).collect(), step.workflows.len()))
        .collect();
    assert_eq!(
        told,
        [(vec!["fill.deals.stage"], 4), (vec!["fill.deals.stage", "mcp.none.p_audience-data"], 5)]
    );
    assert!(plan.fixes.steps.iter().all(|step| step.bound == Bound::Exact));
    assert_eq!(plan.fixes.steps[1].then_deployable.len(), 5);
    assert_eq!(plan.workflows[0].blocked_by, ["contact.enrich"]);
}

#[test]
fn a_category_without_a_platform_blocks_only_a_whole_stack() {
    let mut access = everything(Cell::VerifiedLive);
    access.platforms.retain(|platform| platform.category.as_deref() != Some("audience-data"));
    let blocked = plan(shipped(), Some(&ready()), Some(&access));
    assert_eq!(blocked.workflows[0].verdict, Deployability::Blocked);
    assert_eq!(blocked.fixes.steps[0].actions, ["stack.add.audience-data"]);
    access.is_whole_stack = false;
    let open = plan(shipped(), Some(&ready()), Some(&access));
    assert_eq!(open.workflows[0].verdict, Deployability::Unknown);
    assert_eq!(open.measurements.steps[0].actions, ["measure.stack.audience-data"]);
}

#[test]
fn data_read_in_part_deploys_nothing() {
    let mut data = ready();
    data.workflows.iter_mut().for_each(|workflow| workflow.partly_read = true);
    let plan = plan(shipped(), Some(&data), Some(&everything(Cell::VerifiedLive)));
    assert_eq!(verdicts(&plan), [Deployability::Unknown; 5]);
    assert!(plan.workflows.iter().all(|workflow| workflow.open == ["whole_read"]));
}

#[test]
fn a_file_that_was_not_read_is_told_where_all_else_passes() {
    let mut readiness = readiness::check(&Facts::default(), &Lens::shipped().unwrap());
    let check = |verdict: Verdict| readiness::NeedReadiness {
        key: "contact.email".into(),
        because: "it is".into(),
        verdict,
        checks: Vec::new(),
    };
    let mut partly_read = |need: Verdict, unread: bool| {
        readiness.workflows.truncate(1);
        readiness.workflows[0].needs = vec![check(need)];
        readiness.workflows[0].partly_read = unread;
        DataState::of(&readiness).workflows[0].partly_read
    };
    assert!(partly_read(Verdict::Ready, true));
    assert!(partly_read(Verdict::NotReady, true), "mending what failed does not read the rest");
    assert!(!partly_read(Verdict::Ready, false));
}

#[test]
fn a_need_that_is_newer_than_the_result_is_unknown() {
    let mut data = ready();
    let forgotten = data.workflows[0].needs.remove(0);
    let plan = plan(shipped(), Some(&data), Some(&everything(Cell::VerifiedLive)));
    assert_eq!(plan.workflows[0].verdict, Deployability::Unknown);
    assert_eq!(plan.workflows[0].open, [forgotten.key]);
}

#[test]
fn what_somebody_said_is_told_as_said() {
    let (mut data, mut access) = (ready(), everything(Cell::VerifiedLive));
    data.workflows[0].needs[0].is_stated = true;
    let crm = access.platforms.iter_mut().find(|platform| platform.name == "P_CRM").unwrap();
    crm.operations.iter_mut().for_each(|operation| operation.is_stated = true);
    let plan = plan(shipped(), Some(&data), Some(&access));
    let rests_on: Vec<&String> = plan.workflows[0].needs.iter().flat_map(|need| &need.rests_on).collect();
    assert!(rests_on.iter().any(|ground| ground.starts_with("handed_in.")), "{rests_on:?}");
    assert!(rests_on.iter().any(|ground| ground.ends_with("(handed in)")), "{rests_on:?}");
    assert!(rests_on.iter().any(|ground| !ground.contains("handed")), "{rests_on:?}");
}

#[test]
fn an_operation_nobody_asked_about_is_unknown_and_one_of_several_is_enough() {
    let need = &shipped()[0].operations[0];
    let with = |operations: &[(&str, Cell)]| {
        let access =
            Access { platforms: vec![platform("p", &need.categories[0], operations)], is_whole_stack: false };
        let plan = plan(shipped(), Some(&ready()), Some(&access));
        let state = plan.workflows[0].needs.iter().find(|state| state.key == need.key()).cloned();
        state.unwrap().standing
    };
    let [first, second] = [0, 1].map(|at| need.any_of[at].to_string());
    assert_eq!(with(&[]), Standing::Unknown);
    assert_eq!(with(&[(&first, Cell::Absent), (&second, Cell::VerifiedLive)]), Standing::Met);
    assert_eq!(with(&[(&first, Cell::Absent), (&second, Cell::Absent)]), Standing::Unmet);
}

#[test]
fn a_fix_promises_no_workflow_in_which_something_else_is_open() {
    let mut data = ready();
    for workflow in &mut data.workflows {
        for need in workflow.needs.iter_mut().filter(|need| need.key == "deal.stage") {
            *need = DataNeed {
                failed: vec!["fill.deals.stage".into()],
                ..data_need("deal.stage", Verdict::NotReady)
            };
        }
    }
    let plan = plan(shipped(), Some(&data), Some(&everything(Cell::Claimed)));
    let step = plan.fixes.steps.last().unwrap();
    assert_eq!((step.workflows.len(), step.then_deployable.len()), (4, 0));
}

#[test]
fn what_no_action_settles_is_out_of_reach() {
    let mut data = ready();
    let needs = &mut data.workflows[0].needs;
    needs[0] = data_need(&needs[0].key, Verdict::Unknown);
    needs[1] =
        DataNeed { open: vec!["fill.deals.stage".into()], ..data_need(&needs[1].key, Verdict::Unknown) };
    let plan = plan(shipped(), Some(&data), Some(&everything(Cell::VerifiedLive)));
    assert_eq!(plan.workflows[0].verdict, Deployability::Unknown);
    assert_eq!(plan.measurements.out_of_reach, [plan.workflows[0].id.clone()]);
}

#[test]
fn real_audits_and_readiness_are_read() {
    let crm = json!({"tools": [
        {"name": "search_deals", "annotations": {"readOnlyHint": true}}, {"name": "create_task"},
        {"name": "get_deal_pipeline_report"}, {"name": "search_contacts"}
    ]});
    let audit = audit(vec![known("HubSpot", Some(&crm)), known("Slack", None), known("Eloqua", None)]);
    let access = Access::of(&audit, shipped(), false);
    let cell = |key: &str, name: &str| {
        let platform = access.platforms.iter().find(|platform| platform.key == key).unwrap();
        platform.operations.iter().find(|state| state.operation == operation(name)).unwrap().cell
    };
    assert_eq!(cell("hubspot", "deal.search"), Cell::VerifiedLive);
    assert_eq!(cell("hubspot", "deal.update_stage"), Cell::Absent);
    assert_eq!(cell("eloqua", "journey.enroll"), Cell::Absent);
    let stored: Access = serde_json::from_str(&serde_json::to_string(&access).unwrap()).unwrap();
    assert_eq!(stored, access);
    let readiness = readiness::check(&Facts::default(), &Lens::shipped().unwrap());
    let data = DataState::of(&readiness);
    let stored: DataState = serde_json::from_str(&serde_json::to_string(&data).unwrap()).unwrap();
    assert_eq!(stored, data);
    let plan = plan(shipped(), Some(&data), Some(&access));
    let advance = &plan.workflows[1];
    assert_eq!(advance.verdict, Deployability::Blocked);
    assert!(advance.blocked_by.contains(&"deal.update_stage".to_owned()), "{:?}", advance.blocked_by);
    assert!(advance.open.contains(&"contact.email".to_owned()), "{:?}", advance.open);
    let fixes: Vec<&String> = plan.fixes.steps.iter().flat_map(|step| &step.actions).collect();
    assert!(fixes.contains(&&"mcp.operation.hubspot.deal.update_stage".to_owned()), "{fixes:?}");
}

#[test]
fn own_workflows_are_read_and_errors_name_field_line_and_reason() {
    let own = r#"{
  "version": "1",
  "workflows": [
    {
      "id": "renewal_watch",
      "title": "Watch renewals",
      "provenance": "attested",
      "needs": [{ "question": "fields", "entities": ["deal"], "role": "closed", "because": "renewals have a date" }],
      "operations": [{ "any_of": ["deal.search"], "in": ["crm"], "because": "renewals are deals" }],
      "escalate_when": "a renewal is due within a week"
    }
  ]
}"#;
    let all = with_own(parse(own).unwrap()).unwrap();
    assert_eq!(all.len(), 6);
    let lens = Lens::shipped().unwrap().with_workflows(all).unwrap();
    assert_eq!(readiness::check(&Facts::default(), &lens).workflows.len(), 6);
    let wrong = |from: &str, to: &str| {
        let text = own.replace(from, to);
        assert_ne!(text, own, "{from}");
        let error = parse(&text).unwrap_err();
        format!("{error}: {}", error.source().unwrap())
    };
    for (from, to, field, said) in [
        (
            "deal.search",
            "deal.serch",
            "workflows[0].operations[0].any_of",
            "verb `serch`, which no rule reads; did you mean `search`",
        ),
        ("deal.search", "deel.search", "workflows[0].operations[0].any_of", "object `deel`"),
        ("deal.search", "dealsearch", "workflows[0].operations[0].any_of", "is not object.verb"),
        ("[\"crm\"]", "[\"crn\"]", "workflows[0].operations[0].in", "no category `crn`; did you mean `crm`"),
        ("[\"crm\"]", "[]", "workflows[0].operations[0].in", "the list is empty at line 9"),
        ("renewals are deals", " ", "workflows[0].operations[0].because", "it is empty at line 9"),
        ("renewal_watch", "Renewal watch", "workflows", "no name in snake_case at line 1"),
        ("a renewal is due within a week", "", "workflows", "does not say under `escalate_when`"),
        ("\"title\"", "\"titel\"", "workflows[0]", "unknown field `titel`"),
        ("\"version\": \"1\"", "\"version\": 1", "version", "invalid type"),
        ("attested", "guessed", "workflows[0].provenance", "unknown variant `guessed`"),
    ] {
        let found = wrong(from, to);
        assert!(found.contains(said) && found.contains(field), "{to}: {found}");
    }
    let rail =
        "\"guardrails\": [{\"operations\": [\"deal.delete\"], \"rule\": \"never\"}], \"escalate_when\"";
    assert!(
        wrong("\"escalate_when\"", rail).contains("bounds `deal.delete`, which the workflow does not use")
    );
    let twice = shipped()[0].clone();
    assert!(matches!(with_own(vec![twice]), Err(WorkflowError::Shipped(id)) if id == "inbound_research"));
}

#[test]
fn an_unbounded_deletion_is_told() {
    let mut workflow = shipped()[2].clone();
    workflow.operations[0].any_of = vec![operation("deal.delete")];
    let plan = plan(&[workflow], None, None);
    assert_eq!(plan.workflows[0].unguarded, ["deal.delete"]);
}

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![Just(Cell::VerifiedLive), Just(Cell::Claimed), Just(Cell::Unknown), Just(Cell::Absent)]
}

proptest! {
    #[test]
    fn plans_are_the_same_in_any_order_and_better_cells_never_hurt(cells in proptest::collection::vec(cell(), 60)) {
        let mut access = everything(Cell::Unknown);
        let mut next = cells.iter().cycle();
        for state in access.platforms.iter_mut().flat_map(|platform| &mut platform.operations) {
            state.cell = *next.next().unwrap();
        }
        let before = plan(shipped(), Some(&ready()), Some(&access));
        let mut turned = access.clone();
        turned.platforms.reverse();
        let after = plan(shipped(), Some(&ready()), Some(&turned));
        prop_assert_eq!(&before.fixes, &after.fixes);
        prop_assert_eq!(&before.measurements, &after.measurements);
        prop_assert_eq!(verdicts(&before), verdicts(&after));
        let rank = |verdict: Deployability| match verdict {
            Deployability::Deployable => 2,
            Deployability::Unknown => 1,
            Deployability::Blocked => 0,
        };
        let mut better = access;
        if let Some(state) = better.platforms.iter_mut().flat_map(|p| &mut p.operations).find(|s| s.cell != Cell::VerifiedLive) {
            state.cell = Cell::VerifiedLive;
        }
        let better = plan(shipped(), Some(&ready()), Some(&better));
        for (old, new) in verdicts(&before).into_iter().zip(verdicts(&better)) {
            prop_assert!(rank(new) >= rank(old));
        }
        for step in &before.fixes.steps {
            for id in &step.actions {
                prop_assert!(before.actions.contains_key(id));
            }
        }
    }

    #[test]
    fn any_text_is_understood_or_refused(text in ".{0,80}") {
        if let Err(error) = parse(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
