//! Amounts in one currency: as they stand where there is one, converted by given rates where there are several.

use super::{
    refuse,
    stages::{texts, whole},
};
use crate::{
    DataError, Run, Tables,
    sql::{filled, number},
};
use revarch_domain::value::quoted_in_sql;
use std::{collections::BTreeMap, fmt::Write as _};

/// What a person says of currencies.
#[derive(Clone, Debug, Default)]
pub struct CurrencyAsk {
    /// The column with the currency of an amount; found by its name where none is named.
    pub column: Option<String>,
    /// What one unit of a currency is worth in the currency of the answer.
    pub rates: BTreeMap<String, f64>,
}

/// The amount of a row.
#[derive(Debug)]
pub(super) struct Money {
    /// In SQL, as one number; null where it is not known.
    pub(super) sql: String,
    /// Why amounts cannot be used, where they cannot.
    pub(super) unusable: Option<String>,
    /// What to know of amounts that are used.
    pub(super) notes: Vec<String>,
}

impl Tables {
    /// The amount in a column of a table, in one currency.
    pub(super) async fn money(
        &self,
        table: &str,
        amount: Option<&str>,
        ask: &CurrencyAsk,
        run: &Run,
    ) -> Result<Money, DataError> {
        let null = "CAST(NULL AS DOUBLE)".to_owned();
        let Some(amount) = amount else {
            let unusable = Some(format!("no column of `{table}` is recognised as the amount"));
            return Ok(Money { sql: null, unusable, notes: Vec::new() });
        };
        let plain = number(amount);
        let profile = self.profile(table, run).await?;
        let column = match &ask.column {
            Some(column) if profile.column(column).is_some() => Some(column.clone()),
            // A column such as `amount_in_home_currency` holds amounts, not currencies.
            _ => profile
                .columns
                .iter()
                .find(|column| {
                    column.name.to_lowercase().contains("currency") && !column.value_type().is_number()
                })
                .map(|column| column.name.clone()),
        };
        let Some(column) = column else { return Ok(Money { sql: plain, unusable: None, notes: Vec::new() }) };
        let of_row = format!("upper({})", filled(&column));
        let sql = format!(
            "SELECT CAST({of_row} AS VARCHAR) AS code, count(*) AS n FROM {} WHERE {plain} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
            quoted_in_sql(table)
        );
        let (mut codes, mut without) = (Vec::new(), 0);
        for batch in self.query(table, &sql, run).await? {
            for (code, count) in texts(&batch, 0)?.into_iter().zip(whole(&batch, 1)?) {
                match code {
                    Some(code) => codes.push(code),
                    None => without += count.unwrap_or(0),
                }
            }
        }
        let rates: BTreeMap<String, f64> =
            ask.rates.iter().map(|(code, rate)| (code.to_uppercase(), *rate)).collect();
        if let Some((code, rate)) = rates.iter().find(|(_, rate)| !rate.is_finite() || **rate <= 0.0) {
            return Err(refuse(
                format!("the rate {rate} of {code} is no rate"),
                "a rate is a number above 0",
            ));
        }
        match codes.as_slice() {
            [] => return Ok(Money { sql: plain, unusable: None, notes: Vec::new() }),
            [one] if without == 0 && !rates.contains_key(one) => {
                return Ok(Money {
                    sql: plain,
                    unusable: None,
                    notes: vec![format!("amounts are in {one}")],
                });
            }
            several => {
                let lacking: Vec<&str> =
                    several.iter().filter(|code| !rates.contains_key(*code)).map(String::as_str).collect();
                if several.len() > 1 && !lacking.is_empty() {
                    let unusable = format!(
                        "amounts of `{table}` are in {}, and no rate is given for {}",
                        several.join(", "),
                        lacking.join(", ")
                    );
                    return Ok(Money { sql: null, unusable: Some(unusable), notes: Vec::new() });
                }
            }
        }
        let mut whens = String::new();
        for known in &codes {
            let rate = rates.get(known).copied().unwrap_or(1.0);
            let _ = write!(whens, "WHEN {of_row} = '{}' THEN {plain} * {rate:?} ", known.replace('\'', "''"));
        }
        let mut notes: Vec<String> = Vec::new();
        let given: Vec<String> =
            codes.iter().filter_map(|code| Some(format!("{code} x {}", rates.get(code)?))).collect();
        if !given.is_empty() {
            notes.push(format!("amounts are converted by the rates given: {}", given.join(", ")));
        }
        if without > 0 {
            notes.push(format!("{without} amounts of `{table}` without a currency are left out"));
        }
        Ok(Money { sql: format!("CASE {whens}END"), unusable: None, notes })
    }
}
