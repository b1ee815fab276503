//! The table of deals and the columns that are read of it.

use super::{CurrencyAsk, currency::Money, refuse, stages::Kinds};
use crate::{
    DataError, Run, Tables,
    leads::paths::Map,
    sql::{filled, key_of, micros},
};
use revarch_domain::{
    entity::Entity,
    outcome,
    recognition::{Recognition, Role},
    value::quoted_in_sql,
};
use std::fmt::Write as _;

/// Which deals are meant, and what a person says of them.
#[derive(Clone, Debug, Default)]
pub struct DealAsk {
    /// The table of deals; the one recognised where none is named.
    pub deals: Option<String>,
    /// Stages in which deals are won, beside those that say so themselves.
    pub won_stages: Vec<String>,
    /// Stages in which deals are lost.
    pub lost_stages: Vec<String>,
    /// The currency of amounts.
    pub currency: CurrencyAsk,
}

/// The table of deals, understood.
pub(super) struct DealTable {
    pub(super) name: String,
    pub(super) recognition: Recognition,
    /// The deal's key, in SQL.
    pub(super) key: String,
    pub(super) kinds: Kinds,
    pub(super) money: Money,
}

impl DealTable {
    pub(super) fn column(&self, role: Role) -> Option<&str> {
        self.recognition.column(role)
    }

    /// A column of times in microseconds, or null where there is none.
    pub(super) fn time(&self, role: Role) -> String {
        self.column(role).map_or_else(|| "CAST(NULL AS BIGINT)".to_owned(), micros)
    }

    /// The stage as it stands, or null.
    pub(super) fn stage(&self) -> String {
        self.column(Role::Stage).map_or_else(|| "CAST(NULL AS VARCHAR)".to_owned(), filled)
    }

    pub(super) fn from(&self) -> String {
        quoted_in_sql(&self.name)
    }

    /// Whether a deal is `won`, `lost`, `closed` in a way nobody told, or `open`: by its outcome, or else by its
    /// stage.
    pub(super) fn state(&self) -> String {
        let good =
            |column: &str| format!("lower({}) IN ({})", filled(column), outcome::in_sql(&outcome::GOOD));
        let (flag, outcome) = (self.column(Role::ClosedFlag).map(good), self.column(Role::Outcome));
        let mut whens = String::new();
        let mut when = |condition: &str, state: &str| {
            let _ = write!(whens, "WHEN {condition} THEN '{state}' ");
        };
        match (&flag, outcome) {
            (Some(closed), Some(outcome)) => {
                when(&format!("{closed} AND {}", good(outcome)), "won");
                when(closed, "lost");
            }
            (None, Some(outcome)) => {
                when(&good(outcome), "won");
                // A plain no may be that of a deal which is open still, unless no stage tells which are.
                let words: Vec<&str> = outcome::BAD
                    .into_iter()
                    .filter(|word| self.column(Role::Stage).is_none() || word.contains("lost"))
                    .collect();
                when(&format!("lower({}) IN ({})", filled(outcome), outcome::in_sql(&words)), "lost");
            }
            _ => {}
        }
        let stage = self.stage();
        for (state, names) in self.kinds.closing() {
            let names: Vec<String> =
                names.iter().map(|name| format!("'{}'", name.replace('\'', "''"))).collect();
            if !names.is_empty() {
                when(&format!("{stage} IN ({})", names.join(", ")), state);
            }
        }
        if let (Some(closed), None) = (&flag, outcome) {
            when(closed, "closed");
        }
        if whens.is_empty() { "'open'".to_owned() } else { format!("CASE {whens}ELSE 'open' END") }
    }

    /// Whether anything tells which deals are closed.
    pub(super) fn tells_closing(&self) -> bool {
        [Role::Stage, Role::Outcome, Role::ClosedFlag].into_iter().any(|role| self.column(role).is_some())
    }
}

impl Tables {
    /// Understands the table of deals.
    pub(super) async fn deal_table(
        &self,
        map: &Map<'_>,
        ask: &DealAsk,
        run: &Run,
    ) -> Result<DealTable, DataError> {
        let name = match &ask.deals {
            Some(name) => self.table(name)?.name.clone(),
            None if self.all().is_empty() => return Err(self.nothing()),
            None => self.largest(map, Entity::Deal, run).await?.ok_or_else(|| {
                refuse(
                    "no table is recognised as deals".to_owned(),
                    "name it in `deals`; describe_data shows the tables",
                )
            })?,
        };
        let recognition = self.recognition(&name, run).await?;
        let key =
            recognition.column(Role::Id).map(|column| key_of(column, false, false)).ok_or_else(|| {
                refuse(
                    format!("no column of `{name}` is recognised as the key of a deal"),
                    "say which it is in `columns`: its role is `id`",
                )
            })?;
        let kinds = self.kinds(map, &name, &recognition, ask, run).await?;
        let money = self.money(&name, recognition.column(Role::Amount), &ask.currency, run).await?;
        Ok(DealTable { name, recognition, key, kinds, money })
    }
}
