//! What is wrong with a platform's coverage, told so that somebody can act on it.

use super::PlatformAudit;
use crate::{
    coverage::{evidence::Standing, security::SuspicionKind},
    finding::{Finding, Severity, Subject},
    provenance::Provenance,
};

pub(super) fn findings_of(audit: &PlatformAudit) -> Vec<Finding> {
    let mut findings = Vec::new();
    let key = audit.key();
    let name = audit.audited.name.as_str();
    let live = audit.audited.live.as_ref();
    let ground = audit.audited.data_server().map_or(Provenance::Published, |live| live.ground.provenance());
    let core = audit.core();
    let finding = |id: String,
                   severity: Severity,
                   operation: Option<String>,
                   what: String,
                   why: &str,
                   provenance: Provenance| {
        let mut fix = vec![audit.decision.action.step().to_owned()];
        if severity == Severity::Minor {
            fix = audit.decision.next_evidence.iter().cloned().chain(fix).take(1).collect();
        }
        Finding {
            id,
            severity,
            subject: Subject { entity: None, table: Some(name.to_owned()), column: operation },
            what_found: what,
            why_it_blocks: why.to_owned(),
            fix,
            affected_rows: None,
            scanned_rows: None,
            evidence_query: None,
            owner_role: "revenue operations".to_owned(),
            retest: "run audit_mcp_coverage again with the server's tools/list".to_owned(),
            provenance,
        }
    };
    match audit.is_reachable {
        Some(false) => {
            let is_record_keeper =
                audit.audited.platform.is_some_and(|platform| platform.category_slug() == "crm");
            let severity = if is_record_keeper { Severity::Blocker } else { Severity::Major };
            let what = format!("no MCP server found; {} core operation(s) out of reach", core.total());
            let why = "An agent cannot read or act here, so every workflow that passes through it stops for a person.";
            findings.push(finding(format!("mcp.none.{key}"), severity, None, what, why, ground));
        }
        None => {
            let what = if live.is_some() {
                "only a server for documentation or developers has been seen".to_owned()
            } else {
                "no source has looked closely for an MCP server".to_owned()
            };
            let why =
                "Neither a plan that relies on this platform nor one that avoids it has ground to stand on.";
            findings.push(finding(
                format!("mcp.unknown.{key}"),
                Severity::Minor,
                None,
                what,
                why,
                Provenance::Unknown,
            ));
        }
        Some(true) => {
            let missing = audit.operations.iter().filter(|op| op.is_core && op.standing == Standing::Missing);
            for gap in missing {
                let operation = gap.operation.to_string();
                let what = format!("`{operation}` is not in the server's list");
                let why = "An agent that needs this operation fails or asks a person to do it by hand.";
                let id = format!("mcp.operation.{key}.{operation}");
                let mut one = finding(id, Severity::Major, Some(operation), what, why, ground);
                one.fix = gap.gap.iter().map(|(action, _)| action.step().to_owned()).collect();
                findings.push(one);
            }
            if core.unknown > 0 {
                let what = format!(
                    "{} of {} core operations are not confirmed by any list",
                    core.unknown,
                    core.total()
                );
                let why = "A workflow planned on an unconfirmed operation may fail on its first run.";
                let id = format!("mcp.operations_unknown.{key}");
                findings.push(finding(id, Severity::Minor, None, what, why, Provenance::Unknown));
            }
        }
    }
    for suspicion in live.iter().flat_map(|live| &live.inspection.suspicions) {
        let severity = match suspicion.kind {
            SuspicionKind::HiddenUnicode => Severity::Blocker,
            SuspicionKind::InstructionToModel
            | SuspicionKind::UnderstatedEffect
            | SuspicionKind::DuplicateName => Severity::Major,
            SuspicionKind::UnmarkedDestructive => Severity::Minor,
        };
        let id = format!("mcp.security.{key}.{}.{}", suspicion.kind.name(), suspicion.tool);
        let what = format!("tool `{}`: {}", suspicion.tool, suspicion.detail);
        let why = "A client that trusts this list may show or allow less than the tool does.";
        let mut one = finding(id, severity, Some(suspicion.tool.clone()), what, why, ground);
        one.fix = vec![
            "read the tool's definition, and allow it only with a person's approval until it is explained"
                .to_owned(),
        ];
        "security".clone_into(&mut one.owner_role);
        findings.push(one);
    }
    findings
}
