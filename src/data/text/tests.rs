use super::{
    bytes::Place,
    chunks::Chunks,
    csv,
    left_out::LeftOut,
    table::{TextFile, Watch, csv_file},
};
use ::csv::{QuoteStyle, Terminator, WriterBuilder};
use datafusion::arrow::{
    array::AsArray,
    datatypes::{DataType, Field, Schema},
};
use proptest::prelude::*;
use std::sync::Arc;

type Rows = Vec<Vec<Option<String>>>;

/// Reads a file in pieces of about `length`.
fn read(bytes: &[u8], length: usize) -> Option<(Vec<String>, Rows, Vec<String>)> {
    let (file, columns, _) = csv_file(Place::Inline(bytes.into())).ok()?;
    let fields: Vec<Field> = columns.iter().map(|name| Field::new(name, DataType::Utf8View, true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let projection: Vec<usize> = (0..columns.len()).collect();
    let files: Arc<[TextFile]> = [file].into();
    let left_out = Arc::new(LeftOut::default());
    let mut chunks = Chunks::new(Arc::clone(&files), Arc::clone(&left_out), Watch::nobody(), length);
    let mut rows = Vec::new();
    while let Some(chunk) = chunks.next() {
        let batch = csv::read(&chunk, &files[0], &projection, Arc::clone(&schema), &left_out).unwrap();
        for row in 0..batch.num_rows() {
            let cell = |at: usize| {
                let column = batch.column(at).as_string_view();
                column.iter().nth(row).flatten().map(str::to_owned)
            };
            rows.push((0..columns.len()).map(cell).collect());
        }
    }
    Some((columns, rows, left_out.told(&[String::new()])))
}

#[test]
fn what_does_not_fit_is_left_out_and_told_by_line() {
    for length in [1, 7, 1_000] {
        let (_, rows, told) =
            read(b"a,b\n1,2\n3\n\"x\ny\",4\n5,6,7\n\"8\",9,\"10\"\n\n11,12", length).unwrap();
        assert_eq!(rows.len(), 3, "{rows:?}");
        assert_eq!(rows[1][0].as_deref(), Some("x\ny"));
        assert_eq!(
            told,
            [
                "line 3 has 1 value instead of 2",
                "line 6 has 3 values instead of 2",
                "line 7 has 3 values instead of 2"
            ]
        );
    }
}

#[test]
fn a_mark_that_is_never_closed_takes_only_what_follows() {
    for length in [1, 9, 1_000] {
        let (_, rows, told) = read(b"a,b\n1,2\n3,\"open\n5,6\n7,8\n", length).unwrap();
        assert_eq!(rows, [[Some("1".to_owned()), Some("2".to_owned())]]);
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("from line 3 on") && told[0].contains("never closed"), "{told:?}");
    }
}

#[test]
fn a_return_between_pieces_ends_its_line() {
    let text = b"a;b\r1;2\r3;4\r\"";
    for length in 1..text.len() {
        let (_, rows, told) = read(text, length).unwrap();
        assert_eq!((rows.len(), told.len()), (2, 1), "in pieces of {length}: {told:?}");
    }
}

#[test]
fn marks_within_values_are_letters() {
    let (_, rows, told) = read(b"a,b\n5\" pipe,6\n\"say \"\"hi\"\"\",\"\"\n", 4).unwrap();
    assert_eq!(rows[0][0].as_deref(), Some("5\" pipe"));
    assert_eq!((rows[1][0].as_deref(), rows[1][1].as_deref()), (Some("say \"hi\""), None));
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn every_line_break_ends_a_line() {
    for text in
        ["a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "a,b\r\n1,2\n3,4\r", "a,b\n1,2\r3,4"]
    {
        for length in [1, 5, 100] {
            let (columns, rows, told) = read(text.as_bytes(), length).unwrap();
            assert_eq!((columns.len(), rows.len(), told.len()), (2, 2, 0), "{text:?}");
            assert_eq!(rows[1][1].as_deref(), Some("4"), "{text:?} in pieces of {length}");
        }
    }
}

#[test]
fn other_encodings_are_read_letter_by_letter() {
    let (columns, rows, _) = read(b"caf\xE9,na\xC3\xAFve\nM\xFCller,\x80 5\n", 100).unwrap();
    assert_eq!(columns, ["caf\u{e9}", "na\u{ef}ve"]);
    assert_eq!(rows, [[Some("M\u{fc}ller".to_owned()), Some("\u{20ac} 5".to_owned())]]);
}

/// Text made of what breaks readers.
fn nasty() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        Just(b"\"".to_vec()),
        Just(b"\"\"".to_vec()),
        Just(b",".to_vec()),
        Just(b";".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\0".to_vec()),
        Just(vec![0xEF, 0xBB, 0xBF]),
        Just(vec![0xFF, 0xFE]),
        Just(vec![0x1F, 0x8B]),
        Just(vec![0x28, 0xB5, 0x2F, 0xFD]),
        Just(b"BZh9".to_vec()),
        Just("é€".as_bytes().to_vec()),
        "[a-z0-9 ]{0,6}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

/// Tables as programs write them.
fn table() -> impl Strategy<Value = (Vec<Vec<String>>, bool, bool, usize)> {
    let cell = prop_oneof![
        "[a-z0-9 ]{0,8}",
        "[a-z,;\"\n]{0,8}",
        Just("say \"hi\", twice".to_owned()),
        Just("é\nü".to_owned()),
    ];
    (1..6_usize).prop_flat_map(move |columns| {
        let row = proptest::collection::vec(cell.clone(), columns);
        (proptest::collection::vec(row, 0..20), any::<bool>(), any::<bool>(), 1..60_usize)
    })
}

/// A packed file that is damaged behind a line break of an old system; found by the property below.
#[test]
fn the_line_where_reading_broke_off_is_the_same_in_pieces_of_any_size() {
    let bytes = b"(\xb5/\xfd\x006  \n\r(\xb5/\xfd\"\xef\xbb\xbf\xef\xbb\xbf\"\xef\xbb\xbf";
    let whole = read(bytes, 1 << 20).unwrap();
    assert!(whole.2[0].contains("nothing behind line 2 was read"), "{whole:?}");
    for length in 1..40 {
        assert_eq!(read(bytes, length).unwrap(), whole, "in pieces of {length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever the bytes, reading comes to an end, and the size of the pieces does not matter.
    #[test]
    fn any_bytes_are_read_alike_in_pieces_of_any_size(bytes in nasty(), length in 1..40_usize) {
        let whole = read(&bytes, 1 << 20);
        let pieces = read(&bytes, length);
        prop_assert_eq!(whole, pieces);
    }

    /// What a program wrote is read as it was written.
    #[test]
    fn what_was_written_is_read((rows, all_quoted, crlf, length) in table()) {
        let columns = rows.first().map_or(1, Vec::len);
        let quotes = if all_quoted { QuoteStyle::Always } else { QuoteStyle::Necessary };
        let ends = if crlf { Terminator::CRLF } else { Terminator::Any(b'\n') };
        let mut writer = WriterBuilder::new().quote_style(quotes).terminator(ends).from_writer(Vec::new());
        writer.write_record((0..columns).map(|at| format!("c{at}"))).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let (_, read, told) = read(&writer.into_inner().unwrap(), length).unwrap();
        let filled = |cell: &String| (!cell.is_empty()).then(|| cell.clone());
        let expected: Rows = rows.iter().map(|row| row.iter().map(filled).collect()).collect();
        prop_assert!(told.is_empty(), "{:?}", told);
        // A line with nothing in it is no record; the writer quotes an empty value that stands alone.
        prop_assert_eq!(read, expected);
    }
}
