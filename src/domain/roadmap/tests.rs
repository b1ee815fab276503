use super::{deliverable::SETTLE, *};
use crate::{
    finding::Severity,
    provenance::Provenance,
    readiness,
    verdict::Verdict,
    workflow::{self, DataNeed, DataState, Plan, WorkflowData},
};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;

pub(super) const START: Date = date(2027, 1, 1);

/// Every kind of finding that readiness, coverage and workflows make.
pub(super) const KINDS: &[&str] = &[
    "fill.contacts.email",
    "fill_optional.contacts",
    "link.contacts.account_id",
    "childless.accounts.contacts",
    "duplicate.contacts.email",
    "shared.contacts.phone",
    "naming.contacts",
    "type.accounts.employees",
    "picklist.accounts.industry",
    "padded.contacts.email",
    "variants.accounts.city",
    "number.deals.amount",
    "control.accounts.name",
    "dates.deals.closed",
    "implausible.deals.closed",
    "instruction.contacts.note",
    "unread.contacts.csv",
    "drift.gone.contacts",
    "events.person.web_events",
    "events.lag.web_events",
    "events.untyped.web_events",
    "score.leads.legacy_score",
    "mcp.none.eloqua",
    "mcp.unknown.acme",
    "mcp.operation.salesforce.deal.search",
    "mcp.operations_unknown.marketo",
    "mcp.security.hubspot.hidden.tool",
    "stack.add.crm",
    "measure.data",
    "measure.mcp.salesforce",
];

pub(super) fn gap(id: &str, severity: Severity) -> Gap {
    Gap { id: id.to_owned(), severity, found: format!("{id} is found"), step: Some(format!("mend {id}")) }
}

pub(super) fn entry(lowest: u8, highest: u8) -> Entry {
    let stages = (lowest..=highest).map(|stage| format!("stage {stage}")).collect();
    Entry { lowest, highest, stages, reason: "the rule".to_owned(), provenance: Provenance::Published }
}

pub(super) fn situation(entered: Option<(u8, u8)>, gaps: &[&str]) -> Situation {
    Situation {
        gaps: gaps.iter().map(|id| gap(id, Severity::Major)).collect(),
        entry: entered.map(|(lowest, highest)| entry(lowest, highest)),
        settle: match entered {
            Some((lowest, highest)) if lowest == highest => Vec::new(),
            _ => vec!["ask `analytics.closed_loop`".to_owned()],
        },
        ..Situation::default()
    }
}

/// What is asked, with nothing but a situation.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) situation: Situation,
    pub(super) workflows: Option<Plan>,
    pub(super) own: Vec<OwnItem>,
    pub(super) done: BTreeSet<String>,
    pub(super) capacity: Capacity,
    pub(super) months: u32,
}

impl Case {
    pub(super) fn of(situation: Situation) -> Self {
        let (workflows, own, done) = (None, Vec::new(), BTreeSet::new());
        Self { situation, workflows, own, done, capacity: Capacity::default(), months: 12 }
    }

    pub(super) fn plan(&self) -> Result<Roadmap, RoadmapError> {
        let lens = readiness::Lens::shipped().unwrap();
        roadmap(&Asked {
            situation: &self.situation,
            workflows: self.workflows.as_ref(),
            deliverables: Deliverables::shipped(),
            thresholds: &lens.thresholds,
            own: &self.own,
            done: &self.done,
            capacity: &self.capacity,
            start: START,
            months: self.months,
        })
    }
}

pub(super) fn get<'a>(plan: &'a Roadmap, id: &str) -> &'a Planned {
    plan.items.iter().find(|item| item.id == id).unwrap_or_else(|| panic!("no `{id}` in {:?}", ids(plan)))
}

fn ids(plan: &Roadmap) -> Vec<&str> {
    plan.items.iter().map(|item| item.id.as_str()).collect()
}

#[test]
fn the_roadmap_begins_where_the_stage_says() {
    let plan = Case::of(situation(Some((3, 3)), &["fill.contacts.email"])).plan().unwrap();
    assert_eq!(
        plan.periods.iter().map(|one| one.phase).collect::<Vec<_>>(),
        [Some(3), Some(4), Some(4), Some(4)]
    );
    assert_eq!(plan.taken_as_done, ["agree_goals", "data_rules"]);
    let mend = get(&plan, "fill_fields");
    assert!(
        mend.carried_over && mend.timing.start.earliest == 0,
        "a finding is mended in any phase: {mend:?}"
    );
    assert!(plan.notes.iter().any(|note| note.contains("fill_fields")), "{:?}", plan.notes);
    assert_eq!(ids(&plan), ["fill_fields"]);
}

