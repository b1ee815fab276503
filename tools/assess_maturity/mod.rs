//! Which stage are we at, what holds us there, and how sure are we?

mod gather;
mod input;
mod interview;
mod lenses;
mod output;
mod refusal;
mod remembered;
mod text;

#[cfg(test)]
mod tests;

pub use input::{Debt, Evidence, Ground, Input, Person, Reply};
pub use output::Output;

use crate::{Answer, Context, Tool, ToolError, Toolset, page, wire::ResponseFormat};
use gather::{Gathered, Places};
use jiff::tz::TimeZone;
use output::Told;
use revarch_domain::{
    maturity::{
        self, Lens, Respondent,
        register::{self, Tally},
    },
    measure::Measure,
};

/// The name under which what a register of debts tells joins what people say.
const REGISTER: &str = "the register";

/// The tool.
pub struct AssessMaturity;

impl Tool for AssessMaturity {
    const NAME: &'static str = "assess_maturity";
    const TITLE: &'static str = "Assess maturity";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Assess;
    // What people said is kept under its subject.
    const READ_ONLY: bool = false;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let start = page::position(input.cursor.as_deref())?;
        let Input {
            lens,
            subject,
            answers,
            respondents,
            evidence,
            measure,
            platforms,
            review_id,
            debts,
            ask,
            attested_cap,
            response_format,
            cursor: _,
        } = input;
        let mut lens = lenses::open(lens.as_deref(), context)?;
        if let Some(cap) = attested_cap {
            lens = lenses::capped(lens, cap)?;
        }
        let subject = remembered::subject(subject)?;
        let mut people = input::people(answers, respondents)?;
        let tally = counted(&lens, &input::debts(debts)?, &mut people, context)?;
        let mut measures = input::measures(&evidence)?;
        // What cannot be used is refused before anything is measured.
        let refused = |error| refusal::of_survey(&lens, &error, context);
        maturity::survey(&lens, &people, &measures).map_err(refused)?;
        let recalled = match &subject {
            Some(subject) => remembered::recall(subject, &lens, &mut people, context).await?,
            None => 0,
        };

        let places = Places { platforms, review_id };
        let gathered = if measure.unwrap_or(true) {
            gather::gather(&places, &lens, &measures, context).await?
        } else {
            places.unused()?
        };
        measures.extend(&gathered.measures);
        let interview = if ask {
            Some(interview::interview(&lens, &mut people, &measures, &gathered.exhausted, context).await?)
        } else {
            None
        };
        if let Some(subject) = &subject {
            remembered::keep(subject, &lens, &people, context).await?;
        }
        let survey =
            maturity::survey_after(&lens, &people, &measures, &gathered.exhausted).map_err(refused)?;
        let Gathered { measures: _, sources, exhausted: _, mut remarks } = gathered;
        if recalled > 0 {
            remarks.push(format!("{recalled} answers were kept from earlier calls about this subject"));
        }
        let is_register = |one: &&Respondent| tally.is_some() && one.name == REGISTER;
        let people = people.len() - people.iter().filter(is_register).count();
        let told = Told { people, tally, interview, sources, remarks };
        let detailed = response_format == ResponseFormat::Detailed;
        let structured = output::wire(survey, &lens, told, detailed.then_some(start))?;
        let text = text::tell(&structured);
        Ok(Answer { structured, text })
    }
}

/// Assesses with the lens that ships, for a review that has measured already.
pub(crate) fn assess(
    answers: Vec<Reply>,
    measures: &[Measure],
    context: &Context,
) -> Result<maturity::Assessment, ToolError> {
    let lens = lenses::open(None, context)?;
    let answers = input::replies(answers)?;
    maturity::assess(&lens, &answers, measures).map_err(|error| refusal::of_answers(&lens, &error, context))
}

/// Counts a register; what it tells of the lens's questions joins what people say.
fn counted(
    lens: &Lens,
    debts: &[register::Debt],
    people: &mut Vec<Respondent>,
    context: &Context,
) -> Result<Option<Tally>, ToolError> {
    if debts.is_empty() {
        return Ok(None);
    }
    let today = context.now.to_zoned(TimeZone::UTC).date();
    let tally = register::tally(lens, debts, today).map_err(|error| refusal::of_debts(lens, &error))?;
    let told: Vec<maturity::Answer> =
        tally.answers.iter().filter(|answer| answer.level.is_some()).cloned().collect();
    if !told.is_empty() {
        people.push(Respondent { name: REGISTER.to_owned(), answers: told });
    }
    Ok(Some(tally))
}
