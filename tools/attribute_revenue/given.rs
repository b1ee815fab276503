//! Journeys that came with the call, and what both kinds of journeys come to.

use super::Input;
use crate::ToolError;
use revarch_data::{JourneysTold, LeftOut};
use revarch_domain::{
    attribution::{
        answer::Scenario,
        channels::{self, Channels},
        collect::{Collected, Collector},
        journey::Terms,
        money,
        paths::Marks,
    },
    provenance::Provenance,
    value::MICROS_PER_DAY,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Paths that one call may carry.
const MOST: usize = 20_000;

/// Equal journeys, counted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenPath {
    /// The channels in the order of time, such as `["search", "email"]`. Empty: conversions that nothing touched.
    pub path: Vec<String>,
    /// Journeys along it that converted.
    #[serde(default)]
    pub conversions: u64,
    /// What these are worth together.
    pub value: Option<f64>,
    /// Journeys along it that ended in nothing.
    #[serde(default)]
    pub nulls: u64,
    /// The touch that made the lead, counted from 0; for `w_shaped` and `full_path`.
    pub lead_at: Option<u32>,
    /// The touch that opened the deal, counted from 0.
    pub deal_at: Option<u32>,
}

/// Journeys to credit.
pub(super) struct Material {
    pub(super) channels: Channels,
    pub(super) collected: Collected,
    pub(super) scenarios: Vec<Scenario>,
    pub(super) about: About,
}

/// What is told of journeys.
pub(super) struct About {
    /// Where they come from, where that is tables.
    pub(super) tables: Option<(JourneysTold, LeftOut)>,
    pub(super) currencies: Vec<String>,
    pub(super) provenance: Provenance,
    /// What the value of a conversion is.
    pub(super) value_is: &'static str,
}

pub(super) fn read(input: &Input) -> Result<Material, ToolError> {
    if input.touches.is_some() || input.conversions.is_some() {
        return Err(ToolError::input("both `paths` and tables are given").hint("give one of them"));
    }
    if input.paths.len() > MOST {
        let message = format!("{} paths are given, and at most {MOST} fit a call", input.paths.len());
        return Err(
            ToolError::input(message).hint("write the touches and conversions to files in a data folder")
        );
    }
    for (at, given) in input.paths.iter().enumerate() {
        check(given).map_err(|reason| {
            ToolError::input(format!("cannot use `paths[{at}]`: {reason}")).hint(
                "a path is {\"path\": [\"search\", \"email\"], \"conversions\": 3, \"value\": 120.5, \"nulls\": 40}",
            )
        })?;
    }
    let most =
        input.most_channels.map_or(channels::MOST, |most| usize::try_from(most).unwrap_or(channels::MOST));
    let names = input.paths.iter().flat_map(|given| {
        let journeys = (given.conversions + given.nulls).max(1);
        given.path.iter().map(move |name| (name.trim(), journeys))
    });
    let channels = Channels::of(names, most);
    // Times are not given, so that only what is asked of paths themselves matters here.
    let mut collector = Collector::new(Terms {
        window: MICROS_PER_DAY,
        reset: true,
        once: false,
        collapse: false,
        half_life: 1.0,
        since: None,
        open_from: i64::MAX,
    });
    for GivenPath { path, conversions, value, nulls, lead_at, deal_at } in &input.paths {
        let mut numbers: Vec<u16> = path.iter().filter_map(|name| channels.number(name.trim())).collect();
        let mut marks = Marks { lead: *lead_at, deal: *deal_at };
        if input.collapse_repeats {
            marks = collapse(&mut numbers, marks);
        }
        collector.add_made(&numbers, marks, *conversions, value.and_then(money::of_amount), *nulls);
    }
    Ok(Material {
        channels,
        collected: collector.finish(),
        scenarios: Vec::new(),
        about: About {
            tables: None,
            currencies: Vec::new(),
            provenance: Provenance::Attested,
            value_is: "as given",
        },
    })
}

fn check(given: &GivenPath) -> Result<(), String> {
    let GivenPath { path, conversions, value, nulls, lead_at, deal_at } = given;
    if path.iter().any(|name| name.trim().is_empty()) {
        return Err("a channel of it has no name".to_owned());
    }
    if conversions.saturating_add(*nulls) == 0 {
        return Err("it has neither conversions nor nulls".to_owned());
    }
    if value.is_some_and(|value| money::of_amount(value).is_none()) {
        return Err("its value is no amount".to_owned());
    }
    if *conversions == 0 && value.is_some_and(|value| value != 0.0) {
        return Err("it has a value and no conversions".to_owned());
    }
    let beyond = [lead_at, deal_at].into_iter().flatten().any(|at| *at as usize >= path.len());
    if beyond {
        Err("`lead_at` or `deal_at` is no touch of it; they count from 0".to_owned())
    } else {
        Ok(())
    }
}

/// Touches of one channel in a row become one; milestones move with them.
fn collapse(path: &mut Vec<u16>, marks: Marks) -> Marks {
    let place = |mark: Option<u32>| {
        let at = mark? as usize;
        let repeats = (1..=at).filter(|place| path[*place] == path[*place - 1]).count();
        u32::try_from(at - repeats).ok()
    };
    let marks = Marks { lead: place(marks.lead), deal: place(marks.deal) };
    path.dedup();
    marks
}

/// Refuses journeys of which nobody converted: there is nothing to credit.
pub(super) fn has_conversions(material: &Material) -> Result<(), ToolError> {
    let counts = &material.collected.counts;
    if counts.touched.conversions + counts.untouched().conversions > 0 {
        return Ok(());
    }
    Err(match &material.about.tables {
        None => ToolError::input("no path has a conversion").hint("give `conversions` with at least one path"),
        Some((told, _)) => ToolError::input(format!("no row of `{}` counts as a conversion", told.conversions)).hint(
            "check `deals`, `since` and `until`, or name the column and values that count in `conversion_columns`",
        ),
    })
}
