//! What leads and touches tell about each deal: where it came from, since when, and whether marketing touched it.

use super::{MetricAsk, table::DealTable};
use crate::{
    DataError, Run, Tables,
    leads::paths::Map,
    sql::{filled, micros},
};
use revarch_domain::{entity::Entity, recognition::Role};

const NO_TIME: &str = "CAST(NULL AS BIGINT)";
const NO_TEXT: &str = "CAST(NULL AS VARCHAR)";

/// A table joined to deals: its rows by key, and the deal's own side of the join, in SQL.
struct Joined {
    own: String,
    rows: String,
}

/// What is known beside the deals themselves.
pub(super) struct Beside {
    leads: Option<Joined>,
    touches: Option<Joined>,
    /// Why sources are not known, where they are not.
    pub(super) no_source: Option<String>,
    /// Why the days from lead to deal are not known.
    pub(super) no_leads: Option<String>,
    /// Why touches are not known.
    pub(super) no_touches: Option<String>,
}

impl Beside {
    /// The deals as the table `_revarch_d`: key `k`, amount `a`, created `c`, closed `z`, state `s`, source `src`, the
    /// lead's creation `l`, the first marketing touch `t`, and a column `g` to tell segments by.
    pub(super) fn deals(&self, deals: &DealTable, column: Option<&str>) -> String {
        let own = |joined: &Option<Joined>| {
            joined.as_ref().map_or_else(|| NO_TEXT.to_owned(), |joined| joined.own.clone())
        };
        let rows = |joined: &Option<Joined>, none: &str| {
            joined.as_ref().map_or_else(|| none.to_owned(), |joined| joined.rows.clone())
        };
        format!(
            "WITH _revarch_b AS (SELECT {key} AS k, {amount} AS a, {created} AS c, {closed} AS z, {state} AS s,
                 {source} AS os, {segment} AS g, {kl} AS kl, {kt} AS kt FROM {table} WHERE {key} IS NOT NULL),
             _revarch_l AS (SELECT k, min(at) AS at, first_value(src ORDER BY at, src) AS src FROM ({leads})
                 WHERE k IS NOT NULL GROUP BY k),
             _revarch_t AS (SELECT k, min(at) AS at FROM ({touches}) WHERE k IS NOT NULL AND at IS NOT NULL GROUP BY k),
             _revarch_d AS (SELECT b.k, b.a, b.c, b.z, b.s, b.g, coalesce(b.os, l.src) AS src, l.at AS l, t.at AS t
                 FROM _revarch_b AS b LEFT JOIN _revarch_l AS l ON b.kl = l.k LEFT JOIN _revarch_t AS t ON b.kt = t.k)",
            key = deals.key,
            amount = deals.money.sql,
            created = deals.time(Role::Created),
            closed = deals.time(Role::Closed),
            state = deals.state(),
            source = deals.column(Role::Source).map_or_else(|| NO_TEXT.to_owned(), text),
            segment = column.map_or_else(|| NO_TEXT.to_owned(), text),
            kl = own(&self.leads),
            kt = own(&self.touches),
            table = deals.from(),
            leads = rows(&self.leads, &format!("SELECT {NO_TEXT} AS k, {NO_TIME} AS at, {NO_TEXT} AS src")),
            touches = rows(&self.touches, &format!("SELECT {NO_TEXT} AS k, {NO_TIME} AS at")),
        )
    }
}

fn text(column: &str) -> String {
    format!("CAST({} AS VARCHAR)", filled(column))
}

impl Tables {
    pub(super) async fn beside(
        &self,
        map: &Map<'_>,
        deals: &DealTable,
        ask: &MetricAsk,
        notes: &mut Vec<String>,
        run: &Run,
    ) -> Result<Beside, DataError> {
        let mut beside = Beside {
            leads: None,
            touches: None,
            no_source: Some("neither deals nor leads that join them have a source".to_owned()),
            no_leads: Some("no table of leads joins the deals".to_owned()),
            no_touches: Some("no table of touches with a channel joins the deals".to_owned()),
        };
        let leads = match &ask.leads {
            Some(leads) => Some(self.table(leads)?.name.clone()),
            None => self.largest(map, Entity::Lead, run).await?,
        };
        if let Some(leads) = leads
            && let Some(path) = map.path(&deals.name, &leads)
        {
            let recognition = self.recognition(&leads, run).await?;
            let (source, created) = (recognition.column(Role::Source), recognition.column(Role::Created));
            let also = format!(
                "{} AS at, {} AS src",
                created.map_or_else(|| NO_TIME.to_owned(), micros),
                source.map_or_else(|| NO_TEXT.to_owned(), text)
            );
            beside.no_leads =
                created.is_none().then(|| format!("no column of `{leads}` says when a lead was created"));
            if source.is_some() {
                beside.no_source = None;
            }
            notes.push(format!("a deal's lead is the earliest that joins it by {}", path.by));
            beside.leads = Some(Joined { own: path.own.clone(), rows: path.rows(&leads, &also, "true") });
        }
        if deals.column(Role::Source).is_some() {
            beside.no_source = None;
        }
        self.touches(map, deals, ask, &mut beside, notes, run).await?;
        Ok(beside)
    }

    /// The table of touches with a channel that joins the deals, the one with the most rows.
    async fn touches(
        &self,
        map: &Map<'_>,
        deals: &DealTable,
        ask: &MetricAsk,
        beside: &mut Beside,
        notes: &mut Vec<String>,
        run: &Run,
    ) -> Result<(), DataError> {
        let named = ask.touches.as_ref().map(|table| self.table(table)).transpose()?;
        let mut found: Option<(u64, &str, String, String)> = None;
        for (table, recognition) in &map.tables {
            let is_meant = match named {
                Some(named) => named.name == **table,
                None => map.entity(table) == Some(Entity::Event),
            };
            let (Some(channel), Some(at)) =
                (recognition.column(Role::Source), recognition.column(Role::Occurred))
            else {
                continue;
            };
            if !is_meant || map.path(&deals.name, table).is_none() {
                continue;
            }
            let rows = self.profile(table, run).await?.rows;
            if found.as_ref().is_none_or(|(most, ..)| rows > *most) {
                found = Some((rows, table, channel.to_owned(), at.to_owned()));
            }
        }
        let Some((_, table, channel, at)) = found else { return Ok(()) };
        let Some(path) = map.path(&deals.name, table) else { return Ok(()) };
        let condition = format!("{} IN ({})", text(&channel), listed(&ask.marketing));
        notes.push(format!("a touch is a row of `{table}` that joins the deal by {}", path.by));
        beside.no_touches = None;
        let also = format!("{} AS at", micros(&at));
        let condition = if ask.marketing.is_empty() { "false" } else { condition.as_str() };
        beside.touches = Some(Joined { own: path.own.clone(), rows: path.rows(table, &also, condition) });
        Ok(())
    }
}

/// Texts as a list in SQL, without its brackets.
pub(super) fn listed(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("'{}'", text.replace('\'', "''"))).collect();
    quoted.join(", ")
}
