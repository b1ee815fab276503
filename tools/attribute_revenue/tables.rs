//! Journeys out of the operator's tables.

use super::{
    Input,
    asked::{Asked, Deals},
    given::{About, Material},
};
use crate::{Context, ToolError};
use revarch_domain::provenance::Provenance;

pub(super) async fn read(input: &Input, asked: &Asked, context: &Context) -> Result<Material, ToolError> {
    if context.tables.all().is_empty() {
        return Err(ToolError::from(context.tables.nothing()).hint("or hand in journeys as `paths`"));
    }
    let read = context.tables.journeys(&asked.journeys, context.now.as_microsecond(), &context.run).await?;
    Ok(Material {
        channels: read.channels,
        collected: read.collected,
        scenarios: read.scenarios,
        about: About {
            tables: Some((read.told, read.left_out)),
            currencies: read.currencies,
            provenance: Provenance::Measured,
            value_is: match input.deals {
                _ if input.conversions.is_some() => "value of conversions",
                Deals::Opened => "pipeline",
                Deals::Won => "revenue",
            },
        },
    })
}
