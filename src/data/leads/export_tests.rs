use super::{ExportError, ScoreFile};
use crate::{Run, Sources, Tables};
use std::{fs, path::Path};

const TEXTS: [&str; 2] = ["id", "grade"];
const NUMBERS: [&str; 2] = ["probability", "fit"];

fn create(folder: &Path, name: &str) -> Result<ScoreFile, ExportError> {
    ScoreFile::create(folder, name, &TEXTS, &NUMBERS)
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    entries.map(|name| name.to_string_lossy().into_owned()).collect()
}

#[tokio::test]
async fn both_forms_hold_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["scores.csv", "more.parquet"] {
        let mut file = create(folder.path(), name).unwrap();
        file.write(&[vec!["a,1", "b"], vec!["A", "D"]], &[vec![0.25, 0.125], vec![f64::NAN, -1.5]]).unwrap();
        file.write(&[vec!["c"], vec!["D"]], &[vec![0.0], vec![2.0]]).unwrap();
        assert_eq!(file.finish().unwrap(), 3);
    }
    assert_eq!(files(folder.path()).len(), 2, "nothing else is left behind");
    let sources = Sources { folders: vec![folder.path().to_owned()], ..Sources::default() };
    let tables = Tables::open(sources).await.unwrap();
    for table in ["scores", "more"] {
        let read = tables.columns(table, &["id", "probability", "fit"], &Run::unwatched()).await.unwrap();
        let cells =
            |column: usize| read[column].values.iter().map(|cell| cell.as_deref()).collect::<Vec<_>>();
        assert_eq!(cells(0), [Some("a,1"), Some("b"), Some("c")]);
        assert_eq!((cells(1)[0], cells(2)[0], cells(2)[1]), (Some("0.25"), None, Some("-1.5")));
    }
}

#[test]
fn a_file_that_is_not_finished_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = create(folder.path(), "scores.csv").unwrap();
    file.write(&[vec!["a"], vec!["A"]], &[vec![0.5], vec![0.5]]).unwrap();
    drop(file);
    assert!(files(folder.path()).is_empty());
}

#[test]
fn no_name_leads_elsewhere_and_no_file_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    for name in
        ["../scores.csv", "a/b.csv", "/tmp/x.csv", ".scores.csv", "scores", "scores.xlsx", "", "a\0.csv"]
    {
        assert!(matches!(create(folder.path(), name), Err(ExportError::Name { .. })), "{name:?}");
    }
    fs::write(folder.path().join("scores.csv"), "mine").unwrap();
    assert!(matches!(create(folder.path(), "scores.csv"), Err(ExportError::Taken(_))));
    // Taken while it is being written.
    let file = create(folder.path(), "late.csv").unwrap();
    fs::write(folder.path().join("late.csv"), "mine").unwrap();
    assert!(matches!(file.finish(), Err(ExportError::Taken(_))));
    for name in ["scores.csv", "late.csv"] {
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), "mine");
    }
    assert!(matches!(create(Path::new("/nonexistent"), "x.csv"), Err(ExportError::Write { .. })));
}

#[test]
fn a_cell_is_no_formula_in_a_spreadsheet() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = create(folder.path(), "scores.csv").unwrap();
    let cells = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", " =1", "-7", "+49.5", "a=b", ""];
    file.write(&[cells.to_vec(), vec!["A"; cells.len()]], &vec![vec![0.5; cells.len()]; 2]).unwrap();
    file.finish().unwrap();
    let mut read = csv::Reader::from_path(folder.path().join("scores.csv")).unwrap();
    let written: Vec<String> = read.records().map(|row| row.unwrap()[0].to_owned()).collect();
    let expected =
        ["'=1+1", "'+cmd|' /C calc'!A0", "'@SUM(A1)", "'-2+3", "'\t=1", "' =1", "-7", "+49.5", "a=b", ""];
    assert_eq!(written, expected);
}
