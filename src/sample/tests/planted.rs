//! The truth checked against the written text, counted again by other means.

use super::*;

fn says_nothing(text: &str) -> bool {
    text.is_empty() || matches!(text, "n/a" | "N/A" | "-" | "unknown" | "test" | "1900-01-01")
}

fn normalised(text: &str) -> String {
    text.trim().to_lowercase()
}

fn is_asked(sample: &Sample, column: &str, row: &Row) -> bool {
    match column {
        "deals.close_reason" => row["stage"].starts_with("closed_"),
        "leads.converted" => time(&row["created_at"]) <= sample.now() - SignedDuration::from_hours(90 * 24),
        "deal_stage_history.left_at" => !row["left_at"].is_empty(),
        "subscriptions.ended_at" | "campaigns.ended_at" => !row["ended_at"].is_empty(),
        _ => true,
    }
}

fn check_rows_and_fields(sample: &Sample) {
    assert_eq!(sample.truth.rows.len(), TABLES.len());
    let mut columns = 0;
    for table in TABLES {
        let rows = sample.rows(table);
        assert_eq!(sample.truth.rows[table], rows.len() as u64, "{table}");
        let mut reader = csv::Reader::from_path(sample.folder.path().join(format!("{table}.csv"))).unwrap();
        for column in reader.headers().unwrap() {
            columns += 1;
            let name = format!("{table}.{column}");
            let asked: Vec<&Row> = rows.iter().filter(|row| is_asked(sample, &name, row)).collect();
            let blank = asked.iter().filter(|row| row[column].is_empty()).count() as u64;
            let empty = asked.iter().filter(|row| says_nothing(&row[column])).count() as u64;
            let field = &sample.truth.fields[&name];
            assert_eq!(
                (field.rows, field.empty, field.blank, field.placeholder),
                (asked.len() as u64, empty, blank, empty - blank),
                "{name}"
            );
            assert_eq!(field.asked_of.is_some(), asked.len() < rows.len(), "{name}");
        }
    }
    assert_eq!(sample.truth.fields.len(), columns);
}

fn check_links(sample: &Sample) {
    for (column, link) in &sample.truth.links {
        let (table, key) = column.split_once('.').unwrap();
        let (target, id) = link.to.split_once('.').unwrap();
        let ids = sample.ids(target, id);
        assert_eq!(ids.len(), sample.rows(target).len(), "{} is unique", link.to);
        let missing = sample.count(table, |row| row[key].is_empty());
        let dangling = sample.count(table, |row| !row[key].is_empty() && !ids.contains(row[key].as_str()));
        let rows = sample.rows(table).len() as u64;
        assert_eq!((link.rows, link.missing, link.dangling), (rows, missing, dangling), "{column}");
    }
    for column in ["contacts.account_id", "leads.contact_id", "deals.contact_id", "deals.account_id"] {
        let link = &sample.truth.links[column];
        assert!(link.missing > 0 && link.dangling > 0, "{column}: {link:?}");
    }
    let named = sample.ids("contacts", "account_id");
    let unnamed = sample.count("accounts", |row| !named.contains(row["account_id"].as_str()));
    assert_eq!(sample.truth.accounts_without_contacts, unnamed);
}

fn check_identities(sample: &Sample) {
    for (table, column, truth) in [
        ("contacts", "email", &sample.truth.duplicate_contacts),
        ("accounts", "domain", &sample.truth.duplicate_accounts),
    ] {
        let values = sample.rows(table).iter().map(|row| &row[column]).filter(|text| !says_nothing(text));
        let values: Vec<String> = values.map(|text| normalised(text)).collect();
        let distinct = values.iter().collect::<HashSet<_>>().len();
        let extra = values.len() - distinct;
        assert!(extra > 0, "{table} repeat");
        assert_eq!(
            (truth.column.clone(), truth.rows, truth.distinct, truth.extra_rows),
            (format!("{table}.{column}"), values.len() as u64, distinct as u64, extra as u64)
        );
    }

    let accounts = sample.ids("accounts", "account_id");
    let domains: HashSet<String> =
        sample.rows("accounts").iter().map(|row| normalised(&row["domain"])).collect();
    let mail_domain =
        |row: &Row| normalised(&row["email"]).split_once('@').map(|(_, domain)| domain.to_owned());
    let free = ["gmail.com", "outlook.com", "yahoo.com", "hotmail.com", "icloud.com", "proton.me"];
    let free_mail = sample
        .count("contacts", |row| mail_domain(row).is_some_and(|domain| free.contains(&domain.as_str())));
    let restorable = sample.count("contacts", |row| {
        !accounts.contains(row["account_id"].as_str())
            && mail_domain(row).is_some_and(|domain| domains.contains(&domain))
    });
    assert!(free_mail > 0 && restorable > 0);
    assert_eq!(sample.truth.free_mail_contacts, free_mail);
    assert_eq!(sample.truth.contacts_restorable_by_domain, restorable);
}

