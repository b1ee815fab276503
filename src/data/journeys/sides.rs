//! Which tables and columns journeys are read from.

use super::{
    ask::{Columns, JourneyAsk, JourneysTold, Level},
    whose::{Whose, at, whose},
};
use crate::{
    DataError, Run, Tables,
    leads::{
        history::plan::{by_day, deal},
        paths::Map,
    },
    sql::filled,
};
use revarch_domain::{
    entity::Entity,
    leads::history::Conversion,
    recognition::{Recognition, Role},
};

/// One of the tables that journeys are made of.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) table: String,
    pub(super) time: String,
    pub(super) by_day: bool,
    pub(super) whose: Whose,
    pub(super) by: String,
}

/// The tables and columns that journeys are read from.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) level: Level,
    pub(super) touches: Side,
    pub(super) channel: String,
    pub(super) conversions: Side,
    pub(super) condition: String,
    pub(super) value: Option<String>,
    pub(super) currency: Option<String>,
    /// The column with the time a deal was opened, and whether it holds days.
    pub(super) opened: Option<(String, bool)>,
    pub(super) leads: Option<Side>,
}

impl Plan {
    pub(super) fn told(self) -> JourneysTold {
        let Self { level, touches, channel, conversions, value, leads, .. } = self;
        JourneysTold {
            touches: touches.table,
            channel,
            touch_time: touches.time,
            touches_by: touches.by,
            conversions: conversions.table,
            conversion_time: conversions.time,
            value,
            conversions_by: conversions.by,
            leads: leads.map(|leads| format!("`{}.{}`", leads.table, leads.time)),
            level,
        }
    }
}

impl Tables {
    pub(super) async fn sides(&self, ask: &JourneyAsk, run: &Run) -> Result<Plan, DataError> {
        let recognised = self.recognised(run).await?;
        if recognised.is_empty() {
            return Err(self.nothing());
        }
        let map = Map::of(&recognised);
        let touches = self.touch_table(&map, ask, run).await?;
        let conversions = match &ask.conversions {
            Some(table) => self.table(table)?.name.clone(),
            None => self.largest(&map, Entity::Deal, run).await?.ok_or_else(|| {
                refuse("no table is recognised as deals".to_owned(), "name the table in `conversions`")
            })?,
        };
        let (of_touches, of_conversions) =
            (self.recognition(&touches, run).await?, self.recognition(&conversions, run).await?);
        let named = |table: &str, asked: &Option<String>, roles: &[Role], recognition: &Recognition| {
            let known = self.table(table)?;
            match asked {
                Some(column) => known.require(column).map(|column| Some(column.to_owned())),
                None => Ok(roles.iter().find_map(|role| recognition.column(*role)).map(str::to_owned)),
            }
        };
        let need = |column: Option<String>, table: &str, what: &str, argument: &str| {
            column.ok_or_else(|| {
                refuse(
                    format!("no column of `{table}` is recognised as {what}"),
                    &format!("name it in `{argument}`"),
                )
            })
        };
        let columns = &ask.touch_columns;
        let times = [Role::Occurred, Role::Created];
        let touch_time = need(
            named(&touches, &columns.time, &times, &of_touches)?,
            &touches,
            "the time of a touch",
            "touch_columns.time",
        )?;
        let channel = need(
            named(&touches, &columns.channel, &[Role::Source], &of_touches)?,
            &touches,
            "the channel",
            "touch_columns.channel",
        )?;
        let columns = &ask.conversion_columns;
        let value = named(&conversions, &columns.value, &[Role::Amount], &of_conversions)?;
        let (time, condition) = self.conversion_rows(ask, &conversions, &of_conversions)?;
        let whose = whose(
            &map,
            ask.level,
            (touches.as_str(), &ask.touch_columns),
            (conversions.as_str(), columns),
            self,
        )?;
        let (level, of_touch, of_conversion) = whose;
        let day = async |table: &str, column: &str| {
            Ok::<_, DataError>(by_day(self.profile(table, run).await?.as_ref(), column))
        };
        let opened = match ask.conversion {
            Conversion::Deal => Some(time.clone()),
            Conversion::Won => of_conversions.column(Role::Created).map(str::to_owned),
        };
        let opened = match opened {
            Some(column) => Some((column.clone(), day(&conversions, &column).await?)),
            None => None,
        };
        let is_currency = |column: &&String| column.to_lowercase().contains("currency");
        let currency = self.table(&conversions)?.columns.iter().find(is_currency).cloned();
        let leads = self.lead_side(&map, level, run).await?;
        Ok(Plan {
            level,
            channel,
            condition,
            value,
            currency,
            opened,
            leads,
            touches: Side {
                by_day: day(&touches, &touch_time).await?,
                table: touches,
                time: touch_time,
                whose: of_touch.0,
                by: of_touch.1,
            },
            conversions: Side {
                by_day: day(&conversions, &time).await?,
                table: conversions,
                time,
                whose: of_conversion.0,
                by: of_conversion.1,
            },
        })
    }

