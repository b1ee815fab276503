//! Who takes part in a deal, and when something was last done about it.

use super::{
    stages::{texts, whole},
    table::DealTable,
};
use crate::{
    DataError, Run, Tables,
    leads::paths::Map,
    sql::{key_of, micros},
};
use revarch_domain::{entity::Entity, recognition::Role, value::quoted_in_sql};

impl Tables {
    /// How many people of the buyer are linked to each deal, by tables of pairs and by activities, the deal's own
    /// contact included. None where only the deal's own contact could tell, since it is one at most.
    pub(super) async fn people(
        &self,
        map: &Map<'_>,
        deals: &DealTable,
        run: &Run,
    ) -> Result<Option<Vec<(String, u64)>>, DataError> {
        let mut pairs = Vec::new();
        for (table, recognition) in &map.tables {
            if !matches!(map.entity(table), Some(Entity::Link | Entity::Activity)) {
                continue;
            }
            let key =
                |entity| recognition.column(Role::Key(entity)).map(|column| key_of(column, false, false));
            if let (Some(deal), Some(contact)) = (key(Entity::Deal), key(Entity::Contact)) {
                pairs.push(format!("SELECT {deal} AS d, {contact} AS c FROM {}", quoted_in_sql(table)));
            }
        }
        if pairs.is_empty() {
            return Ok(None);
        }
        if let Some(contact) = deals.column(Role::Key(Entity::Contact)) {
            let contact = key_of(contact, false, false);
            pairs.push(format!("SELECT {} AS d, {contact} AS c FROM {}", deals.key, deals.from()));
        }
        let sql = format!(
            "SELECT CAST(d AS VARCHAR) AS k, count(DISTINCT c) AS n FROM ({}) WHERE d IS NOT NULL AND c IS NOT NULL GROUP BY 1",
            pairs.join(" UNION ALL ")
        );
        Ok(Some(
            self.by_deal(&deals.name, &sql, run)
                .await?
                .into_iter()
                .map(|(deal, count)| (deal, count.max(0).unsigned_abs()))
                .collect(),
        ))
    }

    /// When something was last done about each deal. None where no activity names its deal.
    pub(super) async fn last_activities(
        &self,
        map: &Map<'_>,
        deals: &DealTable,
        now: i64,
        run: &Run,
    ) -> Result<Option<Vec<(String, i64)>>, DataError> {
        let mut done = Vec::new();
        for (table, recognition) in &map.tables {
            if map.entity(table) != Some(Entity::Activity) {
                continue;
            }
            let Some(at) = recognition.column(Role::Occurred).map(micros) else { continue };
            let table = quoted_in_sql(table);
            if let Some(deal) = recognition.column(Role::Key(Entity::Deal)) {
                let deal = key_of(deal, false, false);
                done.push(format!("SELECT {deal} AS d, {at} AS at FROM {table}"));
            }
            // HubSpot keeps activities, each kind in a table of its own, apart from the deals they belong to.
            let own = recognition.column(Role::Id).or(recognition.column(Role::Key(Entity::Activity)));
            let Some(own) = own.map(|column| key_of(column, false, false)) else { continue };
            for (pairs, deal, activity) in deal_activities(map) {
                done.push(format!(
                    "SELECT l.d AS d, x.at AS at FROM (SELECT {deal} AS d, {activity} AS f FROM {pairs}) AS l \
                     JOIN (SELECT {own} AS g, {at} AS at FROM {table}) AS x ON l.f = x.g"
                ));
            }
        }
        if done.is_empty() {
            return Ok(None);
        }
        let sql = format!(
            "SELECT CAST(d AS VARCHAR) AS k, max(at) AS n FROM ({}) WHERE d IS NOT NULL AND at <= {now} GROUP BY 1",
            done.join(" UNION ALL ")
        );
        Ok(Some(self.by_deal(&deals.name, &sql, run).await?))
    }

    async fn by_deal(&self, about: &str, sql: &str, run: &Run) -> Result<Vec<(String, i64)>, DataError> {
        let mut told = Vec::new();
        for batch in self.query(about, sql, run).await? {
            let (deals, numbers) = (texts(&batch, 0)?, whole(&batch, 1)?);
            told.extend(deals.into_iter().zip(numbers).filter_map(|(deal, number)| deal.zip(number)));
        }
        Ok(told)
    }
}

/// The tables of pairs of deals and activities, each with its two keys, in SQL.
fn deal_activities(map: &Map<'_>) -> Vec<(String, String, String)> {
    let links = map.tables.iter().filter(|(table, _)| map.entity(table) == Some(Entity::Link));
    let pairs = links.filter_map(|(table, recognition)| {
        let key = |entity| recognition.column(Role::Key(entity)).map(|column| key_of(column, false, false));
        Some((quoted_in_sql(table), key(Entity::Deal)?, key(Entity::Activity)?))
    });
    pairs.collect()
}
