//! Contacts without a working account key, and the accounts that fit them.

use super::Sort;
use crate::{Context, ToolError};
use revarch_data::{LinkAsk, Linked, MatchAsk, Tables};
use revarch_domain::{
    entity::Entity,
    identity::{compare::columns, kind::Kind},
    recognition::Role,
};

/// The links of the first table of contacts, where there is one, and one of accounts to link it to.
pub(super) async fn find(
    tables: &Tables,
    sort: Sort,
    ask: &MatchAsk,
    context: &Context,
) -> Result<Option<(String, String, Linked)>, ToolError> {
    if sort == Sort::Company {
        return Ok(None);
    }
    let mut contacts = None;
    for side in &ask.sides {
        let recognition = tables.recognition(&side.table, &context.run).await?;
        if recognition.sure_entity() == Some(Entity::Contact) {
            contacts = Some((side.table.clone(), recognition));
            break;
        }
    }
    let Some((contacts, people)) = contacts else { return Ok(None) };
    for name in tables.names() {
        let recognition = tables.recognition(&name, &context.run).await?;
        let named = |role: Role| recognition.column(role).map(str::to_owned);
        let (Some(Entity::Account), Some(account_id)) = (recognition.sure_entity(), named(Role::Id)) else {
            continue;
        };
        let table = tables.table(&contacts)?;
        let company =
            columns(&table.columns, &people, false).into_iter().find(|(one, _)| one.kind == Kind::Company);
        let of = |role: Role| people.column(role).map(str::to_owned);
        let ask = LinkAsk {
            contact_columns: [
                of(Role::Id),
                of(Role::Key(Entity::Account)),
                of(Role::Email),
                company.map(|(_, column)| column),
            ],
            contacts: contacts.clone(),
            account_columns: [named(Role::Domain), named(Role::Name)],
            accounts: name.clone(),
            account_id,
        };
        let linked = tables.account_links(&ask, &context.run).await?;
        return Ok(Some((contacts, name, linked)));
    }
    Ok(None)
}
