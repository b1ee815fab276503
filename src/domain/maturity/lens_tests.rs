//! What every shipped lens must be, and how a lens that cannot be scored is refused.

use super::{
    Answer, Lens, LensError, assess,
    lens::{DEFAULT, HIGHEST_LEVEL},
};
use crate::provenance::Provenance;
use std::collections::BTreeSet;

fn shipped() -> impl Iterator<Item = Lens> {
    Lens::names()
        .map(|name| Lens::shipped(name).unwrap_or_else(|error| panic!("{name}: {:#?}", error.flaws())))
}

/// Every question at the same level, each with a note.
fn documented(lens: &Lens, level: u8) -> Vec<Answer> {
    let ids = lens.question_ids();
    let note = || Some("the document shown".to_owned());
    ids.map(|(_, id)| Answer { question: id.to_owned(), level: Some(level), note: note() }).collect()
}

mod every_shipped_lens {
    use super::*;

    #[test]
    fn is_sound_and_survives_being_written() {
        for lens in shipped() {
            let text = serde_json::to_string_pretty(&lens).unwrap();
            assert_eq!(Lens::parse(&text).unwrap(), lens);
        }
        assert_eq!(shipped().map(|lens| lens.id).collect::<Vec<_>>(), Lens::names().collect::<Vec<_>>());
    }

    #[test]
    fn asks_at_least_four_questions_of_every_dimension() {
        for lens in shipped() {
            for dimension in &lens.dimensions {
                assert!((4..=6).contains(&dimension.questions.len()), "{} {}", lens.id, dimension.id);
                for question in &dimension.questions {
                    assert!(question.id.starts_with(&format!("{}.", dimension.id)), "{}", question.id);
                    assert!(question.text.ends_with('?'), "{}", question.text);
                }
            }
        }
    }

    /// Words of degree are the commonest reason why two people score one sight differently.
    #[test]
    fn has_anchors_free_of_mere_degree() {
        let vague = [
            "somewhat",
            "mostly good",
            "mature",
            "robust",
            "adequate",
            "best-in-class",
            "effective",
            "strong",
        ];
        for lens in shipped() {
            for (_, _, question) in lens.questions() {
                for (level, anchor) in &question.anchors {
                    let words = anchor.to_lowercase();
                    let found = vague.iter().find(|word| words.contains(**word));
                    assert_eq!(found, None, "{} level {level}: {anchor}", question.id);
                    assert!(anchor.ends_with('.'), "{} level {level}: {anchor}", question.id);
                }
            }
        }
    }

    #[test]
    fn can_be_measured_in_part() {
        for lens in shipped() {
            let measured = lens.questions().filter(|(_, _, question)| question.evidence.is_some()).count();
            assert!(measured >= 3, "{} asks {measured} measurable questions", lens.id);
        }
    }

    #[test]
    fn says_of_each_published_part_which_fact_it_stands_on() {
        for lens in shipped() {
            let used: BTreeSet<&str> = lens
                .dimensions
                .iter()
                .flat_map(|one| {
                    one.facts.iter().chain(one.questions.iter().flat_map(|question| &question.facts))
                })
                .chain(lens.groups.iter().flat_map(|one| &one.facts))
                .chain(lens.stages.iter().flat_map(|one| &one.facts))
                .chain(lens.entry_phases.iter().flat_map(|one| &one.facts))
                .chain(lens.readings.iter().flat_map(|one| &one.facts))
                .map(String::as_str)
                .collect();
            for fact in &lens.provenance.facts {
                assert!(used.contains(fact.id.as_str()), "{}: nothing stands on `{}`", lens.id, fact.id);
            }
            assert!(lens.provenance.facts.iter().any(|fact| fact.provenance == Provenance::Published));
        }
    }

