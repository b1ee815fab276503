//! Leads with their outcome, wherever it stands: in a column of their table, or in the deals that followed.

mod read;
mod unreadable;

pub(crate) use read::{columns, trained};
pub(crate) use unreadable::{unreadable, unscorable};

use crate::{Context, ToolError};
use revarch_data::{Apart, DataError, History, HistoryAsk};
use revarch_domain::{
    entity::Entity,
    leads::{document::Origin, history::Conversion, reading::Roles},
    recognition::{Recognition, Role},
};

/// What a caller says of where the outcome stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) table: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) positive: Option<String>,
    pub(crate) time: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) weight: Option<String>,
    pub(crate) exclude: Vec<String>,
    pub(crate) deals: Option<String>,
    pub(crate) conversion: Option<Conversion>,
    pub(crate) within_days: Option<u32>,
    pub(crate) decide_after_days: Option<u32>,
    /// Further columns that are wanted beside the features of a history.
    pub(crate) also: Vec<String>,
    /// A score in a table of its own, wanted beside them too.
    pub(crate) apart: Option<Apart>,
}

/// Leads with their outcome.
#[derive(Clone, Debug)]
pub(crate) enum Leads {
    /// A table with an outcome column.
    Table {
        table: String,
        roles: Roles,
        /// Whether the decision time was recognised rather than named, and may so be given up.
        guessed_time: bool,
    },
    /// A table of leads and the deals that followed.
    History { history: Box<History>, roles: Roles },
}

/// Why there are none.
pub(crate) enum Missing {
    /// The call cannot be answered.
    Error(ToolError),
    /// There is a table of leads, and nothing says what became of them.
    Outcome { table: String, reason: String },
}

impl From<DataError> for Missing {
    fn from(error: DataError) -> Self {
        Self::Error(error.into())
    }
}

impl From<ToolError> for Missing {
    fn from(error: ToolError) -> Self {
        Self::Error(error)
    }
}

impl Leads {
    /// The table of leads.
    pub(crate) fn table(&self) -> &str {
        match self {
            Self::Table { table, .. } => table,
            Self::History { history, .. } => &history.table,
        }
    }

    pub(crate) fn roles(&self) -> &Roles {
        let (Self::Table { roles, .. } | Self::History { roles, .. }) = self;
        roles
    }

    pub(crate) fn roles_mut(&mut self) -> &mut Roles {
        let (Self::Table { roles, .. } | Self::History { roles, .. }) = self;
        roles
    }

    /// What a model that was trained on them has to remember of where they came from.
    pub(crate) fn origin(&self, roles: &Roles) -> Origin {
        Origin {
            table: self.table().to_owned(),
            label: roles.label.clone(),
            time: roles.time.clone(),
            id: roles.id.clone(),
            history: match self {
                Self::Table { .. } => None,
                Self::History { history, .. } => Some(history.terms),
            },
        }
    }
}

/// Finds leads with their outcome.
pub(crate) async fn find(asked: &Asked, context: &Context) -> Result<Leads, Missing> {
    let wants_history = asked.deals.is_some()
        || asked.conversion.is_some()
        || asked.within_days.is_some()
        || asked.decide_after_days.is_some()
        || asked.apart.is_some();
    if wants_history {
        if let Some(label) = &asked.label {
            return Err(ToolError::input(format!(
                "`label` names `{label}` as the outcome, and `deals`, `conversion`, `within_days`, `decide_after_days` or `score_table` would read another out of the deals"
            ))
            .hint("give one or the other")
            .into());
        }
        return Ok(history(asked, context).await?);
    }
    let Some(table) = &asked.table else { return anywhere(asked, context).await };
    let recognition = context.tables.recognition(table, &context.run).await?;
    if asked.label.is_some() || recognition.column(Role::Outcome).is_some() {
        return Ok(labelled(asked, table.clone(), &recognition)?);
    }
    or_no_outcome(history(asked, context).await, table)
}

