//! Which table tells how deals changed, and in what form.
//!
//! A history has a row for each stage a deal entered, with further columns perhaps (Salesforce's `OpportunityHistory`,
//! Fivetran's history mode), or a row for each value that any property took (HubSpot's `deal_property_history`,
//! Salesforce's `OpportunityFieldHistory`).

use super::{refuse, table::DealTable};
use crate::{
    DataError, Run, Tables,
    leads::paths::Map,
    sql::{filled, key_of, micros, number},
};
use revarch_domain::{
    entity::Entity,
    recognition::Role,
    value::{MICROS_PER_DAY, quoted_in_sql},
};

/// What changes of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    Stage,
    CloseDate,
    Amount,
}

impl Property {
    /// The names that systems give it, without case, spaces and underscores.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Stage => &["dealstage", "stagename", "stage", "dealpipelinestageid"],
            Self::CloseDate => &["closedate", "closeddate", "expectedclosedate"],
            Self::Amount => &["amount", "dealamount"],
        }
    }
}

/// A table of changes.
#[derive(Clone, Debug)]
pub(super) struct History {
    pub(super) table: String,
    /// The deal's key, in SQL.
    key: String,
    at: String,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// A row for each stage entered.
    Rows { stage: String, close_date: Option<String>, amount: Option<String> },
    /// A row for each value of a property.
    Values { name: String, value: String, old: Option<String> },
}

impl History {
    /// Whether the values that a property took stand in it.
    pub(super) fn tells(&self, property: Property) -> bool {
        match (&self.form, property) {
            (Form::Values { .. }, _) | (Form::Rows { .. }, Property::Stage) => true,
            (Form::Rows { close_date, .. }, Property::CloseDate) => close_date.is_some(),
            (Form::Rows { amount, .. }, Property::Amount) => amount.is_some(),
        }
    }

    /// The values that a property took: the deal `k`, the value `v`, the one before it `o` where the row tells, and
    /// when, `at`, all up to a time.
    pub(super) fn values(&self, property: Property, now: i64) -> Option<String> {
        let read = |column: &str| match property {
            Property::Stage => format!("CAST({} AS VARCHAR)", filled(column)),
            Property::CloseDate => moment_or_millis(column),
            Property::Amount => number(column),
        };
        let (value, old, condition) = match (&self.form, property) {
            (Form::Rows { stage, .. }, Property::Stage) => (read(stage), None, "true".to_owned()),
            (Form::Rows { close_date, .. }, Property::CloseDate) => {
                (read(close_date.as_ref()?), None, "true".to_owned())
            }
            (Form::Rows { amount, .. }, Property::Amount) => {
                (read(amount.as_ref()?), None, "true".to_owned())
            }
            (Form::Values { name, value, old }, _) => {
                let names: Vec<String> = property.names().iter().map(|name| format!("'{name}'")).collect();
                let name = format!("lower(replace(replace({}, '_', ''), ' ', ''))", filled(name));
                (read(value), old.as_deref().map(read), format!("{name} IN ({})", names.join(", ")))
            }
        };
        let none = match property {
            Property::Stage => "CAST(NULL AS VARCHAR)",
            Property::CloseDate => "CAST(NULL AS BIGINT)",
            Property::Amount => "CAST(NULL AS DOUBLE)",
        };
        let old = old.unwrap_or_else(|| none.to_owned());
        let (key, at, table) = (&self.key, &self.at, quoted_in_sql(&self.table));
        Some(format!(
            "SELECT CAST(k AS VARCHAR) AS k, v, o, at FROM \
             (SELECT {key} AS k, {value} AS v, {old} AS o, {at} AS at FROM {table} WHERE {condition}) \
             WHERE k IS NOT NULL AND v IS NOT NULL AND at IS NOT NULL AND at <= {now}"
        ))
    }

