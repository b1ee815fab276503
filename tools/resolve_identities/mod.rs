//! Which records are the same person or company, and which contacts belong to which account?

mod files;
mod judged;
mod links;
mod output;
mod sides;
mod text;

#[cfg(test)]
mod tests;

pub use output::Output;

use crate::{
    Answer, Context, ErrorKind, Tool, ToolError, Toolset,
    check_data_readiness::Table,
    meant::{self, ColumnRole},
    page,
    wire::ResponseFormat,
};
use files::Targets;
use output::{Answered, Shown};
use revarch_domain::identity::{
    cluster::{Guard, clusters},
    model::weight_of,
    survivor::Rule,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// The probability from which on a pair is a match, unless the caller says otherwise or judged pairs tell.
const THRESHOLD: f64 = 0.9;
/// The probability from which on a pair below the threshold is worth a look.
const REVIEW_FROM: f64 = 0.5;
/// The probability below which nothing is kept of a pair, unless judged pairs are to be tuned on.
const LEAST: f64 = 0.05;
/// The same where they are.
const LEAST_JUDGED: f64 = 0.000_1;
/// Records that a cluster may hold, unless the caller says otherwise.
const MOST_RECORDS: u32 = 50;
/// Clusters listed unless the caller asks otherwise.
const TOP: u32 = 10;
/// Pairs that are compared for each record on average.
const PAIRS_PER_RECORD: f64 = 12.0;

/// The tool.
pub struct ResolveIdentities;

/// What is resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Contacts and leads.
    #[default]
    Person,
    /// Companies.
    Company,
}

/// A column that is compared beside or instead of those recognised.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    /// The table, as `describe_data` names it.
    pub table: String,
    /// The column.
    pub column: String,
    /// What its values are: `given_name`, `family_name`, `full_name`, email, phone, date, place, address, code, domain,
    /// company, text; or `none` to leave it out.
    pub kind: String,
}

/// Arguments of `resolve_identities`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Input {
    /// `person` (default: contacts and leads) or `company` (accounts).
    pub entity: Sort,
    /// The tables to compare, by name. Left out: those recognised.
    pub from: Vec<String>,
    /// Columns to compare beside or instead of those recognised.
    pub compare: Vec<Compare>,
    /// Match only records of different tables. Default false.
    pub across_only: bool,
    /// Let a cluster hold one record of each table at most. Default false.
    pub one_to_one: bool,
    /// The probability from which on a pair matches, above 0 and below 1. Default 0.9, or the best by `judged`.
    pub threshold: Option<f64>,
    /// The probability from which on a pair below the threshold is listed for review. Default 0.5.
    pub review_from: Option<f64>,
    /// Records a cluster may hold before it is taken apart at its weakest pairs, 2 to 1000. Default 50.
    pub most_records: Option<u32>,
    /// The country of telephone numbers without a country code, as two letters such as US.
    pub country: Option<String>,
    /// What decides which record of a cluster to keep, in order: newest, `most_complete`, `trusted_source`. Default: all.
    pub survivor: Vec<String>,
    /// Tables in the order in which they are trusted, for `trusted_source`.
    pub trusted: Vec<String>,
    /// A table of judged pairs with the columns `id_a`, `id_b` and `is_match` (1/0 or yes/no): gives precision, recall
    /// and F1, and the threshold where none is named.
    pub judged: Option<String>,
    /// What columns are for, where they were not recognised.
    pub columns: Vec<ColumnRole>,
    /// Small tables got elsewhere, read together with the files.
    pub tables: Vec<Table>,
    /// Write every pair kept to this new file in the operator's output folder: .csv or .parquet.
    pub write_pairs: Option<String>,
    /// Write every cluster's records to this new file: .csv or .parquet.
    pub write_clusters: Option<String>,
    /// How many clusters, pairs for review and links to list, 1 to 100. Default 10.
    pub top: Option<u32>,
    /// `concise` (default) gives the first of each list; `detailed` all in pages, with every comparison's levels.
    pub response_format: ResponseFormat,
    /// Where to go on in the detailed form: the `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl Tool for ResolveIdentities {
    const NAME: &'static str = "resolve_identities";
    const TITLE: &'static str = "Resolve identities";
    const DESCRIPTION: &'static str = include_str!("description.md");
    const TOOLSET: Toolset = Toolset::Data;
    type Input = Input;
    type Output = Output;

    async fn call(input: Input, context: &Context) -> Result<Answer<Output>, ToolError> {
        let asked = Asked::of(&input)?;
        let from = page::position(input.cursor.as_deref())?;
        let targets = Targets::check(input.write_pairs.as_deref(), input.write_clusters.as_deref(), context)?;
        let tables = meant::tables(context, input.tables, &input.columns).await?;
        let (ask, left_out) = sides::ask(&tables, input.entity, &input.from, &input.compare, context).await?;
        let region = input.country.as_deref().map(str::parse).transpose();
        let region = region.map_err(|reason: String| {
            ToolError::input(format!("cannot use `country`: {reason}"))
                .hint("leave it out where numbers begin with their country")
        })?;
        let ask = revarch_data::MatchAsk {
            region,
            across_only: input.across_only,
            least: if input.judged.is_some() { LEAST_JUDGED } else { LEAST.min(asked.review_from) },
            pairs_per_record: PAIRS_PER_RECORD,
            seed: context.seed,
            ..ask
        };
        for table in &input.trusted {
            tables.table(table)?;
        }
        let judged = match &input.judged {
            Some(table) => Some(judged::read(&tables, table, context).await?),
            None => None,
        };
        let matched = tables.matched(&ask, &context.run).await?;
        let judged = judged.map(|pairs| judged::weigh(&pairs, &matched)).transpose()?;
        let tuned = judged.as_ref().and_then(|judged| judged.best);
        let threshold = asked.threshold.map(weight_of).or(tuned).unwrap_or_else(|| weight_of(THRESHOLD));
        let links = links::find(&tables, input.entity, &ask, context).await?;
        let one_to_one = input.one_to_one;
        let seed = context.seed;
        let work = tokio::task::spawn_blocking(move || {
            let edges: Vec<_> = matched.pairs.iter().map(|pair| pair.edge).collect();
            let of = |record: usize| {
                u8::try_from(matched.records.table_of(u32::try_from(record).unwrap_or(0))).unwrap_or(u8::MAX)
            };
            let places: Option<Vec<u8>> = one_to_one.then(|| (0..matched.records.len()).map(of).collect());
            let guard = Guard { most: asked.most_records, tables: places.as_deref() };
            let found = clusters(matched.records.len(), &edges, threshold, guard);
            let quality = judged.map(|judged| judged.quality(threshold, seed));
            (asked, matched, found, quality)
        });
        let failed =
            |error| ToolError::new(ErrorKind::Internal, format!("the clustering stopped short: {error}"));
        let (asked, matched, found, quality) = work.await.map_err(failed)?;
        let written = targets.write(&matched, &found, threshold, &asked.rules(&input.trusted))?;
        let detailed = input.response_format == ResponseFormat::Detailed;
        let answered = Answered {
            matched,
            found,
            threshold,
            quality,
            is_tuned: asked.threshold.is_none() && tuned.is_some(),
            links,
            written,
        };
        let shown = Shown {
            top: asked.top,
            detailed,
            from,
            review_from: asked.review_from,
            rules: asked.rules(&input.trusted),
        };
        let mut output = output::wire(answered, &shown)?;
        output.notes.extend(left_out.into_iter().map(|table| {
            format!("`{table}` was left out: nothing in it tells its records apart; `compare` can name columns of it")
        }));
        Ok(Answer { text: text::of(&output), structured: output })
    }
}

