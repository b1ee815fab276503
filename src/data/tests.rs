use crate::{DataError, Run, Sources, Tables};
use revarch_domain::{entity::Entity, profile::ValueType, recognition::Role, value::shown};
use std::{fs, path::Path};

async fn open(folder: &Path) -> Tables {
    Tables::open(Sources { folders: vec![folder.to_owned()], ..Sources::default() }).await.unwrap()
}

#[tokio::test]
async fn a_folder_becomes_tables_with_profiles() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("contacts.csv"),
        "contact_id,email,zip\n1,a@x.example,01234\n2,n/a,\n3,\"b@x.example\",00001\n",
    )
    .unwrap();
    fs::write(
        folder.path().join("events.jsonl"),
        "{\"id\":1,\"at\":\"2024-01-01\"}\n{\"id\":2,\"at\":\"2024-01-02\"}\n",
    )
    .unwrap();
    fs::write(folder.path().join("notes.txt"), "not a table").unwrap();
    let tables = open(folder.path()).await;
    assert_eq!(tables.names(), ["contacts", "events"]);
    assert!(tables.problems().is_empty());

    let run = Run::unwatched();
    let profile = tables.profile("contacts", &run).await.unwrap();
    assert_eq!(profile.rows, 3);
    let email = profile.column("email").unwrap();
    assert_eq!((email.filled(), email.placeholders, email.distinct), (2, 1, 2));
    let zip = profile.column("zip").unwrap();
    assert_eq!((zip.nulls, zip.value_type()), (1, ValueType::Text), "zero-padded codes stay text");

    let recognition = tables.recognition("contacts", &run).await.unwrap();
    assert_eq!(recognition.sure_entity(), Some(Entity::Contact));
    assert_eq!(recognition.column(Role::Id), Some("contact_id"));

    let columns = tables.columns("contacts", &["zip", "email"], &run).await.unwrap();
    assert_eq!(columns[0].values, [Some("01234".into()), None, Some("00001".into())]);
    assert_eq!(columns[1].values[1], None);
    assert_eq!(tables.profile("events", &run).await.unwrap().rows, 2);
}

#[tokio::test]
async fn parquet_reads_as_csv_does() {
    use datafusion::{dataframe::DataFrameWriteOptions, prelude::SessionContext};
    let folder = tempfile::tempdir().unwrap();
    let rows = "SELECT * FROM (VALUES (1, 'a@x.example', DATE '2024-01-01'), (2, NULL, DATE '2024-02-01'), (3, 'n/a', NULL)) \
                AS t(contact_id, email, created_at)";
    let parts = folder.path().join("contacts");
    fs::create_dir(&parts).unwrap();
    for part in ["0.parquet", "1.parquet"] {
        let frame = SessionContext::new().sql(rows).await.unwrap();
        let path = parts.join(part);
        frame.write_parquet(path.to_str().unwrap(), DataFrameWriteOptions::new(), None).await.unwrap();
    }
    let tables = open(folder.path()).await;
    let profile = tables.profile("contacts", &Run::unwatched()).await.unwrap();
    assert_eq!(profile.rows, 6, "a folder of parts is one table");
    let email = profile.column("email").unwrap();
    assert_eq!((email.nulls, email.placeholders, email.distinct), (2, 2, 1));
    let created = profile.column("created_at").unwrap();
    assert_eq!(created.value_type(), ValueType::Date);
    assert_eq!(
        created.moments.map(|(first, last)| [first, last].map(|micros| shown(micros, false))),
        Some(["2024-01-01".into(), "2024-02-01".into()])
    );
    assert_eq!(
        tables.recognition("contacts", &Run::unwatched()).await.unwrap().column(Role::Created),
        Some("created_at")
    );
}

#[tokio::test]
async fn what_is_no_table_is_a_problem_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("empty.csv", b"");
    write("zip.csv", b"PK\x03\x04\0\0\n");
    write("broken.parquet", b"not parquet at all");
    write("header_only.csv", b"id,email\n");
    write("good.csv", b"id\n1\n");
    let tables = open(folder.path()).await;
    assert_eq!(tables.names(), ["good", "header_only"]);
    let mut files: Vec<&str> = tables.problems().iter().map(|problem| problem.file.as_str()).collect();
    files.sort_unstable();
    assert_eq!(files, ["broken.parquet", "empty.csv", "zip.csv"]);
    assert!(tables.problems().iter().all(|problem| !problem.reason.is_empty() && !problem.hint.is_empty()));
    assert_eq!(tables.profile("header_only", &Run::unwatched()).await.unwrap().rows, 0);
}

