//! Which tables and columns a history is read from.

use super::{
    super::{
        Apart, HistoryAsk,
        paths::{Map, Path},
    },
    refuse,
};
use crate::{
    DataError, Run, Tables,
    sql::{filled, stage_is_won},
};
use revarch_domain::{
    entity::Entity,
    leads::{history::Conversion, words::Side},
    outcome,
    profile::{TableProfile, ValueType},
    recognition::{Recognition, Role},
};

/// Tables that are counted, the largest first.
const MOST_SOURCES: usize = 6;
/// Text that is longer than this somewhere is prose, of which only the length is taken.
const PROSE: u64 = 100;

/// The tables and columns that a history is read from.
pub(super) struct Plan {
    pub(super) base: String,
    pub(super) deals: String,
    pub(super) created: String,
    pub(super) deals_path: Path,
    /// When a deal counts, and which do.
    pub(super) deal_time: String,
    pub(super) deal_condition: String,
    /// Whether the times of deals are days.
    pub(super) deal_by_day: bool,
    /// Columns that show until when deals were recorded.
    pub(super) deal_times: Vec<String>,
    /// Columns of the base: in SQL, and what they are called.
    pub(super) own: Vec<(String, String)>,
    pub(super) account: Option<Account>,
    pub(super) sources: Vec<Source>,
    pub(super) id: Option<String>,
    pub(super) also: Vec<String>,
    pub(super) apart: Option<Kept>,
}

/// The table of accounts.
pub(super) struct Account {
    pub(super) table: String,
    pub(super) path: Path,
    /// Its columns: in SQL, and what they are called.
    pub(super) columns: Vec<(String, String)>,
}

/// A table of what leads did.
pub(super) struct Source {
    pub(super) table: String,
    pub(super) path: Path,
    pub(super) time: String,
    pub(super) by_day: bool,
}

/// A column of a table of its own.
pub(super) struct Kept {
    pub(super) table: String,
    pub(super) path: Path,
    pub(super) column: String,
    /// When its values were written, where the table says so.
    pub(super) time: Option<String>,
}

impl Tables {
    pub(super) async fn plan(&self, ask: &HistoryAsk, run: &Run) -> Result<Plan, DataError> {
        let recognised = self.recognised(run).await?;
        let map = Map::of(&recognised);
        let deals = match &ask.deals {
            Some(deals) => self.table(deals)?.name.clone(),
            None => self.largest(&map, Entity::Deal, run).await?.ok_or_else(|| {
                refuse(
                    "no table is recognised as deals".to_owned(),
                    "name it in `deals`; describe_data shows the tables",
                )
            })?,
        };
        let (base, deals_path) = self.base(&map, ask, &deals, run).await?;
        let recognition = self.recognition(&base, run).await?;
        let created = recognition.column(Role::Created).map(str::to_owned).ok_or_else(|| {
            refuse(
                format!("no column of `{base}` is recognised as the creation time"),
                "say which it is under [tables] in revarch.toml: its role is `created`",
            )
        })?;
        let profile = self.profile(&base, run).await?;
        for column in &ask.also {
            self.table(&base)?.require(column)?;
        }
        let of_deals = self.recognition(&deals, run).await?;
        let (deal_time, deal_condition) = deal(&of_deals, &deals, ask.conversion)?;
        let others = [Role::Created, Role::Updated, Role::Loaded].map(|role| of_deals.column(role));
        let mut deal_times = vec![deal_time.clone()];
        deal_times.extend(others.into_iter().flatten().map(str::to_owned));
        let deal_by_day = by_day(self.profile(&deals, run).await?.as_ref(), &deal_time);
        let account = match map.account(&base) {
            Some((table, path)) => {
                let profile = self.profile(table, run).await?;
                let columns = who(&profile, &self.recognition(table, run).await?);
                let named = columns.into_iter().map(|(sql, name)| (sql, of_account(&name))).collect();
                Some(Account { table: table.to_owned(), path, columns: named })
            }
            None => None,
        };
        Ok(Plan {
            own: who(&profile, &recognition),
            id: recognition.column(Role::Id).map(str::to_owned),
            sources: self.sources(&map, &base, run).await?,
            also: ask.also.clone(),
            apart: match &ask.apart {
                Some(apart) => Some(self.kept(&map, &base, apart, run).await?),
                None => None,
            },
            base,
            deals,
            created,
            deals_path,
            deal_time,
            deal_condition,
            deal_by_day,
            deal_times,
            account,
        })
    }

    async fn kept(&self, map: &Map<'_>, base: &str, apart: &Apart, run: &Run) -> Result<Kept, DataError> {
        let Apart { table, column } = apart;
        self.table(table)?.require(column)?;
        let path = map.path(base, table).ok_or_else(|| {
            refuse(
                format!("no key joins `{table}` to `{base}`"),
                "say in revarch.toml which columns are keys, such as role `lead_key` or `contact_key`",
            )
        })?;
        let recognition = self.recognition(table, run).await?;
        let written =
            [Role::Occurred, Role::Created, Role::Updated].iter().find_map(|role| recognition.column(*role));
        Ok(Kept { table: table.clone(), path, column: column.clone(), time: written.map(str::to_owned) })
    }

