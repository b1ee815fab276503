//! Why a lens cannot be used, one flaw for each place that stands in the way.

use std::fmt;

/// One thing wrong with a lens, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The line of the text, from 1.
    pub line: usize,
    /// The field, as in `dimensions[0].questions[1].anchors`.
    pub path: String,
    /// What is wrong there.
    pub problem: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, path, problem } = self;
        match path.as_str() {
            "" | "." => write!(out, "line {line}: {problem}"),
            path => write!(out, "line {line}, `{path}`: {problem}"),
        }
    }
}

/// Why a lens cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LensError {
    /// No lens of that name ships.
    #[error("no lens `{name}`")]
    UnknownLens {
        /// The name asked for.
        name: String,
    },
    /// The text is no lens, or one that could not be scored.
    #[error("{}", told(flaws))]
    Flawed {
        /// Everything that is wrong with it, in the order of the text.
        flaws: Vec<Flaw>,
    },
}

impl LensError {
    /// Everything that is wrong with the text; nothing where there was no text to read.
    pub fn flaws(&self) -> &[Flaw] {
        match self {
            Self::UnknownLens { .. } => &[],
            Self::Flawed { flaws } => flaws,
        }
    }
}

fn told(flaws: &[Flaw]) -> String {
    match flaws {
        [] => "the lens cannot be used".to_owned(),
        [only] => only.to_string(),
        [first, rest @ ..] => format!("{first} (and {} more)", rest.len()),
    }
}
