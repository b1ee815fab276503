//! Lead scores through the tools: the planted score, the trained one, stored models and files of scores.

use crate::support::{NOW, Pipe, empty_folder, modern, run, sample_folder, stderr, stdout};
use serde_json::{Value, json};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};
use tempfile::TempDir;

/// A company with enough outcomes to train and to judge.
static COMPANY: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let company = revarch_sample::Company { contacts: 8_000, seed: 1, now: NOW.parse().unwrap(), clean: false };
    revarch_sample::write(&company, folder.path(), &mut |_, _| {}).unwrap();
    folder
});

fn call(tool: &str, arguments: &Value, data: &Path, also: &[&str]) -> Result<Value, String> {
    let (text, data) = (arguments.to_string(), data.display().to_string());
    let mut all = vec!["call", tool, "--args", &text, "--data", &data, "--now", NOW];
    all.extend(also);
    let output = run(&all);
    if output.status.success() { Ok(serde_json::from_str(stdout(&output)).unwrap()) } else { Err(stderr(&output).to_owned()) }
}

fn over_company(tool: &str, arguments: &Value, also: &[&str]) -> Value {
    call(tool, arguments, COMPANY.path(), also).unwrap_or_else(|error| panic!("{error}"))
}

/// A folder with a store and a place for output, and the arguments that name them.
fn kept() -> (TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let arguments = vec!["--store".to_owned(), path("kept.db"), "--output".to_owned(), path("")];
    (folder, arguments)
}

