//! From a file to plain UTF-8: unpacked, and decoded where it begins with a mark of UTF-16.

use encoding_rs_io::DecodeReaderBytesBuilder;
use std::{
    fs::File,
    io::{self, BufReader, Cursor, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Where the bytes of a table are.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// In a file.
    File(PathBuf),
    /// In the call itself.
    Inline(Arc<[u8]>),
}

/// Endings of packed files; what is in the file decides, the ending only lets it be looked at.
const PACKED: [&str; 4] = ["gz", "zst", "bz2", "zstd"];

/// Whether an ending says that the file is packed.
pub(crate) fn is_packed_ending(ending: &str) -> bool {
    PACKED.iter().any(|packed| packed.eq_ignore_ascii_case(ending))
}

const BUFFER: usize = 1 << 16;

impl Place {
    /// The size in bytes, as it lies there.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::File(path) => std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
            Self::Inline(bytes) => bytes.len() as u64,
        }
    }

    /// The name to tell a person.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => file_name(path),
            Self::Inline(_) => "the table in the call".to_owned(),
        }
    }

    /// Opens it as plain text. What is read of it, as it lies there, is added to `read`.
    pub(super) fn open(&self, read: Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Self::File(path) => plain(Counted { inner: File::open(path)?, read }),
            Self::Inline(bytes) => plain(Counted { inner: Cursor::new(Arc::clone(bytes)), read }),
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Unpacks and decodes by what the bytes begin with.
fn plain(mut raw: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let (start, length) = begin::<4>(&mut raw)?;
    let raw = BufReader::with_capacity(BUFFER, Cursor::new(start).take(length as u64).chain(raw));
    let unpacked: Box<dyn Read + Send> = match start {
        [0x1F, 0x8B, ..] => Box::new(flate2::bufread::MultiGzDecoder::new(raw)),
        [0x28, 0xB5, 0x2F, 0xFD] => Box::new(zstd::Decoder::with_buffer(raw)?),
        [b'B', b'Z', b'h', _] => Box::new(bzip2::bufread::MultiBzDecoder::new(raw)),
        _ => Box::new(raw),
    };
    decoded(unpacked)
}

/// Decodes UTF-16, known by its mark or by a NUL at every other place, and drops the mark of UTF-8.
fn decoded(mut text: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let (start, length) = begin::<4>(&mut text)?;
    let text = Cursor::new(start).take(length as u64).chain(text);
    let encoding = match (start, length) {
        ([0xFF, 0xFE, ..] | [0xFE, 0xFF, ..], 2..) => None,
        ([0xEF, 0xBB, 0xBF, _], 3..) => {
            let mut text = text;
            begin::<3>(&mut text)?;
            return Ok(Box::new(text));
        }
        ([first, 0, third, 0], 4) if first > 0 && third > 0 => Some(encoding_rs::UTF_16LE),
        ([0, second, 0, fourth], 4) if second > 0 && fourth > 0 => Some(encoding_rs::UTF_16BE),
        _ => return Ok(Box::new(text)),
    };
    let decoded = DecodeReaderBytesBuilder::new()
        .encoding(encoding)
        .bom_override(encoding.is_none())
        .strip_bom(true)
        .build(text);
    // Asked for a few bytes at a time, the decoder tears the sign that stands for a letter cut in two.
    Ok(Box::new(BufReader::with_capacity(BUFFER, decoded)))
}

/// The first bytes, and how many of them there are.
fn begin<const N: usize>(reader: &mut impl Read) -> io::Result<([u8; N], usize)> {
    let mut start = [0; N];
    let mut length = 0;
    while length < N {
        match reader.read(&mut start[length..])? {
            0 => break,
            more => length += more,
        }
    }
    Ok((start, length))
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(into)?;
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(bytes: Vec<u8>) -> io::Result<String> {
        let mut text = String::new();
        Place::Inline(bytes.into()).open(Arc::default())?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn every_packing_and_encoding_gives_the_same_text() {
        let text = "id,name\n1,Zoë\n";
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(text.as_bytes()).unwrap();
        let mut bz = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bz.write_all(text.as_bytes()).unwrap();
        let utf16 = |order: fn(u16) -> [u8; 2], mark: bool| {
            mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16()).flat_map(order).collect()
        };
        for (what, bytes) in [
            ("plain", text.as_bytes().to_vec()),
            ("UTF-8 with a mark", [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
            ("UTF-16, little end first", utf16(u16::to_le_bytes, true)),
            ("UTF-16, big end first", utf16(u16::to_be_bytes, true)),
            ("UTF-16 without a mark", utf16(u16::to_le_bytes, false)),
            ("gz", gz.finish().unwrap()),
            ("zst", zstd::encode_all(text.as_bytes(), 1).unwrap()),
            ("bz2", bz.finish().unwrap()),
        ] {
            assert_eq!(read(bytes).unwrap(), text, "{what}");
        }
        assert_eq!(read(Vec::new()).unwrap(), "");
        assert_eq!(read(b"a".to_vec()).unwrap(), "a");
    }

    #[test]
    fn a_packed_file_cut_short_says_so() {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all("id,name\n1,Zoë\n".repeat(1_000).as_bytes()).unwrap();
        let mut bytes = gz.finish().unwrap();
        bytes.truncate(bytes.len() / 2);
        assert!(read(bytes).is_err());
    }
}
