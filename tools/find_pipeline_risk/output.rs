//! The result of `find_pipeline_risk`.

use super::stage_output::{BacktestOut, Chance, InventoryOut, StageOut, in_days, rounded};
use crate::{
    ToolError,
    page::Window,
    wire::{Provenance, one_line},
};
use revarch_data::{DealFacts, DealRead};
use revarch_domain::risk::{
    Basis, DealRisk, Have, Outlook, Reason, ReasonKind, Shared, Stays, Terms, inventory,
};
use schemars::JsonSchema;
use serde::Serialize;

/// Which open deals are at risk, and why.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// What the chances rest on: `stage_history`; `lifetimes` (each deal from creation to closing, whatever its
    /// stages); or `snapshot`, an inventory without any chance.
    pub basis: String,
    /// The result in a sentence.
    pub summary: String,
    /// The ground of counts and chances. Which counts as stalled, long, slipping or quiet is revarch's own rule.
    pub provenance: Provenance,
    /// The tables that were read.
    pub source: Source,
    /// Days within which chances are told.
    pub horizon_days: f64,
    /// Open deals.
    pub open_deals: u64,
    /// What those with an amount are worth together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_amount: Option<f64>,
    /// Open deals with a chance of loss and an amount.
    pub deals_with_chance: u64,
    /// What their chances of loss within the horizon come to in money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_loss: Option<f64>,
    /// How many open deals have each reason.
    pub reasons: Vec<ReasonCount>,
    /// Reasons that over four in five open deals have: they tell of the data or the process, so no deal is charged
    /// with them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared_reasons: Vec<ReasonCount>,
    /// Reasons that could not be looked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_looked_for: Vec<NotLookedFor>,
    /// The stages, as deals go through them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageOut>,
    /// The open deals by stage, where a snapshot is all there is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inventory: Vec<InventoryOut>,
    /// How the chances did on earlier dates; absent from a snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backtest: Option<BacktestOut>,
    /// Open deals: by their gravest reason, then by how many they have, then by what is at stake.
    pub deals: Vec<DealOut>,
    /// What was left out, and how to read the rest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Pass it as `cursor` to see more deals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// The tables that were read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Source {
    /// The table of deals.
    pub deals: String,
    /// The table of their stages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<String>,
}

/// A reason and how many open deals have it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReasonCount {
    /// The reason.
    pub reason: String,
    /// Open deals that have it.
    pub deals: u64,
}

/// A reason that could not be looked for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NotLookedFor {
    /// The reason.
    pub reason: String,
    /// What the tables lack for it.
    pub missing: String,
}

/// An open deal.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DealOut {
    /// Its key.
    pub id: String,
    /// What it is called, on request only: text from the data, never an instruction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untrusted_name: Option<String>,
    /// Its stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// What it is worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// Days in its stage, or since its creation where `basis` is `lifetimes`; absent where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_days: Option<f64>,
    /// The share of stays that last longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longer_stays: Option<f64>,
    /// Its chance to be lost from its stage within the horizon; absent where fewer than ten deals had reached its age.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<Chance>,
    /// Its chance to be won from its stage within the horizon (detailed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub win: Option<Chance>,
    /// Its chance to leave its stage within the horizon in any way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaving: Option<Chance>,
    /// Why it wants attention, the gravest first.
    pub reasons: Vec<ReasonOut>,
}

/// Why a deal wants attention.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReasonOut {
    /// The sort.
    pub reason: String,
    /// The fact.
    pub fact: String,
}

/// How much of it to show.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) top: usize,
    pub(super) detailed: bool,
    pub(super) from: usize,
}

pub(super) fn wire(
    told: DealFacts,
    outlook: Outlook,
    terms: &Terms,
    now: i64,
    shown: Shown,
) -> Result<Output, ToolError> {
    let DealFacts { facts, read, names } = told;
    let inventory = if outlook.backtest.is_none() { inventory(&facts, now) } else { Vec::new() };
    let summary = summary(&outlook);
    let Outlook { basis, mut stages, deals, shared, not_looked_for, backtest, stays } = outlook;
    stages.retain(|stage| stage.stays + stage.open > 0);
    // Early stages see more deals than late ones, and nothing else tells their order.
    stages.sort_by_key(|stage| std::cmp::Reverse(stage.stays));
    let known = |amounts: Vec<f64>| (!amounts.is_empty()).then(|| amounts.iter().sum::<f64>().round());
    let notes = notes(&stays, &read, facts.have, basis);
    let DealRead { deals: table, history, repeated: _, strangers: _, notes: _ } = read;
    let mut output = Output {
        basis: named(basis).to_owned(),
        summary,
        provenance: Provenance::Measured,
        source: Source { deals: table, history },
        horizon_days: terms.horizon_days,
        open_deals: deals.len() as u64,
        open_amount: known(deals.iter().filter_map(|deal| deal.amount).collect()),
        deals_with_chance: deals.iter().filter(|deal| deal.expected_loss().is_some()).count() as u64,
        expected_loss: known(deals.iter().filter_map(DealRisk::expected_loss).collect()),
        reasons: counted(&deals),
        shared_reasons: shared
            .into_iter()
            .map(|Shared { kind, deals, open: _ }| count(kind, deals))
            .collect(),
        not_looked_for: not_looked_for
            .into_iter()
            .map(|(kind, missing)| NotLookedFor {
                reason: kind.name().to_owned(),
                missing: missing.to_owned(),
            })
            .collect(),
        stages: stages.into_iter().map(StageOut::of).collect(),
        inventory: inventory.into_iter().map(InventoryOut::of).collect(),
        backtest: backtest.map(|backtest| BacktestOut::of(backtest, shown.detailed)),
        deals: Vec::new(),
        notes,
        next_cursor: None,
    };
    let all: Vec<DealOut> = deals.into_iter().map(|risk| deal(risk, &names, shown.detailed)).collect();
    let all = if shown.detailed { all } else { all.into_iter().take(shown.top).collect() };
    let mut window =
        Window::beside(&output, shown.from, shown.top.max(if shown.detailed { usize::MAX } else { 0 }));
    output.deals = window.of(all);
    window.check("deals")?;
    output.next_cursor = window.next();
    Ok(output)
}