fn as_str(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn the_planted_score_is_not_predictive_and_the_trained_model_is() {
    let found = over_company("validate_lead_score", &json!({"table": "leads", "score": "legacy_score"}), &[]);
    assert_eq!(found["verdict"], "not_predictive", "{found:#}");
    let truth: Value =
        serde_json::from_str(&fs::read_to_string(COMPANY.path().join("truth.json")).unwrap()).unwrap();
    let planted = &truth["legacy_score"];
    assert!((number(&found["auc"]["value"]) - number(&planted["auc"])).abs() < 1e-4);
    let measured = &found["measures"][0];
    assert_eq!((&measured["measure"], &measured["provenance"]), (&json!("lead_score_auc"), &json!("measured")));
    assert!((number(&measured["value"]) - number(&planted["auc"])).abs() < 1e-4, "{measured}");
    assert_eq!((&found["labelled"], &found["auc"]["converted"]), (&planted["labelled"], &planted["positives"]));
    let ours = &found["our_model"];
    assert_eq!(ours["verdict"], "predictive", "{ours:#}");
    assert!(number(&ours["comparison"]["interval"]["low"]) > 0.0, "{ours:#}");
    assert!(found["activity"]["rewards"].is_string() && !found["source"]["activity"].as_array().unwrap().is_empty());
}

/// A lead a day over two years; a deal follows where the score at creation is high, and the score is raised then.
fn leads_with_scores_apart(folder: &Path) {
    let mut leads = String::from("lead_id,created_at,lead_source\n");
    let mut scores = String::from("lead_id,scored_at,score\n");
    let mut deals = String::from("deal_id,lead_id,created_at,stage\n");
    let start: jiff::Timestamp = "2024-01-01T09:00:00Z".parse().unwrap();
    for at in 0..1_400_i64 {
        let created = start + jiff::SignedDuration::from_hours(at * 12);
        let score = at * 37 % 100;
        let converts = score > 70 && at % 3 != 0 || at % 17 == 0;
        writeln!(leads, "L{at},{created},web").unwrap();
        writeln!(scores, "L{at},{created},{score}").unwrap();
        if converts {
            let later = created + jiff::SignedDuration::from_hours(72);
            writeln!(deals, "D{at},L{at},{later},open").unwrap();
            writeln!(scores, "L{at},{later},1000").unwrap();
        }
    }
    for (name, text) in [("leads.csv", leads), ("lead_scores.csv", scores), ("deals.csv", deals)] {
        fs::write(folder.join(name), text).unwrap();
    }
}

#[test]
fn a_score_in_a_table_of_its_own_is_judged_as_it_stood_at_the_decision() {
    let folder = tempfile::tempdir().unwrap();
    leads_with_scores_apart(folder.path());
    let judge = |arguments: Value| call("validate_lead_score", &arguments, folder.path(), &[]);
    let found = judge(json!({"within_days": 30})).unwrap();
    assert_eq!((&found["source"]["score"], &found["verdict"]), (&json!("score"), &json!("predictive")), "{found:#}");
    let auc = number(&found["auc"]["value"]);
    assert!(auc > 0.75 && auc < 0.97, "a score read after the outcome would be near 1: {auc}");
    let named = judge(json!({"within_days": 30, "score_table": "lead_scores", "score": "score"})).unwrap();
    assert_eq!(named["auc"], found["auc"]);
    let unknown = judge(json!({"score_table": "lead_scorez"})).unwrap_err();
    assert!(unknown.contains("no table `lead_scorez`") && unknown.contains("lead_scores"), "{unknown}");
    let labelled = judge(json!({"score_table": "lead_scores", "label": "converted"})).unwrap_err();
    assert!(labelled.contains("`score_table` would read another out of the deals"), "{labelled}");
}

#[test]
fn planted_leaks_are_dropped_and_nothing_clean_is() {
    let scored = over_company("score_leads", &json!({"table": "leads"}), &[]);
    assert_eq!(scored["outcome"], "trained", "{scored:#}");
    let dropped = scored["dropped"].as_array().unwrap();
    let leaks: Vec<&str> = dropped
        .iter()
        .filter(|note| note["reason"].as_str().unwrap().starts_with("leak"))
        .map(|note| note["column"].as_str().unwrap())
        .collect();
    assert_eq!(leaks.len(), 2, "{leaks:?}");
    assert!(leaks.contains(&"close_date") && leaks.contains(&"sales_tag"), "{leaks:?}");
    let size = scored.to_string().len();
    assert!(size < 40_000, "a concise answer has {size} letters");
}

#[test]
fn a_kept_model_scores_again_and_is_carried_from_store_to_store() {
    let (folder, arguments) = kept();
    let arguments = as_str(&arguments);
    let trained = over_company("score_leads", &json!({"table": "leads", "top": 5}), &arguments);
    let id = trained["model_id"].as_str().unwrap().to_owned();
    let again = over_company("score_leads", &json!({"model": id, "top": 5}), &arguments);
    assert_eq!(again["outcome"], "scored");
    assert_eq!(again["top_leads"], trained["top_leads"]);
    assert_eq!(again["scored"], trained["scored"]);
    let settled = json!({"model": id, "method": "points", "exclude": ["industry"], "within_days": 7});
    let settled = call("score_leads", &settled, COMPANY.path(), &arguments).unwrap_err();
    assert!(settled.contains("`exclude`, `within_days`, `method` cannot be given with `model`"), "{settled}");

    let models = |command: &[&str]| {
        let output = run(&[&["models"], command, arguments.as_slice()].concat());
        (output.status.success(), stdout(&output).to_owned() + stderr(&output))
    };
    assert!(models(&["list"]).1.starts_with(&id));
    let file = folder.path().join("model.json").display().to_string();
    assert!(models(&["export", &id, &file]).0);
    assert!(models(&["delete", &id]).0);
    assert_eq!(models(&["list"]), (true, "no model is kept\n".to_owned()));
    let gone = call("score_leads", &json!({"model": id}), COMPANY.path(), &arguments).unwrap_err();
    assert!(gone.contains(&format!("there is no model `{id}`")), "{gone}");
    assert_eq!(models(&["import", &file]).1, format!("imported {id}\n"));
    let carried = over_company("score_leads", &json!({"model": id, "top": 5}), &arguments);
    assert_eq!(carried["top_leads"], trained["top_leads"]);

    // Damage is told, and so is what is no model.
    fs::write(&file, fs::read_to_string(&file).unwrap().replacen("\"seed\":1", "\"seed\":2", 1)).unwrap();
    assert!(models(&["import", &file]).1.contains("damaged"));
    assert!(models(&["delete", "nothing"]).1.contains("there is no model `nothing`"));
    let nowhere = run(&["models", "list"]);
    assert!(stderr(&nowhere).contains("no store is named"), "{}", stderr(&nowhere));

    let uri = format!("revarch://models/{id}");
    let mut server = Pipe::start(&arguments);
    let listed = server.ask(&modern(1, "resources/list", json!({})));
    let uris: Vec<&str> =
        listed["result"]["resources"].as_array().unwrap().iter().map(|one| one["uri"].as_str().unwrap()).collect();
    assert!(uris.contains(&uri.as_str()), "{uris:?}");
    let read = server.ask(&modern(2, "resources/read", json!({"uri": uri})));
    let card: Value = serde_json::from_str(read["result"]["contents"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!((&card["id"], &card["origin"]["table"]), (&json!(id), &json!("leads")));
}

/// The rows of a file of scores, by the names of its columns.
fn rows(file: &Path) -> Vec<Vec<(String, String)>> {
    let text = fs::read_to_string(file).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let names = lines.next().unwrap();
    lines.map(|cells| names.iter().cloned().zip(cells).collect()).collect()
}

fn cell(row: &[(String, String)], name: &str) -> f64 {
    row.iter().find(|(known, _)| known == name).unwrap().1.parse().unwrap()
}

#[test]
fn all_scores_are_written_and_add_up() {
    let (folder, arguments) = kept();
    let arguments = as_str(&arguments);
    let asked = json!({"table": "leads", "write": "scores.csv", "capacity": 50});
    let scored = over_company("score_leads", &asked, &arguments);
    let rows = rows(&folder.path().join("scores.csv"));
    assert_eq!(scored["written"], json!({"file": "scores.csv", "leads": rows.len()}));
    assert_eq!(scored["scored"]["leads"], rows.len());
    assert_eq!(scored["cut_off"]["contacts"], 50);
    for row in &rows {
        let parts = ["base", "fit", "engagement", "other"].map(|name| cell(row, name)).iter().sum::<f64>();
        assert!((parts - cell(row, "log_odds")).abs() < 1e-9, "{row:?}");
    }
    let best = rows.iter().max_by(|a, b| cell(a, "log_odds").total_cmp(&cell(b, "log_odds"))).unwrap();
    assert_eq!(best[0], ("lead_id".to_owned(), scored["top_leads"][0]["id"].as_str().unwrap().to_owned()));
    let plain = over_company("score_leads", &json!({"table": "leads", "capacity": 50}), &[]);
    assert_eq!(plain["top_leads"], scored["top_leads"], "a stream ranks as the table does");

    let taken = call("score_leads", &asked, COMPANY.path(), &arguments).unwrap_err();
    assert!(taken.contains("there is a file `scores.csv`") && taken.contains("name that is free"), "{taken}");
    for name in ["../x.csv", "x.txt"] {
        let refused = call("score_leads", &json!({"write": name}), COMPANY.path(), &arguments).unwrap_err();
        assert!(refused.contains("cannot be the name of a file"), "{refused}");
    }
    let unset = call("score_leads", &json!({"write": "x.csv"}), COMPANY.path(), &[]).unwrap_err();
    assert!(unset.contains("no folder for output") && unset.contains("--output DIR"), "{unset}");
    assert!(fs::read_dir(empty_folder()).unwrap().all(|entry| entry.unwrap().file_name() != "x.csv"));
}

#[test]
fn another_table_is_scored_or_refused_by_the_column() {
    let (folder, arguments) = kept();
    let arguments = as_str(&arguments);
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let text = fs::read_to_string(COMPANY.path().join("leads.csv")).unwrap();
    fs::write(data.join("leads.csv"), &text).unwrap();
    let header = text.lines().next().unwrap();
    let week: Vec<&str> = text.lines().skip(1).take(40).collect();
    let write = |name: &str, header: &str, line: &dyn Fn(&str) -> String| {
        let lines: Vec<String> = week.iter().map(|week| line(week)).collect();
        fs::write(data.join(name), format!("{header}\n{}\n", lines.join("\n"))).unwrap();
    };
    let without_outcome = |line: &str| line.rsplit_once(',').unwrap().0.to_owned();
    let short = without_outcome(header);
    write("week.csv", &short, &|line| without_outcome(line).replace("purchased_list", "carrier_pigeon"));
    write("fewer.csv", &short.replace("pricing_views", "price_looks"), &without_outcome);
    let views = header.split(',').position(|name| name == "pricing_views").unwrap();
    write("changed.csv", &short, &|line| {
        let mut cells: Vec<String> = without_outcome(line).split(',').map(str::to_owned).collect();
        "some".clone_into(&mut cells[views]);
        cells.join(",")
    });
    let score = |table: &str| {
        call("score_leads", &json!({"table": "leads", "score_table": table, "top": 3}), &data, &arguments)
    };
    let week = score("week").unwrap();
    assert_eq!(week["scored"]["leads"], 40, "{week:#}");
    assert_eq!(week["scored"]["which"], "all");
    assert_eq!(week["unseen"][0]["column"], "lead_source", "{week:#}");
    let fewer = score("fewer").unwrap_err();
    assert!(fewer.contains("weighs column `pricing_views`"), "{fewer}");
    let changed = score("changed").unwrap_err();
    assert!(changed.contains("column `pricing_views` was number") && changed.contains("is category now"), "{changed}");
}

#[test]
fn deals_that_followed_are_an_outcome() {
    let asked = json!({"table": "contacts", "deals": "deals", "decide_after_days": 1, "response_format": "detailed"});
    let found = call("score_leads", &asked, COMPANY.path(), &[]).unwrap();
    let history = &found["source"]["history"];
    assert_eq!(history["deals"], "deals", "{found:#}");
    assert!(history["window_chosen"] == true && number(&history["within_days"]) > 1.0, "{history:#}");
    let text = found.to_string();
    assert!(text.contains("activities_") || found["outcome"] == "insufficient", "{text}");
    assert!(!text.contains("close_date"), "nothing of the deal itself is a feature");
}

#[test]
fn without_outcomes_there_are_points_that_say_what_they_are() {
    let (folder, arguments) = kept();
    let arguments = as_str(&arguments);
    let data: PathBuf = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let mut leads = String::from("lead_id,created_at,job_title,employees,lead_source,demo_requests,email\n");
    for row in 0..60 {
        let (title, size) = (["CEO", "intern", "IT manager"][row % 3], [5000, 20, 300][row % 3]);
        writeln!(leads, "L{row},2026-11-01,{title},{size},web,{},p{row}@firm{row}.example", row % 2).unwrap();
    }
    fs::write(data.join("leads.csv"), leads).unwrap();
    let found = call("score_leads", &json!({"capacity": 7, "write": "points.csv"}), &data, &arguments).unwrap();
    assert_eq!((&found["outcome"], &found["provenance"]), (&json!("points"), &json!("authored")));
    assert!(found["summary"].as_str().unwrap().starts_with("NOT VALIDATED"), "{found:#}");
    assert_eq!(found["cut_off"]["contacts"], 7);
    for lead in found["top_leads"].as_array().unwrap() {
        let sum: f64 = lead["reasons"].as_array().unwrap().iter().map(|reason| number(&reason["adds"])).sum();
        assert!((sum + number(&lead["other"]) - number(&lead["points"])).abs() < 1e-9, "{lead:#}");
        assert!((number(&lead["fit"]) + number(&lead["engagement"]) - number(&lead["points"])).abs() < 1e-9);
        assert!(lead.get("probability").is_none());
    }
    let chief = found["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == "title_chief").unwrap();
    assert_eq!(chief["fired"], 20, "{chief}");
    let written = rows(&folder.path().join("points.csv"));
    assert_eq!(written.len(), 60);
    assert!(!found.to_string().contains("firm1.example"));
}

#[test]
fn few_conversions_are_insufficient_whatever_is_asked() {
    let found = call("score_leads", &json!({"write": "x.csv"}), sample_folder(), &["--output", &empty_folder().display().to_string()]);
    let found = found.unwrap();
    assert_eq!(found["outcome"], "insufficient");
    assert!(found.get("written").is_none() && found.get("model_id").is_none(), "{found:#}");
}
