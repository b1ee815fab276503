//! What each channel cost, out of a table of spend.

use super::{read::arrow, sides::refuse};
use crate::{
    DataError, Run, Tables,
    leads::paths::Map,
    sql::{filled, key_of, micros},
};
use datafusion::arrow::{
    array::{Array, AsArray},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type},
};
use revarch_domain::{
    entity::Entity,
    recognition::{Recognition, Role},
    value::{quoted_in_sql, shown},
};

/// What is asked of spend.
#[derive(Clone, Debug, Default)]
pub struct SpendAsk {
    /// The table; the one recognised where none is named.
    pub table: Option<String>,
    /// The first moment that counts, in microseconds since 1970.
    pub since: Option<i64>,
    /// The last.
    pub until: Option<i64>,
}

/// What each channel cost.
#[derive(Clone, Debug, PartialEq)]
pub struct SpendRead {
    /// The amounts by channel.
    pub by_channel: Vec<(String, f64)>,
    /// The table and how its rows name their channel.
    pub by: String,
    /// The first and last day of it, where it has days.
    pub period: Option<(String, String)>,
}

impl Tables {
    /// What each channel cost; nothing where no table is named and none is recognised.
    pub async fn spend_by_channel(&self, ask: &SpendAsk, run: &Run) -> Result<Option<SpendRead>, DataError> {
        let recognised = self.recognised(run).await?;
        let map = Map::of(&recognised);
        let table = match &ask.table {
            Some(table) => Some(self.table(table)?.name.clone()),
            None => self.largest(&map, Entity::Spend, run).await?,
        };
        let Some(table) = table else { return Ok(None) };
        let recognition = self.recognition(&table, run).await?;
        // What is not asked for by name need not be there.
        let unusable = |reason: &str| match &ask.table {
            None => Ok(None),
            Some(_) => Err(refuse(format!("`{table}` {reason}"), "give the amounts in `spend` instead")),
        };
        let Some(Named { key, campaigns, by }) = named(&map, &table, &recognition) else {
            return unusable("names neither channels nor campaigns whose channel is known");
        };
        let Some(amount) = recognition.column(Role::Amount) else {
            return unusable("has no column that is recognised as an amount");
        };
        let profile = self.profile(&table, run).await?;
        let day = profile.columns.iter().find(|column| column.value_type().is_moment());
        let at = day.map_or_else(|| "CAST(NULL AS BIGINT)".to_owned(), |day| micros(&day.name));
        let mut conditions = vec!["c IS NOT NULL".to_owned()];
        if day.is_some() {
            conditions.extend(ask.since.map(|since| format!("at >= {since}")));
            conditions.extend(ask.until.map(|until| format!("at <= {until}")));
        }
        let rows = format!(
            "SELECT {key} AS c, TRY_CAST({} AS DOUBLE) AS v, {at} AS at FROM {}",
            filled(amount),
            quoted_in_sql(&table)
        );
        let rows = campaigns.map_or_else(
            || rows.clone(),
            |campaigns| format!("SELECT m.c AS c, s.v AS v, s.at AS at FROM ({rows}) AS s JOIN ({campaigns}) AS m ON s.c = m.f"),
        );
        let sql = format!(
            "SELECT c, sum(v), min(at), max(at) FROM ({rows}) AS x WHERE {} GROUP BY 1 ORDER BY 1",
            conditions.join(" AND ")
        );
        let mut read = SpendRead { by_channel: Vec::new(), by, period: None };
        let mut period: Option<(i64, i64)> = None;
        for batch in self.query(&table, &sql, run).await? {
            let names = cast(batch.column(0), &DataType::Utf8View).map_err(arrow)?;
            let sums = cast(batch.column(1), &DataType::Float64).map_err(arrow)?;
            let sums = sums.as_primitive::<Float64Type>();
            let (first, last) =
                (batch.column(2).as_primitive::<Int64Type>(), batch.column(3).as_primitive::<Int64Type>());
            for (row, name) in names.as_string_view().iter().enumerate() {
                if let (Some(name), true) = (name, sums.is_valid(row)) {
                    read.by_channel.push((name.to_owned(), sums.value(row)));
                }
                if first.is_valid(row) && last.is_valid(row) {
                    let (begin, end) = period.unwrap_or((i64::MAX, i64::MIN));
                    period = Some((begin.min(first.value(row)), end.max(last.value(row))));
                }
            }
        }
        read.period = period.map(|(begin, end)| (shown(begin, false), shown(end, false)));
        Ok(Some(read))
    }
}

/// How rows of spend name their channel.
struct Named {
    /// The channel, or the campaign's key, in SQL.
    key: String,
    /// The channel `c` of each campaign `f`, in SQL.
    campaigns: Option<String>,
    by: String,
}

fn named(map: &Map<'_>, table: &str, recognition: &Recognition) -> Option<Named> {
    if let Some(column) = recognition.column(Role::Source) {
        return Some(Named { key: filled(column), campaigns: None, by: format!("`{table}.{column}`") });
    }
    let join = map.from(table).find(|join| map.entity(&join.to_table) == Some(Entity::Campaign))?;
    let column = map.tables.get(join.to_table.as_str())?.column(Role::Source)?;
    let campaigns = format!(
        "SELECT {} AS f, min({}) AS c FROM {} GROUP BY 1",
        key_of(&join.to_column, false, false),
        filled(column),
        quoted_in_sql(&join.to_table)
    );
    Some(Named {
        key: key_of(&join.from_column, false, false),
        campaigns: Some(campaigns),
        by: format!("`{table}` by `{}.{column}`", join.to_table),
    })
}
