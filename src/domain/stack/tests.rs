use super::*;
use crate::coverage::catalog::Status;

fn tool(key: &str, category: &str) -> StackTool {
    StackTool {
        key: key.to_owned(),
        name: key.to_owned(),
        categories: vec![category.to_owned()],
        ..StackTool::default()
    }
}

fn used(key: &str, category: &str, users: u64) -> StackTool {
    StackTool { users: Some(users), ..tool(key, category) }
}

fn judge(tools: Vec<StackTool>) -> Rationalization {
    rationalize(&stack(tools)).unwrap()
}

fn stack(tools: Vec<StackTool>) -> Stack {
    Stack { tools, is_whole: true, today: "2026-11-22".parse().unwrap(), low_use_percent: None }
}

fn decision<'a>(result: &'a Rationalization, key: &str) -> &'a Decision {
    result.decisions.iter().find(|decision| decision.key == key).unwrap()
}

#[test]
fn a_tool_whose_use_is_unknown_is_never_given_up() {
    let unknown = StackTool { annual_cost: Some(1e6), ..tool("Eloqua", "marketing-automation") };
    let result = judge(vec![unknown, used("Marketo", "marketing-automation", 40)]);
    let eloqua = decision(&result, "Eloqua");
    assert_eq!(eloqua.outcome, Outcome::Measure);
    assert!(!eloqua.measure.is_empty() && eloqua.reasons.iter().any(|reason| reason.contains("Marketo")));
    assert_eq!(decision(&result, "Marketo").outcome, Outcome::Keep);
    assert!(result.savings.high.abs() < 1e-9 && result.savings.unpriced.is_empty());
}

#[test]
fn what_nobody_uses_goes_when_its_contract_ends() {
    let mut idle = StackTool {
        annual_cost: Some(9_000.0),
        links: Some(Vec::new()),
        contract_end: Some("2027-03-31".parse().unwrap()),
        ..used("Old", "seo", 0)
    };
    let result = judge(vec![idle.clone(), used("Salesforce", "crm", 100)]);
    let old = decision(&result, "Old");
    assert_eq!((old.outcome, old.is_certain), (Outcome::Retire, true));
    assert_eq!(old.when, Some(When::At("2027-03-31".parse().unwrap())));
    assert!((result.savings.low - 9_000.0).abs() < 1e-9 && (result.savings.high - 9_000.0).abs() < 1e-9);

    idle.contract_end = Some("2026-01-31".parse().unwrap());
    idle.links = None;
    let result = judge(vec![idle.clone()]);
    let old = decision(&result, "Old");
    assert_eq!((old.outcome, old.is_certain), (Outcome::Retire, false), "what is connected is not known");
    assert_eq!(old.when, Some(When::Ended("2026-01-31".parse().unwrap())));
    assert!(result.savings.low.abs() < 1e-9 && (result.savings.high - 9_000.0).abs() < 1e-9);

    idle.contract_end = None;
    assert_eq!(decision(&judge(vec![idle]), "Old").when, Some(When::Unknown));
}

#[test]
fn a_tool_that_machines_use_is_measured_and_not_retired() {
    let ipaas = StackTool { links: Some(Vec::new()), ..used("Workato", "ipaas", 0) };
    let crm = StackTool { links: Some(vec!["Workato".to_owned()]), ..used("Salesforce", "crm", 90) };
    let result = judge(vec![ipaas, crm]);
    let workato = decision(&result, "Workato");
    assert_eq!(workato.outcome, Outcome::Measure, "the CRM says that they are connected");
    assert!(workato.reasons.iter().any(|reason| reason.contains("Salesforce")), "{workato:?}");
}

