//! The folder that a sample is written to.

use super::*;

fn bytes(company: &Company) -> BTreeMap<String, Vec<u8>> {
    let folder = TempDir::new().unwrap();
    write(company, folder.path(), &mut |_, _| ()).unwrap();
    bytes_in(folder.path())
}

fn bytes_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
}

#[test]
fn the_same_company_is_the_same_bytes_and_another_seed_is_not() {
    let once = bytes(&company(1_000, 7));
    assert_eq!(once.len(), TABLES.len() + 3);
    assert!(once == bytes(&company(1_000, 7)));
    let other = bytes(&company(1_000, 8));
    for table in TABLES.into_iter().filter(|table| *table != "users") {
        assert!(once[&format!("{table}.csv")] != other[&format!("{table}.csv")], "{table} follows the seed");
    }
}

#[test]
fn the_number_of_contacts_is_exact_at_any_size() {
    for contacts in [0, 1, 2, 7, 999] {
        let folder = TempDir::new().unwrap();
        let truth = write(&company(contacts, 3), folder.path(), &mut |_, _| ()).unwrap();
        assert_eq!(truth.rows["contacts"], contacts);
        assert_eq!(read(folder.path(), "contacts").len() as u64, contacts);
    }
}

#[test]
fn progress_rises_to_the_total() {
    let folder = TempDir::new().unwrap();
    let mut heard = Vec::new();
    write(&company(25_000, 1), folder.path(), &mut |done, total| heard.push((done, total))).unwrap();
    assert!(heard.len() >= 3 && heard.is_sorted());
    assert_eq!(heard.last(), Some(&(25_000, 25_000)));
}

#[test]
fn a_folder_with_other_files_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("contacts.csv"), "theirs").unwrap();
    let error = write(&company(10, 1), folder.path(), &mut |_, _| ()).unwrap_err();
    let SampleError::Occupied { found, .. } = &error else { panic!("{error}") };
    assert_eq!(found, "contacts.csv");
    let message = error.to_string();
    assert!(message.contains(&folder.path().display().to_string()), "{message}");
    assert!(message.contains("name an empty or a new folder"), "{message}");
    assert_eq!(bytes_in(folder.path()), BTreeMap::from([("contacts.csv".to_owned(), b"theirs".to_vec())]));

    fs::write(folder.path().join("truth.json"), "{\"answer\": 42}").unwrap();
    let error = write(&company(10, 1), folder.path(), &mut |_, _| ()).unwrap_err();
    assert!(matches!(error, SampleError::Occupied { .. }), "someone else's truth is no permission: {error}");
}

#[test]
fn an_earlier_or_unfinished_sample_is_written_over() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("new/sample");
    write(&company(500, 1), &path, &mut |_, _| ()).unwrap();
    fs::write(path.join("notes.txt"), "mine").unwrap();
    write(&company(300, 2), &path, &mut |_, _| ()).unwrap();
    let mut files = bytes_in(&path);
    assert_eq!(files.remove("notes.txt").unwrap(), b"mine");
    assert!(files == bytes(&company(300, 2)));

    fs::write(path.join("truth.json"), "{\"made_by\":\"revarch sample company\",\"unfinished\":true}")
        .unwrap();
    write(&company(200, 2), &path, &mut |_, _| ()).unwrap();
    assert_eq!(read(&path, "contacts").len(), 200);
}

#[test]
fn failures_name_the_file_and_keep_the_cause() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = write(&company(10, 1), &file, &mut |_, _| ()).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot create folder {}", file.display()));
    assert!(std::error::Error::source(&error).is_some());

    let late = Company { now: Timestamp::MAX, ..company(10, 1) };
    let error = write(&late, &folder.path().join("late"), &mut |_, _| ()).unwrap_err();
    assert!(matches!(error, SampleError::Time { .. }), "{error}");
    assert!(!folder.path().join("late").exists(), "nothing is begun");
}
