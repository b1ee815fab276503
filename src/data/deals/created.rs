//! Deals created in each period: how many, what they are worth, where they came from.

use super::{
    beside::listed,
    flows::{Within, add, period},
    history::DAY,
    metrics::Counts,
    stages::whole,
};
use crate::{DataError, Run, Tables};
use revarch_domain::{metrics::Quantity as Q, recognition::Role};

const AMOUNTS: [Q; 3] = [Q::PipelineCreated, Q::SourcedPipeline, Q::InfluencedPipeline];
const ALL: [Q; 6] = [Q::DealsCreated, AMOUNTS[0], AMOUNTS[1], AMOUNTS[2], Q::LeadDays, Q::DealsFromLeads];

/// Says what will be counted and why the rest is not; whether there is anything to count.
fn lay_out(within: &Within<'_>, counts: &mut Counts) -> bool {
    let Within { deals, beside, ask, .. } = within;
    if deals.column(Role::Created).is_none() {
        counts.lacks(&ALL, &format!("no column of `{}` says when a deal was created", deals.name));
        return false;
    }
    counts.counted(&ALL);
    if let Some(why) = &deals.money.unusable {
        counts.lacks(&AMOUNTS, why);
    }
    let unsaid = "which sources are marketing's is not said; name them in `marketing_sources`";
    for (quantity, why) in
        [(Q::SourcedPipeline, &beside.no_source), (Q::InfluencedPipeline, &beside.no_touches)]
    {
        match why {
            Some(why) => counts.lacks(&[quantity], why),
            None if ask.marketing.is_empty() => counts.lacks(&[quantity], unsaid),
            None => {}
        }
    }
    if let Some(why) = &beside.no_leads {
        counts.lacks(&[Q::LeadDays, Q::DealsFromLeads], why);
    }
    true
}

impl Tables {
    pub(super) async fn created(
        &self,
        within: &Within<'_>,
        now: i64,
        counts: &mut Counts,
        run: &Run,
    ) -> Result<(), DataError> {
        let Within { deals, base, segment, periods, ask, .. } = within;
        if !lay_out(within, counts) {
            return Ok(());
        }
        let marketing = if ask.marketing.is_empty() {
            "false".to_owned()
        } else {
            format!("src IN ({})", listed(&ask.marketing))
        };
        // Where deals have days only, a lead of the same day came before.
        let sql = format!(
            "{base} SELECT p, sg, count(*) AS n, sum(a) AS a, count(a) AS na,
               sum(a) FILTER (WHERE {marketing}) AS s, count(a) FILTER (WHERE {marketing}) AS ns,
               sum(a) FILTER (WHERE t < e) AS i, count(a) FILTER (WHERE t < e) AS ni,
               sum(greatest(c - l, 0) / {DAY}.0) FILTER (WHERE l - l % {DAY} <= c) AS d,
               count(*) FILTER (WHERE l - l % {DAY} <= c) AS nd, count(*) FILTER (WHERE a < 0) AS below,
               count(*) FILTER (WHERE src IS NULL) AS bare
             FROM (SELECT *, {period} AS p, CAST({segment} AS VARCHAR) AS sg,
               CASE WHEN s = 'open' THEN {now} ELSE coalesce(z, {now}) END AS e FROM _revarch_d)
             WHERE p IS NOT NULL GROUP BY p, sg",
            period = period("c", periods),
        );
        let (mut negative, mut bare) = (0, 0);
        for batch in self.query(&deals.name, &sql, run).await? {
            add(
                &batch,
                &[
                    (Q::DealsCreated, 2, 2),
                    (Q::PipelineCreated, 3, 4),
                    (Q::SourcedPipeline, 5, 6),
                    (Q::InfluencedPipeline, 7, 8),
                    (Q::LeadDays, 9, 10),
                    (Q::DealsFromLeads, 10, 10),
                ],
                counts,
            )?;
            negative += whole(&batch, 11)?.into_iter().flatten().sum::<i64>();
            bare += whole(&batch, 12)?.into_iter().flatten().sum::<i64>();
        }
        if bare > 0 && within.beside.no_source.is_none() {
            counts.notes.push(format!(
                "{bare} deals created have no known source and count as not marketing's: sourced pipeline is the least it can be"
            ));
        }
        if negative > 0 {
            counts.notes.push(format!("{negative} deals with amounts below 0 are in the sums as they stand"));
        }
        Ok(())
    }
}
