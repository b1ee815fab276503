//! JSON lines brought into the store, all of them or none.

use crate::{
    BadLine, Clash, Store, StoreError, ToolListRecord, answer, evidence,
    export::{FORM, Line},
    model, review, tool_list,
};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Records that were new, or newer than what was there.
    pub taken: u64,
    /// Records that were there already, or newer here.
    pub known: u64,
}

/// What may go wrong between SQLite and the records in it.
pub(crate) enum Fault {
    Sqlite(sqlx::Error),
    Store(StoreError),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Store {
    /// Takes what [`Store::export`] gave. Where a thing is there already, the newer one stays, so that importing a file
    /// twice is importing it once. Whoever exported it, what is taken belongs to whose view this is.
    pub async fn import(&self, text: &str) -> Result<Imported, StoreError> {
        let lines = parse(text).map_err(StoreError::Lines)?;
        let mut transaction = self.pool.begin_with("begin immediate").await.map_err(self.failed())?;
        let imported = write(&mut transaction, &self.tenant, &lines).await.map_err(|fault| match fault {
            Fault::Sqlite(error) => self.failed()(error),
            Fault::Store(error) => error,
        })?;
        transaction.commit().await.map_err(self.failed())?;
        self.still_there()?;
        Ok(imported)
    }
}

/// The records of a file, or every line of it that cannot be used.
fn parse(text: &str) -> Result<Vec<Line>, Vec<BadLine>> {
    let (mut records, mut bad) = (Vec::new(), Vec::new());
    let (mut begun, mut ended) = (false, false);
    let mut last = 1;
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number = at + 1;
        last = number;
        let mut refuse = |reason: String| bad.push(BadLine { number, reason });
        match serde_json::from_str(line) {
            _ if ended => refuse("it stands after the end of the export".to_owned()),
            Err(error) if begun => refuse(without_place(&error)),
            Ok(Line::RevarchStore { form: FORM }) if !begun => begun = true,
            Ok(Line::RevarchStore { form }) if !begun => {
                refuse(format!("the export has form {form}, and this revarch knows form {FORM}"));
                return Err(bad);
            }
            Ok(Line::RevarchStore { .. }) => refuse("another export begins here".to_owned()),
            _ if !begun => {
                refuse("it is not the first line of an export, which names `revarch_store`".to_owned());
                return Err(bad);
            }
            Ok(Line::End { records: expected }) => {
                ended = true;
                let found = (records.len() + bad.len()) as u64;
                if expected != found {
                    bad.push(BadLine {
                        number,
                        reason: format!("the export had {expected} records, and {found} are here"),
                    });
                }
            }
            Ok(record) => records.push(record),
            Err(_) => {}
        }
    }
    if !ended && bad.is_empty() {
        let reason = "the file ends here without the last line of an export, so it was cut off".to_owned();
        bad.push(BadLine { number: last, reason });
    }
    if bad.is_empty() { Ok(records) } else { Err(bad) }
}

/// The parser counts lines within the one it was given, which would mislead.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((reason, _)) if error.column() > 0 => format!("{reason} at column {}", error.column()),
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}

async fn write(connection: &mut SqliteConnection, tenant: &str, lines: &[Line]) -> Result<Imported, Fault> {
    const CLASH: Clash = Clash::NewerStays;
    let mut imported = Imported::default();
    let mut servers: BTreeMap<&str, Vec<&ToolListRecord>> = BTreeMap::new();
    for line in lines {
        let taken = match line {
            Line::Review(record) => review::put(connection, tenant, record, CLASH).await?,
            Line::Evidence(record) => evidence::put(connection, tenant, record, CLASH).await?,
            Line::Answer(record) => answer::put(connection, tenant, record, CLASH).await?,
            Line::Model(record) => model::put(connection, tenant, record, CLASH).await?,
            Line::ToolList(list) => {
                servers.entry(&list.server).or_default().push(list);
                continue;
            }
            Line::RevarchStore { .. } | Line::End { .. } => continue,
        };
        *(if taken { &mut imported.taken } else { &mut imported.known }) += 1;
    }
    for (server, lists) in servers {
        let taken = tool_list::merge(connection, tenant, server, &lists).await?;
        imported.taken += taken;
        imported.known += lists.len() as u64 - taken;
    }
    Ok(imported)
}