    #[test]
    fn scores_a_documented_company_without_a_measurement_up_to_the_cap() {
        for lens in shipped() {
            let assessment = assess(&lens, &documented(&lens, HIGHEST_LEVEL), &[]).unwrap();
            let cap = f64::from(lens.caps().1);
            for dimension in &assessment.dimensions {
                assert_eq!((dimension.score.low, dimension.score.high), (cap, cap), "{}", dimension.id);
                assert!(dimension.capped);
            }
            assert_eq!(assessment.insufficient, None);
            assert_eq!(assessment.stage.is_some(), !lens.stages.is_empty());
        }
    }
}

mod the_lens_of {
    use super::*;

    fn dimensions(name: &str) -> Vec<String> {
        Lens::shipped(name).unwrap().dimensions.into_iter().map(|dimension| dimension.id).collect()
    }

    #[test]
    fn rm6_has_seven_capabilities_in_three_domains() {
        let lens = Lens::shipped("rm6").unwrap();
        let sizes: Vec<usize> = lens
            .groups
            .iter()
            .map(|group| lens.dimensions.iter().filter(|one| one.group.as_ref() == Some(&group.id)).count())
            .collect();
        assert_eq!(sizes, [2, 3, 2]);
        assert_eq!(lens.stages, []);
    }

    #[test]
    fn the_roi_engine_has_five_layers_and_four_demand_functions() {
        let lens = Lens::shipped("roi_engine").unwrap();
        assert_eq!(lens.groups.len(), 5);
        let demand = lens.dimensions.iter().filter(|one| one.group.as_deref() == Some("layer_2"));
        let demand: Vec<&str> = demand.map(|one| one.id.as_str()).collect();
        assert_eq!(
            demand,
            ["demand_creation", "demand_capture", "demand_acceleration", "expansion_and_retention"]
        );
    }

    #[test]
    fn the_others_have_the_published_parts() {
        assert_eq!(
            dimensions("revenue_architecture"),
            ["go_to_market", "customer_lifecycle", "organisational_design", "technology_and_data"]
        );
        assert_eq!(
            dimensions("agentic_architecture"),
            ["data_foundation", "mcp_coverage", "workflow_design", "intelligence_layer"]
        );
        assert_eq!(dimensions("data_governance").len(), 6);
        let governance = dimensions("marketing_governance");
        for part in [
            "brand",
            "lifecycle",
            "organisation",
            "architectural_debt",
            "measurement",
            "technology_governance",
        ] {
            assert!(governance.iter().any(|dimension| dimension == part), "{part}");
        }
    }
}

mod is_refused {
    use super::*;
    use serde_json::{Value, json};

    fn told(lens: &Value) -> Vec<String> {
        let text = serde_json::to_string_pretty(lens).unwrap();
        let error = Lens::parse(&text).unwrap_err();
        error.flaws().iter().map(ToString::to_string).collect()
    }

    fn shipped(name: &str) -> Value {
        serde_json::to_value(Lens::shipped(name).unwrap()).unwrap()
    }

    fn check(name: &str, pointer: &str, value: Value, expected: &str) {
        let mut lens = shipped(name);
        *lens.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
        let told = told(&lens);
        assert!(told.iter().any(|flaw| flaw.contains(expected)), "{pointer}: {told:#?}");
    }