fn check_values(sample: &Sample) {
    let mut written: BTreeMap<&str, u64> = BTreeMap::new();
    for row in sample.rows("accounts").iter().filter(|row| !says_nothing(&row["industry"])) {
        *written.entry(&row["industry"]).or_default() += 1;
    }
    assert!(sample.truth.picklists.iter().any(|list| list.canonical == "Technology"));
    for picklist in &sample.truth.picklists {
        assert_eq!(picklist.column, "accounts.industry");
        assert!(!picklist.variants.is_empty());
        assert_eq!(written.remove(picklist.canonical.as_str()).unwrap_or(0), picklist.canonical_rows);
        for (variant, rows) in &picklist.variants {
            assert_eq!(written.remove(variant.as_str()), Some(*rows), "{variant}");
        }
    }
    let left: BTreeSet<&str> = written.into_keys().collect();
    let tidy = ["Manufacturing", "Retail", "Logistics", "Education", "Energy", "Media"];
    assert!(left.iter().all(|value| tidy.contains(value)), "no spelling is left untold: {left:?}");

    let [mixed] = sample.truth.mixed_types.as_slice() else { panic!("one mixed column") };
    let text = sample.count("accounts", |row| {
        !says_nothing(&row["employees"]) && row["employees"].parse::<f64>().is_err()
    });
    assert!(text > 0);
    assert_eq!((mixed.column.as_str(), mixed.text_rows), ("accounts.employees", text));
    let contacts = &sample.rows("contacts")[0];
    for twins in &sample.truth.twins {
        for name in [&twins.0, &twins.1] {
            assert!(contacts.contains_key(name.strip_prefix("contacts.").unwrap()));
        }
    }
}

fn check_events(sample: &Sample) {
    let events = &sample.truth.events;
    let day = SignedDuration::from_hours(24);
    let table = "web_events";
    assert_eq!(events.total, sample.rows(table).len() as u64);
    let late = |row: &Row| time(&row["loaded_at"]).duration_since(time(&row["occurred_at"])) > day;
    assert_eq!(events.late, sample.count(table, late));
    assert_eq!(events.future, sample.count(table, |row| time(&row["occurred_at"]) > sample.now()));
    assert_eq!(events.unknown_person, sample.count(table, |row| row["contact_id"].is_empty()));
    assert!(events.late > 0 && events.future > 0 && events.unknown_person > 0);
    assert_eq!(
        sample.count(table, |row| time(&row["loaded_at"]) > sample.now()),
        0,
        "nothing is loaded later"
    );

    // The text of a UTC time begins with its day, and days so written sort as dates do.
    let gap = events.gap.as_ref().unwrap();
    let (first, last) = (gap.first_day.to_string(), gap.last_day.to_string());
    let days: BTreeSet<&str> = sample.rows(table).iter().map(|row| &row["occurred_at"][..10]).collect();
    assert_eq!(days.range(first.as_str()..=last.as_str()).count(), 0);
    let before = gap.first_day.yesterday().unwrap().to_string();
    let after = gap.last_day.tomorrow().unwrap().to_string();
    assert!(days.contains(before.as_str()) && days.contains(after.as_str()), "{before} {after}");
    assert_eq!((first.as_str(), last.as_str()), ("2026-01-18", "2026-01-20"));
}

