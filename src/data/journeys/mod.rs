//! Journeys to conversions, out of a table of touches and one of conversions.
//!
//! # Design
//! Touches, conversions and the moments when leads were made become one stream of rows in the order of the person or
//! account they belong to, which the engine sorts and spills as it has to. Only one person's rows are held at a time;
//! the journeys themselves are merged as they come, so memory follows the different journeys and not the touches.

mod ask;
mod people;
mod query;
mod read;
mod sides;
mod spend;
mod whose;

#[cfg(test)]
mod tests;

pub use ask::{Columns, JourneyAsk, JourneyTerms, Journeys, JourneysTold, LeftOut, Level};
pub use spend::{SpendAsk, SpendRead};

use people::Reading;

use crate::{DataError, Run, Tables};
use revarch_domain::attribution::{
    answer::Scenario,
    collect::{Collected, Collector},
    journey::Terms,
};

/// The share of touches that lose their person in the scenario of lost identity. Authored: a loss that
/// refused consent and short-lived cookies can well cause, and no measurement of any.
const IDENTITY_LOST: f64 = 0.2;

/// The same journeys on other assumptions: their names, and what makes them.
const WINDOWS: [(&str, i64, i64); 2] = [("window x 0.5", 1, 2), ("window x 2", 2, 1)];

impl Tables {
    /// The journeys that touches and conversions come to.
    pub async fn journeys(&self, ask: &JourneyAsk, now: i64, run: &Run) -> Result<Journeys, DataError> {
        let plan = self.sides(ask, run).await?;
        let end = ask.terms.until.map_or(now, |until| until.min(now));
        let (channels, left_out) = self.channels(&plan, ask.most_channels, end, run).await?;
        let terms = ask.terms.up_to(end);
        let mut collectors = vec![Collector::new(terms)];
        if ask.scenarios {
            let with = |times, of| Terms { window: terms.window / of * times, ..terms };
            collectors.extend(WINDOWS.map(|(_, times, of)| Collector::new(with(times, of))));
            collectors.push(Collector::new(terms));
        }
        let read = self.collect_journeys(&plan, ask, end, &channels, collectors, run).await?;
        let Reading { collectors, undated, future, currencies, several_people } = read;
        let mut collected: Vec<Collected> = collectors.into_iter().map(Collector::finish).collect();
        let lost = format!("{:.0}% of touches without identity", 100.0 * IDENTITY_LOST);
        let names = WINDOWS.iter().map(|(name, ..)| (*name).to_owned()).chain([lost]);
        let scenarios = collected.split_off(1.min(collected.len()));
        let scenarios = names.zip(scenarios).map(|(name, collected)| Scenario { name, collected }).collect();
        let left_out =
            LeftOut { conversions_undated: undated, conversions_future: future, several_people, ..left_out };
        Ok(Journeys {
            channels,
            collected: collected.pop().unwrap_or_default(),
            scenarios,
            left_out,
            currencies,
            told: plan.told(),
        })
    }
}
