use super::*;
use crate::provenance::Provenance;
use jiff::civil::date;
use proptest::prelude::*;

const DAY: i64 = crate::value::MICROS_PER_DAY;

fn facts(known: &[(Quantity, f64)]) -> Facts {
    let mut facts = Facts::default();
    for (quantity, value) in known {
        facts.put(*quantity, Ok(Known::counted(*value, 10)));
    }
    facts
}

fn value(metric: &str, facts: &Facts) -> Reading {
    let definitions = definitions();
    evaluate(definitions, definitions.metric(metric).unwrap(), facts)
}

fn is(metric: &str, known: &[(Quantity, f64)], expected: f64) {
    let found = value(metric, &facts(known)).unwrap().value;
    assert!((found - expected).abs() < 1e-9, "{metric} is {found}, not {expected}");
}

#[test]
fn every_definition_is_made_of_what_there_is() {
    let definitions = definitions();
    let mut before: Vec<&str> = Vec::new();
    for metric in &definitions.metrics {
        let names = metric.numerator.names().into_iter();
        for name in names.chain(metric.denominator.iter().flat_map(Expression::names)) {
            let is_quantity = Quantity::ALL.iter().any(|quantity| quantity.name() == name);
            assert!(is_quantity || before.contains(&name), "{}: {name}", metric.id);
        }
        assert!(!before.contains(&metric.id.as_str()), "{} stands twice", metric.id);
        assert!(matches!(metric.formula_from, Provenance::Published | Provenance::Authored), "{}", metric.id);
        for claim in &metric.claims {
            assert!(definitions.sources.contains_key(&claim.source), "{}", metric.id);
            assert!(claim.least.is_some(), "{} claims a number", metric.id);
        }
        before.push(&metric.id);
    }
    for quantity in Quantity::ALL {
        let used = definitions.metrics.iter().any(|metric| definitions.needs(metric).contains(&quantity));
        assert!(used, "{} is in no metric", quantity.name());
        assert_eq!(serde_json::to_value(quantity).unwrap(), quantity.name());
    }
    assert_eq!(definitions.scorecard.len(), 8);
    let lower = |kpi: &&Kpi| definitions.metric(&kpi.metric).unwrap().better == Better::Lower;
    assert_eq!(definitions.scorecard.iter().filter(lower).count(), 2);
}

#[test]
fn formulas_come_to_what_they_say() {
    use Quantity as Q;
    is("win_rate", &[(Q::DealsWon, 30.0), (Q::DealsLost, 70.0)], 0.3);
    is("cac", &[(Q::MarketingSpend, 60_000.0), (Q::SalesCost, 40_000.0), (Q::NewCustomers, 20.0)], 5_000.0);
    let retention =
        [(Q::MrrStart, 1_000.0), (Q::Expansion, 200.0), (Q::Contraction, 50.0), (Q::Churned, 100.0)];
    is("nrr", &retention, 1.05);
    is("grr", &retention, 0.85);
    is("expansion_rate", &retention, 0.2);
    let customers = [
        (Q::MrrEnd, 10_000.0),
        (Q::CustomersEnd, 100.0),
        (Q::CustomersStart, 120.0),
        (Q::CustomersLost, 9.0),
        (Q::Months, 3.0),
        (Q::GrossMargin, 0.8),
        (Q::MarketingSpend, 50_000.0),
        (Q::SalesCost, 0.0),
        (Q::NewCustomers, 50.0),
    ];
    is("monthly_churn", &customers, 0.025);
    is("clv_revenue", &customers, 4_000.0);
    is("clv_margin", &customers, 3_200.0);
    is("payback_months", &customers, 12.5);
    is("clv_margin_to_cac", &customers, 3.2);
    let pipeline = [
        (Q::DealsCreated, 40.0),
        (Q::DealsWon, 10.0),
        (Q::DealsLost, 30.0),
        (Q::WonAmount, 80_000.0),
        (Q::WonWithAmount, 8.0),
        (Q::WonDays, 500.0),
        (Q::WonWithDays, 10.0),
    ];
    is("velocity", &pipeline, 40.0 * 0.25 * 10_000.0 / 50.0);
}

