//! Which known table of a layout a table is.

use super::{
    Role,
    header::Header,
    knowledge::{Columns, Known, System, Written},
    names,
};
use crate::{
    profile::{ColumnProfile, TableProfile},
    value::Kind,
};

/// Keys of Salesforce's make count as much as this many telling columns.
const IDS_TELL: usize = 2;

/// What a layout says of a column.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) column: String,
    /// None where a name would mislead.
    pub(super) role: Option<Role>,
    /// Its place among the columns that may play the role, the best first.
    pub(super) place: usize,
}

/// How well a table's name fits a known one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Otherwise,
    ByItsStart,
    Exactly,
}

/// A table found to be a known one.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    pub(super) system: &'static System,
    pub(super) layout: &'static Written,
    pub(super) table: &'static Known,
    /// What the layout says of the columns that it knows.
    pub(super) columns: Vec<Told>,
    /// What speaks for the layout rather than for any other.
    pub(super) tells: Vec<String>,
}

/// The known table that a table is, if any: the one of its name first, then the one that knows most of its columns.
pub(super) fn fit(table: &TableProfile, system: &'static System, layout: &'static Written) -> Option<Fit> {
    let headers: Vec<(&ColumnProfile, Header)> =
        table.columns.iter().map(|column| (column, Header::read(&column.name))).collect();
    let has = |known: &String| headers.iter().any(|(_, header)| header.is(known, &layout.written));
    if layout.contradictions.iter().any(has) {
        return None;
    }
    let mut best: Option<((Named, usize), &Known, Vec<Told>)> = None;
    for known in &system.tables {
        let named = named(&table.name, known);
        let looks = !layout.warehouse
            && !known.looks.is_empty()
            && known.looks.iter().all(has)
            && !known.lacks.iter().any(has);
        // Of a table without telling columns, anybody may have one of that name.
        let anchored = layout.warehouse || !known.needs.is_empty() || known.looks.iter().any(has);
        if !(looks || named > Named::Otherwise && anchored) || !known.needs.iter().all(has) {
            continue;
        }
        let columns: Vec<Told> = headers
            .iter()
            .filter_map(|(column, header)| {
                let told = told(column, header, &known.columns, layout);
                told.or_else(|| self::told(column, header, &system.everywhere, layout))
            })
            .collect();
        let rank = (named, columns.len());
        if best.as_ref().is_none_or(|(best, ..)| rank > *best) {
            best = Some((rank, known, columns));
        }
    }
    let ((named, _), known, columns) = best?;
    let mut tells = tells(&headers, system, layout);
    if named == Named::Exactly && layout.names_tell {
        tells.push(format!("the name `{}`", table.name));
    }
    if layout.prefixes.iter().any(|prefix| names::words(&table.name).first() == Some(prefix)) {
        tells.push(format!("the name `{}`", table.name));
    }
    if layout.salesforce_ids {
        let keys = |kind: Kind| {
            columns.iter().filter(|told| told.role == Some(Role::Id)).any(|told| {
                table
                    .column(&told.column)
                    .is_some_and(|column| column.filled() > 0 && column.count(kind) * 2 > column.filled())
            })
        };
        if keys(Kind::Integer) || keys(Kind::Uuid) {
            return None;
        }
        if keys(Kind::SalesforceId) {
            tells.extend(std::iter::repeat_n("keys of Salesforce's make".to_owned(), IDS_TELL));
        }
    }
    Some(Fit { system, layout, table: known, columns, tells })
}

/// Whether a table bears a mark of the layout, be it a known one or not.
pub(super) fn is_marked(table: &TableProfile, layout: &Written) -> bool {
    table.columns.iter().any(|column| {
        let header = Header::read(&column.name);
        layout.marks.iter().any(|mark| header.is(mark, &layout.written))
    })
}

fn told(column: &ColumnProfile, header: &Header, columns: &Columns, layout: &Written) -> Option<Told> {
    columns.iter().find_map(|(role, names)| {
        let place = names.iter().position(|name| header.is(name, &layout.written))?;
        Some(Told { column: column.name.clone(), role: role.0, place })
    })
}

fn tells(headers: &[(&ColumnProfile, Header)], system: &System, layout: &Written) -> Vec<String> {
    let hands = &layout.written;
    let capitals = |header: &Header| {
        let tables = system.tables.iter().flat_map(|table| table.columns.values());
        tables
            .chain(system.everywhere.values())
            .flatten()
            .any(|known| header.is_run_together_in_capitals(known, hands))
    };
    let mut found = Vec::new();
    for mark in &layout.marks {
        found.extend(headers.iter().find(|(_, header)| header.is(mark, hands)).cloned());
    }
    for (column, header) in headers {
        let told = system.tells.iter().any(|tell| header.is(tell, hands)) || capitals(header);
        if told && !found.iter().any(|(other, _)| other.name == column.name) {
            found.push((*column, header.clone()));
        }
    }
    found.into_iter().map(|(column, _)| format!("`{}`", column.name)).collect()
}

fn named(name: &str, known: &Known) -> Named {
    let plain = |name: &str| names::table_words(name).join("_");
    let name = plain(name);
    let names = std::iter::once(&known.name).chain(&known.called);
    names
        .map(|called| match called.strip_suffix('*') {
            Some(start) if name.starts_with(&format!("{}_", plain(start))) => Named::ByItsStart,
            None if name == plain(called) => Named::Exactly,
            _ => Named::Otherwise,
        })
        .max()
        .unwrap_or(Named::Otherwise)
}
