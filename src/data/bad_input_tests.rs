//! Files as they really come. Each is read, read in part and says so, or refused with a next step.

use crate::{DataError, Run, Sources, Tables};
use revarch_domain::{profile::TableProfile, readiness::facts::Scanned, value::Kind};
use std::{fs, io::Write, path::Path, sync::Arc};

async fn open(folder: &Path) -> Tables {
    Tables::open(Sources { folders: vec![folder.to_owned()], ..Sources::default() }).await.unwrap()
}

struct Read {
    profile: Arc<TableProfile>,
    scanned: Scanned,
    notes: Vec<String>,
}

impl Read {
    fn filled(&self, column: &str) -> u64 {
        self.profile.column(column).unwrap().filled()
    }
}

/// A header and so many lines.
fn lines(header: &str, count: u64, line: impl Fn(u64) -> String) -> String {
    let mut text = header.to_owned();
    for n in 0..count {
        text.push('\n');
        text.push_str(&line(n));
    }
    text
}

/// One file on its own, and what came of it.
async fn read(name: &str, bytes: &[u8]) -> Result<Read, DataError> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    only(folder.path()).await
}

/// The only table of a folder.
async fn only(folder: &Path) -> Result<Read, DataError> {
    let tables = open(folder).await;
    let name = tables.names().pop().unwrap_or_default();
    let run = Run::unwatched();
    Ok(Read {
        profile: tables.profile(&name, &run).await?,
        scanned: tables.scanned(&name, &run).await?,
        notes: tables.notes(&name, &run).await?,
    })
}

#[tokio::test]
async fn rows_that_do_not_fit_are_left_out_and_told_by_line() {
    let read = read("t.csv", b"a,b\n1,2\n3\n4,5\n6,7,8\n9,10\n").await.unwrap();
    assert_eq!((read.profile.rows, read.filled("b")), (3, 3));
    assert_eq!(
        read.scanned.left_out,
        ["line 3 has 1 value instead of 2", "line 5 has 3 values instead of 2"]
    );
    assert!(!read.scanned.is_whole(3));
}

#[tokio::test]
async fn a_file_of_which_most_does_not_fit_is_refused() {
    let error = read("t.csv", b"a,b\n1\n2\n3\n4,5\n").await.map(|_| ()).unwrap_err();
    assert!(matches!(error, DataError::Unreadable { .. }), "{error}");
    assert!(error.to_string().contains("line 2 has 1 value instead of 2"), "{error}");
    assert!(error.hint().contains("quote"), "{}", error.hint());
}

#[tokio::test]
async fn what_follows_a_mark_never_closed_is_not_read() {
    let read = read("t.csv", b"id,name\n1,a\n2,\"oops\n3,c\n4,d\n").await.unwrap();
    assert_eq!(read.profile.rows, 1);
    assert!(read.scanned.left_out[0].contains("from line 3 on"), "{:?}", read.scanned.left_out);
}

#[tokio::test]
async fn encodings_are_understood() {
    let text = "id,name\r\n1,Zoë\r\n2,\r\n";
    let utf16: Vec<u8> =
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    for (what, bytes, notes) in [
        ("UTF-8", text.as_bytes().to_vec(), 0),
        ("a mark of UTF-8", [b"\xEF\xBB\xBF", text.as_bytes()].concat(), 0),
        ("UTF-16", utf16, 0),
        ("Latin-1", latin, 1),
    ] {
        let read = read("t.csv", &bytes).await.unwrap();
        let name = read.profile.column("name").unwrap();
        assert_eq!((name.top[0].0.as_str(), name.nulls), ("Zoë", 1), "{what}");
        assert_eq!(read.notes.len(), notes, "{what}: {:?}", read.notes);
    }
}

