//! What would give a working key to the contacts that have none.

use super::cell;
use crate::{
    DataError, Run, Tables,
    sql::{filled, key_of},
};
use datafusion::{
    arrow::{array::AsArray, compute::cast, datatypes::DataType},
    error::DataFusionError,
};
use revarch_domain::{
    association::{Account, Stray, restorable},
    readiness::facts::{Restorable, TableFacts},
    recognition::Role,
    value::quoted_in_sql,
};

impl Tables {
    /// What would give a working key to the rows that have none: exactly one account with their e-mail domain or
    /// company name.
    pub(super) async fn restorable(
        &self,
        (table, column, many): (&TableFacts, &str, bool),
        (target, key): (&TableFacts, &str),
        run: &Run,
    ) -> Result<Option<Restorable>, DataError> {
        let company = table.profile.columns.iter().find(|column| is_company_name(&column.name));
        let domains = (table.recognition.column(Role::Email), target.recognition.column(Role::Domain));
        let names = (company.map(|column| column.name.as_str()), target.recognition.column(Role::Name));
        if !matches!(domains, (Some(_), Some(_))) && !matches!(names, (Some(_), Some(_))) {
            return Ok(None);
        }
        let nothing = || "CAST(NULL AS VARCHAR)".to_owned();
        let email_domain =
            domains.0.map_or_else(nothing, |email| format!("lower(split_part({}, '@', 2))", filled(email)));
        let company = names.0.map_or_else(nothing, |name| format!("company_core({})", filled(name)));
        let account_domain = domains.1.map_or_else(nothing, |domain| {
            format!("regexp_replace(lower({}), '^(https?://)?(www\\.)?([^/]*).*$', '\\3')", filled(domain))
        });
        let account_name = names.1.map_or_else(nothing, |name| format!("company_core({})", filled(name)));
        let accounts = self
            .texts(
                &target.profile.name,
                &format!(
                    "SELECT {account_domain}, {account_name}, 1 FROM {}",
                    quoted_in_sql(&target.profile.name)
                ),
                run,
            )
            .await?;
        let broken = self
            .texts(
                &table.profile.name,
                &format!(
                    "WITH _revarch_p AS (SELECT {parent_key} AS k FROM {parent} GROUP BY 1),
                     _revarch_c AS (SELECT {child_key} AS k, {email_domain} AS d, {company} AS n FROM {child})
                     SELECT c.d, c.n, count(*) FROM _revarch_c AS c LEFT JOIN _revarch_p AS p ON c.k = p.k WHERE p.k IS NULL GROUP BY 1, 2",
                    parent_key = key_of(key, false, false),
                    parent = quoted_in_sql(&target.profile.name),
                    child_key = key_of(column, false, many),
                    child = quoted_in_sql(&table.profile.name),
                ),
                run,
            )
            .await?;
        let accounts: Vec<Account> =
            accounts.into_iter().map(|(domain, name, _)| Account { domain, name }).collect();
        let strays: Vec<Stray> =
            broken.into_iter().map(|(domain, company, rows)| Stray { domain, company, rows }).collect();
        Ok(Some(restorable(&accounts, &strays)))
    }

    /// The rows of a query that gives two texts and a count.
    async fn texts(
        &self,
        table: &str,
        sql: &str,
        run: &Run,
    ) -> Result<Vec<(Option<String>, Option<String>, u64)>, DataError> {
        let mut rows = Vec::new();
        for batch in self.query(table, sql, run).await? {
            let [first, second] =
                [0, 1].map(|at| cast(batch.column(at), &DataType::Utf8View).map_err(DataFusionError::from));
            let (first, second) = (first?, second?);
            let texts = first.as_string_view().iter().zip(second.as_string_view());
            rows.extend(texts.enumerate().map(|(row, (first, second))| {
                (first.map(str::to_owned), second.map(str::to_owned), cell(&batch, 2, row))
            }));
        }
        Ok(rows)
    }
}

/// Whether a person's record names the company in this column.
fn is_company_name(column: &str) -> bool {
    let letters: String = column.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    ["company", "companyname", "accountname", "organization", "organisation", "employer"]
        .contains(&letters.as_str())
}
