//! Evidence that is at hand: measured now where that is possible, else from a stored review.

use crate::{Context, ErrorKind, ToolError, audit_mcp_coverage, check_data_readiness, reviews, wire};
use revarch_domain::{
    maturity::{Lens, evidence},
    measure::{Measure, MeasureId},
    proportion::Interval,
    provenance::Provenance,
};
use revarch_store::ReviewRecord;
use serde::Deserialize;

/// Where a caller lets evidence be looked for.
pub(super) struct Places {
    pub(super) platforms: Vec<String>,
    pub(super) review_id: Option<String>,
}

impl Places {
    /// Nothing, where a caller wants nothing to be looked for and names no place to look at.
    pub(super) fn unused(&self) -> Result<Gathered, ToolError> {
        if self.platforms.is_empty() && self.review_id.is_none() {
            return Ok(Gathered::default());
        }
        Err(ToolError::input("`measure` is false, and `platforms` or `review_id` names where to look")
            .hint("leave `measure` out, or leave these out"))
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) measures: Vec<Measure>,
    pub(super) sources: Vec<Source>,
    /// Tools that were run over all there is: what they did not tell cannot be had from them.
    pub(super) exhausted: Vec<&'static str>,
    /// What kept something from being measured.
    pub(super) remarks: Vec<String>,
}

/// Where some of the evidence comes from.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) tool: &'static str,
    pub(super) from: String,
    pub(super) measures: Vec<MeasureId>,
}

/// Everything that the lens asks about and that was not handed in.
pub(super) async fn gather(
    places: &Places,
    lens: &Lens,
    given: &[Measure],
    context: &Context,
) -> Result<Gathered, ToolError> {
    let Places { platforms, review_id } = places;
    let reviews = reviews::find(review_id.as_deref(), context).await?;
    let mut gathered = Gathered::default();
    let data = Wanted::of("check_data_readiness", lens, given);
    let has_data = !context.tables.all().is_empty() || !context.tables.problems().is_empty();
    if has_data && review_id.is_none() && !data.ids.is_empty() {
        let asked = check_data_readiness::Asked::default();
        match check_data_readiness::measure(context, &context.readiness, asked).await {
            Ok(checked) => gathered.add_all(&data, checked.readiness.measures),
            Err(error) if error.kind == ErrorKind::Data => {
                gathered.remarks.push(wire::one_line(&format!("not measured: {}", error.message), 300));
            }
            Err(error) => return Err(error),
        }
    } else {
        gathered.add_stored(&data, &reviews);
    }
    let coverage = Wanted::of("audit_mcp_coverage", lens, given);
    if platforms.is_empty() {
        gathered.add_stored(&coverage, &reviews);
    } else {
        let survey = audit_mcp_coverage::survey(platforms, &[], &[], context).await?;
        let measures = survey.audit.summaries.iter().filter_map(|summary| summary.measure);
        // By name alone: lists of the servers' tools may tell more, so the tool may well be run again.
        gathered.add(&coverage, measures, "audited now".to_owned());
        if !survey.unresolved.is_empty() {
            let told = format!("not in the catalog of platforms: {}", survey.unresolved.join(", "));
            gathered.remarks.push(wire::one_line(&told, 400));
        }
    }
    Ok(gathered)
}

/// The measures of one tool that are still wanted.
struct Wanted {
    tool: &'static str,
    ids: Vec<MeasureId>,
}

impl Wanted {
    fn of(tool: &'static str, lens: &Lens, given: &[Measure]) -> Self {
        let is_wanted = |id: &MeasureId| {
            evidence::tool_of(*id) == tool && lens.asks(*id) && given.iter().all(|measure| measure.id != *id)
        };
        Self { tool, ids: MeasureId::ALL.into_iter().filter(is_wanted).collect() }
    }
}

impl Gathered {
    fn add(&mut self, wanted: &Wanted, measures: impl IntoIterator<Item = Measure>, from: String) {
        let found: Vec<Measure> =
            measures.into_iter().filter(|measure| wanted.ids.contains(&measure.id)).collect();
        if !found.is_empty() {
            let measures = found.iter().map(|measure| measure.id).collect();
            self.sources.push(Source { tool: wanted.tool, from, measures });
            self.measures.extend(found);
        }
    }

    /// All that a tool can tell of the data there is.
    fn add_all(&mut self, wanted: &Wanted, measures: Vec<Measure>) {
        self.add(wanted, measures, "measured now".to_owned());
        self.exhausted.push(wanted.tool);
        let is_open = |id: &&MeasureId| self.measures.iter().all(|measure| measure.id != **id);
        let open: Vec<&str> = wanted.ids.iter().filter(is_open).map(|id| id.name()).collect();
        if !open.is_empty() {
            self.remarks.push(format!("{} was run and could not tell {}", wanted.tool, open.join(", ")));
        }
    }

    /// From the newest review that holds any of them.
    fn add_stored(&mut self, wanted: &Wanted, reviews: &[ReviewRecord]) {
        let found = reviews.iter().find_map(|review| {
            let mut held = stored(review);
            held.retain(|measure| wanted.ids.contains(&measure.id));
            (!held.is_empty()).then(|| (held, reviews::name(review)))
        });
        if let Some((held, from)) = found {
            self.add(wanted, held, from);
        }
    }
}

/// A measure as the JSON of a review holds it.
#[derive(Deserialize)]
struct Stored {
    measure: MeasureId,
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    provenance: Provenance,
}

/// The measures of a review. One that this version does not know is left out.
fn stored(review: &ReviewRecord) -> Vec<Measure> {
    let held = review.json.get("measures").and_then(|measures| measures.as_array());
    let read = |measure: &serde_json::Value| {
        let Stored { measure: id, value, low, high, provenance } =
            serde_json::from_value(measure.clone()).ok()?;
        let interval = low.zip(high).map(|(low, high)| Interval { low, high });
        Some(Measure { id, value, interval, provenance })
    };
    held.into_iter().flatten().filter_map(read).collect()
}