#[tokio::test]
async fn packed_files_are_unpacked_and_damaged_ones_read_up_to_the_damage() {
    let text = lines("id,name", 50_000, |n| format!("{n},name {}", n * 7919));
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    let mut bz = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bz.write_all(text.as_bytes()).unwrap();
    let zst = zstd::encode_all(text.as_bytes(), 1).unwrap();
    for (name, bytes) in [("t.csv.gz", &gz), ("t.csv.zst", &zst), ("t.csv.bz2", &bz.finish().unwrap())] {
        let read = read(name, bytes).await.unwrap();
        assert_eq!((read.profile.name.as_str(), read.profile.rows), ("t", 50_000), "{name}");
        assert!(read.scanned.left_out.is_empty(), "{name}");
    }
    let half = read("t.csv.gz", &gz[..gz.len() / 2]).await.unwrap();
    assert!((1_000..49_000).contains(&half.profile.rows), "{}", half.profile.rows);
    assert!(
        half.scanned.left_out.iter().any(|part| part.contains("nothing behind line")),
        "{:?}",
        half.scanned
    );
}

#[tokio::test]
async fn nul_and_control_characters_are_counted() {
    let read = read("t.csv", b"id,name\n1,a\0b\n2,plain\n3,c\x07\n").await.unwrap();
    assert_eq!(read.profile.column("name").unwrap().controls, 2);
}

#[tokio::test]
async fn five_thousand_columns_are_read_in_one_pass() {
    let header: Vec<String> = (0..5_000).map(|at| format!("c{at}")).collect();
    let row = |n: usize| (0..5_000).map(|at| (n * at % 7).to_string()).collect::<Vec<_>>().join(",");
    let text = format!("{}\n{}\n{}\n", header.join(","), row(1), row(2));
    let read = read("wide.csv", text.as_bytes()).await.unwrap();
    assert_eq!((read.profile.columns.len(), read.profile.rows), (5_000, 2));
    assert_eq!(read.profile.column("c4999").unwrap().distinct, 2);
}

#[tokio::test]
async fn a_header_with_twins_and_gaps_is_named_and_noted() {
    let read = read("t.csv", b"id,,name,name\n1,2,3,4\n").await.unwrap();
    let names: Vec<&str> = read.profile.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((names, read.notes.len()), (vec!["id", "column_2", "name", "name_2"], 2));
}

#[tokio::test]
async fn line_breaks_of_every_sort_end_lines_but_not_within_quotes() {
    let read = read("t.csv", b"a,b\r\n1,2\n3,\"x\r\ny\"\n5,6\r7,8").await.unwrap();
    assert_eq!((read.profile.rows, read.scanned.left_out.len()), (4, 0));
}

#[tokio::test]
async fn a_parquet_file_cut_in_half_does_not_take_the_others_with_it() {
    use datafusion::{dataframe::DataFrameWriteOptions, prelude::SessionContext};
    let folder = tempfile::tempdir().unwrap();
    let parts = folder.path().join("contacts");
    fs::create_dir(&parts).unwrap();
    for (name, rows) in [
        ("0.parquet", "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(id, name)"),
        ("1.parquet", "SELECT * FROM (VALUES (3, 'c')) AS t(id, name)"),
        ("2.parquet", "SELECT * FROM (VALUES ('x4', 'd', true)) AS t(id, name, extra)"),
    ] {
        let frame = SessionContext::new().sql(rows).await.unwrap();
        let path = parts.join(name);
        frame.write_parquet(path.to_str().unwrap(), DataFrameWriteOptions::new(), None).await.unwrap();
    }
    let cut = parts.join("1.parquet");
    let bytes = fs::read(&cut).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let read = only(folder.path()).await.unwrap();
    assert_eq!((read.profile.rows, read.filled("id"), read.filled("extra")), (3, 3, 1));
    assert!(read.scanned.left_out[0].starts_with("1.parquet"), "{:?}", read.scanned);
    assert!(read.notes.iter().any(|note| note.contains("`id` has another type")), "{:?}", read.notes);
    assert!(read.notes.iter().any(|note| note.contains("0.parquet has no column extra")), "{:?}", read.notes);
}