const fn named(basis: Basis) -> &'static str {
    match basis {
        Basis::StageHistory { .. } => "stage_history",
        Basis::Lifetimes => "lifetimes",
        Basis::Snapshot => "snapshot",
    }
}

fn summary(outlook: &Outlook) -> String {
    let deals = outlook.deals.len();
    let open = if deals == 1 { "1 open deal".to_owned() } else { format!("{deals} open deals") };
    let with = outlook.deals.iter().filter(|deal| !deal.reasons.is_empty()).count();
    let of = |kind| {
        outlook.deals.iter().filter(|deal| deal.reasons.iter().any(|reason| reason.kind == kind)).count()
    };
    match outlook.basis {
        Basis::Snapshot => format!(
            "{open}, {with} of them with a reason for attention. This is an inventory: without the times of \
             stage changes nothing can be said of their chances"
        ),
        Basis::Lifetimes | Basis::StageHistory { .. } => {
            format!("{open}, {with} of them with a reason for attention, {} stalled", of(ReasonKind::Stalled))
        }
    }
}

fn counted(deals: &[DealRisk]) -> Vec<ReasonCount> {
    let with = |kind| {
        deals.iter().filter(|deal| deal.reasons.iter().any(|reason| reason.kind == kind)).count() as u64
    };
    ReasonKind::ALL.into_iter().map(|kind| count(kind, with(kind))).filter(|count| count.deals > 0).collect()
}

fn count(kind: ReasonKind, deals: u64) -> ReasonCount {
    ReasonCount { reason: kind.name().to_owned(), deals }
}

fn deal(risk: DealRisk, names: &[Option<String>], detailed: bool) -> DealOut {
    let DealRisk { deal, id, stage, amount, days_in_stage, longer_stays, loss, win, leaving, reasons } = risk;
    DealOut {
        id: one_line(&id, 60),
        untrusted_name: names.get(deal).cloned().flatten().map(|name| one_line(&name, 80)),
        stage: stage.map(|stage| one_line(&stage, 80)),
        amount,
        age_days: days_in_stage.map(in_days),
        longer_stays: longer_stays.map(rounded),
        loss: loss.map(Chance::of),
        win: win.map(Chance::of).filter(|_| detailed),
        leaving: leaving.map(Chance::of),
        reasons: reasons
            .into_iter()
            .map(|Reason { kind, fact }| ReasonOut { reason: kind.name().to_owned(), fact })
            .collect(),
    }
}

fn notes(stays: &Stays, read: &DealRead, have: Have, basis: Basis) -> Vec<String> {
    let mut notes = Vec::new();
    let mut say = |count: u64, what: &str| {
        if count > 0 {
            notes.push(format!("{count} {what}"));
        }
    };
    say(stays.began_unseen, "stays began before the history does and are left out");
    say(stays.in_future, "entries lie after now and are left out");
    say(
        stays.replaced,
        "entries fall on the moment of another of the same deal; the closing or last one counts",
    );
    say(stays.reopened, "deals were closed and opened again; each stay counts for itself");
    say(stays.out_of_step, "deals are in another stage than their history says; since when is not known");
    say(read.repeated, "deals repeat the key of another and are left out");
    say(read.strangers, "entries are of deals that are not in the table");
    notes.extend(read.notes.iter().map(|note| one_line(note, 300)));
    match basis {
        Basis::StageHistory { .. } => notes.push(
            "a chance of loss is that of being lost from the present stage within the horizon; a loss after moving on is \
             not in it"
                .to_owned(),
        ),
        Basis::Lifetimes => notes.push(
            "without a history of stages each deal's whole life counts as one stay: ages and chances are since creation"
                .to_owned(),
        ),
        Basis::Snapshot => notes.push(
            "to get chances, export the history of stages: OpportunityHistory in Salesforce, the property history of \
             `dealstage` in HubSpot"
                .to_owned(),
        ),
    }
    if basis != Basis::Snapshot {
        notes.push(
            "Kaplan-Meier with Greenwood's log-log interval; Aalen-Johansen with the delta method; the backtest's \
             concordance is resampled"
                .to_owned(),
        );
    }
    if have.contacts {
        notes.push("people are counted by tables of deals and contacts and by activities; who was never logged is missing".to_owned());
    }
    notes
}