#[test]
fn a_stage_does_not_outrank_a_number_that_was_missed() {
    let mut situation = situation(Some((3, 3)), &["fill.contacts.email"]);
    for (level, is_planned) in [(2.0, true), (3.0, false)] {
        let reading = Reading { low: level, high: level, provenance: Provenance::Attested };
        situation.measured.insert("digital_transformation.architecture_owner".to_owned(), reading);
        let plan = Case::of(situation.clone()).plan().unwrap();
        let goals = plan.items.iter().find(|item| item.id == "agree_goals");
        assert_eq!(goals.is_some_and(|item| item.carried_over), is_planned, "{level}");
    }
}

#[test]
fn what_would_settle_the_stage_comes_first() {
    for entered in [None, Some((1, 2))] {
        let plan = Case::of(situation(entered, &["fill.contacts.email"])).plan().unwrap();
        let first = &plan.items[0];
        assert_eq!((first.id.as_str(), first.timing.start.earliest), (SETTLE, 0));
        assert_eq!(first.steps, ["ask `analytics.closed_loop`"]);
        let goals = get(&plan, "agree_goals");
        assert!(goals.timing.start.earliest >= first.timing.end.earliest, "{goals:?}");
    }
    let unknown = Case::of(situation(None, &["naming.contacts"])).plan().unwrap();
    assert!(unknown.periods.iter().all(|period| period.phase.is_none()));
    assert!(get(&unknown, "name_columns").timing.start.earliest < 80, "no phase holds it back");
    let known = Case::of(situation(Some((1, 1)), &["naming.contacts"])).plan().unwrap();
    assert_eq!(get(&known, "name_columns").timing.start.earliest, 90, "it belongs to Phase 2");
}

#[test]
fn a_failing_gate_is_raised_to_what_the_next_stage_asks() {
    let mut situation = situation(Some((2, 2)), &[]);
    situation.gates = vec![OpenGate {
        stage: 3,
        dimension: "content".to_owned(),
        at_least: 2.5,
        steps: vec!["raise `content.inventory`".to_owned()],
    }];
    let reading = Reading { low: 1.5, high: 2.25, provenance: Provenance::Attested };
    situation.measured.insert("content".to_owned(), reading);
    let plan = Case::of(situation).plan().unwrap();
    let raise = get(&plan, "raise_content");
    assert_eq!((raise.phase, raise.exits[0].from, raise.exits[0].to), (Some(2), Some(reading), 2.5));
    assert_eq!(raise.exits[0].tool, "assess_maturity");
    assert_eq!(ids(&plan), ["raise_content"], "the other gates are passed");
}

#[test]
fn what_was_said_to_be_done_and_is_still_found_is_told() {
    let mut case = Case::of(situation(Some((1, 1)), &["fill.contacts.email", "link.contacts.account_id"]));
    case.done = ["fill_fields".to_owned(), "agree_gaols".to_owned()].into();
    let plan = case.plan().unwrap();
    assert!(!ids(&plan).contains(&"fill_fields"));
    assert_eq!(plan.not_planned[0].what, "fill.contacts.email");
    assert!(plan.not_planned[0].reason.contains("still found"));
    assert!(plan.notes.iter().any(|note| note.contains("did you mean `agree_goals`?")), "{:?}", plan.notes);
}

#[test]
fn a_finding_of_a_kind_that_nobody_knows_is_listed() {
    let plan = Case::of(situation(Some((1, 1)), &["novel.contacts"])).plan().unwrap();
    assert_eq!(plan.not_planned[0].what, "novel.contacts");
}

#[test]
fn effort_counts_the_findings_and_exits_count_them_down() {
    let gaps = ["fill.contacts.email", "fill.contacts.phone", "fill.deals.amount"];
    let mut situation = situation(Some((1, 1)), &gaps);
    let reading = Reading { low: 0.8, high: 0.8, provenance: Provenance::Measured };
    situation.measured.insert("fields_filled_share".to_owned(), reading);
    let plan = Case::of(situation).plan().unwrap();
    let fill = get(&plan, "fill_fields");
    assert_eq!(fill.effort, PersonDays { low: 3.0, high: Some(15.0) });
    assert_eq!(fill.effort_from, Provenance::Authored);
    let [share, left] = fill.exits.as_slice() else { panic!("{:?}", fill.exits) };
    assert_eq!((share.from, share.to, share.is_at_most), (Some(reading), 0.95, false));
    assert_eq!((left.from.unwrap().low, left.to, left.is_at_most), (3.0, 0.0, true));
}