#[tokio::test]
async fn parts_with_other_columns_are_one_table_and_other_tables_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let parts = folder.path().join("contacts");
    fs::create_dir(&parts).unwrap();
    fs::write(parts.join("0.csv"), "id,email,phone\n1,a@x.example,5\n").unwrap();
    fs::write(parts.join("1.csv"), "email;id;title\nb@x.example;2;CEO\n").unwrap();
    let read = only(folder.path()).await.unwrap();
    assert_eq!((read.profile.rows, read.filled("id"), read.filled("email")), (2, 2, 2));
    assert_eq!((read.filled("phone"), read.filled("title")), (1, 1));
    assert_eq!(read.notes.len(), 2, "{:?}", read.notes);

    fs::write(parts.join("2.csv"), "deal,amount\n1,2\n").unwrap();
    let tables = open(folder.path()).await;
    let problem = &tables.problems()[0];
    assert!(
        problem.reason.contains("few columns in common") && problem.hint.contains("--data"),
        "{problem:?}"
    );
}

#[tokio::test]
async fn one_row_and_empty_columns_are_no_special_case() {
    let read = read("t.csv", b"id,email,phone\n1,,\n").await.unwrap();
    assert_eq!((read.profile.rows, read.filled("email")), (1, 0));
    assert_eq!(read.profile.column("phone").unwrap().nulls, 1);
    let header = self::read("t.csv", b"id,email\n").await.unwrap();
    assert_eq!((header.profile.rows, header.profile.columns.len()), (0, 2));
}

#[tokio::test]
async fn numbers_and_dates_are_known_however_they_are_written() {
    let read = read(
        "t.csv",
        b"amount,day\n\"$1,234.50\",2024-01-31\n\"1.234,56 \xE2\x82\xAC\",31/01/2024\n1200,01/31/2024\n12%,9999-12-31\n",
    )
    .await
    .unwrap();
    let amount = read.profile.column("amount").unwrap();
    assert_eq!((amount.count(Kind::FormattedNumber), amount.count(Kind::Integer)), (3, 1));
    let day = read.profile.column("day").unwrap();
    assert_eq!((day.count(Kind::Date), day.implausible_moments, day.written_days().len()), (4, 1, 3));
}

