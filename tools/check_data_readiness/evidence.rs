//! Evidence that comes with the call: small tables, and counts made elsewhere.

use crate::{Context, ToolError};
use revarch_data::{InlineTable, Tables};
use revarch_domain::{
    entity::Entity,
    nearest::nearest,
    proportion::Proportion,
    readiness::{self, System},
    recognition::Role,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A small table, at most 1 MB.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What to call it, such as `contacts`; the name helps to recognise what it holds.
    pub name: String,
    /// The table as CSV, its first line the header.
    pub csv: Option<String>,
    /// The table as objects with equal fields.
    #[serde(default)]
    pub rows: Vec<Map<String, Value>>,
    /// How many rows there are in all, where these are only some of them. A part can fail a check and never pass it.
    pub rows_in_all: Option<u64>,
}

/// A count of filled records made elsewhere.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// Whose records were counted: account, contact, lead, deal, activity or event.
    pub entity: String,
    /// The field as its system names it.
    pub field: String,
    /// What the field is for, such as `email`; guessed from its name where absent.
    pub role: Option<String>,
    /// Records with a value.
    pub filled: u64,
    /// All records.
    pub total: u64,
}

pub(crate) fn table(table: Table) -> Result<InlineTable, ToolError> {
    let Table { name, csv, rows, rows_in_all } = table;
    match (csv, rows.is_empty()) {
        (Some(csv), true) => Ok(InlineTable::csv(&name, csv, rows_in_all)?),
        (None, false) => Ok(InlineTable::rows(&name, rows, rows_in_all)?),
        (Some(_), false) => {
            Err(ToolError::input(format!("the table `{name}` in the call has both `csv` and `rows`"))
                .hint("give one of them"))
        }
        (None, true) => {
            Err(ToolError::input(format!("the table `{name}` in the call has neither `csv` nor `rows`"))
                .hint("give its lines as `csv`, or its objects as `rows`"))
        }
    }
}

pub(super) fn aggregate(aggregate: &Aggregate) -> Result<readiness::facts::Aggregate, ToolError> {
    let Aggregate { entity, field, role, filled, total } = aggregate;
    let refuse = |reason: String| ToolError::input(format!("cannot use the count of `{field}`: {reason}"));
    let known = Entity::ALL.into_iter().find(|known| known.name() == entity).ok_or_else(|| {
        let names: Vec<&str> = Entity::ALL.iter().map(|entity| entity.name()).collect();
        refuse(format!("there is no entity `{entity}`")).hint(format!("entities are {}", names.join(", ")))
    })?;
    let role = role.as_deref().map(str::parse::<Role>).transpose().map_err(refuse)?;
    if filled > total {
        return Err(refuse(format!("{filled} filled are more than {total} in all"))
            .hint("give the filled records as `filled` and all records as `total`"));
    }
    Ok(readiness::facts::Aggregate {
        entity: known,
        field: field.clone(),
        role,
        filled: Proportion::new(*filled, *total),
    })
}

const SYSTEMS: [System; 3] = [System::Salesforce, System::HubSpot, System::Warehouse];

pub(super) fn system(name: &str) -> Result<System, ToolError> {
    SYSTEMS.into_iter().find(|system| system.name() == name).ok_or_else(|| {
        let names = SYSTEMS.map(System::name);
        let error = ToolError::input(format!("queries cannot be written for `{name}`"));
        let error = match nearest(name, names).first() {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error,
        };
        error.hint(format!("systems are {}", names.join(", ")))
    })
}

/// The systems whose records the tables are; all of them where there are no tables.
pub(super) async fn systems_of(tables: &Tables, context: &Context) -> Result<Vec<System>, ToolError> {
    if tables.all().is_empty() {
        return Ok(vec![System::Salesforce, System::HubSpot]);
    }
    let recognised = tables.recognised(&context.run).await?;
    let layouts = recognised.iter().filter_map(|folder| folder.whole.layout.as_ref());
    let mut systems: Vec<System> = layouts
        .filter(|layout| layout.is_sure())
        .map(|layout| match layout.value.system.as_str() {
            "hubspot" => System::HubSpot,
            "salesforce" => System::Salesforce,
            _ => System::Warehouse,
        })
        .collect();
    systems.dedup();
    Ok(if systems.is_empty() { vec![System::Warehouse] } else { systems })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_that_cannot_be_are_refused_with_the_reason() {
        let count = |entity: &str, role: Option<&str>, filled, total| {
            aggregate(&Aggregate {
                entity: entity.into(),
                field: "Email".into(),
                role: role.map(str::to_owned),
                filled,
                total,
            })
        };
        assert_eq!(count("contact", Some("email"), 8, 10).unwrap().filled, Proportion::new(8, 10));
        for (refused, said) in [
            (count("contacts", None, 1, 2), "no entity `contacts`"),
            (count("contact", Some("mail"), 1, 2), "no role `mail`"),
            (count("contact", None, 3, 2), "3 filled are more than 2"),
        ] {
            let error = refused.unwrap_err().text();
            assert!(error.contains(said) && error.contains("`Email`"), "{error}");
        }
        assert!(system("hubspt").unwrap_err().text().contains("did you mean `hubspot`"));
    }

    #[test]
    fn a_table_is_given_in_one_way() {
        let row = || vec![Map::from_iter([("id".to_owned(), Value::from(1))])];
        let of = |csv: Option<&str>, rows| {
            table(Table { name: "t".into(), csv: csv.map(str::to_owned), rows, rows_in_all: None })
        };
        assert!(of(Some("id\n1\n"), Vec::new()).is_ok());
        assert!(of(None, row()).is_ok());
        assert!(of(Some("id\n1\n"), row()).unwrap_err().text().contains("both"));
        assert!(of(None, Vec::new()).unwrap_err().text().contains("neither"));
        assert!(of(Some("  "), Vec::new()).unwrap_err().text().contains("empty"));
    }
}
