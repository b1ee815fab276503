//! What are our revenue metrics against targets?

mod given;
mod output;
mod rows;
mod text;

#[cfg(test)]
mod tests;

pub use output::Output;

use crate::{
    Answer, Context, Tool, ToolError, Toolset,
    check_data_readiness::Table,
    meant::{self, ColumnRole},
    page,
    wire::ResponseFormat,
};
use given::{Baseline, Given};
use jiff::civil::Date;
use revarch_data::{CurrencyAsk, DealAsk, MetricAsk, Segment, Tables};
use revarch_domain::{
    metrics::{Every, Period, PeriodError, definitions, last_before, periods},
    nearest::nearest,
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Periods told unless the caller says from when.
const PERIODS: i64 = 5;

/// The tool.
pub struct MeasureRevenue;

/// How time is cut up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Calendar months.
    Month,
    /// Calendar quarters.
    #[default]
    Quarter,
    /// Calendar years.
    Year,
    /// One period from `from` to `to`.
    Whole,
}

/// Arguments of `measure_revenue`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// How time is cut up, in UTC: month, quarter (default), year, or whole for one period.
    pub period: By,
    /// The first day, such as 2026-01-01. Left out: five periods, the last of them with the newest deal.
    pub from: Option<String>,
    /// The first day after the last period. Left out: the day after the newest deal.
    pub to: Option<String>,
    /// Tell numbers apart by `source`, or by a column of the table of deals.
    pub segment_by: Option<String>,
    /// The sources and channels that are marketing's, as the data has them. Without them sourced and influenced
    /// pipeline are unknown.
    pub marketing_sources: Vec<String>,
    /// Only these metrics, by id, such as `win_rate`. Default all.
    pub metrics: Vec<String>,
    /// Numbers that no table holds or that were counted elsewhere. They take the place of what tables tell.
    pub given: Vec<Given>,
    /// Your own baseline of a metric, which the target for cost per lead is a change of.
    pub baselines: Vec<Baseline>,
    /// The table of deals, as `describe_data` names it. Left out: the one recognised; likewise for the others.
    pub deals: Option<String>,
    /// The table of leads.
    pub leads: Option<String>,
    /// The table of contracts with their monthly revenue, customer, start and end.
    pub subscriptions: Option<String>,
    /// The table of marketing spend.
    pub spend: Option<String>,
    /// The table of marketing touches.
    pub touches: Option<String>,
    /// Stages in which deals are won, beside those that say so themselves.
    pub won_stages: Vec<String>,
    /// Stages in which deals are lost.
    pub lost_stages: Vec<String>,
    /// Where amounts are in several currencies: what one unit of each is worth in the currency of the answer, such as
    /// {"EUR": 1.08, "USD": 1}.
    pub rates: BTreeMap<String, f64>,
    /// The column with the currency of an amount. Left out: found by its name.
    pub currency_column: Option<String>,
    /// What columns are for, where they were not recognised.
    pub columns: Vec<ColumnRole>,
    /// Small tables got elsewhere, read together with the files.
    pub tables: Vec<Table>,
    /// `concise` (default) tells the last period that is over, with its trend; `detailed` every period and segment with
    /// its inputs, in pages.
    pub response_format: ResponseFormat,
    /// Where to go on in the detailed form: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Tool for MeasureRevenue {
    const NAME: &'static str = "measure_revenue";
    const TITLE: &'static str = "Measure revenue";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Revenue;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let from = page::position(input.cursor.as_deref())?;
        let detailed = input.response_format == ResponseFormat::Detailed;
        check_metrics(&input.metrics)?;
        let own = given::baselines(&input.baselines)?;
        let tables = meant::tables(context, input.tables, &input.columns).await?;
        let ask = MetricAsk {
            deal: DealAsk {
                deals: input.deals,
                won_stages: input.won_stages,
                lost_stages: input.lost_stages,
                currency: CurrencyAsk { column: input.currency_column, rates: input.rates },
            },
            leads: input.leads,
            subscriptions: input.subscriptions,
            spend: input.spend,
            touches: input.touches,
            segment: input
                .segment_by
                .map(|by| if by == "source" { Segment::Source } else { Segment::Column(by) }),
            marketing: input.marketing_sources,
        };
        let now = context.now.as_microsecond();
        let days = (day("from", input.from.as_deref())?, day("to", input.to.as_deref())?);
        let periods = cut(input.period, days, &tables, &ask, context).await?;
        let mut counted = tables.metric_facts(&ask, &periods, now, &context.run).await?;
        check_sources(&ask.marketing, &counted.sources)?;
        given::put(&input.given, &periods, &mut counted.segments)?;
        let told =
            rows::Rows { definitions: definitions(), periods, facts: counted, only: input.metrics, own };
        let output = output::wire(&told, detailed, from)?;
        Ok(Answer { text: text::of(&output), structured: output })
    }
}

fn check_metrics(asked: &[String]) -> Result<(), ToolError> {
    let known: Vec<&str> = definitions().metrics.iter().map(|metric| metric.id.as_str()).collect();
    for id in asked {
        if !known.contains(&id.as_str()) {
            let mut error = ToolError::input(format!("there is no metric `{id}`"));
            if let Some(near) = nearest(id, known.iter().copied()).first() {
                error = error.hint(format!("did you mean `{near}`?"));
            }
            return Err(error.hint(format!("metrics are: {}", known.join(", "))));
        }
    }
    Ok(())
}

/// Refuses sources of which there is not one deal: a misspelt one would make marketing's share too small.
fn check_sources(named: &[String], known: &[(String, u64)]) -> Result<(), ToolError> {
    if known.is_empty()
        || named.is_empty()
        || named.iter().any(|name| known.iter().any(|(one, _)| one == name))
    {
        return Ok(());
    }
    let of_deals: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
    Err(ToolError::input(format!("no deal has any of the sources {}", named.join(", ")))
        .hint(format!("sources of deals are: {}", of_deals.join(", "))))
}

fn day(what: &str, text: Option<&str>) -> Result<Option<Date>, ToolError> {
    let Some(text) = text else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        ToolError::input(format!("`{what}` is `{text}`, which is no day")).hint("write a day as 2026-01-31")
    })
}

/// The periods that are told.
async fn cut(
    by: By,
    (from, to): (Option<Date>, Option<Date>),
    tables: &Tables,
    ask: &MetricAsk,
    context: &Context,
) -> Result<Vec<Period>, ToolError> {
    let every = match by {
        By::Month => Every::Month,
        By::Quarter => Every::Quarter,
        By::Year => Every::Year,
        By::Whole => Every::Whole,
    };
    let refuse = |error: PeriodError| {
        ToolError::input(error.to_string())
            .hint("give `from` and `to` as days, `to` being the first day after the last")
    };
    let now = context.now.as_microsecond();
    let (first, last) = match (from, to) {
        (Some(from), Some(to)) => (from, to),
        (from, to) => {
            let newest = tables.newest_deal(&ask.deal, now, &context.run).await?.unwrap_or(now);
            let (first, last) = last_before(every, PERIODS, newest).map_err(refuse)?;
            (from.unwrap_or(first), to.unwrap_or(last))
        }
    };
    let periods = periods(every, first, last, now).map_err(refuse)?;
    if periods.is_empty() {
        return Err(ToolError::input(format!("every period from {first} on begins after now"))
            .hint("give an earlier `from`"));
    }
    Ok(periods)
}
