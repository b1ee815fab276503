//! The facts about deals that their risk is judged by.

use super::{
    DealAsk,
    history::{History, Property},
    stages::{Kinds, numbers, texts, whole},
    table::DealTable,
};
use crate::{DataError, Run, Tables, leads::paths::Map, sql::filled};
use revarch_domain::{
    recognition::Role,
    risk::{Basis, Deal, Entry, Facts, Have, Stage, StageKind},
};
use std::collections::HashMap;

/// The facts, and where they come from.
#[derive(Clone, Debug, Default)]
pub struct DealFacts {
    /// The facts.
    pub facts: Facts,
    /// Where they come from.
    pub read: DealRead,
    /// What deals are called, by their place in the facts; empty unless asked for. Text from the data.
    pub names: Vec<Option<String>>,
}

/// Where the facts about deals come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DealRead {
    /// The table of deals.
    pub deals: String,
    /// The table of the stages they went through.
    pub history: Option<String>,
    /// Deals that repeat the key of another and are left out.
    pub repeated: u64,
    /// Entries of deals that are not in the table.
    pub strangers: u64,
    /// What to know of amounts and columns.
    pub notes: Vec<String>,
}

/// The stages met so far.
struct Stages<'a> {
    kinds: &'a Kinds,
    known: HashMap<String, usize>,
    stages: Vec<Stage>,
}

impl Stages<'_> {
    fn place(&mut self, stage: &str) -> usize {
        if let Some(at) = self.known.get(stage) {
            return *at;
        }
        let at = self.stages.len();
        self.stages.push(Stage { name: self.kinds.label(stage).to_owned(), kind: self.kinds.kind(stage) });
        self.known.insert(stage.to_owned(), at);
        at
    }
}

impl Tables {
    /// Reads deals, their stages and their changes, as far as the tables tell.
    pub async fn deal_facts(
        &self,
        ask: &DealAsk,
        history: Option<&str>,
        names: bool,
        now: i64,
        run: &Run,
    ) -> Result<DealFacts, DataError> {
        let recognised = self.recognised(run).await?;
        let map = Map::of(&recognised);
        let table = self.deal_table(&map, ask, run).await?;
        let histories = self.deal_histories(&map, history, run).await?;
        let mut stages = Stages { kinds: &table.kinds, known: HashMap::new(), stages: Vec::new() };
        let mut told = DealFacts::default();
        let mut places = self.snapshot(&table, names, &mut stages, &mut told, run).await?;
        told.facts.have = Have {
            close_date: table.column(Role::Closed).is_some(),
            next_step: table.column(Role::NextStep).is_some(),
            ..Have::default()
        };
        for history in &histories {
            if self.entries(&table, history, &mut stages, &places, &mut told, now, run).await? {
                break;
            }
        }
        if told.facts.entries.is_empty() {
            lifetimes(&table, &mut stages, &mut told.facts, now);
        }
        told.facts.stages = stages.stages;
        self.changes(&histories, &places, &mut told.facts, now, run).await?;
        if let Some(people) = self.people(&map, &table, run).await? {
            told.facts.have.contacts = true;
            told.facts.deals.iter_mut().for_each(|deal| deal.contacts = Some(0));
            for (key, count) in people {
                if let Some(at) = places.get(&key) {
                    told.facts.deals[*at].contacts = Some(count);
                }
            }
        }
        if let Some(last) = self.last_activities(&map, &table, now, run).await? {
            told.facts.have.activity = true;
            for (key, at) in last {
                if let Some(deal) = places.remove(&key) {
                    told.facts.deals[deal].last_activity = Some(at);
                }
            }
        }
        told.read.deals = table.name;
        told.read.notes.extend(table.money.notes);
        told.read.notes.extend(table.money.unusable);
        Ok(told)
    }

    /// The present state of every deal, and where each stands in the facts.
    async fn snapshot(
        &self,
        table: &DealTable,
        names: bool,
        stages: &mut Stages<'_>,
        told: &mut DealFacts,
        run: &Run,
    ) -> Result<HashMap<String, usize>, DataError> {
        let next_step = table.column(Role::NextStep).map_or_else(
            || "CAST(NULL AS BIGINT)".to_owned(),
            |column| format!("CAST({} IS NOT NULL AS BIGINT)", filled(column)),
        );
        let name = table.column(Role::Name).filter(|_| names).map_or_else(|| "NULL".to_owned(), filled);
        let sql = format!(
            "SELECT CAST({} AS VARCHAR) AS k, CAST({} AS VARCHAR) AS stage, {} AS s, {} AS a, {} AS c, {} AS z, \
             {next_step} AS next, CAST({name} AS VARCHAR) AS name \
             FROM {} WHERE {} IS NOT NULL",
            table.key,
            table.stage(),
            table.state(),
            table.money.sql,
            table.time(Role::Created),
            table.time(Role::Closed),
            table.from(),
            table.key,
        );
        let mut places = HashMap::new();
        for batch in self.query_in_order(&table.name, &sql, run).await? {
            let (keys, of_stage, how) = (texts(&batch, 0)?, texts(&batch, 1)?, texts(&batch, 2)?);
            let (amounts, created, closed) = (numbers(&batch, 3)?, whole(&batch, 4)?, whole(&batch, 5)?);
            let (next_steps, called) = (whole(&batch, 6)?, texts(&batch, 7)?);
            for (row, key) in keys.into_iter().enumerate() {
                let Some(key) = key else { continue };
                if places.contains_key(&key) {
                    told.read.repeated += 1;
                    continue;
                }
                places.insert(key.clone(), told.facts.deals.len());
                // What the deal's record says of its end goes before what its stage is called.
                let ended = how[row].as_deref().filter(|state| *state != "open");
                let stage = match (of_stage[row].as_deref(), ended) {
                    (Some(stage), None) => Some(stages.place(stage)),
                    (Some(stage), Some(_)) if stages.kinds.kind(stage) != StageKind::Open => {
                        Some(stages.place(stage))
                    }
                    (_, Some(ended)) => Some(stages.place(ended)),
                    (None, None) => None,
                };
                told.facts.deals.push(Deal {
                    id: key,
                    stage,
                    amount: amounts[row],
                    created: created[row],
                    close_date: closed[row],
                    next_step: next_steps[row].map(|filled| filled == 1),
                    ..Deal::default()
                });
                if names {
                    told.names.push(called[row].clone());
                }
            }
        }
        Ok(places)
    }