    #[test]
    fn with_field_and_reason() {
        for (pointer, value, expected) in [
            (
                "/dimensions/0/questions/1/id",
                json!("digital_transformation.purchase_grounds"),
                "`dimensions[0].questions[1].id`: `digital_transformation.purchase_grounds` stands twice",
            ),
            (
                "/dimensions/0/id",
                json!("Digital"),
                "`dimensions[0].id`: `Digital` must be made of small letters",
            ),
            ("/dimensions/0/weight", json!(0.0), "`dimensions[0].weight`: is 0, which is not above 0"),
            ("/dimensions/0/questions", json!([]), "`dimensions[0].questions`: is empty"),
            ("/dimensions", json!([]), "`dimensions`: is empty"),
            (
                "/dimensions/0/questions/0/anchors",
                json!({"1": "a", "2": "b"}),
                "`dimensions[0].questions[0].anchors`: must have one anchor for each level from 1 to 5; missing: 3, 4, 5",
            ),
            ("/dimensions/0/questions/0/anchors/3", json!(" "), "missing: 3"),
            (
                "/dimensions/0/questions/0/anchors",
                json!({"1": "a", "2": "b", "3": "b", "4": "d", "5": "e"}),
                "`dimensions[0].questions[0].anchors.3`: says the same as level 2",
            ),
            (
                "/dimensions/0/questions/0/anchors",
                json!({"1": "a", "2": "b", "3": "c", "4": "d", "5": "e", "6": "f"}),
                "6 is no level",
            ),
            (
                "/dimensions/1/questions/0/evidence/measure",
                json!("fill"),
                "`dimensions[1].questions[0].evidence.measure`: unknown variant `fill`",
            ),
            (
                "/dimensions/1/questions/0/evidence/levels",
                json!([0.5, 0.25, 0.8, 0.9]),
                "`dimensions[1].questions[0].evidence.levels`: the thresholds must get strictly harder",
            ),
            ("/dimensions/1/questions/0/evidence/levels", json!([0.5, 0.6, 0.8, 80.0]), "80 is a value that"),
        ] {
            check(DEFAULT, pointer, value, expected);
        }
    }

    #[test]
    fn when_its_stages_do_not_lead_up() {
        for (pointer, value, expected) in [
            (
                "/stages/1/gates/3/dimension",
                json!("analytic"),
                "`stages[1].gates[3].dimension`: names the dimension `analytic`, which the lens does not have; did \
                 you mean `analytics`?",
            ),
            ("/stages/3/gates/0/at_least", json!(2.0), "asks less of `digital_transformation` than stage 3"),
            ("/stages/3/gates/0/at_least", json!(6.0), "a score from 1 to 5"),
            ("/stages/2/number", json!(4), "`stages[2].number`: is 4; they are numbered from 1"),
            (
                "/stages/0/gates",
                json!([{"dimension": "analytics", "at_least": 2.0}]),
                "the first must ask nothing",
            ),
            (
                "/entry_phases/1/requires/0/question",
                json!("analytics.closed_loop"),
                "names the question `analytics.closed_loop`",
            ),
            ("/entry_phases/1/stage", json!(9), "is 9, which is not a stage of the lens"),
            ("/stages", json!([]), "`entry_phases`: a lens without stages"),
            ("/parameters/attested_cap", json!(0), "`parameters.attested_cap`: is 0"),
            ("/parameters/minimum_coverage", json!(1.5), "`parameters.minimum_coverage`: is 1.5"),
            ("/title", json!(1), "`title`: invalid type"),
            ("/version", json!(""), "`version`: is empty"),
        ] {
            check(DEFAULT, pointer, value, expected);
        }
    }

    #[test]
    fn when_dimensions_rest_on_one_another_in_a_circle() {
        let mut lens = shipped("agentic_architecture");
        lens["dimensions"][0]["rests_on"] = json!(["intelligence_layer"]);
        let told = told(&lens);
        assert_eq!(told.len(), 1, "{told:#?}");
        assert!(
            told[0].ends_with(
                "`dimensions[0].rests_on`: goes round in a circle: data_foundation rests on intelligence_layer \
                 rests on data_foundation"
            ),
            "{told:#?}"
        );
        lens["dimensions"][0]["rests_on"] = json!(["data_foundation"]);
        assert!(self::told(&lens)[0].contains("data_foundation rests on data_foundation"));
        lens["dimensions"][0]["rests_on"] = json!(["workflow"]);
        assert!(self::told(&lens)[0].contains("names the dimension `workflow`"));
    }

