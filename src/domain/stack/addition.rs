//! What a stack lacks of the foundation, and what comes before buying it.

use super::{
    fit::{Fit, Held, Presence},
    published::Foundation,
};

/// A foundation category for which the stack has no tool.
#[derive(Clone, Debug, PartialEq)]
pub struct Addition {
    /// The category.
    pub foundation: &'static Foundation,
    /// Why it may be added.
    pub reasons: Vec<String>,
    /// What comes first.
    pub conditions: Vec<String>,
}

/// The additions: only for categories that are missing from a whole stack. Where another tool comes near, the fit
/// says so, and nothing is to be bought before that tool has been looked at.
pub(super) fn additions(fit: &Fit) -> Vec<Addition> {
    let is_missing = |held: &Held| held.presence == Presence::Missing;
    let has_no_crm = fit.foundation.iter().any(|(one, held)| one.id == "crm" && is_missing(held));
    let missing = fit.foundation.iter().filter(|(_, held)| is_missing(held));
    let added = missing.map(|(foundation, _)| {
        let mut conditions = vec![
            "make sure that no tool you have covers it already (`also`)".to_owned(),
            "agree on the process it serves and clean the data it will hold; the tool comes last".to_owned(),
        ];
        if foundation.id == "cdp" {
            let crm = if has_no_crm { "the CRM and " } else { "" };
            conditions.push(format!("{crm}the governance of its data come first, as the source says too"));
        }
        let reason = "a published source counts it among the five categories that everything else rests on";
        Addition { foundation, reasons: vec![reason.to_owned()], conditions }
    });
    added.collect()
}