#[test]
fn what_does_not_fit_is_said() {
    let mut case = Case::of(situation(Some((1, 1)), &["stack.add.crm", "fill.contacts.email"]));
    let rate = Rate { days_per_month: 1.0, parallel_items: 1, provenance: Provenance::Attested };
    case.capacity = Capacity::of([(Some("Head of Revenue Operations".to_owned()), rate)]).unwrap();
    let plan = case.plan().unwrap();
    let add = get(&plan, "add_platform");
    assert_eq!(add.timing.fit, Fit::DoesNotFit);
    assert_eq!(plan.not_planned[0].what, "stack.add.crm");
    let load = plan.loads.iter().find(|load| load.owner_role == "head of revenue operations").unwrap();
    assert!((load.available - 12.0).abs() < 0.1 && load.needed.low > load.available, "{load:?}");
    assert_eq!(get(&plan, "fill_fields").timing.fit, Fit::Fits, "another role's work is not held up");
}

#[test]
fn capacities_that_are_none_are_refused() {
    let rate = |days_per_month, parallel_items| Rate { days_per_month, parallel_items, ..Rate::ASSUMED };
    for bad in [rate(0.0, 1), rate(-3.0, 1), rate(f64::NAN, 1), rate(5.0, 0), rate(5.0, 101)] {
        assert!(Capacity::of([(None, bad)]).is_err(), "{bad:?}");
    }
    let twice = Capacity::of([(Some("A".to_owned()), rate(5.0, 1)), (Some("a ".to_owned()), rate(5.0, 1))]);
    assert_eq!(twice.unwrap_err(), CapacityError::Twice("a ".to_owned()));
}

fn of_data(failed: &str, key: &str) -> DataState {
    let workflows = workflow::shipped().iter().map(|workflow| WorkflowData {
        id: workflow.id.clone(),
        needs: workflow
            .needs
            .iter()
            .map(|need| {
                let fails = need.key() == key;
                DataNeed {
                    key: need.key(),
                    because: need.because.clone(),
                    verdict: if fails { Verdict::NotReady } else { Verdict::Ready },
                    failed: if fails { vec![failed.to_owned()] } else { Vec::new() },
                    open: Vec::new(),
                    is_stated: false,
                }
            })
            .collect(),
        partly_read: false,
    });
    DataState { workflows: workflows.collect(), ..DataState::default() }
}

#[test]
fn no_agent_begins_before_the_data_and_the_bounds_it_needs() {
    let mut case = Case::of(situation(Some((2, 2)), &["link.contacts.account_id"]));
    let data = of_data("link.contacts.account_id", "association");
    case.workflows = Some(workflow::plan(workflow::shipped(), Some(&data), None));
    let plan = case.plan().unwrap();
    let agent = get(&plan, "agent.inbound_research");
    assert!(agent.prerequisites.contains("link_records"), "{:?}", agent.prerequisites);
    assert!(agent.prerequisites.contains("bound_agents"));
    assert!(agent.prerequisites.contains("confirm_operations"), "nobody has looked at the servers");
    assert!(get(&plan, "link_records").serves.contains("inbound_research"));
    assert!(!get(&plan, "agent.risk_monitoring").prerequisites.contains("link_records"), "it needs no link");
    let (reaches, records) = (get(&plan, "agent.stage_advancement"), get(&plan, "agent.inbound_research"));
    assert_eq!((reaches.phase, records.phase), (Some(3), Some(2)), "who reaches people waits for Phase 3");

    case.done = ["link_records".to_owned()].into();
    let plan = case.plan().unwrap();
    let left_out: Vec<&str> = plan.not_planned.iter().map(|one| one.what.as_str()).collect();
    assert!(
        left_out.contains(&"agent.inbound_research"),
        "what is found outranks what is said: {left_out:?}"
    );

    case.workflows = None;
    assert!(case.plan().unwrap().items.iter().all(|item| !item.is_ai));
}

#[test]
fn blocks_and_periods_hold_each_item_once() {
    let plan = Case::of(situation(Some((1, 1)), KINDS)).plan().unwrap();
    let days: Vec<(u32, u32)> = plan.blocks.iter().map(|block| (block.first_day, block.last_day)).collect();
    assert_eq!(days, [(1, 30), (31, 60), (61, 90)]);
    assert_eq!(plan.blocks[2].to, date(2027, 3, 31));
    assert_eq!((plan.periods[3].from, plan.end), (date(2027, 10, 1), date(2027, 12, 31)));
    let within: usize = plan.periods.iter().map(|period| period.starts.len()).sum();
    let beyond = plan.items.iter().filter(|item| item.timing.start.earliest >= 365).count();
    assert_eq!(within + beyond, plan.items.len());
}
