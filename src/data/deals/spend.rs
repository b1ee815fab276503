//! Leads created and money spent in each period.

use super::{
    MetricAsk, Segment,
    flows::{Within, add, period},
    metrics::Counts,
};
use crate::{
    DataError, Run, Tables,
    leads::paths::Map,
    sql::{filled, micros},
};
use revarch_domain::{
    entity::Entity,
    metrics::{Period, Quantity as Q},
    recognition::Role,
    value::quoted_in_sql,
};

impl Tables {
    pub(super) async fn leads_created(
        &self,
        map: &Map<'_>,
        within: &Within<'_>,
        counts: &mut Counts,
        run: &Run,
    ) -> Result<(), DataError> {
        let Within { periods, ask, .. } = within;
        let leads = match &ask.leads {
            Some(leads) => Some(self.table(leads)?.name.clone()),
            None => self.largest(map, Entity::Lead, run).await?,
        };
        let Some(leads) = leads else {
            counts.lacks(&[Q::LeadsCreated], "no table is recognised as leads");
            return Ok(());
        };
        let recognition = self.recognition(&leads, run).await?;
        let Some(created) = recognition.column(Role::Created) else {
            counts.lacks(&[Q::LeadsCreated], &format!("no column of `{leads}` says when a lead was created"));
            return Ok(());
        };
        counts.counted(&[Q::LeadsCreated]);
        let source = recognition.column(Role::Source).filter(|_| ask.segment == Some(Segment::Source));
        let segment = source
            .map_or_else(|| "NULL".to_owned(), |source| format!("coalesce({}, '(none)')", filled(source)));
        if source.is_none() {
            counts.whole_only(&[Q::LeadsCreated], "leads are not told apart by it");
        }
        let sql = format!(
            "SELECT p, CAST(g AS VARCHAR) AS g, count(*) AS n FROM (SELECT {} AS p, {segment} AS g FROM (SELECT *, {} AS _at FROM {})) \
             WHERE p IS NOT NULL GROUP BY p, CAST(g AS VARCHAR)",
            period("_at", periods),
            micros(created),
            quoted_in_sql(&leads)
        );
        for batch in self.query(&leads, &sql, run).await? {
            add(&batch, &[(Q::LeadsCreated, 2, 2)], counts)?;
        }
        Ok(())
    }

    pub(super) async fn spend(
        &self,
        map: &Map<'_>,
        ask: &MetricAsk,
        periods: &[Period],
        counts: &mut Counts,
        run: &Run,
    ) -> Result<(), DataError> {
        let table = match &ask.spend {
            Some(table) => Some(self.table(table)?.name.clone()),
            None => self.largest(map, Entity::Spend, run).await?,
        };
        let Some(table) = table else {
            counts.lacks(&[Q::MarketingSpend], "no table is recognised as spend; give it in `given`");
            return Ok(());
        };
        let recognition = self.recognition(&table, run).await?;
        let profile = self.profile(&table, run).await?;
        let any = || {
            profile
                .columns
                .iter()
                .find(|column| column.value_type().is_moment())
                .map(|column| column.name.as_str())
        };
        let time =
            recognition.column(Role::Occurred).or_else(|| recognition.column(Role::Created)).or_else(any);
        let Some(time) = time else {
            counts.lacks(&[Q::MarketingSpend], &format!("no column of `{table}` says when money was spent"));
            return Ok(());
        };
        let money = self.money(&table, recognition.column(Role::Amount), &ask.deal.currency, run).await?;
        if let Some(why) = &money.unusable {
            counts.lacks(&[Q::MarketingSpend], why);
            return Ok(());
        }
        counts.counted(&[Q::MarketingSpend]);
        counts.whole_only(&[Q::MarketingSpend], "spend is not told apart by it");
        counts.notes.extend(money.notes);
        counts
            .notes
            .push(format!("marketing spend is what `{table}` holds, each row in the period of its `{time}`"));
        let sql = format!(
            "SELECT p, CAST(NULL AS VARCHAR) AS g, sum(a) AS a, count(a) AS n FROM (SELECT {} AS p, a FROM (SELECT {} AS _at, {} AS a FROM {})) \
             WHERE p IS NOT NULL GROUP BY p",
            period("_at", periods),
            micros(time),
            money.sql,
            quoted_in_sql(&table)
        );
        for batch in self.query(&table, &sql, run).await? {
            add(&batch, &[(Q::MarketingSpend, 2, 3)], counts)?;
        }
        Ok(())
    }
}
