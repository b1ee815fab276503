//! What became of a server's tools since they were last audited.

use super::servers::Held;
use crate::{Context, ErrorKind, ToolError, wire::one_line};
use revarch_domain::{
    coverage::{
        audit::Ground,
        change::{ListChanges, ToolPrint, changes, prints},
        grade::{RuleFinding, changed},
    },
    fingerprint::sha256_hex,
};
use revarch_store::{Seen, ToolListRecord};
use schemars::JsonSchema;
use serde::Serialize;

/// Names of tools that are told.
const TOLD: usize = 10;

/// What became of a server's tools since they were last audited.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Compared {
    /// `first_audit`, `unchanged`, `changed` or `not_compared`, the last where only a part of the list is at hand.
    pub state: String,
    /// The day of the audit that this one is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// The day since which the list has been as it is, where that is before today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unchanged_since: Option<String>,
    /// Tools that were not there before; a list that did not change now tells its last change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<String>,
    /// Tools that are gone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// Tools that stayed and are no longer the same, each with the parts that changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
}

/// Keeps the fingerprints of a server's tools, and compares them with those kept before.
pub(super) async fn compare(
    held: &Held,
    platform: &str,
    context: &Context,
) -> Result<(Compared, Vec<RuleFinding>), ToolError> {
    if held.list.has_more_pages {
        // What a part does not hold is not gone.
        return Ok((Compared { state: "not_compared".to_owned(), ..Compared::default() }, Vec::new()));
    }
    let now = prints(&held.list);
    let json = serde_json::to_value(&now).map_err(|error| {
        ToolError::new(ErrorKind::Internal, format!("cannot write the fingerprints: {error}"))
    })?;
    let digest = sha256_hex(json.to_string().as_bytes());
    let ground = match held.ground {
        Ground::Inspected => "server",
        Ground::Pasted => "pasted",
    };
    let key = format!("{ground}:{}:{platform}", held.server);
    let seen = context.store.see_tool_list(&key, context.now, &digest, &json).await?;
    Ok(match seen {
        Seen::Never => (Compared { state: "first_audit".to_owned(), ..Compared::default() }, Vec::new()),
        Seen::Same { same, before } => {
            let last = before.map(|before| changes(&read(&before), &now)).unwrap_or_default();
            let told = Compared { unchanged_since: Some(day(same.first_seen)), ..told(&last) };
            (Compared { state: "unchanged".to_owned(), with: Some(day(same.last_seen)), ..told }, Vec::new())
        }
        Seen::Other(before) => {
            let changes = changes(&read(&before), &now);
            let findings = changed(&held.server, &changes);
            let with = Some(day(before.last_seen));
            (Compared { state: "changed".to_owned(), with, ..told(&changes) }, findings)
        }
    })
}

fn day(moment: jiff::Timestamp) -> String {
    moment.to_string()[..10].to_owned()
}

/// What an older revarch kept in another form compares with nothing.
fn read(record: &ToolListRecord) -> Vec<ToolPrint> {
    serde_json::from_value(record.prints.clone()).unwrap_or_default()
}

fn told(changes: &ListChanges) -> Compared {
    let ListChanges { added, removed, changed } = changes;
    let names = |names: Vec<String>| {
        let more = names.len().saturating_sub(TOLD);
        let mut told: Vec<String> = names.into_iter().take(TOLD).collect();
        told.extend((more > 0).then(|| format!("and {more} more")));
        told
    };
    let shown = |name: &String| one_line(name, 80);
    Compared {
        added: names(added.iter().map(shown).collect()),
        removed: names(removed.iter().map(shown).collect()),
        changed: names(
            changed
                .iter()
                .map(|change| {
                    let parts: Vec<&str> = change.parts.iter().map(|part| part.name()).collect();
                    format!("{}: {}", shown(&change.tool), parts.join(", "))
                })
                .collect(),
        ),
        ..Compared::default()
    }
}
