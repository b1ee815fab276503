//! Credit of channels through the tool: the planted effects of the sample company, and an independent implementation.

use crate::support::{NOW, run, stderr, stdout};
use serde_json::{Value, json};
use std::{fs, path::Path, sync::LazyLock};
use tempfile::TempDir;

/// A company with enough won deals to compare channels.
static COMPANY: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let company = revarch_sample::Company { contacts: 8_000, seed: 1, now: NOW.parse().unwrap(), clean: false };
    revarch_sample::write(&company, folder.path(), &mut |_, _| {}).unwrap();
    folder
});

fn attribute(arguments: &Value, data: &Path) -> Value {
    let (text, data) = (arguments.to_string(), data.display().to_string());
    let output = run(&["call", "attribute_revenue", "--args", &text, "--data", &data, "--now", NOW]);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(stdout(&output)).unwrap()
}

fn credit(found: &Value, channel: &str, model: &str) -> Value {
    let of = found["channels"].as_array().unwrap().iter().find(|one| one["channel"] == channel);
    let of = of.unwrap_or_else(|| panic!("no channel {channel}: {found:#}"));
    of["credit"].as_array().unwrap().iter().find(|one| one["model"] == model).unwrap().clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn planted_touches_are_credited_to_the_deal() {
    let found = attribute(&json!({"resamples": 0, "models": ["first", "last"], "response_format": "detailed"}), COMPANY.path());
    let truth: Value = serde_json::from_str(&fs::read_to_string(COMPANY.path().join("truth.json")).unwrap()).unwrap();
    let truth = &truth["attribution"];
    for (model, planted) in [("first", &truth["first_touch"]), ("last", &truth["last_touch"])] {
        let planted = planted.as_object().unwrap();
        assert!(planted.len() > 5, "{planted:?}");
        for (channel, expected) in planted {
            let ours = credit(&found, channel, model);
            assert!((number(&ours["conversions"]) - number(&expected["deals"])).abs() < 1e-9, "{model} {channel}: {ours}");
            assert!((number(&ours["value"]) - number(&expected["amount"])).abs() < 1e-9, "{model} {channel}: {ours}");
        }
    }
    let revenue = &found["revenue"];
    let untouched = number(&revenue["conversions"]) - number(&revenue["touched_conversions"]);
    assert!((untouched - number(&truth["untouched"]["deals"])).abs() < 1e-9, "{revenue:#}");
    assert!((number(&revenue["value"]) - number(&revenue["touched_value"]) - number(&truth["untouched"]["amount"])).abs() < 0.01);
}

#[test]
fn the_channel_that_helps_is_told_from_the_one_that_hinders() {
    let models = json!(["last", "linear", "markov", "shapley", "shapley_rate", "leave_one_out"]);
    let found = attribute(&json!({"models": models}), COMPANY.path());
    let truth: Value = serde_json::from_str(&fs::read_to_string(COMPANY.path().join("truth.json")).unwrap()).unwrap();
    let (helps, hinders) =
        (truth["attribution"]["helps"].as_str().unwrap(), truth["attribution"]["hinders"].as_str().unwrap());
    for model in models.as_array().unwrap() {
        let model = model.as_str().unwrap();
        let share = |channel| number(&credit(&found, channel, model)["share"]);
        assert!(share(helps) > 2.0 * share(hinders), "{model}: {} {}", share(helps), share(hinders));
    }
    let moves = found["moves"].as_array().unwrap();
    let robust = moves.iter().any(|one| one["to"] == helps && one["from"] == hinders && one["robust"] == true);
    assert!(robust, "{moves:#?}");
}

#[test]
fn sessions_and_conversions_come_to_what_fractribution_makes_of_them() {
    let Some(folder) = std::env::var_os("REVARCH_TEST_DATA") else {
        return eprintln!("skipped: REVARCH_TEST_DATA does not name the test data");
    };
    let expected = Path::new(&folder).join("data/snowplow_fractribution/integration_tests/data/expected");
    let data = tempfile::tempdir().unwrap();
    for (from, to) in [("sessions", "sessions.csv"), ("conversions", "conversions.csv")] {
        let from = expected.join(format!("snowplow_fractribution_{from}_by_customer_id_expected.csv"));
        fs::copy(from, data.path().join(to)).unwrap();
    }
    let spends = ["Direct", "Organic_Search", "Paid_Search_Other", "Referral", "Unmatched_Channel", "Video"];
    let found = attribute(
        &json!({
            "touches": "sessions",
            "touch_columns": {"key": "customer_id", "time": "visit_start_tstamp", "channel": "channel"},
            "conversions": "conversions",
            "conversion_columns": {"key": "customer_id", "time": "conversion_tstamp", "value": "revenue"},
            "window_days": 30, "until": "2022-08-01", "collapse_repeats": true, "resamples": 0, "sensitivity": false,
            "models": ["leave_one_out", "last"], "response_format": "detailed",
            "spend": spends.map(|channel| json!({"channel": channel, "amount": 10_000})),
        }),
        data.path(),
    );
    let report = fs::read_to_string(expected.join("snowplow_fractribution_report_table_expected.csv")).unwrap();
    for line in report.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [channel, _, _, conversions, revenue, _, roas, kind] = cells[..] else { panic!("{line}") };
        let ours = credit(&found, channel, if kind == "shapley" { "leave_one_out" } else { "last" });
        for (name, expected, off) in [
            ("conversions", conversions, 1e-8),
            ("value", revenue, 0.005),
            ("return_on_spend", roas, 1e-6),
        ] {
            let expected: f64 = expected.parse().unwrap();
            assert!((number(&ours[name]) - expected).abs() <= off, "{line}: {ours}");
        }
    }
}
