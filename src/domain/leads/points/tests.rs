//! Points add up, stay in range, and rules fire as often as they say.

use super::*;
use crate::leads::{grade::Grade, random::Random, words::Side};
use proptest::prelude::*;

/// 2026-01-31.
const NOW: i64 = 1_769_817_600_000_000;
const COLUMNS: [&str; 9] = [
    "JobTitle",
    "NumberOfEmployees",
    "email",
    "Lead Source",
    "LastActivityDate",
    "pricing_page_views",
    "HasOptedOutOfEmail",
    "meetings",
    "nonsense",
];

fn shipped() -> PointsLens {
    PointsLens::shipped().unwrap()
}

fn score(cells: [&str; 9]) -> PointScore {
    let lens = shipped();
    let cells: Vec<Option<&str>> = cells.map(|cell| (!cell.is_empty()).then_some(cell)).into();
    PointsSheet::new(&lens, &COLUMNS).score(&cells, NOW)
}

fn rules(score: &PointScore) -> Vec<&str> {
    score.reasons.iter().map(|reason| reason.rule.as_str()).collect()
}

#[test]
fn a_lead_gets_points_with_reasons() {
    let good =
        score(["VP of Sales", "200-499", "a@acme.io", "Referral", "2026-01-28", "3", "false", "1", ""]);
    assert_eq!(
        rules(&good),
        ["title_vp", "size_middle", "email_work", "active_week", "meeting", "pricing", "source_asked"]
    );
    assert!((good.fit - 35.0).abs() < 1e-9 && (good.engagement - 41.0).abs() < 1e-9);
    assert_eq!(good.grade, Grade::A);
    assert!(good.at_most >= good.score && good.at_most <= 100.0);
}

#[test]
fn the_first_of_a_group_counts_and_words_are_whole() {
    assert_eq!(
        rules(&score(["Chief of Staff, former Director", "", "", "", "", "", "", "", ""])),
        ["title_chief"]
    );
    assert_eq!(rules(&score(["Directorate clerk", "", "", "", "", "", "", "", ""])), Vec::<&str>::new());
    assert_eq!(rules(&score(["", "", "a@GMAIL.com", "", "2026-02-20", "1", "", "", ""])), Vec::<&str>::new());
}

#[test]
fn a_refusal_outweighs_interest_and_the_rest_is_said() {
    let refused = score(["CEO", "5000", "a@acme.io", "Referral", "2026-01-30", "9", "true", "2", ""]);
    assert!(refused.engagement.abs() < 1e-9);
    let held = refused.reasons.last().unwrap();
    assert_eq!((held.rule.as_str(), held.side), ("held_in_range", Side::Engagement));
    assert!((refused.reasons.iter().map(|reason| reason.points).sum::<f64>() - refused.score).abs() < 1e-9);
}

#[test]
fn unknown_is_not_nought() {
    let empty = score([""; 9]);
    assert!(empty.score.abs() < 1e-9 && (empty.at_most - 100.0).abs() < 1e-9);
    assert_eq!(empty.grade, Grade::D);
}

#[test]
fn faults_in_a_lens_are_named_with_their_path() {
    let faulty = |from: &str, to: &str| {
        let text = include_str!("../points.json").replacen(from, to, 1);
        PointsLens::parse(&text).unwrap_err().to_string()
    };
    assert_eq!(
        faulty("\"fit\": 50", "\"fit\": 60"),
        "`most_points` must not go below 0 and must add up to 100"
    );
    assert_eq!(
        faulty("\"field\": \"job_title\"", "\"field\": \"title\""),
        "`rules[0].field` is no field of the lens"
    );
    assert_eq!(faulty("\"any_word\"", "\"some_word\""), "cannot read the lens at `rules[0].when`");
    assert_eq!(faulty("\"title_vp\"", "\"title_chief\""), "`rules[1].id` stands twice");
    assert!(
        faulty("\"provenance\": \"authored\"", "\"provenance\": \"measured\"").contains("no measurement")
    );
    assert!(faulty("\"points\": 18", "\"points\": 0").starts_with("`rules[0].points`"));
}

proptest! {
    #[test]
    fn points_add_up_and_rules_fire_as_often_as_they_say(seed in 0_u64..1000) {
        let lens = shipped();
        let sheet = PointsSheet::new(&lens, &COLUMNS);
        let mut random = Random::new(seed);
        let mut tally = sheet.tally();
        let mut seen = vec![0; lens.rules.len()];
        for _ in 0..50 {
            let choices: [&[&str]; 9] = [
                &["CEO", "VP Sales", "student", "clerk", ""],
                &["5", "50-199", "1,000 to 5,000", "10000+", "many", ""],
                &["a@gmail.com", "b@acme.io", ""],
                &["inbound_marketing", "Purchased list", "other", ""],
                &["2026-01-30", "2026-01-10", "2020-01-01", "soon", ""],
                &["0", "2", ""],
                &["true", "false", "", "", ""],
                &["0", "3", ""],
                &["x", ""],
            ];
            let cells: Vec<Option<&str>> = choices
                .iter()
                .map(|words| words[random.below(words.len())])
                .map(|word| (!word.is_empty()).then_some(word))
                .collect();
            let score = sheet.score(&cells, NOW);
            tally.add(&score);
            let sum: f64 = score.reasons.iter().map(|reason| reason.points).sum();
            prop_assert!((sum - score.score).abs() < 1e-9);
            prop_assert!((score.fit + score.engagement - score.score).abs() < 1e-9);
            prop_assert!((0.0..=100.0).contains(&score.score));
            prop_assert!(score.score <= score.at_most + 1e-9 && score.at_most <= 100.0);
            for (count, rule) in seen.iter_mut().zip(&lens.rules) {
                *count += score.reasons.iter().filter(|reason| reason.rule == rule.id).count() as u64;
            }
        }
        for (count, seen) in tally.rules.iter().zip(seen) {
            prop_assert_eq!(count.fired, seen);
            prop_assert_eq!(count.fired + count.silent + count.unknown, 50);
        }
    }
}