    /// The table of touches: the one named, or of the tables of events with a channel that named like touches, or the
    /// largest.
    async fn touch_table(&self, map: &Map<'_>, ask: &JourneyAsk, run: &Run) -> Result<String, DataError> {
        if let Some(table) = &ask.touches {
            return Ok(self.table(table)?.name.clone());
        }
        let mut found = Vec::new();
        for (table, recognition) in &map.tables {
            let is_event = matches!(map.entity(table), Some(Entity::Event | Entity::Activity));
            if let (true, Some(channel)) = (is_event, recognition.column(Role::Source)) {
                let rows = self.profile(table, run).await?.rows;
                let says_so = |name: &str, word: &str| name.to_lowercase().contains(word);
                found.push((says_so(table, "touch"), says_so(channel, "channel"), rows, (*table).to_owned()));
            }
        }
        found.sort();
        found.pop().map(|(.., table)| table).ok_or_else(|| {
            refuse(
                "no table is recognised as touches with a channel".to_owned(),
                "name it in `touches` with its columns in `touch_columns`, or hand in `paths`; describe_data shows the tables",
            )
        })
    }

    /// The time of a conversion, and the condition on rows that are one.
    fn conversion_rows(
        &self,
        ask: &JourneyAsk,
        table: &str,
        recognition: &Recognition,
    ) -> Result<(String, String), DataError> {
        let Columns { time, converted, .. } = &ask.conversion_columns;
        let known = self.table(table)?;
        let condition = match converted {
            None => None,
            Some((column, values)) => {
                let column = known.require(column)?;
                let values: Vec<String> = values
                    .iter()
                    .map(|value| format!("'{}'", value.trim().replace('\'', "''").to_lowercase()))
                    .collect();
                Some(format!("lower({}) IN ({})", filled(column), values.join(", ")))
            }
        };
        let is_deal = recognition.sure_entity() == Some(Entity::Deal);
        match (time, condition) {
            (Some(time), Some(condition)) => Ok((known.require(time)?.to_owned(), condition)),
            // Rows of another table are conversions one and all.
            (Some(time), None) if !is_deal => Ok((known.require(time)?.to_owned(), "true".to_owned())),
            (None, None) if !is_deal => {
                let times = [Role::Closed, Role::Occurred, Role::Created];
                let time = times.into_iter().find_map(|role| recognition.column(role));
                let time = time.ok_or_else(|| {
                    refuse(
                        format!("no column of `{table}` is recognised as the time of a conversion"),
                        "name it in `conversion_columns.time`",
                    )
                })?;
                Ok((time.to_owned(), "true".to_owned()))
            }
            (time, condition) => {
                let (of_deal, is_counted) = deal(recognition, table, ask.conversion)?;
                let time = time.as_ref().map(|time| known.require(time)).transpose()?;
                Ok((time.map_or(of_deal, str::to_owned), condition.unwrap_or(is_counted)))
            }
        }
    }

    /// When leads were made, where a table of leads names the same persons or accounts.
    async fn lead_side(&self, map: &Map<'_>, level: Level, run: &Run) -> Result<Option<Side>, DataError> {
        let Some(table) = self.largest(map, Entity::Lead, run).await? else { return Ok(None) };
        let recognition = self.recognition(&table, run).await?;
        let Some(time) = recognition.column(Role::Created).map(str::to_owned) else { return Ok(None) };
        let by_day = by_day(self.profile(&table, run).await?.as_ref(), &time);
        let side = |(whose, by)| Side { table: table.clone(), time, by_day, whose, by };
        Ok(at(map, level, &table).map(side))
    }
}

pub(super) fn refuse(reason: String, hint: &str) -> DataError {
    DataError::Journeys { reason, hint: hint.to_owned() }
}