/// Where no table is named: leads or contacts with an outcome, else leads with the deals that followed, else the
/// one table that has an outcome.
async fn anywhere(asked: &Asked, context: &Context) -> Result<Leads, Missing> {
    let names = context.tables.names();
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for name in &names {
        let recognition = context.tables.recognition(name, &context.run).await?;
        let is_labelled = recognition.column(Role::Outcome).is_some();
        if is_labelled {
            with.push((name.clone(), recognition));
        } else if matches!(recognition.sure_entity(), Some(Entity::Lead | Entity::Contact)) {
            without.push((recognition.sure_entity() != Some(Entity::Lead), name.clone()));
        }
    }
    without.sort();
    let people = without.first().map(|(_, name)| name.clone());
    let of = |entity: Entity| {
        let mut some = with.iter().filter(|(_, recognition)| recognition.sure_entity() == Some(entity));
        some.next().filter(|_| some.next().is_none())
    };
    let found: Vec<&str> = with.iter().map(|(name, _)| name.as_str()).collect();
    if let Some((table, recognition)) = of(Entity::Lead).or_else(|| of(Entity::Contact)) {
        return Ok(labelled(asked, table.clone(), recognition)?);
    }
    if asked.label.is_none()
        && let Some(people) = &people
    {
        let without_outcome = or_no_outcome(history(asked, context).await, people);
        if with.is_empty() || without_outcome.is_ok() {
            return without_outcome;
        }
    }
    match with.as_slice() {
        [(table, recognition)] => Ok(labelled(asked, table.clone(), recognition)?),
        [] => {
            // With no data at all this names the remedy; otherwise there are tables, and none is labelled.
            context.tables.table(names.first().map_or("leads", String::as_str))?;
            Err(ToolError::input("no table has a column that is recognised as the outcome of a lead")
                .hint(format!("name `table` and `label`; tables are: {}", names.join(", ")))
                .into())
        }
        _ => Err(ToolError::input("several tables have an outcome column")
            .hint(format!("name `table`: {}", found.join(", ")))
            .into()),
    }
}

fn or_no_outcome(found: Result<Leads, DataError>, table: &str) -> Result<Leads, Missing> {
    found.map_err(|error| match error {
        DataError::History { reason, .. } => Missing::Outcome { table: table.to_owned(), reason },
        other => other.into(),
    })
}

async fn history(asked: &Asked, context: &Context) -> Result<Leads, DataError> {
    let ask = HistoryAsk {
        table: asked.table.clone(),
        deals: asked.deals.clone(),
        conversion: asked.conversion.unwrap_or_default(),
        within_days: asked.within_days,
        decide_after_days: asked.decide_after_days.unwrap_or(0),
        also: asked.also.clone(),
        apart: asked.apart.clone(),
    };
    context.run.progress(0, None, "joining leads and deals");
    let history = context.tables.history(&ask, context.now.as_microsecond(), &context.run).await?;
    let roles = Roles {
        label: history.label.clone(),
        time: Some(history.time.clone()),
        id: history.id.clone(),
        exclude: asked.exclude.clone(),
        ..Roles::default()
    };
    Ok(Leads::History { history: Box::new(history), roles })
}

fn labelled(asked: &Asked, table: String, recognition: &Recognition) -> Result<Leads, ToolError> {
    let recognised = |role: Role| recognition.column(role).map(str::to_owned);
    let label = asked.label.clone().or_else(|| recognised(Role::Outcome)).ok_or_else(|| {
        ToolError::input(format!("no column of `{table}` is recognised as the outcome"))
            .hint("name `label`: the column that says whether a lead converted")
    })?;
    let unless_label = |column: Option<String>| column.filter(|column| *column != label);
    let roles = Roles {
        positive: asked.positive.clone(),
        time: asked.time.clone().or_else(|| unless_label(recognised(Role::Created))),
        id: asked.id.clone().or_else(|| unless_label(recognised(Role::Id))),
        weight: asked.weight.clone(),
        exclude: asked.exclude.clone(),
        personal: personal(recognition),
        label,
    };
    Ok(Leads::Table { table, roles, guessed_time: asked.time.is_none() })
}

/// Columns that identify people.
pub(crate) fn personal(recognition: &Recognition) -> Vec<String> {
    let is_personal = |column: &&String| matches!(recognition.role(column), Some(Role::Email | Role::Phone));
    recognition.columns.keys().filter(is_personal).cloned().collect()
}
