//! Answers, measurements and registers that cannot be used, told with the next step.

use super::{input::UNNAMED, lenses};
use crate::{Context, ToolError};
use revarch_domain::{
    maturity::{AnswerError, Lens, SurveyError, evidence, register::DebtError},
    measure::MeasureId,
    nearest::nearest,
};

/// Questions offered in place of one that the lens does not ask.
const MOST_OFFERED: usize = 8;

/// Why what people said cannot be used.
pub(super) fn of_survey(lens: &Lens, error: &SurveyError, context: &Context) -> ToolError {
    match error {
        SurveyError::Answers { respondent, source } => {
            let failure = of_answers(lens, source, context);
            if respondent.trim() == UNNAMED {
                return failure;
            }
            let message = format!("the answers of `{respondent}` cannot be used: {}", failure.message);
            ToolError { message, ..failure }
        }
        SurveyError::Evidence(source) => of_answers(lens, source, context),
        SurveyError::RespondentTwice { .. } => {
            ToolError::input(error.to_string()).hint("give everybody a name of their own, such as their role")
        }
        SurveyError::Nameless { .. } => {
            ToolError::input(error.to_string()).hint("give a role, such as `head of sales`")
        }
    }
}

/// Why answers or measurements cannot be used.
pub(super) fn of_answers(lens: &Lens, error: &AnswerError, context: &Context) -> ToolError {
    let failure = ToolError::input(error.to_string());
    match error {
        AnswerError::UnknownQuestion { question, .. } => unknown_question(lens, question, failure, context),
        AnswerError::AnsweredTwice { .. } => failure
            .hint("keep one answer; where two people differ, give each their own entry in `respondents`"),
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

fn unknown_question(lens: &Lens, question: &str, failure: ToolError, context: &Context) -> ToolError {
    if let Some(other) = lenses::asking(question, context) {
        return failure.hint(format!("the lens `{other}` asks it: call again with `lens` set to it"));
    }
    let offers = lens.offers(question);
    let shown = offers.iter().take(MOST_OFFERED).copied().collect::<Vec<_>>().join("` or `");
    if !offers.is_empty() {
        return failure.hint(format!("did you mean `{shown}`?"));
    }
    let mut dimensions: Vec<&str> = lens.question_ids().map(|(dimension, _)| dimension).collect();
    dimensions.dedup();
    failure.hint(format!("dimensions are: {}", dimensions.join(", "))).hint(
        "call without answers for the questions to ask first, or with `response_format` detailed for all",
    )
}

/// Why a register cannot be counted.
pub(super) fn of_debts(lens: &Lens, error: &DebtError) -> ToolError {
    let failure = ToolError::input(error.to_string());
    match error {
        DebtError::NoRegister { .. } => {
            failure.hint("`marketing_governance` keeps one; leave `debts` out otherwise")
        }
        DebtError::Kind { kind, .. } => {
            let known: Vec<&str> = lens
                .register
                .iter()
                .flat_map(|register| &register.kinds)
                .map(|kind| kind.id.as_str())
                .collect();
            let failure = match nearest(kind, known.iter().copied()).first() {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => failure,
            };
            failure.hint(format!("kinds are: {}", known.join(", ")))
        }
        DebtError::Twice { .. } => failure.hint("give every entry an id of its own"),
        DebtError::Hours { .. } => failure.hint("leave out what nobody has estimated"),
        DebtError::Dates { .. } => failure.hint("dates are days as in 2026-01-31, none later than today"),
    }
}
