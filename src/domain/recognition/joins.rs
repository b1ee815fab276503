//! Which key of which table points at which other table.

use super::{Recognition, Role, fit::Fit, header::Header, names};
use crate::{entity::Entity, profile::TableProfile};

/// The confidence of a join that the layout declares.
const DECLARED: f64 = 0.98;

/// A key of one table that points at records of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// The table that holds the key.
    pub from_table: String,
    /// The column that holds the key.
    pub from_column: String,
    /// The table whose records it points at.
    pub to_table: String,
    /// That table's own key.
    pub to_column: String,
    /// Whether a cell may hold several keys, separated by `;`.
    pub many: bool,
    /// Whether another join of the same key has a target of its own, and a record of either will do: Salesforce's
    /// `WhoId` is a contact's or a lead's.
    pub either: bool,
    /// Whether the key may also be of a record in a table that is not here, so that one that joins nothing is not
    /// broken: `WhatId` may be a campaign's, and a lead may be owned by a queue.
    pub elsewhere: bool,
    /// From 0 to 1.
    pub confidence: f64,
    /// Why.
    pub reason: String,
}

/// A table with what is known of it.
#[derive(Clone, Debug)]
pub(super) struct Placed<'a> {
    pub(super) profile: &'a TableProfile,
    pub(super) recognition: &'a Recognition,
    /// Which of the folders it is in: keys speak of records of the same system.
    pub(super) folder: usize,
    /// What the layout of its folder knows of it, unless the operator says otherwise.
    pub(super) fit: Option<&'a Fit>,
    /// Columns whose role the operator set.
    pub(super) mapped: Vec<&'a str>,
}

/// The joins of one table: those its layout declares, then those its keys ask for.
pub(super) fn joins(from: &Placed, all: &[Placed]) -> Vec<Join> {
    let mut joins = declared(from, all);
    if from.recognition.sure_entity().is_none() {
        return joins;
    }
    for column in &from.profile.columns {
        let Some(guess) = from.recognition.columns.get(&column.name).filter(|guess| guess.is_sure()) else {
            continue;
        };
        let to = match guess.value {
            Role::Key(to) => to,
            Role::Owner => Entity::User,
            _ => continue,
        };
        if joins.iter().any(|join| join.from_column == column.name) {
            continue;
        }
        let sure = |guess: Option<f64>| guess.unwrap_or(1.0);
        let kinds = names::polymorphic_key(&column.name);
        let entities = kinds.as_ref().map_or(vec![to], |kinds| kinds.entities.clone());
        let targets: Vec<_> = entities.iter().filter_map(|to| Some((*to, target(all, *to, from)?))).collect();
        let elsewhere = kinds.is_some_and(|kinds| kinds.and_others || targets.len() < entities.len());
        for (to, (target, key)) in &targets {
            let confidence = guess
                .confidence
                .min(sure(target.recognition.entity.as_ref().map(|guess| guess.confidence)))
                .min(sure(target.recognition.columns.get(*key).map(|guess| guess.confidence)));
            joins.push(Join {
                from_table: from.profile.name.clone(),
                from_column: column.name.clone(),
                to_table: target.profile.name.clone(),
                to_column: (*key).to_owned(),
                many: names::is_plural_key(&column.name),
                either: targets.len() > 1,
                elsewhere,
                confidence,
                reason: format!(
                    "`{}` is the key of {} records, which `{}` holds",
                    column.name,
                    to.name(),
                    target.profile.name
                ),
            });
        }
    }
    joins
}

fn declared(from: &Placed, all: &[Placed]) -> Vec<Join> {
    let Some(fit) = from.fit else { return Vec::new() };
    let mut joins: Vec<Join> = Vec::new();
    // Keys of which the layout declares a target that is not here.
    let mut open = Vec::new();
    for declared in &fit.system.joins {
        let Some((table, column)) = declared.from.split_once('.') else { continue };
        let Some(column) = (table == fit.table.name).then(|| find(from, column)).flatten() else { continue };
        if from.mapped.contains(&column) {
            continue;
        }
        let (to, key) =
            declared.to.split_once('.').map_or((declared.to.as_str(), None), |(to, key)| (to, Some(key)));
        let own_key = |placed: &Placed<'_>| match key {
            Some(key) => find(placed, key).map(str::to_owned),
            None => placed.recognition.column(Role::Id).map(str::to_owned),
        };
        let target = all
            .iter()
            .filter(|placed| placed.folder == from.folder && placed.profile.name != from.profile.name)
            .filter(|placed| placed.fit.is_some_and(|fit| fit.table.name == to))
            .filter_map(|placed| Some((placed, own_key(placed)?)))
            .max_by(|(a, _), (b, _)| {
                a.profile.rows.cmp(&b.profile.rows).then(b.profile.name.cmp(&a.profile.name))
            });
        let Some((target, key)) = target else {
            open.push(column.to_owned());
            continue;
        };
        joins.push(Join {
            from_table: from.profile.name.clone(),
            from_column: column.to_owned(),
            to_table: target.profile.name.clone(),
            to_column: key,
            many: declared.many,
            either: false,
            elsewhere: declared.elsewhere,
            confidence: DECLARED,
            reason: format!("the layout {} declares it", fit.layout.id),
        });
    }
    let columns: Vec<String> = joins.iter().map(|join| join.from_column.clone()).collect();
    for join in &mut joins {
        join.either = columns.iter().filter(|column| **column == join.from_column).count() > 1;
        join.elsewhere |= open.contains(&join.from_column);
    }
    joins
}

/// The column of a table that the layout knows by a name.
fn find<'a>(placed: &Placed<'a>, known: &str) -> Option<&'a str> {
    let layout = placed.fit?.layout;
    let columns = &placed.profile.columns;
    columns
        .iter()
        .find(|column| Header::read(&column.name).is(known, &layout.written))
        .map(|column| column.name.as_str())
}

/// The table that holds the records of an entity, and its key: a table of the same folder before any other, then the
/// surest, of equals the largest.
fn target<'a, 'b>(all: &'b [Placed<'a>], entity: Entity, from: &Placed) -> Option<(&'b Placed<'a>, &'a str)> {
    let rank = |table: &Placed| {
        let sure = table.recognition.entity.as_ref().map_or(0.0, |guess| guess.confidence);
        (table.folder == from.folder, sure, table.profile.rows)
    };
    all.iter()
        .filter(|table| {
            table.recognition.sure_entity() == Some(entity) && table.profile.name != from.profile.name
        })
        .filter_map(|table| Some((table, table.recognition.column(Role::Id)?)))
        .max_by(|(a, _), (b, _)| {
            let ((near, sure, rows), (other_near, other_sure, other_rows)) = (rank(a), rank(b));
            near.cmp(&other_near)
                .then(sure.total_cmp(&other_sure))
                .then(rows.cmp(&other_rows))
                .then(b.profile.name.cmp(&a.profile.name))
        })
}