#[test]
fn what_is_missing_is_named_and_nothing_assumed() {
    use Quantity as Q;
    let missing = value("cac", &facts(&[(Q::MarketingSpend, 1.0), (Q::NewCustomers, 1.0)])).unwrap_err();
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].what, "sales_cost");
    assert!(missing[0].why.contains("`given`"), "{}", missing[0].why);
    let missing = value("win_rate", &facts(&[(Q::DealsWon, 10.0)])).unwrap_err();
    assert_eq!(missing[0].what, "deals_lost", "a win rate without losses would be one hundred percent");
}

#[test]
fn nothing_below_the_line_is_undefined() {
    use Quantity as Q;
    let no_churn = [
        (Q::MrrEnd, 100.0),
        (Q::CustomersEnd, 10.0),
        (Q::CustomersStart, 10.0),
        (Q::CustomersLost, 0.0),
        (Q::Months, 3.0),
    ];
    assert!(
        value("customer_churn", &facts(&no_churn)).unwrap().value.abs() < 1e-12,
        "no churn is known to be none"
    );
    let undefined = value("clv_revenue", &facts(&no_churn)).unwrap_err();
    assert!(undefined[0].why.contains("monthly_churn is 0"), "{undefined:?}");
    let empty = value("win_rate", &facts(&[(Q::DealsWon, 0.0), (Q::DealsLost, 0.0)])).unwrap_err();
    assert!(empty[0].why.contains("undefined"), "{empty:?}");
    let negative =
        value("cost_per_pipeline_dollar", &facts(&[(Q::MarketingSpend, 5.0), (Q::PipelineCreated, -1.0)]));
    assert!(negative.is_err(), "a pipeline below nothing has no cost per dollar");
}

#[test]
fn the_weakest_ground_is_told() {
    use Quantity as Q;
    let mut facts = facts(&[(Q::MarketingSpend, 10.0), (Q::NewCustomers, 2.0)]);
    facts.put(Q::SalesCost, Ok(Known::said(10.0)));
    let cac = value("cac", &facts).unwrap();
    assert_eq!(cac.provenance, Provenance::Attested);
    assert_eq!(cac.inputs.len(), 3);
    facts.put(Q::SalesCost, Err(Missing { what: "sales_cost".into(), why: "no".into() }));
    assert!(value("cac", &facts).is_ok(), "what is known is not forgotten");
}

fn at(day: jiff::civil::Date) -> i64 {
    i64::from(day.since(date(1970, 1, 1)).unwrap().get_days()) * DAY
}

#[test]
fn periods_follow_the_calendar() {
    let now = at(date(2026, 5, 20));
    let found = periods(Every::Quarter, date(2025, 11, 15), date(2026, 5, 21), now).unwrap();
    let names: Vec<&str> = found.iter().map(|period| period.name.as_str()).collect();
    assert_eq!(names, ["2025-Q4", "2026-Q1", "2026-Q2"]);
    assert_eq!((found[1].from, found[1].until), (at(date(2026, 1, 1)), at(date(2026, 4, 1))));
    assert!(!found[1].is_partial && found[2].is_partial);
    assert_eq!(found[2].until, now);
    assert!((found[1].months() - 3.0).abs() < 1e-12, "{}", found[1].months());
    let february = periods(Every::Month, date(2026, 2, 1), date(2026, 3, 1), now).unwrap();
    assert!((february[0].months() - 1.0).abs() < 1e-12);
    assert_eq!(february[0].name, "2026-02");
    let whole = periods(Every::Whole, date(2024, 2, 29), date(2026, 1, 1), now).unwrap();
    assert_eq!((whole.len(), whole[0].from), (1, at(date(2024, 2, 29))));
    assert_eq!(last_before(Every::Quarter, 4, now).unwrap(), (date(2025, 7, 1), date(2026, 5, 21)));
}