    #[test]
    fn when_a_gate_can_never_pass() {
        check(
            "agentic_architecture",
            "/stages/3/gates/3/at_least",
            json!(4.5),
            "`stages[3].gates[3].at_least`: can never pass: nothing in `intelligence_layer` can be measured, and \
             what is only said counts up to 4",
        );
        check(
            "revenue_architecture",
            "/parameters/documented_cap",
            json!(2),
            "`parameters.documented_cap`: is 2",
        );
        check("revenue_architecture", "/parameters/documented_cap", json!(3), "can never pass");
    }

    #[test]
    fn when_a_reading_or_a_fact_leads_nowhere() {
        let name = "revenue_architecture";
        check(
            name,
            "/readings/0/when/0/of",
            json!("technology"),
            "`readings[0].when[0].of`: names the score",
        );
        check(name, "/readings/0/when/0/below", json!(1.0), "`readings[0].when[0].below`: is 1");
        check(name, "/readings/0/when/0", json!({"of": "go_to_market"}), "must have exactly one of");
        check(name, "/readings/1/when/0/exceeds/by", json!(5.0), "`readings[1].when[0].exceeds.by`: is 5");
        check(name, "/readings/0/when", json!([]), "`readings[0].when`: is empty");
        check(name, "/dimensions/0/facts", json!(["component"]), "did you mean `ra.components`?");
        check(name, "/dimensions/0/facts", json!([]), "is called published and names no published fact");
        check(name, "/provenance/facts/0/provenance", json!("measured"), "must be published or authored");
        check("rm6", "/dimensions/0/group", json!("strategy"), "names the group `strategy`");
        check(
            "marketing_governance",
            "/register/rules/0/question",
            json!("brand.owned"),
            "names the question",
        );
        check("marketing_governance", "/register/rules/0/levels", json!([0.9, 0.5, 0.8, 1.0]), "four shares");
        check("marketing_governance", "/register/kinds/1/id", json!("duplicate_capability"), "stands twice");
    }

    #[test]
    fn with_every_flaw_at_once_in_the_order_of_the_text() {
        let mut lens = shipped(DEFAULT);
        lens["stages"][1]["gates"][0]["dimension"] = json!("nothing");
        lens["title"] = json!("");
        lens["dimensions"][2]["weight"] = json!(-1);
        let text = serde_json::to_string_pretty(&lens).unwrap();
        let error = Lens::parse(&text).unwrap_err();
        assert_eq!(error.flaws().len(), 3);
        assert!(error.to_string().ends_with("(and 2 more)"), "{error}");
        let mut lines: Vec<usize> = error.flaws().iter().map(|flaw| flaw.line).collect();
        let rows: Vec<&str> = text.lines().collect();
        for flaw in error.flaws() {
            let field = flaw.path.rsplit('.').next().unwrap();
            assert!(rows[flaw.line - 1].contains(&format!("\"{field}\"")), "{flaw}");
        }
        lines.dedup();
        assert!(lines.is_sorted() && lines.len() == 3, "{lines:?}");
    }

    #[test]
    fn when_it_is_no_json() {
        let error = Lens::parse("{\n  \"id\": \"x\",\n  \"title\" 1}").unwrap_err();
        assert!(error.to_string().starts_with("line 3"), "{error}");
        for text in ["", "{", "[]", "{}", "nul", "{} {}"] {
            assert!(!Lens::parse(text).unwrap_err().flaws().is_empty(), "{text}");
        }
        let text = include_str!("lenses/six_dimensions.json").replacen("\"title\"", "\"name\"", 1);
        let told: Vec<String> =
            Lens::parse(&text).unwrap_err().flaws().iter().map(ToString::to_string).collect();
        assert_eq!(told[0], "line 1: missing field `title`");
        assert!(told[1].starts_with("line 3, `name`: unknown field `name`"), "{told:?}");
    }

