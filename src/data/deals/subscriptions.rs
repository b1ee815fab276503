//! Customers and recurring revenue at the ends of each period, from contracts.
//!
//! A contract counts at a moment if it began before it and had not ended before it, so what begins on the first day of a
//! period is new in it, and what ends on that day is lost in it.

use super::{
    flows::{Within, add, period},
    metrics::Counts,
};
use crate::{
    DataError, Run, Tables,
    leads::paths::Map,
    sql::{key_of, micros},
};
use revarch_domain::{
    entity::Entity,
    metrics::Quantity as Q,
    profile::TableProfile,
    recognition::{Recognition, Role},
    value::quoted_in_sql,
};

const NEW: [Q; 1] = [Q::NewCustomers];
const CUSTOMERS: [Q; 3] = [Q::CustomersStart, Q::CustomersLost, Q::CustomersEnd];
const REVENUE: [Q; 5] = [Q::MrrStart, Q::MrrEnd, Q::Expansion, Q::Contraction, Q::Churned];
const WHOLE: &str = "contracts are not told apart by it";

/// The days of a contract: by their role, or by the words of their names.
fn day<'a>(
    profile: &'a TableProfile,
    recognition: &'a Recognition,
    role: Role,
    words: &[&str],
) -> Option<&'a str> {
    let by_words = || {
        let says = |name: &str| words.iter().any(|word| name.to_lowercase().contains(word));
        profile
            .columns
            .iter()
            .find(|column| says(&column.name) && (column.value_type().is_moment() || column.filled() == 0))
            .map(|column| column.name.as_str())
    };
    recognition.column(role).or_else(by_words)
}

impl Tables {
    pub(super) async fn customers(
        &self,
        map: &Map<'_>,
        within: &Within<'_>,
        counts: &mut Counts,
        run: &Run,
    ) -> Result<(), DataError> {
        counts.whole_only(&NEW, WHOLE);
        counts.whole_only(&CUSTOMERS, WHOLE);
        counts.whole_only(&REVENUE, WHOLE);
        let table = match &within.ask.subscriptions {
            Some(table) => Some(self.table(table)?.name.clone()),
            None => self.largest(map, Entity::Subscription, run).await?,
        };
        let Some(table) = table else {
            let why = "no table is recognised as contracts";
            counts.lacks(&CUSTOMERS, why);
            counts.lacks(&REVENUE, why);
            return self.first_won(within, counts, run).await;
        };
        let (recognition, profile) = (self.recognition(&table, run).await?, self.profile(&table, run).await?);
        let account = recognition.column(Role::Key(Entity::Account));
        let start = day(&profile, &recognition, Role::Created, &["start", "begin", "activated"]);
        let end =
            day(&profile, &recognition, Role::Closed, &["end", "cancel", "churn", "expire", "terminat"]);
        let (Some(account), Some(start)) = (account, start) else {
            let why = format!("no column of `{table}` says whose a contract is, or when it began");
            counts.lacks(&CUSTOMERS, &why);
            counts.lacks(&REVENUE, &why);
            return self.first_won(within, counts, run).await;
        };
        let (account, start) = (key_of(account, false, false), micros(start));
        let from = quoted_in_sql(&table);
        counts.counted(&NEW);
        let sql = format!(
            "SELECT p, CAST(NULL AS VARCHAR) AS g, count(*) AS n FROM (SELECT {} AS p FROM (SELECT {account} AS k, min({start}) AS _at FROM {from} \
             WHERE {account} IS NOT NULL GROUP BY 1)) WHERE p IS NOT NULL GROUP BY p",
            period("_at", within.periods)
        );
        for batch in self.query(&table, &sql, run).await? {
            add(&batch, &[(Q::NewCustomers, 2, 2)], counts)?;
        }
        let Some(end) = end else {
            let why = format!("no column of `{table}` says when a contract ended");
            counts.lacks(&CUSTOMERS, &why);
            counts.lacks(&REVENUE, &why);
            return Ok(());
        };
        counts.counted(&CUSTOMERS);
        counts.counted(&REVENUE);
        let money =
            self.money(&table, recognition.column(Role::Amount), &within.ask.deal.currency, run).await?;
        if let Some(why) = &money.unusable {
            counts.lacks(&REVENUE, why);
        }
        counts.notes.push(format!("recurring revenue is taken as monthly, as `{table}` holds it"));
        let bounds: Vec<String> = within
            .periods
            .iter()
            .enumerate()
            .map(|(at, period)| format!("({at}, {}, {})", period.from, period.until))
            .collect();
        if bounds.is_empty() {
            return Ok(());
        }
        let active = |time: &str| format!("s.b < {time} AND (s.e IS NULL OR s.e >= {time})");
        let (first, last) = (active("p.f"), active("p.u"));
        let sql = format!(
            "WITH _revarch_p AS (SELECT column1 AS p, column2 AS f, column3 AS u FROM (VALUES {bounds})),
             _revarch_s AS (SELECT {account} AS k, {start} AS b, {end} AS e, {mrr} AS m FROM {from}
               WHERE {account} IS NOT NULL AND {start} IS NOT NULL),
             _revarch_m AS (SELECT p.p AS p, s.k AS k, count(*) FILTER (WHERE {first}) AS n0, count(*) FILTER (WHERE {last}) AS n1,
               coalesce(sum(s.m) FILTER (WHERE {first}), 0.0) AS m0, coalesce(sum(s.m) FILTER (WHERE {last}), 0.0) AS m1
               FROM _revarch_p AS p JOIN _revarch_s AS s ON s.b < p.u AND (s.e IS NULL OR s.e >= p.f) GROUP BY 1, 2)
             SELECT p, CAST(NULL AS VARCHAR) AS g, count(*) FILTER (WHERE n0 > 0) AS c0,
               count(*) FILTER (WHERE n0 > 0 AND n1 = 0) AS lost, count(*) FILTER (WHERE n1 > 0) AS c1, sum(m0) AS m0, sum(m1) AS m1,
               sum(greatest(m1 - m0, 0.0)) FILTER (WHERE n0 > 0 AND n1 > 0) AS more,
               sum(greatest(m0 - m1, 0.0)) FILTER (WHERE n0 > 0 AND n1 > 0) AS less,
               sum(m0) FILTER (WHERE n0 > 0 AND n1 = 0) AS gone
             FROM _revarch_m GROUP BY p",
            bounds = bounds.join(", "),
            end = micros(end),
            mrr = money.sql,
        );
        for batch in self.query(&table, &sql, run).await? {
            add(
                &batch,
                &[
                    (Q::CustomersStart, 2, 2),
                    (Q::CustomersLost, 3, 2),
                    (Q::CustomersEnd, 4, 4),
                    (Q::MrrStart, 5, 2),
                    (Q::MrrEnd, 6, 4),
                    (Q::Expansion, 7, 2),
                    (Q::Contraction, 8, 2),
                    (Q::Churned, 9, 3),
                ],
                counts,
            )?;
        }
        self.left_out(&table, &account, &start, counts, run).await
    }