    /// The entries of deals into stages: the deal, the stage and when. Where rows tell the value before, a deal was in
    /// the first such value since it was made, and a deal that never changed is in its stage since then, as far as the
    /// history reaches back.
    pub(super) fn entries(&self, deals: &DealTable, now: i64) -> Option<String> {
        let values = self.values(Property::Stage, i64::MAX)?;
        if !matches!(&self.form, Form::Values { old: Some(_), .. }) {
            return Some(format!("SELECT k, v, at FROM ({values}) ORDER BY 1, 3, 2"));
        }
        Some(format!(
            "WITH _revarch_c AS ({values}),
             _revarch_f AS (SELECT k, first_value(o ORDER BY at, v) AS o FROM _revarch_c GROUP BY k),
             _revarch_d AS (SELECT CAST({key} AS VARCHAR) AS k, CAST({stage} AS VARCHAR) AS v, {created} AS at FROM {table})
             SELECT k, v, at FROM _revarch_c UNION ALL
             SELECT d.k AS k, CASE WHEN f.k IS NULL THEN d.v ELSE f.o END AS v, d.at AS at
             FROM _revarch_d AS d LEFT JOIN _revarch_f AS f ON d.k = f.k
             WHERE d.at >= (SELECT min(at) FROM _revarch_c) AND d.at <= {now} AND (f.k IS NULL OR f.o IS NOT NULL)
             ORDER BY 1, 3, 2",
            key = deals.key,
            stage = deals.stage(),
            created = deals.time(Role::Created),
            table = deals.from(),
        ))
    }
}

/// A day or moment, or the milliseconds since 1970 that HubSpot keeps dates in.
fn moment_or_millis(column: &str) -> String {
    let millis = number(column);
    format!(
        "coalesce({}, CASE WHEN {millis} BETWEEN 1e11 AND 1e13 THEN CAST({millis} AS BIGINT) * 1000 END)",
        micros(column)
    )
}

impl Tables {
    /// The tables that tell how deals changed, one with rows for stages before one with values of properties, the
    /// longer before the shorter.
    pub(super) async fn deal_histories(
        &self,
        map: &Map<'_>,
        named: Option<&str>,
        run: &Run,
    ) -> Result<Vec<History>, DataError> {
        if let Some(named) = named {
            let name = self.table(named)?.name.clone();
            let history = self.deal_history(&name, run).await?;
            let history = history.ok_or_else(|| {
                refuse(
                    format!(
                        "`{name}` does not tell how deals changed: it lacks a deal's key, a time, or a stage"
                    ),
                    "say in `columns` which they are: roles `deal_key`, `occurred` and `stage`",
                )
            })?;
            return Ok(vec![history]);
        }
        let mut found = Vec::new();
        for table in map.tables.keys().filter(|table| map.entity(table) == Some(Entity::History)) {
            if let Some(history) = self.deal_history(table, run).await? {
                let rows = self.profile(table, run).await?.rows;
                found.push((matches!(history.form, Form::Values { .. }), std::cmp::Reverse(rows), history));
            }
        }
        found.sort_by(|one, other| (one.0, one.1, &one.2.table).cmp(&(other.0, other.1, &other.2.table)));
        Ok(found.into_iter().map(|(.., history)| history).collect())
    }

    async fn deal_history(&self, table: &str, run: &Run) -> Result<Option<History>, DataError> {
        let recognition = self.recognition(table, run).await?;
        let columns = &self.table(table)?.columns;
        let find = |names: &[&str]| {
            let plain = |name: &str| name.to_lowercase().replace(['_', ' '], "");
            names.iter().find_map(|name| columns.iter().find(|column| plain(column) == *name)).cloned()
        };
        // In Fivetran's history mode a row is the whole record from one moment on, and its key is the record's.
        let versions = || find(&["fivetranstart"]).and(recognition.column(Role::Id));
        let key = recognition.column(Role::Key(Entity::Deal)).or_else(versions);
        let at = recognition.column(Role::Occurred).or_else(|| recognition.column(Role::Created));
        let (Some(key), Some(at)) = (key, at) else { return Ok(None) };
        let form = if let Some(stage) = recognition.column(Role::Stage) {
            Form::Rows {
                stage: stage.to_owned(),
                close_date: recognition.column(Role::Closed).map(str::to_owned),
                amount: recognition.column(Role::Amount).map(str::to_owned),
            }
        } else {
            let name = find(&["name", "field", "property", "propertyname", "fieldname"]);
            let value = find(&["value", "newvalue", "propertyvalue"]);
            let (Some(name), Some(value)) = (name, value) else { return Ok(None) };
            Form::Values { name, value, old: find(&["oldvalue"]) }
        };
        Ok(Some(History { table: table.to_owned(), key: key_of(key, false, false), at: micros(at), form }))
    }
}

/// Days as they stand in SQL.
pub(super) const DAY: i64 = MICROS_PER_DAY;
