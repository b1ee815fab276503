//! Deals closed in each period: how many were won and lost, what they were worth and how long they took.

use super::{
    flows::{Within, add, period},
    history::DAY,
    metrics::Counts,
    stages::whole,
};
use crate::{DataError, Run, Tables};
use revarch_domain::{metrics::Quantity as Q, recognition::Role};

const ALL: [Q; 6] = [Q::DealsWon, Q::DealsLost, Q::WonAmount, Q::WonWithAmount, Q::WonDays, Q::WonWithDays];

/// Says what will be counted and why the rest is not; whether there is anything to count.
fn lay_out(within: &Within<'_>, counts: &mut Counts) -> bool {
    let deals = within.deals;
    let why = if deals.column(Role::Closed).is_none() {
        Some(format!("no column of `{}` says when a deal was closed", deals.name))
    } else if deals.tells_closing() {
        None
    } else {
        Some(format!("no column of `{}` says whether a deal was won or lost", deals.name))
    };
    if let Some(why) = why {
        counts.lacks(&ALL, &why);
        return false;
    }
    counts.counted(&ALL);
    if let Some(why) = &deals.money.unusable {
        counts.lacks(&[Q::WonAmount, Q::WonWithAmount], why);
    }
    if deals.column(Role::Created).is_none() {
        let why = format!("no column of `{}` says when a deal was created", deals.name);
        counts.lacks(&[Q::WonDays, Q::WonWithDays], &why);
    }
    true
}

impl Tables {
    pub(super) async fn closed(
        &self,
        within: &Within<'_>,
        counts: &mut Counts,
        run: &Run,
    ) -> Result<(), DataError> {
        let Within { deals, base, segment, periods, .. } = within;
        if !lay_out(within, counts) {
            return Ok(());
        }
        // A deal closed on the day it was made was closed after it.
        let sql = format!(
            "{base} SELECT p, sg, count(*) FILTER (WHERE s = 'won') AS won, count(*) FILTER (WHERE s = 'lost') AS lost,
               sum(a) FILTER (WHERE s = 'won') AS a, count(a) FILTER (WHERE s = 'won') AS na,
               sum(greatest(z - c, 0) / {DAY}.0) FILTER (WHERE s = 'won' AND z >= c - c % {DAY}) AS d,
               count(*) FILTER (WHERE s = 'won' AND z >= c - c % {DAY}) AS nd,
               count(*) FILTER (WHERE s = 'closed') AS unclear
             FROM (SELECT *, {period} AS p, CAST({segment} AS VARCHAR) AS sg FROM _revarch_d)
             WHERE s <> 'open' AND p IS NOT NULL GROUP BY p, sg",
            period = period("z", periods),
        );
        let mut unclear = 0;
        for batch in self.query(&deals.name, &sql, run).await? {
            add(
                &batch,
                &[
                    (Q::DealsWon, 2, 2),
                    (Q::DealsLost, 3, 3),
                    (Q::WonAmount, 4, 5),
                    (Q::WonWithAmount, 5, 5),
                    (Q::WonDays, 6, 7),
                    (Q::WonWithDays, 7, 7),
                ],
                counts,
            )?;
            unclear += whole(&batch, 8)?.into_iter().flatten().sum::<i64>();
        }
        let sql = format!(
            "{base} SELECT count(*) FILTER (WHERE s = 'lost') AS lost, \
             count(*) FILTER (WHERE s <> 'open' AND z IS NULL) AS undated FROM _revarch_d"
        );
        for batch in self.query(&deals.name, &sql, run).await? {
            let (lost, undated) = (whole(&batch, 0)?, whole(&batch, 1)?);
            if lost.first().copied().flatten() == Some(0) {
                let why = format!("`{}` holds no lost deal at all, as exports of won deals do", deals.name);
                counts.lacks(&[Q::DealsLost], &why);
            }
            if let Some(undated) = undated.first().copied().flatten().filter(|undated| *undated > 0) {
                counts.notes.push(format!("{undated} closed deals without a close date are in no period"));
            }
        }
        if unclear > 0 {
            let why = format!("{unclear} deals are closed, and nothing says whether they were won");
            counts.lacks(&[Q::DealsWon, Q::DealsLost], &why);
        }
        Ok(())
    }
}