/// Arguments that were found good.
struct Asked {
    threshold: Option<f64>,
    review_from: f64,
    most_records: usize,
    top: usize,
    survivor: Vec<Rule>,
}

/// How the record to keep is chosen.
pub(crate) struct Survival {
    rules: Vec<Rule>,
    trusted: Vec<String>,
}

impl Asked {
    fn of(input: &Input) -> Result<Self, ToolError> {
        let share = |name: &str, asked: Option<f64>| match asked {
            Some(share) if !(share > 0.0 && share < 1.0) => {
                Err(ToolError::input(format!("`{name}` is {share}, and may be above 0 and below 1"))
                    .hint("give a probability such as 0.9, or leave it out"))
            }
            share => Ok(share),
        };
        let whole = |name: &str, asked: Option<u32>, usual: u32, least: u32, most: u32| {
            let number = asked.unwrap_or(usual);
            if !(least..=most).contains(&number) {
                return Err(ToolError::input(format!("`{name}` is {number}, and may be {least} to {most}"))
                    .hint(format!("leave it out for {usual}")));
            }
            usize::try_from(number).map_err(|error| ToolError::new(ErrorKind::Internal, error.to_string()))
        };
        let threshold = share("threshold", input.threshold)?;
        let review_from = share("review_from", input.review_from)?;
        let review_from = review_from.unwrap_or_else(|| REVIEW_FROM.min(threshold.unwrap_or(THRESHOLD)));
        let named = input.survivor.iter().map(|name| name.parse::<Rule>());
        let survivor = named.collect::<Result<Vec<_>, _>>().map_err(|reason| {
            ToolError::input(format!("cannot use `survivor`: {reason}"))
                .hint("leave it out to use all in turn")
        })?;
        Ok(Self {
            threshold,
            review_from,
            most_records: whole("most_records", input.most_records, MOST_RECORDS, 2, 1_000)?,
            top: whole("top", input.top, TOP, 1, 100)?,
            survivor: if survivor.is_empty() {
                vec![Rule::TrustedSource, Rule::Newest, Rule::MostComplete]
            } else {
                survivor
            },
        })
    }

    fn rules(&self, trusted: &[String]) -> Survival {
        Survival { rules: self.survivor.clone(), trusted: trusted.to_vec() }
    }
}