    /// Tells how many contracts cannot be counted.
    async fn left_out(
        &self,
        table: &str,
        account: &str,
        start: &str,
        counts: &mut Counts,
        run: &Run,
    ) -> Result<(), DataError> {
        let sql = format!(
            "SELECT count(*) AS n FROM {} WHERE {account} IS NULL OR {start} IS NULL",
            quoted_in_sql(table)
        );
        for batch in self.query(table, &sql, run).await? {
            if let Some(left_out) =
                super::stages::whole(&batch, 0)?.first().copied().flatten().filter(|count| *count > 0)
            {
                counts.notes.push(format!(
                    "{left_out} contracts of `{table}` without a customer or a start are left out"
                ));
            }
        }
        Ok(())
    }

    /// New customers where no contract tells: accounts by their first won deal.
    async fn first_won(&self, within: &Within<'_>, counts: &mut Counts, run: &Run) -> Result<(), DataError> {
        let deals = within.deals;
        let account = deals.column(Role::Key(Entity::Account)).map(|column| key_of(column, false, false));
        let Some(account) = account.filter(|_| deals.column(Role::Closed).is_some() && deals.tells_closing())
        else {
            counts.lacks(&NEW, "neither contracts nor deals tell which customers were won when");
            return Ok(());
        };
        counts.counted(&NEW);
        counts.notes.push(
            "a new customer is an account by its first won deal, since no contracts are here".to_owned(),
        );
        let sql = format!(
            "SELECT p, CAST(NULL AS VARCHAR) AS g, count(*) AS n FROM (SELECT {} AS p FROM (SELECT {account} AS k, min({}) AS _at FROM {} \
             WHERE {account} IS NOT NULL AND {} = 'won' GROUP BY 1)) WHERE p IS NOT NULL GROUP BY p",
            period("_at", within.periods),
            deals.time(Role::Closed),
            deals.from(),
            deals.state(),
        );
        for batch in self.query(&deals.name, &sql, run).await? {
            add(&batch, &[(Q::NewCustomers, 2, 2)], counts)?;
        }
        Ok(())
    }
}