    #[test]
    fn with_every_misfit_at_once_and_the_line_of_each() {
        let mut lens = shipped("marketing_governance");
        lens["title"] = json!(7);
        lens["parameters"] = json!("strict");
        lens["provenance"].as_object_mut().unwrap().remove("source");
        lens["dimensions"][0]["wheight"] = json!(1);
        lens["dimensions"][1]["questions"][2]["text"] = json!(["which?"]);
        lens["dimensions"][1]["questions"][2]["anchors"]["3"] = json!(3);
        lens["dimensions"][1]["questions"][3]["anchors"]["three"] = json!("seen");
        lens["dimensions"][2]["provenance"] = json!("publishd");
        lens["readings"][0]["when"][0].as_object_mut().unwrap().remove("of");
        lens["register"]["rules"][0]["levels"] = json!([0.1, 0.2]);
        lens["register"]["rules"][1]["figure"] = json!("owned");
        let text = serde_json::to_string_pretty(&lens).unwrap();
        let error = Lens::parse(&text).unwrap_err();
        let told: Vec<(&str, &str)> =
            error.flaws().iter().map(|flaw| (flaw.path.as_str(), flaw.problem.as_str())).collect();
        let expected = [
            ("title", "invalid type: integer `7`"),
            ("parameters", "invalid type: string \"strict\""),
            ("provenance", "missing field `source`"),
            ("dimensions[0].wheight", "unknown field `wheight`"),
            ("dimensions[1].questions[2].text", "invalid type: sequence"),
            ("dimensions[1].questions[2].anchors.3", "invalid type: integer `3`"),
            ("dimensions[1].questions[3].anchors", "expected key to be a number"),
            ("dimensions[2].provenance", "unknown variant `publishd`"),
            ("readings[0].when[0]", "missing field `of`"),
            ("register.rules[0].levels", "invalid length 2"),
            ("register.rules[1].figure", "unknown variant `owned`"),
        ];
        for (path, problem) in expected {
            let is_told = told.iter().any(|flaw| flaw.0.starts_with(path) && flaw.1.contains(problem));
            assert!(is_told, "{path}: {problem} is not in {told:#?}");
        }
        assert_eq!(told.len(), expected.len(), "{told:#?}");
        let rows: Vec<&str> = text.lines().collect();
        for flaw in error.flaws() {
            let field = flaw.path.rsplit('.').next().unwrap().split('[').next().unwrap();
            let row = rows[flaw.line - 1];
            assert!(row.contains(&format!("\"{field}\"")) || row.trim() == "{", "{flaw}: {row}");
        }
    }

    #[test]
    fn when_an_anchor_stands_twice() {
        let text = include_str!("lenses/six_dimensions.json").replacen("\"2\":", "\"1\":", 1);
        let error = Lens::parse(&text).unwrap_err();
        let told: Vec<String> = error.flaws().iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|flaw| flaw.contains("anchors.1`: stands twice")), "{told:#?}");
    }

    #[test]
    fn when_nothing_ships_under_the_name() {
        assert!(matches!(Lens::shipped("rm7"), Err(LensError::UnknownLens { .. })));
    }
}

#[test]
fn a_name_that_is_no_question_is_met_with_questions() {
    let lens = Lens::shipped("rm6").unwrap();
    assert_eq!(lens.offers("vendor_performance.contract")[0], "vendor_performance.contracts");
    assert_eq!(lens.offers("vendor_performance").len(), 4);
    assert_eq!(lens.offers("adoption_and_management").len(), 12);
    assert!(lens.offers("stack_operation").iter().all(|id| id.starts_with("stack_operations.")));
    assert!(lens.offers("zzz").is_empty());
}

#[test]
fn the_schema_names_every_part_of_the_format() {
    let schema = serde_json::to_string(&schemars::schema_for!(Lens)).unwrap();
    for part in
        ["groups", "rests_on", "facts", "readings", "register", "documented_cap", "exceeds", "evidence"]
    {
        assert!(schema.contains(&format!("\"{part}\"")), "{part}");
    }
}
