use super::*;
use crate::provenance::Provenance;

fn request(model: Option<Model>, lines: Vec<Line>) -> Request {
    Request {
        total: None,
        currency: Currency::default(),
        model,
        keep_published: true,
        lines,
        groups: Vec::new(),
        aim: Aim::Nearest,
    }
}

fn line(name: &str) -> Line {
    Line { name: name.to_owned(), ..Line::default() }
}

fn own(name: &str) -> Line {
    Line { is_own: true, ..line(name) }
}

fn share<'a>(plan: &'a Allocation, id: &str) -> &'a Share {
    plan.shares.iter().find(|share| share.id == id).unwrap()
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.011
}

#[test]
fn a_column_that_can_be_followed_gives_the_plan_nearest_to_its_midpoints() {
    let plan = allocate(&request(Some(Model::B2b), Vec::new())).unwrap();
    assert!(plan.relaxation.is_none());
    // The midpoints add up to 110, and every plan has to leave 10 of them.
    assert!(near(plan.distance, 10.0), "{}", plan.distance);
    // Each gives the same part of its midpoint, except where its minimum stops it first.
    assert!(near(share(&plan, "abx").percent, 20.45), "{:?}", plan.shares);
    assert!(near(share(&plan, "content").percent, 10.0), "{:?}", plan.shares);
    for share in &plan.shares {
        assert!(share.percent >= share.least.unwrap().at && share.percent <= share.most.unwrap().at);
        assert_eq!(share.reference.from, From::Midpoint);
    }
}

#[test]
fn a_column_whose_minimums_are_everything_leaves_one_plan() {
    let plan = allocate(&request(Some(Model::B2c), Vec::new())).unwrap();
    assert!(plan.relaxation.is_none());
    for share in &plan.shares {
        assert!(near(share.percent, share.least.unwrap().at), "{share:?}");
        assert!(share.could_be.high - share.could_be.low < 1e-6, "{share:?}");
    }
}

#[test]
fn a_column_whose_minimums_exceed_the_budget_names_the_smallest_relaxation() {
    let plan = allocate(&request(Some(Model::B2b2c), Vec::new())).unwrap();
    let relaxation = plan.relaxation.unwrap();
    assert!(near(relaxation.points, 5.0), "{relaxation:?}");
    assert_eq!(relaxation.moves.len(), 7);
    for Move { from, to, end, whose, .. } in &relaxation.moves {
        assert!(
            (to / from - 100.0 / 105.0).abs() < 1e-4,
            "each gives the same part of its minimum: {from} {to}"
        );
        assert_eq!((*end, *whose), (End::Least, Provenance::Published));
    }
    assert_eq!(relaxation.alone.len(), 7, "any minimum alone could give 5 points: {:?}", relaxation.alone);
    assert!(relaxation.alone.iter().all(|alone| near(alone.from - alone.to, 5.0)));
    assert_eq!(plan.table.unwrap().followable, Followable::No);
}

#[test]
fn the_callers_limits_give_way_last() {
    let mut asked =
        request(Some(Model::B2b2c), vec![Line { least: Some(Size::Percent(30.0)), ..line("CDP") }]);
    let plan = allocate(&asked).unwrap();
    assert!(share(&plan, "cdp").percent >= 30.0);
    assert_eq!(plan.set_aside, [SetAside { category: "cdp".to_owned(), end: End::Most, at: 25.0 }]);
    assert!(near(plan.relaxation.unwrap().points, 15.0));
    // Only the caller's own limits are left to move.
    asked.keep_published = false;
    asked.lines = vec![
        Line { least: Some(Size::Percent(60.0)), ..line("cdp") },
        Line { least: Some(Size::Percent(60.0)), ..line("abx") },
    ];
    let relaxation = allocate(&asked).unwrap().relaxation.unwrap();
    assert!(near(relaxation.points, 20.0));
    assert!(relaxation.moves.iter().all(|moved| moved.whose == Provenance::Attested && near(moved.to, 50.0)));
}