#[test]
fn of_tools_with_one_job_the_most_used_stays_whatever_they_cost() {
    let cheap = StackTool { annual_cost: Some(1.0), ..used("Pipedrive", "crm", 5) };
    let dear =
        StackTool { annual_cost: Some(500.0), mcp: Some(Status::NoneFound), ..used("Salesforce", "crm", 80) };
    let reached = StackTool { mcp: Some(Status::OfficialGa), ..cheap.clone() };
    let result = judge(vec![reached, dear.clone()]);
    let merged = decision(&result, "Pipedrive");
    assert_eq!((merged.outcome, merged.into.as_deref()), (Outcome::Merge, Some("Salesforce")));
    assert!(merged.conditions.iter().any(|condition| condition.contains("over MCP")), "{merged:?}");
    assert!(
        !merged.is_certain && (result.savings.high - 1.0).abs() < 1e-9 && result.savings.low.abs() < 1e-9
    );
    assert_eq!(result.overlaps[0].sameness, Sameness::OneJobCategory);

    let kept = StackTool { is_kept: true, ..cheap };
    let result = judge(vec![kept, dear]);
    assert_eq!(
        decision(&result, "Salesforce").into.as_deref(),
        Some("Pipedrive"),
        "the caller's word outweighs use"
    );
}

#[test]
fn tools_of_a_category_with_several_jobs_are_asked_about() {
    let (gong, outreach) = (used("Gong", "sales-enablement", 50), used("Outreach", "sales-enablement", 20));
    let result = judge(vec![gong.clone(), outreach.clone()]);
    assert_eq!(result.overlaps[0].sameness, Sameness::Open);
    assert_eq!(decision(&result, "Outreach").outcome, Outcome::Keep);
    assert!(decision(&result, "Outreach").conditions.iter().any(|condition| condition.contains("`job`")));

    let with = |tool: &StackTool, job: &str| StackTool { job: Some(job.to_owned()), ..tool.clone() };
    let apart = judge(vec![with(&gong, "call recording"), with(&outreach, "sequences")]);
    assert!(apart.overlaps.is_empty() && decision(&apart, "Outreach").conditions.is_empty());
    let same = judge(vec![with(&gong, "Sequences"), with(&outreach, "sequences")]);
    assert_eq!(decision(&same, "Outreach").into.as_deref(), Some("Gong"));
}

#[test]
fn a_suite_is_neither_given_up_for_a_part_of_it_nor_counted_as_one() {
    let suite = |users| {
        let mut suite = used("HubSpot", "crm", users);
        suite.categories.push("marketing-automation".to_owned());
        suite
    };
    let outcomes = |suite: StackTool, others: [StackTool; 2]| {
        let result = judge([vec![suite], others.to_vec()].concat());
        ["HubSpot", "Marketo", "Eloqua"].map(|key| decision(&result, key).outcome)
    };
    let others = [used("Marketo", "marketing-automation", 30), used("Eloqua", "marketing-automation", 5)];
    let by_many = outcomes(suite(100), others.clone());
    assert_eq!(
        by_many,
        [Outcome::Measure, Outcome::Measure, Outcome::Merge],
        "100 use the suite, who knows what for"
    );
    let by_few = outcomes(suite(10), others.clone());
    assert_eq!(by_few, [Outcome::Keep, Outcome::Keep, Outcome::Merge], "10 at most use that part of it");

    let nurturing = |tool: StackTool| StackTool { job: Some("nurturing".to_owned()), ..tool };
    let stated = outcomes(nurturing(suite(10)), others.map(nurturing));
    assert_eq!(stated, [Outcome::Keep, Outcome::Keep, Outcome::Merge], "Marketo is no CRM");
}

#[test]
fn little_use_is_told_and_is_no_reason_to_go() {
    let tableau = StackTool { seats: Some(50), ..used("Tableau", "dashboards", 5) };
    let result = judge(vec![tableau]);
    let decision = decision(&result, "Tableau");
    assert!(decision.outcome == Outcome::Keep && decision.is_little_used);
    assert!(decision.reasons.iter().any(|reason| reason.contains("45 of 50 seats")), "{decision:?}");
}

#[test]
fn use_told_in_two_measures_is_not_compared() {
    let share = StackTool { utilisation: Some(80.0), ..tool("Segment", "cdp") };
    let result = judge(vec![share, used("mParticle", "cdp", 12)]);
    assert!(
        result.decisions.iter().all(|decision| decision.outcome == Outcome::Measure),
        "{:?}",
        result.decisions
    );
}