    /// The table of leads that the deals can be joined to: the one named, or leads before contacts.
    async fn base(
        &self,
        map: &Map<'_>,
        ask: &HistoryAsk,
        deals: &str,
        run: &Run,
    ) -> Result<(String, Path), DataError> {
        let mut candidates = Vec::new();
        if let Some(table) = &ask.table {
            candidates.push(self.table(table)?.name.clone());
        } else {
            for entity in [Entity::Lead, Entity::Contact] {
                candidates.extend(self.largest(map, entity, run).await?);
            }
        }
        let joined = candidates.iter().find_map(|base| Some((base.clone(), map.path(base, deals)?)));
        joined.ok_or_else(|| {
            let of = match candidates.as_slice() {
                [] => "no table is recognised as leads or contacts".to_owned(),
                some => format!("no key joins `{}` to `{deals}`", some.join("` or `")),
            };
            refuse(of, "say in revarch.toml which columns are keys, such as role `contact_key`")
        })
    }

    /// The largest table that surely holds records of an entity.
    pub(crate) async fn largest(
        &self,
        map: &Map<'_>,
        entity: Entity,
        run: &Run,
    ) -> Result<Option<String>, DataError> {
        let mut best: Option<(u64, String)> = None;
        for table in map.tables.keys().filter(|table| map.entity(table) == Some(entity)) {
            let rows = self.profile(table, run).await?.rows;
            if best.as_ref().is_none_or(|(most, _)| rows > *most) {
                best = Some((rows, (*table).to_owned()));
            }
        }
        Ok(best.map(|(_, table)| table))
    }

    /// The tables of what leads did and what was done with them.
    async fn sources(&self, map: &Map<'_>, base: &str, run: &Run) -> Result<Vec<Source>, DataError> {
        let mut found = Vec::new();
        for table in map.tables.keys().filter(|table| **table != base) {
            if !matches!(map.entity(table), Some(Entity::Activity | Entity::Event)) {
                continue;
            }
            let recognition = self.recognition(table, run).await?;
            let time = recognition.column(Role::Occurred).or_else(|| recognition.column(Role::Created));
            let (Some(time), Some(path)) = (time, map.path(base, table)) else { continue };
            let profile = self.profile(table, run).await?;
            let by_day = by_day(&profile, time);
            let source = Source { table: (*table).to_owned(), path, time: time.to_owned(), by_day };
            found.push((profile.rows, source));
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.table.cmp(&b.1.table)));
        Ok(found.into_iter().take(MOST_SOURCES).map(|(_, source)| source).collect())
    }
}

/// The time from which a deal counts, and the condition on those that do.
pub(crate) fn deal(
    recognition: &Recognition,
    deals: &str,
    conversion: Conversion,
) -> Result<(String, String), DataError> {
    let (role, words) = match conversion {
        Conversion::Deal => (Role::Created, "when each deal was made"),
        Conversion::Won => (Role::Closed, "when each deal was closed"),
    };
    let time = recognition.column(role).map(str::to_owned).ok_or_else(|| {
        refuse(
            format!("no column of `{deals}` says {words}"),
            "say which it is under [tables] in revarch.toml: its role is `created` or `closed`",
        )
    })?;
    if conversion == Conversion::Deal {
        return Ok((time, "true".to_owned()));
    }
    let won = recognition
        .column(Role::Outcome)
        .map(|column| format!("lower({}) IN ({})", filled(column), outcome::in_sql(&outcome::GOOD)));
    let stage = || recognition.column(Role::Stage).map(|stage| stage_is_won(&filled(stage)));
    let condition = won.or_else(stage).ok_or_else(|| {
        refuse(
            format!("no column of `{deals}` says whether a deal was won"),
            "leave `conversion` out to count every deal, or say in revarch.toml which column is the `stage`",
        )
    })?;
    Ok((time, condition))
}

/// Columns that tell who a lead or account is, and how long its prose is.
fn who(profile: &TableProfile, recognition: &Recognition) -> Vec<(String, String)> {
    let mut columns = Vec::new();
    for column in &profile.columns {
        let name = &column.name;
        let fits = match recognition.role(name) {
            Some(Role::Source | Role::JobTitle | Role::Industry) => true,
            Some(_) => false,
            None => Side::of(name) == Side::Fit,
        };
        let is_prose = column.value_type() == ValueType::Text && column.longest > PROSE;
        if is_prose && recognition.role(name).is_none() {
            columns.push((format!("character_length({})", filled(name)), format!("{name}_length")));
        } else if fits && column.filled() > 0 {
            columns.push((filled(name), name.clone()));
        }
    }
    columns
}

fn of_account(name: &str) -> String {
    if name.to_lowercase().starts_with("account") { name.to_owned() } else { format!("account_{name}") }
}

/// Whether the times of a column are days.
pub(crate) fn by_day(profile: &TableProfile, column: &str) -> bool {
    profile.column(column).is_some_and(|column| column.value_type() == ValueType::Date)
}