#[test]
fn a_plan_stays_near_the_current_spend_and_adds_up_to_the_last_cent() {
    let mut asked = request(
        Some(Model::B2b),
        [("abx", 300.0), ("sales_enablement", 200.0), ("cdp", 0.0), ("analytics", 150.0)]
            .map(|(name, current)| Line { current: Some(current), ..line(name) })
            .to_vec(),
    );
    asked.total = Some(1_000.01);
    asked.currency = Currency::parse("EUR").unwrap();
    let plan = allocate(&asked).unwrap();
    assert_eq!(plan.shares.iter().filter_map(|share| share.amount).sum::<u64>(), 100_001);
    assert_eq!(share(&plan, "abx").reference.from, From::Current);
    assert_eq!(share(&plan, "content").reference.from, From::Midpoint);
    assert!(near(share(&plan, "cdp").percent, 18.0), "zero is known, and its minimum is the nearest");
    let asked = Request { total: None, ..asked };
    assert!(
        matches!(allocate(&asked).unwrap_err(), RequestError::CurrentUnknown { names } if names.len() == 3)
    );
}

#[test]
fn the_most_return_is_computed_from_the_callers_returns_alone() {
    let mut asked = request(
        None,
        vec![
            Line { expected_return: Some(3.0), most: Some(Size::Percent(60.0)), ..own("brand") },
            Line { expected_return: Some(1.0), least: Some(Size::Percent(10.0)), ..own("events") },
            Line { expected_return: Some(2.0), ..own("search") },
        ],
    );
    asked.aim = Aim::MostReturn;
    let plan = allocate(&asked).unwrap();
    let percents: Vec<f64> = plan.shares.iter().map(|share| share.percent).collect();
    assert!(near(percents[0], 60.0) && near(percents[1], 10.0) && near(percents[2], 30.0), "{percents:?}");
    assert!(near(plan.expected_return.unwrap(), 2.5));
    asked.lines[2].expected_return = None;
    let refused = allocate(&asked).unwrap_err();
    assert_eq!(refused, RequestError::ReturnUnknown { names: vec!["search".to_owned()] });
    let published = Request { model: Some(Model::B2b), lines: Vec::new(), ..asked };
    assert!(
        matches!(allocate(&published), Err(RequestError::ReturnUnknown { .. })),
        "printed returns are not used"
    );
}

#[test]
fn groups_fixed_parts_and_targets_hold() {
    let mut asked = request(
        Some(Model::B2b),
        vec![
            Line { fixed: Some(Size::Amount(50_000.0)), ..line("marketing automation") },
            Line { target: Some(Size::Percent(24.0)), ..line("ABM") },
            own("SEO"),
        ],
    );
    asked.total = Some(200_000.0);
    asked.groups = vec![Group {
        names: vec!["abx".to_owned(), "Sales enablement".to_owned()],
        least: None,
        most: Some(Size::Amount(70_000.0)),
    }];
    let plan = allocate(&asked).unwrap();
    assert!(near(share(&plan, "marketing_automation").percent, 25.0));
    let pair = share(&plan, "abx").percent + share(&plan, "sales_enablement").percent;
    assert!(pair <= 35.0 + 0.01, "{pair}");
    assert!(
        plan.relaxation.is_some(),
        "20 and 15 at least are 35, and the others need 73 with the fixed part"
    );
    let seo = share(&plan, "SEO");
    assert_eq!((seo.reference.from, seo.claimed_return), (From::Even, None));
}