#[test]
fn missing_and_unknown_are_told_apart() {
    let presence = |result: &Rationalization, id: &str| {
        result.fit.foundation.iter().find(|(one, _)| one.id == id).unwrap().1.presence
    };
    let tools =
        vec![used("Salesforce", "crm", 9), used("Amplitude", "web-analytics", 9), used("Segment", "cdp", 0)];
    let result = judge(tools.clone());
    assert_eq!(presence(&result, "crm"), Presence::Covered);
    assert_eq!(presence(&result, "analytics"), Presence::Near);
    assert_eq!(presence(&result, "cdp"), Presence::Idle);
    assert_eq!(presence(&result, "abx"), Presence::Missing);
    let added: Vec<&str> = result.additions.iter().map(|one| one.foundation.id.as_str()).collect();
    assert_eq!(added, ["marketing_automation", "abx"]);
    assert!(
        !decision(&result, "Segment").is_certain,
        "the only CDP is not thrown away as a matter of course"
    );

    let part = rationalize(&Stack { is_whole: false, ..stack(tools.clone()) }).unwrap();
    assert_eq!(presence(&part, "abx"), Presence::Unknown);
    assert!(part.additions.is_empty());
    let mut with_stranger = tools;
    with_stranger.push(StackTool { categories: Vec::new(), ..tool("Quux", "crm") });
    assert_eq!(presence(&judge(with_stranger), "abx"), Presence::Unknown, "the stranger may be it");
}

#[test]
fn combinations_are_held_part_by_part() {
    let result = judge(vec![used("WordPress", "cms", 4), used("VWO", "optimization", 4)]);
    let (_, parts) = result.fit.combinations.iter().find(|(one, _)| one.id == "experience_platform").unwrap();
    let presences: Vec<Presence> = parts.iter().map(|held| held.presence).collect();
    let expected = [Presence::Covered, Presence::Covered, Presence::Covered, Presence::Unknown];
    assert_eq!(presences, expected, "no category of the catalog stands for journey orchestration");
}

#[test]
fn the_size_is_held_against_what_is_published_and_to_nothing_where_nothing_is() {
    let sized = |count: usize, is_whole| SizeStanding::of(count, is_whole);
    assert_eq!([14, 15, 25, 26, 49, 50].map(|count| sized(count, true)), {
        use SizeStanding::{Below, BetweenRules, Sprawl, Within};
        [Below, Within, Within, BetweenRules, BetweenRules, Sprawl]
    });
    assert_eq!(sized(20, false), SizeStanding::Unknown);
    assert_eq!(sized(60, false), SizeStanding::Sprawl, "more tools can only make it more");
}

#[test]
fn what_cannot_be_a_stack_is_refused() {
    let refused = |change: &dyn Fn(&mut StackTool)| {
        let mut one = tool("Salesforce", "crm");
        change(&mut one);
        rationalize(&stack(vec![one])).unwrap_err()
    };
    assert_eq!(rationalize(&stack(Vec::new())).unwrap_err(), StackError::Empty);
    for cost in [-1.0, f64::NAN, 1e13] {
        assert!(matches!(refused(&|tool| tool.annual_cost = Some(cost)), StackError::Cost(_)), "{cost}");
    }
    for share in [101.0, -1.0, f64::NAN] {
        assert!(matches!(refused(&|tool| tool.utilisation = Some(share)), StackError::Utilisation { .. }));
    }
    let seats = refused(&|tool| (tool.users, tool.seats) = (Some(12), Some(10)));
    assert!(matches!(seats, StackError::Seats { users: 12, seats: 10, .. }));
    let contradiction = refused(&|tool| (tool.users, tool.utilisation) = (Some(12), Some(0.0)));
    assert!(matches!(contradiction, StackError::Contradiction { .. }));
    let twice = rationalize(&stack(vec![tool("Salesforce", "crm"), tool("Salesforce", "crm")])).unwrap_err();
    assert!(matches!(twice, StackError::Twice { .. }));
    let many = (0..1_001).map(|at| tool(&format!("tool {at}"), "crm")).collect();
    assert!(matches!(rationalize(&stack(many)), Err(StackError::TooMany { count: 1_001, .. })));
    let low_use = Stack { low_use_percent: Some(f64::NAN), ..stack(vec![tool("Salesforce", "crm")]) };
    assert!(matches!(rationalize(&low_use), Err(StackError::LowUse { .. })));
}
