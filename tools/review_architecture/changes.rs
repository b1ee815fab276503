//! The difference to an earlier review, as callers read it.

use crate::wire::{Provenance, Severity, Verdict};
use revarch_domain::review::{self, Standing, Taken, VerdictChange};
use revarch_store::ReviewRecord;
use schemars::JsonSchema;
use serde::Serialize;

/// Findings of each list in the concise form.
const BRIEF: usize = 10;

/// The difference to an earlier review.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Changes {
    /// The id of the earlier review.
    pub with: String,
    /// When it was made.
    pub with_made_at: String,
    /// The verdict before, where it was another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict_before: Option<Verdict>,
    /// What may have changed the verdict besides the company; empty where nothing did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub verdict_may_come_from: Vec<String>,
    /// Lenses, catalog entries and methods that are others than before; what hangs on them is not compared.
    pub other_rulers: Vec<String>,
    /// What was looked at in only one of the two reviews.
    pub other_evidence: Vec<String>,
    /// How many findings stand how.
    pub findings: Counts,
    /// Findings that are new, gone, better or worse; the concise form gives the first of them.
    pub changed_findings: Vec<FindingChange>,
    /// Findings of which nothing can be said, with the reason; the concise form gives the first of them.
    pub not_comparable_findings: Vec<FindingChange>,
    /// Measures and dimensions of maturity; the concise form leaves unchanged ones out.
    pub numbers: Vec<NumberChange>,
}

/// How many findings stand how beside the earlier review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Looked for before and not there.
    pub new: usize,
    /// There before and, looked for again, gone.
    pub gone: usize,
    /// Hindering less.
    pub better: usize,
    /// Hindering more.
    pub worse: usize,
    /// As before, as far as the intervals tell.
    pub unchanged: usize,
    /// Not comparable.
    pub not_comparable: usize,
}

/// One finding beside its earlier self.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FindingChange {
    /// Its key.
    pub id: String,
    /// `new`, `gone`, `better`, `worse`, `unchanged` or `not_comparable`.
    pub standing: String,
    /// Why it is not comparable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Extent>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Extent>,
}

/// How much of a finding there is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Extent {
    /// How much it hinders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Rows affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affected_rows: Option<u64>,
    /// Rows looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scanned_rows: Option<u64>,
}

/// One number beside its earlier self.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NumberChange {
    /// `measure`, or `maturity` for a dimension of it.
    pub what: String,
    /// The measure, or the dimension.
    pub name: String,
    /// `better`, `worse`, `unchanged` or `not_comparable`.
    pub standing: String,
    /// Why it is not comparable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Number>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Number>,
}

/// A number with its interval.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Number {
    /// The value; of a dimension of maturity the middle of its bounds.
    pub value: f64,
    /// The lower end of its interval or bounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// The ground it stands on; scores of maturity follow an authored rule.
    pub provenance: Provenance,
}

impl Changes {
    /// The difference to `earlier`; shortened unless `whole`.
    pub(super) fn of(changes: review::Changes, earlier: &ReviewRecord, whole: bool) -> Self {
        let review::Changes { verdict, basis, evidence, findings, measures, dimensions } = changes;
        let counts = Counts::of(&findings);
        let (mut moved, mut open) = (Vec::new(), Vec::new());
        for finding in findings {
            match finding.standing {
                Standing::Unchanged => {}
                Standing::NotComparable(_) => open.push(FindingChange::of(finding)),
                _ => moved.push(FindingChange::of(finding)),
            }
        }
        if !whole {
            moved.truncate(BRIEF);
            open.truncate(BRIEF);
        }
        let (before, may_come_from) = match verdict {
            Some(VerdictChange { before, now: _, may_come_from }) => (Some(before), may_come_from),
            None => (None, Vec::new()),
        };
        let measures = measures.into_iter().map(|measure| ("measure", measure));
        let numbers = measures.chain(dimensions.into_iter().map(|dimension| ("maturity", dimension)));
        Self {
            with: earlier.id.clone(),
            with_made_at: earlier.made_at.to_string(),
            verdict_before: before.map(Verdict::of),
            verdict_may_come_from: may_come_from,
            other_rulers: basis.iter().map(review::BasisChange::sentence).collect(),
            other_evidence: evidence,
            findings: counts,
            changed_findings: moved,
            not_comparable_findings: open,
            numbers: numbers
                .filter(|(_, number)| whole || number.standing != Standing::Unchanged)
                .map(|(what, number)| NumberChange::of(what, number))
                .collect(),
        }
    }

    /// The difference in a sentence or two.
    pub(super) fn sentence(&self) -> String {
        let Counts { new, gone, better, worse, unchanged, not_comparable } = self.findings;
        let day = &self.with_made_at[..10];
        let mut text = format!(
            "Since review {} of {day}: of the findings {gone} gone, {new} new, {better} better, {worse} worse, \
             {unchanged} unchanged and {not_comparable} not comparable.",
            self.with
        );
        for told in self.other_rulers.iter().chain(&self.other_evidence).take(3) {
            text.push_str("\n- not a change of the company: ");
            text.push_str(told);
        }
        text
    }
}

impl Counts {
    fn of(findings: &[review::FindingChange]) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            *match finding.standing {
                Standing::New => &mut counts.new,
                Standing::Gone => &mut counts.gone,
                Standing::Better => &mut counts.better,
                Standing::Worse => &mut counts.worse,
                Standing::Unchanged => &mut counts.unchanged,
                Standing::NotComparable(_) => &mut counts.not_comparable,
            } += 1;
        }
        counts
    }
}

impl FindingChange {
    fn of(change: review::FindingChange) -> Self {
        let review::FindingChange { id, standing, before, now } = change;
        Self {
            id,
            standing: standing.name().to_owned(),
            why: standing.why().map(str::to_owned),
            before: before.as_ref().map(Extent::of),
            now: now.as_ref().map(Extent::of),
        }
    }
}

impl Extent {
    fn of(place: &review::Place) -> Self {
        let review::Place { area: _, subject: _, severity, affected, scanned, provenance: _ } = *place;
        Self { severity: severity.map(Severity::of), affected_rows: affected, scanned_rows: scanned }
    }
}

impl NumberChange {
    fn of(what: &str, change: review::NumberChange) -> Self {
        let review::NumberChange { name, standing, before, now } = change;
        Self {
            what: what.to_owned(),
            name,
            standing: standing.name().to_owned(),
            why: standing.why().map(str::to_owned),
            before: before.map(Number::of),
            now: now.map(Number::of),
        }
    }
}

impl Number {
    pub(super) fn of(taken: Taken) -> Self {
        let Taken { value, ends, provenance } = taken;
        let (low, high) = ends.unzip();
        Self { value, low, high, provenance: Provenance::of(provenance) }
    }
}
