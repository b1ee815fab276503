//! Whose things are whose.

use crate::{MovedAside, Store, StoreError};
use sqlx::{SqlSafeStr, Sqlite, SqlitePool, query::Query, sqlite::SqliteArguments};
use std::{path::PathBuf, sync::Arc};

/// Whose rows are those of no tenant.
pub(crate) const OPERATOR: &str = "";

/// Begins a query, each of which is about the rows of one tenant: its first parameter is the tenant.
pub(crate) fn query(tenant: &str, sql: impl SqlSafeStr) -> Query<'static, Sqlite, SqliteArguments> {
    sqlx::query(sql).bind(tenant.to_owned())
}

impl Store {
    /// The same about the rows of whose view this is.
    pub(crate) fn query(&self, sql: impl SqlSafeStr) -> Query<'static, Sqlite, SqliteArguments> {
        query(&self.tenant, sql)
    }

    /// The view of the operator, who opened the file.
    pub(crate) fn operators(
        pool: SqlitePool,
        path: Option<PathBuf>,
        moved_aside: Option<MovedAside>,
    ) -> Self {
        Self { tenant: OPERATOR.into(), pool, path, identity: None, replaced: Arc::default(), moved_aside }
    }

    /// The view of a tenant, which sees and changes nothing but the tenant's own. Nothing where this is a tenant's view
    /// itself, or where the name is empty, as the operator's is.
    pub fn for_tenant(&self, name: &str) -> Option<Self> {
        // What became of the file is the operator's to know.
        let view = || Self { tenant: name.into(), moved_aside: None, ..self.clone() };
        (&*self.tenant == OPERATOR && name != OPERATOR).then(view)
    }

    /// The tenants of whom something is kept, in the order of their names. A tenant's view knows of none.
    pub async fn tenants(&self) -> Result<Vec<String>, StoreError> {
        if &*self.tenant != OPERATOR {
            return Ok(Vec::new());
        }
        sqlx::query_scalar(
            "select tenant from review union select tenant from evidence union select tenant from answer
             union select tenant from model union select tenant from tool_list except select '' order by 1",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(self.failed())
    }
}
