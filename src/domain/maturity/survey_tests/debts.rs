//! The register of debts.

use super::*;

const TODAY: Date = date(2026, 6, 30);

fn debt(id: &str) -> Debt {
    Debt {
        id: id.to_owned(),
        kind: "carried_by_hand".to_owned(),
        opened: date(2026, 1, 15),
        closed: None,
        owner: None,
        due: None,
        interest: None,
        principal: None,
    }
}

fn lens() -> Lens {
    Lens::shipped("marketing_governance").unwrap()
}

#[test]
fn are_counted_and_answer_the_questions_on_them() {
    let owner = || Some("operations lead".to_owned());
    let debts = [
        Debt {
            owner: owner(),
            interest: Some(6.0),
            principal: Some(12.0),
            due: Some(date(2026, 9, 1)),
            ..debt("a")
        },
        Debt {
            owner: owner(),
            interest: Some(2.0),
            principal: Some(40.0),
            due: Some(date(2026, 6, 1)),
            ..debt("b")
        },
        Debt { opened: date(2024, 1, 1), kind: "ownerless".to_owned(), principal: Some(5.0), ..debt("c") },
        Debt { owner: owner(), ..debt("d") },
        Debt { opened: date(2024, 3, 1), closed: Some(date(2026, 2, 1)), ..debt("e") },
        Debt { opened: date(2023, 3, 1), closed: Some(date(2024, 2, 1)), ..debt("f") },
    ];
    let tally = tally(&lens(), &debts, TODAY).unwrap();
    assert_eq!(tally.open, 4);
    assert_eq!(tally.by_kind["carried_by_hand"], 3);
    assert_eq!((tally.interest_at_least, tally.interest_unknown), (8.0, 2));
    assert_eq!((tally.principal_at_least, tally.principal_unknown), (57.0, 1));
    assert_eq!(tally.overdue, ["b"]);
    assert_eq!(tally.soonest_repaid, [("a".to_owned(), 2.0), ("b".to_owned(), 20.0)]);
    assert_eq!(tally.oldest_days, Some(911));
    assert_eq!((tally.opened_lately, tally.closed_lately), (3, 1));
    let levels: Vec<(&str, Option<u8>)> =
        tally.answers.iter().map(|answer| (answer.question.as_str(), answer.level)).collect();
    assert_eq!(
        levels,
        [
            ("architectural_debt.owned", Some(3)),
            ("architectural_debt.priced", Some(3)),
            ("architectural_debt.decided", Some(2)),
            ("architectural_debt.removed", Some(2)),
        ]
    );
    let assessment = assess(&lens(), &tally.answers, &[]).unwrap();
    assert_eq!(assessment.coverage.attested, 4);
}

#[test]
fn of_which_there_are_none_answer_nothing() {
    let tally = tally(&lens(), &[], TODAY).unwrap();
    assert!(tally.answers.iter().all(|answer| answer.level.is_none()));
    assert_eq!(tally.oldest_days, None);
}

#[test]
fn that_cannot_be_counted_are_refused() {
    let check = |debts: &[Debt], expected: &str| {
        assert_eq!(tally(&lens(), debts, TODAY).unwrap_err().to_string(), expected);
    };
    check(&[debt("a"), debt("a")], "debt `a` is listed twice");
    check(
        &[Debt { kind: "tech".to_owned(), ..debt("a") }],
        "debt `a` is of the kind `tech`, which the lens does not have",
    );
    check(
        &[Debt { interest: Some(-1.0), ..debt("a") }],
        "the interest of debt `a` is -1 hours, which is not 0 or above",
    );
    check(&[Debt { opened: date(2027, 1, 1), ..debt("a") }], "debt `a` is entered in the future");
    check(
        &[Debt { closed: Some(date(2025, 1, 1)), ..debt("a") }],
        "debt `a` was removed before it was entered",
    );
    let bare = Lens::shipped("rm6").unwrap();
    assert_eq!(tally(&bare, &[], TODAY), Err(DebtError::NoRegister { lens: "rm6".to_owned() }));
}
