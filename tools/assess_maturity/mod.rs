//! Which stage are we at, what holds us there, and how sure are we?

mod output;
mod text;

#[cfg(test)]
mod tests;

pub use output::Output;
pub(crate) use output::wire;
pub(crate) use text::tell;

use crate::{Answer, Context, Tool, ToolError, Toolset, wire::ResponseFormat};
use revarch_domain::{
    maturity::{
        self, AnswerError, Lens, LensError, evidence,
        lens::{DEFAULT, HIGHEST_LEVEL, LOWEST_LEVEL},
    },
    measure::{Measure, MeasureId},
    nearest::nearest,
    proportion::Interval,
    provenance::Provenance,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// The tool.
pub struct AssessMaturity;

/// What is known, as far as it is.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The lens: which dimensions, questions and stages. `six_dimensions` unless given.
    pub lens: Option<String>,
    /// What people said, one entry per question. Leave questions out that nobody has been asked.
    #[serde(default)]
    pub answers: Vec<Reply>,
    /// Measurements, just as other tools return them under `measures`.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// The highest level that a statement counts for in a dimension of which nothing was measured; 3 unless
    /// given.
    #[schemars(range(min = 1, max = 5))]
    pub attested_cap: Option<u8>,
    /// `detailed` adds every question with its anchors, claim and measurement.
    #[serde(default)]
    pub response_format: ResponseFormat,
}

/// What a person said to one question.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The question's id, such as `content.inventory`.
    pub question: String,
    /// The level whose anchor describes what one sees, from 1 to 5; absent when the person does not know.
    #[schemars(range(min = 1, max = 5))]
    pub level: Option<u8>,
    /// True when the person was asked and does not know.
    #[serde(default)]
    pub dont_know: bool,
    /// What the person points to: a document, a report, an example.
    pub note: Option<String>,
}

/// One measurement.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The measure's name, such as `contact_account_link_share`.
    pub measure: String,
    /// Its value: shares from 0 to 1, ages in days, lags in hours.
    pub value: f64,
    /// The lower end of its interval.
    pub low: Option<f64>,
    /// The upper end of its interval.
    pub high: Option<f64>,
    /// `measured` (default) where a tool counted it, `attested` where somebody said so.
    pub provenance: Option<Ground>,
}

/// What a measurement rests on.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// A tool counted it.
    Measured,
    /// Somebody said so.
    Attested,
}

impl Tool for AssessMaturity {
    const NAME: &'static str = "assess_maturity";
    const TITLE: &'static str = "Assess maturity";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Assess;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, _context: &Context) -> Result<Answer<Output>, ToolError> {
        answer(input)
    }
}

/// Assesses with the shipped lens, for a review that has measured already.
pub(crate) fn assess(answers: Vec<Reply>, measures: &[Measure]) -> Result<maturity::Assessment, ToolError> {
    let lens = open(DEFAULT)?;
    let answers = answers.into_iter().map(reply).collect::<Result<Vec<_>, _>>()?;
    maturity::assess(&lens, &answers, measures).map_err(|error| unusable(&lens, &error))
}

fn answer(input: Input) -> Result<Answer<Output>, ToolError> {
    let Input { lens, answers, evidence, attested_cap, response_format } = input;
    let mut lens = open(lens.as_deref().unwrap_or(DEFAULT))?;
    if let Some(cap) = attested_cap {
        lens.parameters.attested_cap = capped_at(cap)?;
    }
    let answers = answers.into_iter().map(reply).collect::<Result<Vec<_>, _>>()?;
    let measures = evidence.iter().map(measured).collect::<Result<Vec<_>, _>>()?;
    let assessment = maturity::assess(&lens, &answers, &measures).map_err(|error| unusable(&lens, &error))?;
    let structured = match response_format {
        ResponseFormat::Concise => wire(assessment),
        ResponseFormat::Detailed => output::detailed(assessment),
    };
    let text = tell(&structured);
    Ok(Answer { structured, text })
}

fn open(name: &str) -> Result<Lens, ToolError> {
    Lens::shipped(name).map_err(|error| match error {
        LensError::UnknownLens { .. } => {
            let known: Vec<&str> = Lens::names().collect();
            let failure = ToolError::input(error.to_string());
            let failure = match nearest(name, known.iter().copied()).first() {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => failure,
            };
            failure.hint(format!("lenses are: {}", known.join(", ")))
        }
        broken @ LensError::Flawed { .. } => ToolError::new(
            crate::tool::ErrorKind::Internal,
            format!("cannot use the lens `{name}`: {broken}"),
        ),
    })
}

fn capped_at(cap: u8) -> Result<u8, ToolError> {
    if (LOWEST_LEVEL..=HIGHEST_LEVEL).contains(&cap) {
        Ok(cap)
    } else {
        let message = format!("attested_cap is {cap}, which is not on the scale from 1 to 5");
        Err(ToolError::input(message).hint("5 lets statements count in full; 3 is used when it is left out"))
    }
}

fn reply(reply: Reply) -> Result<maturity::Answer, ToolError> {
    let Reply { question, level, dont_know, note } = reply;
    if dont_know && let Some(level) = level {
        let message = format!("`{question}` is answered with level {level} and with dont_know");
        return Err(ToolError::input(message).hint("give one of the two"));
    }
    Ok(maturity::Answer { question, level, note })
}

fn measured(evidence: &Evidence) -> Result<Measure, ToolError> {
    let Evidence { measure, value, low, high, provenance } = evidence;
    let Some(id) = MeasureId::ALL.into_iter().find(|id| id.name() == measure) else {
        let known = MeasureId::ALL.map(MeasureId::name);
        let failure = ToolError::input(format!("no measure `{measure}`"));
        let failure = match nearest(measure, known).first() {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure,
        };
        return Err(failure.hint(format!("measures are: {}", known.join(", "))));
    };
    let interval = (low.is_some() || high.is_some())
        .then(|| Interval { low: low.unwrap_or(*value), high: high.unwrap_or(*value) });
    let provenance = match provenance.unwrap_or(Ground::Measured) {
        Ground::Measured => Provenance::Measured,
        Ground::Attested => Provenance::Attested,
    };
    Ok(Measure { id, value: *value, interval, provenance })
}

fn unusable(lens: &Lens, error: &AnswerError) -> ToolError {
    let failure = ToolError::input(error.to_string());
    match error {
        AnswerError::UnknownQuestion { question, .. } => {
            let known = lens.dimensions.iter().flat_map(|dimension| &dimension.questions);
            let known: Vec<&str> = known.map(|question| question.id.as_str()).collect();
            match nearest(question, known.iter().copied()).as_slice() {
                [] => failure.hint(format!("questions are: {}", known.join(", "))),
                near => failure.hint(format!("did you mean `{}`?", near.join("` or `"))),
            }
        }
        AnswerError::AnsweredTwice { .. } => {
            failure.hint("keep the answer of whoever can show what it rests on")
        }
        AnswerError::Level { .. } => {
            failure.hint("choose the level whose anchor describes what one sees, or set dont_know")
        }
        AnswerError::MeasuredTwice { measure } => {
            failure.hint(format!("keep the `{measure}` that was measured over all the data"))
        }
        AnswerError::Range { measure, .. } => {
            let id = MeasureId::ALL.into_iter().find(|id| id.name() == *measure);
            let tool = id.map_or("the tool that measures it", evidence::tool_of);
            failure.hint(format!(
                "hand over the `measures` of {tool} unchanged; shares run from 0 to 1, not to 100"
            ))
        }
        AnswerError::Reversed { .. } => failure.hint("`low` is the lower end and `high` the upper one"),
    }
}
