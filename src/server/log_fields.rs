//! What is logged of others' words stays within its line.
//!
//! The log is read line by line. What callers, their clients or files say may hold line breaks, with which it would
//! write lines of its own, and codes that colour a terminal or turn the direction of writing.

use std::fmt::{self, Debug, Write};
use tracing::field::Field;
use tracing_subscriber::{
    field::MakeExt as _,
    fmt::{
        FormatFields,
        format::{Writer, debug_fn},
    },
};

/// Writes the fields of an event, and every letter that is not to be read as it stands by its code.
pub(crate) fn on_one_line() -> impl for<'a> FormatFields<'a> + Send + Sync + 'static {
    debug_fn(|writer: &mut Writer<'_>, field: &Field, value: &dyn Debug| {
        if field.name() != "message" {
            write!(writer, "{}=", field.name())?;
        }
        write!(Plain(writer), "{value:?}")
    })
    .delimited(" ")
}

struct Plain<W>(W);

impl<W: Write> Write for Plain<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            if moves(letter) {
                write!(self.0, "{}", letter.escape_default())?;
            } else {
                self.0.write_char(letter)?;
            }
        }
        Ok(())
    }
}

fn moves(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::on_one_line;
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whatever_is_logged_is_one_line() {
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .without_time()
            .fmt_fields(on_one_line())
            .finish();
        let forged = "x\n INFO revarch: somebody logged in\r\u{1b}[31m\u{9b}\u{2028}\u{202e}é";
        tracing::subscriber::with_default(subscriber, || {
            let _span = tracing::info_span!("call", name = %forged).entered();
            tracing::warn!(error = %forged, text = forged, number = 7, "refused {forged}");
        });
        let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert_eq!(log.matches('\n').count(), 1, "{log}");
        assert!(log.ends_with('\n') && !log.trim_end().contains(super::moves), "{log:?}");
        assert_eq!(log.matches("x\\n INFO revarch: somebody logged in\\r\\u{1b}").count(), 4, "{log}");
        assert!(log.contains(" number=7") && log.contains("é"), "{log}");
    }
}
