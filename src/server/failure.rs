//! How a command fails: what is told, and the exit code.

use revarch_store::StoreError;
use revarch_tools::ToolError;
use std::{fmt::Write as _, process::ExitCode};

/// Why a command did not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line cannot be understood: exit code 2, as for clap's own errors.
    Usage(String),
    /// The work failed: exit code 1.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Failure {
    /// The same failure, told as one of `place`.
    pub(crate) fn within(self, place: &str) -> Self {
        match self {
            Self::Usage(text) => Self::Usage(format!("{place}: {text}")),
            Self::Failed(error) => Self::Failed(match error.downcast::<ToolError>() {
                Ok(error) => ToolError { message: format!("{place}: {}", error.message), ..error }.into(),
                Err(error) => error.context(format!("cannot use {place}")),
            }),
        }
    }

    /// Says on stderr what went wrong, and gives the exit code that says the same.
    pub(crate) fn tell(&self) -> ExitCode {
        crate::output::complain(&self.text());
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }

    /// The same as an error of a library.
    #[cfg(feature = "conformance")]
    pub(crate) fn into_error(self) -> anyhow::Error {
        anyhow::Error::msg(self.text())
    }

    /// What went wrong, as the operator reads it.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Usage(text) => format!("error: {text}"),
            Self::Failed(error) => match error.downcast_ref::<ToolError>() {
                Some(error) => error.text(),
                None => match error.downcast_ref::<StoreError>() {
                    Some(cause) => format!("{}\nhint: {}", chain(error), cause.hint()),
                    None => chain(error),
                },
            },
        }
    }
}

/// The error and its causes, one a line: each says its own part only.
fn chain(error: &anyhow::Error) -> String {
    let mut text = format!("error: {error}");
    for cause in error.chain().skip(1) {
        let _ = write!(text, "\n  because: {cause}");
    }
    text
}