#[tokio::test]
async fn lines_that_are_no_json_are_left_out_and_told() {
    let read = read("t.jsonl", b"{\"id\":1}\nnot json\n{\"id\":\"x\",\"late\":true}\n[1]\n").await.unwrap();
    assert_eq!((read.profile.rows, read.filled("late")), (2, 1));
    assert_eq!(read.scanned.left_out, ["line 2 is no JSON object", "line 4 is no JSON object"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_without_rights_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::write(closed.join("t.csv"), "id\n1\n").unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&closed).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let tables = open(folder.path()).await;
    assert!(tables.problems()[0].reason.contains("cannot list"), "{:?}", tables.problems());
    let error = Tables::open(Sources { folders: vec![closed], ..Sources::default() }).await.unwrap_err();
    assert!(matches!(error, DataError::Folder { .. }), "{error}");
}

#[tokio::test]
async fn names_can_never_become_sql() {
    let evil = "x\"; DROP TABLE contacts; --";
    let folder = tempfile::tempdir().unwrap();
    let header = format!("contact_id,\"{}\",account_id,email", evil.replace('"', "\"\""));
    fs::write(folder.path().join("contacts.csv"), format!("{header}\n1,a,9,a@x.example\n")).unwrap();
    fs::write(folder.path().join("o'; SELECT 1 --.csv"), "account_id,domain\n9,x.example\n").unwrap();
    fs::write(folder.path().join("a\"b.csv"), "deal_id,stage\n1,open\n").unwrap();
    let tables = open(folder.path()).await;
    let run = Run::unwatched();
    let facts = tables.facts(0, &run).await.unwrap();
    assert_eq!(facts.tables.len(), 3);
    assert!(facts.unread.is_empty(), "{:?}", facts.unread);
    let read = tables.columns("contacts", &[evil], &run).await.unwrap();
    assert_eq!(read[0].values, [Some("a".to_owned())]);
}

#[tokio::test]
async fn a_cancelled_scan_stops_and_gives_no_half_answer() {
    use std::sync::atomic::{AtomicU64, Ordering};
    let folder = tempfile::tempdir().unwrap();
    let line = "1,some text that is long enough to fill pieces\n";
    fs::write(folder.path().join("t.csv"), format!("id,text\n{}", line.repeat(600_000))).unwrap();
    let tables = open(folder.path()).await;
    let cancel = tokio_util::sync::CancellationToken::new();
    let read = Arc::new(AtomicU64::new(0));
    let (stop, told) = (cancel.clone(), Arc::clone(&read));
    let run = Run::new(
        move |progress| {
            told.store(progress.done, Ordering::Relaxed);
            stop.cancel();
        },
        cancel,
    );
    let error = tables.profile("t", &run).await.unwrap_err();
    assert!(matches!(error, DataError::Cancelled), "{error}");
    let bytes = fs::metadata(folder.path().join("t.csv")).unwrap().len();
    assert!(
        read.load(Ordering::Relaxed) * 2 < bytes,
        "{} of {bytes} bytes were read",
        read.load(Ordering::Relaxed)
    );
    assert_eq!(tables.profile("t", &Run::unwatched()).await.unwrap().rows, 600_000, "nothing half was kept");
}

#[tokio::test]
async fn progress_counts_bytes_up_to_all() {
    use std::sync::Mutex;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), format!("id\n{}", "1234567\n".repeat(700_000))).unwrap();
    fs::write(folder.path().join("b.csv"), "id\n1\n").unwrap();
    let tables = open(folder.path()).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let run = Run::new(
        move |progress| heard.lock().unwrap().push(progress),
        tokio_util::sync::CancellationToken::new(),
    );
    tables.recognised(&run).await.unwrap();
    let told = told.lock().unwrap();
    let total: u64 = tables.all().iter().map(crate::Table::bytes).sum();
    assert!(told.iter().all(|progress| progress.total == Some(total)), "{told:?}");
    assert!(told.len() > 3 && told.iter().any(|progress| progress.done > total / 4 && progress.done < total));
    assert_eq!(told.last().unwrap().done, total);
}

#[tokio::test]
async fn little_memory_is_enough() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = lines("contact_id,account_id,email", 300_000, |n| {
        format!("k{n},a{},{n}@x{}.example", n % 150_000, n % 5_000)
    });
    fs::write(folder.path().join("contacts.csv"), rows).unwrap();
    let accounts: String = lines("account_id,domain", 100_000, |n| format!("a{n},x{n}.example"));
    fs::write(folder.path().join("accounts.csv"), accounts).unwrap();
    let sources = Sources { folders: vec![folder.path().to_owned()], memory: 1, ..Sources::default() };
    let facts = Tables::open(sources).await.unwrap().facts(0, &Run::unwatched()).await.unwrap();
    let link = facts.links.iter().find(|link| link.table == "contacts").unwrap();
    assert_eq!((link.rows, link.missing, link.dangling), (300_000, 0, 100_000));
    assert!(!facts.tables[1].profile.column("contact_id").unwrap().distinct_exact);
}

#[tokio::test]
async fn two_stray_marks_do_not_swallow_rows_unseen() {
    let read =
        read("t.csv", b"id,a,name\n1,x,Ann\n2,b,\"Bob\n3,c,Cy\n4,d,\"Dee\n5,y,Eve\n6,z,Flo\n").await.unwrap();
    assert_eq!(read.profile.rows, 3);
    assert!(
        read.scanned.left_out[0].starts_with("line 3 has a quotation mark"),
        "{:?}",
        read.scanned.left_out
    );
}

#[tokio::test]
async fn a_header_with_an_open_mark_names_no_column_after_cells() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "1,secret@x.example\n".repeat(2_000);
    fs::write(folder.path().join("t.csv"), format!("id,\"email\n{rows}x\"\n")).unwrap();
    let tables = open(folder.path()).await;
    assert!(tables.names().is_empty());
    assert!(tables.problems()[0].reason.contains("not closed"), "{:?}", tables.problems());
    assert!(!format!("{:?}", tables.problems()).contains("secret"));
}

