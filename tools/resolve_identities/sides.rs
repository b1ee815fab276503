//! Which tables and columns are compared.

use super::{Compare, Sort};
use crate::{Context, ToolError};
use revarch_data::{MatchAsk, Side, Tables};
use revarch_domain::{
    entity::Entity,
    identity::{
        compare::{Comparison, columns},
        kind::Kind,
        pattern::MOST_COMPARISONS,
    },
    leads::reading::is_address,
    recognition::{Recognition, Role},
};
use std::collections::BTreeMap;

/// What is to be compared, as far as the tables tell, and the tables left out: those that nobody named and in which
/// nothing tells records apart, such as leads that hold no more than the key of a contact.
pub(super) async fn ask(
    tables: &Tables,
    sort: Sort,
    from: &[String],
    compare: &[Compare],
    context: &Context,
) -> Result<(MatchAsk, Vec<String>), ToolError> {
    let said = said(tables, compare)?;
    let mut named: Vec<String> = from.to_vec();
    for name in from {
        tables.table(name)?;
    }
    if named.is_empty() {
        for name in tables.names() {
            let recognition = tables.recognition(&name, &context.run).await?;
            if is_of(sort, &recognition) {
                named.push(name);
            }
        }
    }
    named.dedup();
    if named.is_empty() {
        let (wanted, other) = match sort {
            Sort::Person => ("contacts or leads", "company"),
            Sort::Company => ("companies", "person"),
        };
        return Err(ToolError::input(format!("no table was recognised as one of {wanted}"))
            .hint(format!("name tables in `from`; tables are {}", tables.names().join(", ")))
            .hint(format!("or ask for entity `{other}`; describe_data shows what was recognised")));
    }
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    for name in named {
        let recognition = tables.recognition(&name, &context.run).await?;
        let own = compared(tables, &name, &recognition, sort, &said)?;
        if own.is_empty() {
            left_out.push(name);
            continue;
        }
        found.push((name, recognition, own));
    }
    if let Some(name) = left_out.first().filter(|_| found.is_empty() || !from.is_empty()) {
        return Err(ToolError::input(format!("nothing in `{name}` tells its records apart: no name, address, number or key of a person or company was recognised"))
            .hint("say in `compare` which of its columns are names, e-mail addresses and so on"));
    }
    let mut comparisons: Vec<Comparison> = Vec::new();
    for (_, _, own) in &found {
        for (one, _) in own {
            if !comparisons.contains(one) && comparisons.len() < MOST_COMPARISONS {
                comparisons.push(one.clone());
            }
        }
    }
    let side = |(table, recognition, own): (String, Recognition, Vec<(Comparison, String)>)| Side {
        id: recognition.column(Role::Id).map(str::to_owned),
        updated: [Role::Updated, Role::Created]
            .into_iter()
            .find_map(|role| recognition.column(role))
            .map(str::to_owned),
        columns: comparisons
            .iter()
            .map(|one| own.iter().find(|(own, _)| own == one).map(|(_, column)| column.clone()))
            .collect(),
        table,
    };
    let sides = found.into_iter().map(side).collect();
    let ask = MatchAsk {
        sides,
        comparisons,
        region: None,
        across_only: false,
        least: 0.5,
        pairs_per_record: 1.0,
        seed: 0,
    };
    Ok((ask, left_out))
}

fn is_of(sort: Sort, recognition: &Recognition) -> bool {
    match sort {
        Sort::Person => matches!(recognition.sure_entity(), Some(Entity::Contact | Entity::Lead)),
        Sort::Company => recognition.sure_entity() == Some(Entity::Account),
    }
}

/// What the caller says of columns, by table and column; `None` leaves a column out.
type Said = BTreeMap<(String, String), Option<Kind>>;

fn said(tables: &Tables, compare: &[Compare]) -> Result<Said, ToolError> {
    let mut said = Said::new();
    for Compare { table, column, kind } in compare {
        tables.table(table)?.require(column)?;
        let kind = match kind.as_str() {
            "none" => None,
            kind => Some(kind.parse::<Kind>().map_err(|reason| {
                ToolError::input(format!("cannot compare `{table}.{column}`: {reason}"))
                    .hint("or `none`, to leave the column out")
            })?),
        };
        said.insert((table.clone(), column.clone()), kind);
    }
    Ok(said)
}

/// The compared columns of a table.
fn compared(
    tables: &Tables,
    name: &str,
    recognition: &Recognition,
    sort: Sort,
    said: &Said,
) -> Result<Vec<(Comparison, String)>, ToolError> {
    let table = tables.table(name)?;
    let mut own = columns(&table.columns, recognition, sort == Sort::Company);
    for ((_, column), kind) in said.iter().filter(|((table, _), _)| table == name) {
        own.retain(|(_, known)| known != column);
        if let Some(kind) = kind {
            let is_first = !own.iter().any(|(one, _)| one.kind == *kind) && *kind != Kind::Text;
            let name = if is_first { kind.name().to_owned() } else { column.to_lowercase() };
            own.push((Comparison { name, kind: *kind }, column.clone()));
        }
    }
    Ok(own)
}

/// A record's key, unless it is somebody's address.
pub(super) fn key(id: &str) -> String {
    if is_address(id) { "(an address)".to_owned() } else { crate::wire::one_line(id, 60) }
}
