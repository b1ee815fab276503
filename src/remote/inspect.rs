//! One inspection: open the conversation, read the lists, leave.

use crate::{
    Limits, ListState, Listing, Note, RemoteError, Server, ServerReading, cut,
    listing::{Kind, PROMPTS, RESOURCES, TEMPLATES, TOOLS, list},
    session::{Greeting, Session},
    wire::Wire,
};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

/// Inspects a server within its limits. No tool is called.
pub(crate) async fn inspect(server: &Server, limits: Limits) -> Result<ServerReading, RemoteError> {
    let (mut session, greeting) = open(server, limits).await?;
    let Greeting { era, version, supported, info, capabilities, instructions, mut notes } = greeting;
    let mut said = json!({"info": info, "capabilities": capabilities, "instructions": instructions});
    session.hide_in(&mut said);
    cut::cut(&mut said, "server", limits.text_bytes, &mut notes);
    let capabilities = said["capabilities"].take();
    // Tools are asked for in any case: a server that forgets to announce them has them all the same.
    let tools = list(&mut session, TOOLS, &limits, &mut notes).await;
    if capabilities[TOOLS.capability].is_null() && !tools.items.is_empty() {
        notes.push(Note::Undeclared { list: TOOLS.field });
    }
    let mut is_over = has_broken_off(&tools);
    let mut others = Vec::new();
    for kind in [PROMPTS, RESOURCES, TEMPLATES] {
        let listing = read_other(&mut session, kind, &capabilities, is_over, &limits, &mut notes).await;
        is_over |= has_broken_off(&listing);
        others.push(listing);
    }
    notes.extend(session.notes());
    let took = limits.time.saturating_sub(session.time_left());
    // A server that is past talking to is not asked to leave, but ended where it stands.
    if !is_over {
        session.leave().await;
    }
    let mut others = others.into_iter();
    let mut next = || others.next().unwrap_or_else(|| Listing::empty(ListState::NotAsked));
    Ok(ServerReading {
        server: server.name.clone(),
        era,
        protocol_version: version,
        supported_versions: supported,
        server_info: Some(said["info"].take()).filter(Value::is_object),
        capabilities,
        instructions: said["instructions"].as_str().map(str::to_owned),
        tools,
        prompts: next(),
        resources: next(),
        resource_templates: next(),
        notes,
        took,
    })
}

/// Opens a conversation. The time runs from here.
pub(crate) async fn open(server: &Server, limits: Limits) -> Result<(Session, Greeting), RemoteError> {
    let deadline = Instant::now() + limits.time;
    let opening = async {
        let wire = Wire::open(server, limits).await?;
        // An address that is slow is no sign of age, so it may take half of the time.
        let patience = match &wire {
            Wire::Stdio(_) => limits.patience,
            Wire::Http(_) => limits.patience.max(limits.time / 2),
        };
        let mut session = Session::new(&server.name, wire, deadline, limits.time);
        let greeting = session.open(patience).await?;
        Ok((session, greeting))
    };
    let timed_out = |_| RemoteError::TimedOut { name: server.name.clone(), seconds: limits.time.as_secs() };
    timeout_at(deadline, opening).await.map_err(timed_out)?
}

async fn read_other(
    session: &mut Session,
    kind: Kind,
    capabilities: &Value,
    is_over: bool,
    limits: &Limits,
    notes: &mut Vec<Note>,
) -> Listing {
    if capabilities[kind.capability].is_null() {
        return Listing::empty(ListState::NotOffered);
    }
    if is_over {
        return Listing::empty(ListState::NotAsked);
    }
    list(session, kind, limits, notes).await
}

/// Whether nothing more is to be heard after this list: the program has ended, the time is up, or what it
/// still sends is more than is read.
fn has_broken_off(listing: &Listing) -> bool {
    use crate::Shortfall;
    match &listing.state {
        ListState::Failed(error) | ListState::Partial(Shortfall::Failed(error)) => {
            !matches!(error, RemoteError::Refused { .. } | RemoteError::Status { .. })
        }
        ListState::Partial(Shortfall::Time(_)) => true,
        _ => false,
    }
}