#[test]
fn periods_that_cannot_be_are_refused() {
    let (day, now) = (date(2026, 1, 1), at(date(2026, 5, 20)));
    assert_eq!(periods(Every::Month, day, day, now), Err(PeriodError::Empty { from: day, to: day }));
    assert_eq!(periods(Every::Month, date(1990, 1, 1), day, now), Err(PeriodError::Many { most: 120 }));
    assert_eq!(
        periods(Every::Month, date(2027, 1, 1), date(2027, 3, 1), now),
        Ok(Vec::new()),
        "the future is empty"
    );
}

#[test]
fn a_trend_compares_the_last_two_periods_that_are_over() {
    use Quantity as Q;
    let now = at(date(2026, 5, 20));
    let all = periods(Every::Quarter, date(2025, 7, 1), date(2026, 5, 21), now).unwrap();
    let of = |won: f64, lost: f64| value("win_rate", &facts(&[(Q::DealsWon, won), (Q::DealsLost, lost)]));
    let readings = [of(500.0, 500.0), of(0.0, 0.0), of(300.0, 700.0), of(9.0, 1.0)];
    let refs: Vec<&Reading> = readings.iter().collect();
    let found = trend(Better::Higher, &all, &refs).unwrap();
    assert_eq!(
        (found.before, found.last, found.course),
        (0, 2, Course::Worse),
        "the empty and the partial are passed over"
    );
    assert!((found.change + 0.2).abs() < 1e-12 && (found.relative.unwrap() + 0.4).abs() < 1e-12);
    let few = [of(5.0, 5.0), of(5.0, 5.0), of(3.0, 7.0), of(9.0, 1.0)];
    let course = |readings: &[Reading]| {
        trend(Better::Higher, &all, &readings.iter().collect::<Vec<_>>()).unwrap().course
    };
    assert_eq!(course(&few), Course::MayBeChance);
    assert_eq!(course(&[of(5.0, 5.0), of(5.0, 5.0), of(5.0, 5.0), of(0.0, 0.0)]), Course::Steady);
    assert_eq!(trend(Better::Higher, &all[..1], &refs[..1]), None);
}

#[test]
fn the_scorecard_knows_which_way_is_better() {
    use Quantity as Q;
    let facts = facts(&[
        (Q::LeadDays, 300.0),
        (Q::DealsFromLeads, 10.0),
        (Q::MarketingSpend, 6_000.0),
        (Q::LeadsCreated, 100.0),
        (Q::SourcedPipeline, 20.0),
        (Q::PipelineCreated, 100.0),
    ]);
    let own = |metric: &str| (metric == "cost_per_lead").then_some(100.0);
    let scores = scorecard(definitions(), own, |metric| value(metric, &facts));
    let of = |metric: &str| scores.iter().find(|score| score.metric == metric).unwrap();
    let days = of("lead_to_opportunity_days");
    assert_eq!((days.standing, days.better), (Standing::Underway, Better::Lower));
    assert!((days.progress.unwrap() - 0.75).abs() < 1e-12);
    let cost = of("cost_per_lead");
    assert_eq!((cost.standing, cost.target), (Standing::AtTarget, Some(70.0)));
    assert_eq!(of("sourced_pipeline_share").standing, Standing::BelowBaseline);
    assert_eq!(of("net_promoter_score").standing, Standing::Unknown);
    let without = scorecard(definitions(), |_| None, |metric| value(metric, &facts));
    let cost = without.iter().find(|score| score.metric == "cost_per_lead").unwrap();
    assert_eq!((cost.standing, cost.baseline), (Standing::Unknown, None), "no baseline is assumed");
}

proptest! {
    #[test]
    fn retention_never_exceeds_the_whole_without_expansion(start in 1.0..1e6_f64, lost in 0.0..1.0_f64, less in 0.0..1.0_f64) {
        use Quantity as Q;
        let churned = start * lost;
        let facts = facts(&[
            (Q::MrrStart, start), (Q::Churned, churned), (Q::Contraction, (start - churned) * less), (Q::Expansion, 0.0),
        ]);
        let (nrr, grr) = (value("nrr", &facts).unwrap().value, value("grr", &facts).unwrap().value);
        prop_assert!((nrr - grr).abs() < 1e-9 && (-1e-9..=1.0 + 1e-9).contains(&grr));
    }
}