#[tokio::test]
async fn folders_within_a_table_are_read_and_other_formats_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("contacts/year=2024");
    fs::create_dir_all(&inner).unwrap();
    fs::write(folder.path().join("contacts/part-0.csv"), "id,email\n1,a@x.example\n").unwrap();
    fs::write(folder.path().join("contacts/._part-0.csv"), "junk").unwrap();
    fs::write(inner.join("part-1.csv"), "id,email\n2,b@x.example\n").unwrap();
    fs::write(folder.path().join("deals.xlsx"), "PK").unwrap();
    assert_eq!(only(folder.path()).await.unwrap().profile.rows, 2);
    let tables = open(folder.path()).await;
    assert!(tables.problems()[0].reason.contains("xlsx files are not read"), "{:?}", tables.problems());
}

#[tokio::test]
async fn keys_are_the_same_with_and_without_a_fraction_of_nought() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("contacts.csv"), "contact_id,account_id\n1,101.0\n2,102.0\n3,\n").unwrap();
    // The name of this table is one that a query might use for itself.
    fs::write(folder.path().join("accounts.csv"), "account_id,domain\n101,a.example\n102,b.example\n")
        .unwrap();
    let facts = open(folder.path()).await.facts(0, &Run::unwatched()).await.unwrap();
    let link = facts.links.iter().find(|link| link.table == "contacts").unwrap();
    assert_eq!((link.missing, link.dangling), (1, 0));
}

#[tokio::test]
async fn typed_columns_at_their_limits_are_read() {
    use datafusion::arrow::{
        array::{ArrayRef, BinaryArray, Date32Array, Float64Array, RecordBatch, UInt64Array},
        datatypes::{DataType, Field, Schema},
    };
    use datafusion::{dataframe::DataFrameWriteOptions, prelude::SessionContext};
    let folder = tempfile::tempdir().unwrap();
    let fields = [
        Field::new("nan", DataType::Float64, true),
        Field::new("day", DataType::Date32, true),
        Field::new("big", DataType::UInt64, true),
        Field::new("raw", DataType::Binary, true),
    ];
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Float64Array::from(vec![f64::NAN, f64::NAN, 1.5])),
        Arc::new(Date32Array::from(vec![Some(i32::MAX), Some(19_000), None])),
        Arc::new(UInt64Array::from(vec![u64::MAX, 1, 2])),
        Arc::new(BinaryArray::from_vec(vec![b"\xFF", b"\xFE", b"a"])),
    ];
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields.to_vec())), columns).unwrap();
    let frame = SessionContext::new().read_batch(batch).unwrap();
    let path = folder.path().join("t.parquet");
    frame.write_parquet(path.to_str().unwrap(), DataFrameWriteOptions::new(), None).await.unwrap();
    let read = only(folder.path()).await.unwrap();
    let nan = read.profile.column("nan").unwrap();
    assert_eq!((nan.placeholders, nan.filled(), nan.numbers), (2, 1, Some((1.5, 1.5))));
    assert_eq!((read.filled("day"), read.filled("big")), (2, 3));
    assert!(read.profile.column("raw").is_none(), "bytes are left out");
    assert!(read.notes[0].contains("`raw`"), "{:?}", read.notes);
}

#[tokio::test]
async fn table_names_that_queries_use_are_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.csv"), "contact_id,company_id,email\n1,7,a@x.example\n2,8,b@y.example\n")
        .unwrap();
    fs::write(folder.path().join("companies.csv"), "company_id,domain\n7,x.example\n9,y.example\n").unwrap();
    fs::write(
        folder.path().join("t.csv"),
        "event_id,contact_id,event_type,occurred_at\n1,1,view,2024-01-01\n",
    )
    .unwrap();
    let facts = open(folder.path()).await.facts(0, &Run::unwatched()).await.unwrap();
    let link = facts.links.iter().find(|link| link.table == "p").unwrap();
    assert_eq!((link.rows, link.dangling, link.restorable.unwrap().by_domain), (2, 1, 1));
}