#[tokio::test]
async fn marks_and_repeated_names_are_read_and_noted() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.csv"), "\u{feff}id,name,name\n1,a,b\n").unwrap();
    let tables = open(folder.path()).await;
    let table = tables.table("t").unwrap();
    assert_eq!(table.columns, ["id", "name", "name_2"]);
    assert_eq!(table.notes.len(), 1);
    let read = tables.columns("t", &["id", "name_2"], &Run::unwatched()).await.unwrap();
    assert_eq!((read[0].values[0].as_deref(), read[1].values[0].as_deref()), (Some("1"), Some("b")));
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_that_leads_out_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.csv"), "id\n1\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.csv"), folder.path().join("contacts.csv"))
        .unwrap();
    let tables = open(folder.path()).await;
    assert!(tables.names().is_empty());
    assert!(tables.problems()[0].reason.contains("leads out"), "{:?}", tables.problems());
}

#[tokio::test]
async fn unknown_names_offer_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("contacts.csv"), "id,lead_stage\n1,x\n").unwrap();
    let tables = open(folder.path()).await;
    let run = Run::unwatched();
    let table = tables.profile("contcats", &run).await.unwrap_err();
    assert!(table.hint().contains("`contacts`"), "{}", table.hint());
    let column = tables.columns("contacts", &["stage"], &run).await.unwrap_err();
    assert!(column.hint().contains("`lead_stage`"), "{}", column.hint());
    let path = tables.profile("../secret.csv", &run).await.unwrap_err();
    assert!(path.hint().contains("not paths"), "{}", path.hint());
    assert!(matches!(Tables::default().table("x"), Err(DataError::NoData)));
}

#[tokio::test]
async fn a_changed_file_is_read_anew() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.csv");
    fs::write(&file, "id\n1\n").unwrap();
    let tables = open(folder.path()).await;
    assert_eq!(tables.profile("t", &Run::unwatched()).await.unwrap().rows, 1);
    fs::write(&file, "id\n1\n2\n").unwrap();
    let tables = tables.reopen().await.unwrap();
    assert_eq!(tables.profile("t", &Run::unwatched()).await.unwrap().rows, 2);
}

#[tokio::test]
async fn json_lines_may_bring_fields_late_and_nested() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = "{\"id\":1,\"tags\":{\"a\":1}}\n".repeat(1500);
    lines.push_str("{\"id\":2,\"email\":\"a@x.example\"}\n");
    fs::write(folder.path().join("contacts.jsonl"), lines).unwrap();
    let tables = open(folder.path()).await;
    let table = tables.table("contacts").unwrap();
    assert_eq!(table.columns, ["id", "email"]);
    assert!(table.notes[0].contains("`tags`"), "{:?}", table.notes);
    assert_eq!(
        tables.profile("contacts", &Run::unwatched()).await.unwrap().column("email").unwrap().filled(),
        1
    );
}

#[tokio::test]
async fn keys_join_the_records_of_their_own_folder() {
    let (crm, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(crm.path().join("contacts.csv"), "contact_id,account_id\n1,a1\n2,a2\n").unwrap();
    fs::write(crm.path().join("accounts.csv"), "account_id,domain\na1,a.example\na2,b.example\n").unwrap();
    fs::write(other.path().join("accounts.csv"), "account_id,domain\nz1,\nz2,\nz3,\n").unwrap();
    let folders = vec![other.path().to_owned(), crm.path().to_owned()];
    let tables = Tables::open(Sources { folders, ..Sources::default() }).await.unwrap();
    let facts = tables.facts(0, &Run::unwatched()).await.unwrap();
    let link = facts.links.iter().find(|link| link.table == "contacts").unwrap();
    assert_eq!((link.missing, link.dangling), (0, 0), "joined {}", link.target);
}

#[tokio::test]
async fn an_open_deal_has_not_been_lost() {
    let folder = tempfile::tempdir().unwrap();
    let deals =
        "deal_id,stage,score,is_won\n1,closed won,90,true\n2,closed lost,10,false\n3,proposal,95,false\n";
    fs::write(folder.path().join("deals.csv"), deals).unwrap();
    let facts = open(folder.path()).await.facts(0, &Run::unwatched()).await.unwrap();
    assert_eq!(facts.scores[0].counts, [(10.0, 0, 1), (90.0, 1, 0)]);
}

#[tokio::test]
async fn a_folder_without_tables_says_what_would_be_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("readme.txt"), "x").unwrap();
    let error = open(folder.path()).await.nothing();
    assert!(matches!(error, DataError::NoTables { .. }) && error.hint().contains("CSV"), "{error}");
}