    /// The entries of a history into the facts; tells whether there are any.
    #[expect(clippy::too_many_arguments, reason = "one step of reading, which has this much at hand")]
    async fn entries(
        &self,
        table: &DealTable,
        history: &History,
        stages: &mut Stages<'_>,
        places: &HashMap<String, usize>,
        told: &mut DealFacts,
        now: i64,
        run: &Run,
    ) -> Result<bool, DataError> {
        let Some(sql) = history.entries(table, now) else { return Ok(false) };
        let (mut entries, mut strangers) = (Vec::new(), 0);
        for batch in self.query(&history.table, &sql, run).await? {
            let (keys, names, times) = (texts(&batch, 0)?, texts(&batch, 1)?, whole(&batch, 2)?);
            for ((key, name), at) in keys.into_iter().zip(names).zip(times) {
                let (Some(key), Some(name), Some(at)) = (key, name, at) else { continue };
                match places.get(&key) {
                    Some(deal) => entries.push(Entry { deal: *deal, stage: stages.place(&name), at }),
                    None => strangers += 1,
                }
            }
        }
        let Some(starts) = entries.iter().map(|entry| entry.at).min() else { return Ok(false) };
        told.facts.basis = Basis::StageHistory { starts };
        told.facts.entries = entries;
        told.read.history = Some(history.table.clone());
        told.read.strangers = strangers;
        Ok(true)
    }

    /// How close dates and amounts were changed, from the first history that tells.
    async fn changes(
        &self,
        histories: &[History],
        places: &HashMap<String, usize>,
        facts: &mut Facts,
        now: i64,
        run: &Run,
    ) -> Result<(), DataError> {
        for history in histories.iter().filter(|history| history.tells(Property::CloseDate)) {
            let pushes = self.pushes(history, now, run).await?;
            facts.have.pushes |= !pushes.is_empty();
            for (key, pushes) in pushes {
                if let Some(at) = places.get(&key) {
                    facts.deals[*at].pushes.get_or_insert(pushes);
                }
            }
        }
        for history in histories.iter().filter(|history| history.tells(Property::Amount)) {
            let changes = self.amount_changes(history, now, run).await?;
            facts.have.amounts |= !changes.is_empty();
            for (key, change) in changes {
                if let Some(at) = places.get(&key) {
                    facts.deals[*at].amount_change.get_or_insert(change);
                }
            }
        }
        Ok(())
    }
}

/// The life of each deal as one stay, where creation and closing are known and no history is.
fn lifetimes(table: &DealTable, stages: &mut Stages<'_>, facts: &mut Facts, now: i64) {
    /// The stage that stands for all open ones.
    const WHOLE: &str = "whole life";
    let dated = table.column(Role::Created).is_some() && table.column(Role::Closed).is_some();
    let is_closed =
        |deal: &Deal| deal.stage.is_some_and(|stage| stages.stages[stage].kind != StageKind::Open);
    let ended = |deal: &Deal| deal.close_date.filter(|at| is_closed(deal) && *at <= now);
    if !dated || !table.tells_closing() || !facts.deals.iter().any(|deal| ended(deal).is_some()) {
        return;
    }
    let mut entries = Vec::new();
    for (at, deal) in facts.deals.iter().enumerate() {
        let Some(created) = deal.created else { continue };
        // A closed deal without a day was seen for a time that nobody knows.
        if is_closed(deal) && ended(deal).is_none() {
            continue;
        }
        entries.push((at, None, created));
        if let Some(closed) = ended(deal) {
            entries.push((at, deal.stage, closed.max(created + 1)));
        }
    }
    let whole = stages.place(WHOLE);
    facts.entries = entries
        .into_iter()
        .map(|(deal, stage, at)| Entry { deal, stage: stage.unwrap_or(whole), at })
        .collect();
    facts.basis = Basis::Lifetimes;
}