fn check_leads(sample: &Sample) {
    let leads = labelled(sample);
    let outcomes = outcomes(&leads);
    let positives = outcomes.iter().filter(|outcome| **outcome).count() as u64;
    let score = &sample.truth.legacy_score;
    assert_eq!((score.labelled, score.positives), (leads.len() as u64, positives));
    let scores: Vec<f64> = leads.iter().map(|row| row["legacy_score"].parse().unwrap()).collect();
    assert!(scores.iter().all(|score| (0.0..=100.0).contains(score)));
    assert!((score.auc.unwrap() - auc(&scores, &outcomes)).abs() < 1e-12);

    assert_eq!(sample.truth.leaks.len(), 2);
    for leak in &sample.truth.leaks {
        let column = leak.column.strip_prefix("leads.").unwrap();
        let filled = |converted: &str| {
            leads.iter().filter(|row| row["converted"] == converted && !row[column].is_empty()).count() as u64
        };
        assert_eq!((leak.filled_when_converted, leak.filled_otherwise), (filled("true"), filled("false")));
        assert!(leak.filled_when_converted * 10 > positives * 8, "{leak:?}");
        assert!(leak.filled_otherwise * 20 < leads.len() as u64, "{leak:?}");
    }
    let early = sample.count("leads", |row| row["converted"].is_empty() && !row["close_date"].is_empty());
    assert_eq!(early, 0, "a lead without an outcome has no close date");
}

#[test]
fn every_planted_number_is_found_again() {
    for contacts in [1_000, 5_000] {
        let sample = Sample::of(contacts);
        assert_eq!(sample.rows("contacts").len() as u64, contacts);
        check_rows_and_fields(&sample);
        check_links(&sample);
        check_identities(&sample);
        check_values(&sample);
        check_events(&sample);
        check_leads(&sample);
        let written = fs::read(sample.folder.path().join("truth.json")).unwrap();
        assert_eq!(serde_json::from_slice::<Truth>(&written).unwrap(), sample.truth);
    }
}

#[test]
fn fields_are_about_as_empty_as_promised_and_tables_in_proportion() {
    let sample = Sample::of(20_000);
    for (column, share) in [
        ("contacts.phone", 0.45),
        ("contacts.email", 0.04),
        ("contacts.job_title", 0.3),
        ("contacts.email_consent", 0.35),
        ("deals.next_step", 0.6),
        ("deals.close_reason", 0.5),
        ("accounts.industry", 0.12),
    ] {
        let field = &sample.truth.fields[column];
        let measured = field.empty as f64 / field.rows as f64;
        assert!((measured - share).abs() < 0.03, "{column}: {measured}");
        assert!(field.blank > 0 && field.placeholder > 0, "{column}: {field:?}");
    }
    for (table, per_thousand) in [
        ("accounts", 250.0),
        ("leads", 600.0),
        ("deals", 200.0),
        ("activities", 1_500.0),
        ("web_events", 4_000.0),
        ("touches", 2_000.0),
        ("subscriptions", 60.0),
    ] {
        let rows = sample.truth.rows[table] as f64 / 20.0;
        assert!((rows / per_thousand - 1.0).abs() < 0.15, "{table}: {rows} for each thousand contacts");
    }
    assert_eq!(sample.truth.rows["campaign_spend"], 24 * 18);
}

#[test]
fn answers_are_to_questions_of_the_lens_and_praise_too_much() {
    let answers: serde_json::Value = serde_json::from_str(include_str!("../maturity_answers.json")).unwrap();
    let lens: serde_json::Value =
        serde_json::from_str(include_str!("../../domain/maturity/lenses/six_dimensions.json")).unwrap();
    let mut questions: BTreeSet<&str> = lens["dimensions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|dimension| dimension["questions"].as_array().unwrap())
        .map(|question| question["id"].as_str().unwrap())
        .collect();
    for answer in answers["answers"].as_array().unwrap() {
        let question = answer["question"].as_str().unwrap();
        assert!(questions.remove(question), "the lens asks `{question}` once");
        let level = answer["level"].as_u64().unwrap();
        let praised = question.starts_with("customer_data.") || question.starts_with("analytics.");
        assert!((if praised { 4..=5 } else { 1..=5 }).contains(&level), "{question}: {level}");
    }
    assert!((1..=4).contains(&questions.len()), "a few questions stay open: {questions:?}");
}

#[test]
fn the_stack_has_twelve_platforms() {
    let stack: serde_json::Value = serde_json::from_str(include_str!("../stack.json")).unwrap();
    assert_eq!(stack["platforms"].as_array().unwrap().len(), 12);
}