#[test]
fn what_cannot_be_a_budget_is_refused() {
    let refused = |change: &dyn Fn(&mut Request)| {
        let mut asked = request(Some(Model::B2b), vec![line("cdp")]);
        asked.total = Some(100.0);
        change(&mut asked);
        allocate(&asked).unwrap_err()
    };
    assert_eq!(refused(&|asked| asked.total = Some(0.0)), RequestError::NoBudget);
    for total in [-5.0, f64::NAN, f64::INFINITY, 1e15] {
        assert!(
            matches!(refused(&|asked| asked.total = Some(total)), RequestError::Amount { .. }),
            "{total}"
        );
    }
    let limit = |least, most| {
        move |asked: &mut Request| {
            asked.lines[0].least = Some(Size::Percent(least));
            asked.lines[0].most = Some(Size::Percent(most));
        }
    };
    assert!(matches!(refused(&limit(20.0, 10.0)), RequestError::Reversed { .. }));
    assert!(matches!(refused(&limit(-1.0, 10.0)), RequestError::Percent { .. }));
    assert!(matches!(refused(&limit(f64::NAN, 10.0)), RequestError::Percent { .. }));
    assert!(matches!(refused(&limit(1.0, 101.0)), RequestError::Percent { .. }));
    let unknown = refused(&|asked| asked.lines[0].name = "analytic".to_owned());
    assert!(matches!(unknown, RequestError::UnknownCategory { near, .. } if near[0] == "analytics"));
    let twice = refused(&|asked| asked.lines.push(line("Customer Data Platform")));
    assert!(matches!(twice, RequestError::Twice { .. }));
    assert_eq!(refused(&|asked| asked.lines[0].name = " ".to_owned()), RequestError::NoName);
    let fixed = |amount| move |asked: &mut Request| asked.lines[0].fixed = Some(Size::Amount(amount));
    assert!(matches!(refused(&fixed(150.0)), RequestError::Percent { .. }));
    let all_fixed = refused(&|asked| {
        asked.model = None;
        asked.lines[0].fixed = Some(Size::Amount(60.0));
        asked.lines.push(Line { fixed: Some(Size::Amount(30.0)), ..line("abx") });
    });
    assert!(matches!(all_fixed, RequestError::FixedSum { sum } if near(sum, 90.0)));
    let no_total = refused(&|asked| {
        asked.total = None;
        asked.lines[0].least = Some(Size::Amount(10.0));
    });
    assert!(matches!(no_total, RequestError::NoTotal { .. }));
    let nothing = refused(&|asked| {
        asked.model = None;
        asked.lines.clear();
    });
    assert_eq!(nothing, RequestError::Nothing);
    let many = refused(&|asked| asked.lines.extend((0..80).map(|at| own(&format!("own {at}")))));
    assert!(matches!(many, RequestError::TooMany { count: 87, .. }), "{many}");
}

#[test]
fn published_shares_are_held_against_what_is_known_only() {
    let none = checks(&Spending::default()).unwrap();
    assert_eq!(none.len(), 8);
    assert!(none.iter().all(|check| check.standing.is_none()), "unknown is neither within nor outside");
    let split = Split {
        core_platforms: 40.0,
        specialized_tools: 40.0,
        integration_operations: 10.0,
        innovation_testing: 10.0,
    };
    let spending = Spending {
        technology: Some(100.0),
        marketing: Some(400.0),
        revenue: Some(10_000.0),
        split: Some(split),
        compliance: Some(5.0),
        transformation: None,
    };
    let found = checks(&spending).unwrap();
    let standing = |id: &str| found.iter().find(|check| check.claim.id == id).unwrap().standing;
    assert_eq!(standing("technology_share_average"), Some(Standing::Above));
    assert_eq!(standing("technology_share_high_performers"), Some(Standing::Within));
    assert_eq!(standing("split_core_platforms"), Some(Standing::Within));
    assert_eq!(standing("split_specialized_tools"), Some(Standing::Above));
    assert_eq!(standing("split_integration_operations"), Some(Standing::Below));
    assert_eq!(standing("compliance_share"), Some(Standing::Below));
    assert_eq!(standing("transformation_share"), None);
    assert_eq!(share_of_revenue(&spending), Some(1.0));
    let off = Spending { split: Some(Split { core_platforms: 50.0, ..split }), ..spending };
    assert!(matches!(checks(&off), Err(RequestError::SplitSum { .. })));
    assert!(checks(&Spending { revenue: Some(f64::NAN), ..spending }).is_err());
}
