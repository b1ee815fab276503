//! The result of `resolve_identities`.

use super::{Survival, judged::Told, sides::key};
use crate::{ToolError, page::Window, wire::Provenance};
use revarch_data::{Linked, Matched, Pair, Used};
use revarch_domain::{
    identity::{
        cluster::{Cluster, Clusters},
        likeness::levels,
        model::probability,
        survivor::{self, Candidate},
        truth::Quality,
    },
    proportion::{Interval, Proportion},
};
use schemars::JsonSchema;
use serde::Serialize;

/// Which records are the same, and which contacts belong to which account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Output {
    /// The result in a sentence.
    pub summary: String,
    /// The ground of counts and weights. Thresholds and cut-offs of likeness are revarch's own.
    pub provenance: Provenance,
    /// The tables that were compared.
    pub sources: Vec<SourceOut>,
    /// The comparisons, and what their levels are worth.
    pub comparisons: Vec<ComparisonOut>,
    /// Which pairs were compared at all.
    pub blocking: BlockingOut,
    /// The probability from which on a pair matches.
    pub threshold: f64,
    /// Whether judged pairs gave the threshold.
    pub threshold_is_tuned: bool,
    /// The chance that two records drawn at random match, in bits; what every match weight begins with.
    pub prior_weight: f64,
    /// Pairs that match.
    pub matches: u64,
    /// Clusters they come to.
    pub cluster_count: u64,
    /// Records beyond the first of their cluster.
    pub extra_records: u64,
    /// Records of the largest cluster.
    pub largest_cluster: u64,
    /// Records in things that grew too large and were taken apart at their weakest pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overgrown_records: Option<u64>,
    /// Pairs that `one_to_one` kept apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused_pairs: Option<u64>,
    /// Pairs below the threshold that are worth a look.
    pub review_count: u64,
    /// How good the matches are by judged pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<QualityOut>,
    /// Which contacts belong to which account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<LinksOut>,
    /// Clusters: those that want a look first, then the largest.
    pub clusters: Vec<ClusterOut>,
    /// Pairs below the threshold, the most probable first.
    pub review: Vec<PairOut>,
    /// Accounts that fit contacts without a working key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proposed_links: Vec<LinkOut>,
    /// Files that were written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<WrittenOut>,
    /// What to know of the result.
    pub notes: Vec<String>,
    /// Pass it as `cursor` to see more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// A table that was compared.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SourceOut {
    /// Its name.
    pub table: String,
    /// Its records.
    pub records: u64,
}

/// A comparison.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ComparisonOut {
    /// What is compared.
    pub name: String,
    /// What its values are.
    pub kind: String,
    /// Records that have a value.
    pub filled: u64,
    /// Different values.
    pub distinct: u64,
    /// Whether its weights were learnt from these records; otherwise they are a first guess of revarch's.
    pub is_trained: bool,
    /// Its levels, from the same to other; in the concise form, these two.
    pub levels: Vec<LevelOut>,
}

/// A level of likeness.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LevelOut {
    /// The level.
    pub level: String,
    /// How often matches reach it.
    pub m: f64,
    /// How often other pairs do.
    pub u: f64,
    /// What it adds to the match weight, in bits. A shared value that is rarer or commoner than most adds or takes more.
    pub weight: f64,
}

/// Which pairs were compared at all.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BlockingOut {
    /// Rules: pairs that agree on one of them were compared.
    pub rules: Vec<RuleOut>,
    /// Rules that would have made too many pairs, or that only crowds share.
    pub left_out: Vec<RuleOut>,
    /// Pairs compared.
    pub compared: u64,
    /// The share of all matches that is estimated to be among them; absent where the rules overlap too little to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall_estimate: Option<f64>,
}

/// A blocking rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleOut {
    /// What both records have to agree on.
    pub agree_on: String,
    /// Pairs that do.
    pub pairs: u64,
    /// Values shared by too many records to tell them apart, which the rule passes over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crowded_values: Option<u64>,
    /// Records that share them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crowded_records: Option<u64>,
}

/// A record.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RecordOut {
    /// Its table.
    pub table: String,
    /// Its key, or the number of its row.
    pub id: String,
}

/// Records that belong together.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClusterOut {
    /// The records; of a large cluster the first.
    pub records: Vec<RecordOut>,
    /// How many they are.
    pub size: u64,
    /// The record to keep: a proposal.
    pub keep: RecordOut,
    /// The rule that chose it; absent where no rule told them apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_for: Option<String>,
    /// Why it wants a look.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// The pairs that hold it together; in the concise form the least probable.
    pub pairs: Vec<PairOut>,
}

/// Two records.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PairOut {
    /// One record.
    pub a: RecordOut,
    /// The other.
    pub b: RecordOut,
    /// The probability that they are the same.
    pub probability: f64,
    /// The match weight in bits: the prior weight and the weights below.
    pub match_weight: f64,
    /// What each comparison adds; one with a missing value adds nothing.
    pub reasons: Vec<ReasonOut>,
}

/// What a comparison adds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReasonOut {
    /// The comparison.
    pub comparison: String,
    /// The level.
    pub level: String,
    /// What it adds, the rarity of a shared value included.
    pub weight: f64,
}

/// How good matches are by judged pairs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct QualityOut {
    /// Judged pairs.
    pub judged: u64,
    /// At the threshold.
    pub at_threshold: AtOut,
    /// At the threshold of the best F1; on the same pairs, so it flatters a little.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_best: Option<AtOut>,
}

/// Precision, recall and F1 at a threshold, with 95% intervals.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AtOut {
    /// The probability.
    pub threshold: f64,
    /// Of the pairs that match here, the share that does by judgement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<ShareOut>,
    /// Of the pairs that match by judgement, the share found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall: Option<ShareOut>,
    /// The harmonic mean of both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1: Option<ShareOut>,
}

/// A share with its 95% interval.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShareOut {
    /// The share.
    pub value: f64,
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Which contacts belong to which account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LinksOut {
    /// The table of contacts.
    pub contacts: String,
    /// The table of accounts.
    pub accounts: String,
    /// Contacts read.
    pub contact_count: u64,
    /// Contacts whose key leads to an account.
    pub by_key: u64,
    /// Without such a key: contacts for whom one account has the domain of their address.
    pub by_domain: u64,
    /// Contacts for whom one account has the name of their company.
    pub by_name: u64,
    /// Contacts for whom one account is a letter away from either; absent where there are too many accounts to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_likeness: Option<u64>,
    /// Contacts for whom several accounts fit equally.
    pub several_fit: u64,
    /// Contacts with nothing but an address at a provider for everybody.
    pub free_mail: u64,
}

/// A contact and an account that fits.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LinkOut {
    /// The contact's key.
    pub contact: String,
    /// The account's key.
    pub account: String,
    /// What ties them: domain, name or likeness.
    pub by: String,
}

/// A file that was written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WrittenOut {
    /// Its name in the output folder.
    pub file: String,
    /// Its rows.
    pub rows: u64,
}

/// What was found.
pub(super) struct Answered {
    pub(super) matched: Matched,
    pub(super) found: Clusters,
    pub(super) threshold: f64,
    pub(super) is_tuned: bool,
    pub(super) quality: Option<Told>,
    pub(super) links: Option<(String, String, Linked)>,
    pub(super) written: Vec<WrittenOut>,
}

/// How much of it to show.
pub(super) struct Shown {
    pub(super) top: usize,
    pub(super) detailed: bool,
    pub(super) from: usize,
    pub(super) review_from: f64,
    pub(super) rules: Survival,
}

/// Records and pairs of a cluster that are shown.
const OF_CLUSTER: usize = 8;

pub(super) fn wire(answered: Answered, shown: &Shown) -> Result<Output, ToolError> {
    let Answered { matched, found, threshold, is_tuned, quality, links, written } = answered;
    let matches = matched.pairs.partition_point(|pair| pair.edge.weight >= threshold);
    let review: Vec<&Pair> = matched.pairs[matches..]
        .iter()
        .take_while(|pair| probability(pair.edge.weight) >= shown.review_from)
        .collect();
    let extra: usize = found.clusters.iter().map(|cluster| cluster.members.len() - 1).sum();
    let mut output = Output {
        summary: String::new(),
        provenance: Provenance::Measured,
        sources: matched
            .records
            .tables()
            .map(|(table, records)| SourceOut { table: table.to_owned(), records: records as u64 })
            .collect(),
        comparisons: comparisons(&matched, shown.detailed),
        blocking: blocking(&matched, shown),
        threshold: rounded(probability(threshold)),
        threshold_is_tuned: is_tuned,
        prior_weight: rounded(matched.trained.model.prior_weight()),
        matches: matches as u64,
        cluster_count: found.clusters.len() as u64,
        extra_records: extra as u64,
        largest_cluster: found.clusters.iter().map(|cluster| cluster.members.len()).max().unwrap_or(0) as u64,
        overgrown_records: Some(found.overgrown).filter(|records| *records > 0),
        refused_pairs: Some(found.refused).filter(|pairs| *pairs > 0),
        review_count: review.len() as u64,
        quality: quality.map(quality_out),
        links: links.as_ref().map(|(contacts, accounts, linked)| links_out(contacts, accounts, linked)),
        clusters: Vec::new(),
        review: Vec::new(),
        proposed_links: Vec::new(),
        written,
        notes: notes(&matched, &found),
        next_cursor: None,
    };
    output.summary = summary(&output);
    let mut order: Vec<&Cluster> = found.clusters.iter().collect();
    order.sort_by_key(|cluster| {
        (
            !cluster.is_cut && cluster.bridge.is_none(),
            std::cmp::Reverse(cluster.members.len()),
            matched.records.id(cluster.members[0]),
        )
    });
    let most = if shown.detailed { usize::MAX } else { shown.top };
    let clusters = order.into_iter().take(most).map(|one| cluster(&matched, one, shown)).collect();
    let review = review.into_iter().take(most).map(|one| pair(&matched, one)).collect();
    let proposed = links.into_iter().flat_map(|(_, _, linked)| linked.links).take(most);
    let proposed = proposed
        .map(|link| LinkOut {
            contact: key(&link.contact),
            account: key(&link.account),
            by: link.by.name().to_owned(),
        })
        .collect();
    let mut window = Window::beside(&output, shown.from, usize::MAX);
    output.clusters = window.of(clusters);
    output.review = window.of(review);
    output.proposed_links = window.of(proposed);
    window.check("clusters, pairs and links")?;
    output.next_cursor = window.next().filter(|_| shown.detailed);
    Ok(output)
}

fn comparisons(matched: &Matched, detailed: bool) -> Vec<ComparisonOut> {
    let weighed = matched.trained.model.weighed.iter().enumerate();
    let out = weighed.map(|(at, one)| {
        let names = levels(one.comparison.kind).iter().enumerate().rev();
        let level = |(level, name): (usize, &&str)| LevelOut {
            level: (*name).to_owned(),
            m: significant(one.m[level]),
            u: significant(one.u[level]),
            weight: rounded((one.m[level] / one.u[level]).log2()),
        };
        let mut levels: Vec<LevelOut> = names.map(level).collect();
        if !detailed && levels.len() > 2 {
            levels.drain(1..levels.len() - 1);
        }
        ComparisonOut {
            name: crate::wire::one_line(&one.comparison.name, 60),
            kind: one.comparison.kind.name().to_owned(),
            filled: matched.records.with_value(at),
            distinct: matched.records.distinct(at) as u64,
            is_trained: one.is_trained,
            levels,
        }
    });
    out.collect()
}

fn blocking(matched: &Matched, shown: &Shown) -> BlockingOut {
    let rule = |used: &Used| {
        let Used { rule, pairs, crowded, crowd } = used;
        let some = |count: u64| Some(count).filter(|count| *count > 0);
        RuleOut {
            agree_on: rule.told(matched.records.comparisons()),
            pairs: whole(*pairs),
            crowded_values: some(*crowded),
            crowded_records: some(*crowd).filter(|_| *crowded > 0),
        }
    };
    let most = if shown.detailed { usize::MAX } else { 5 };
    BlockingOut {
        rules: matched.used.iter().map(rule).collect(),
        left_out: matched.costly.iter().take(most).map(rule).collect(),
        compared: matched.compared,
        recall_estimate: matched.trained.found.recall.map(rounded),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of pairs")]
const fn whole(count: f64) -> u64 {
    count.round() as u64
}

fn record(matched: &Matched, record: u32) -> RecordOut {
    RecordOut { table: matched.records.table_name(record).to_owned(), id: key(matched.records.id(record)) }
}

fn pair(matched: &Matched, pair: &Pair) -> PairOut {
    let Pair { edge, pattern: _ } = pair;
    let parts = matched.parts(pair).into_iter().filter(|part| part.level > 0);
    let reasons = parts.map(|part| {
        let comparison = &matched.records.comparisons()[part.comparison];
        ReasonOut {
            comparison: crate::wire::one_line(&comparison.name, 60),
            level: levels(comparison.kind)[usize::from(part.level) - 1].to_owned(),
            weight: rounded(part.weight + part.rarity),
        }
    });
    PairOut {
        a: record(matched, edge.a),
        b: record(matched, edge.b),
        probability: rounded(probability(edge.weight)),
        match_weight: rounded(edge.weight),
        reasons: reasons.collect(),
    }
}

fn cluster(matched: &Matched, cluster: &Cluster, shown: &Shown) -> ClusterOut {
    let Cluster { members, edges, bridge, is_cut } = cluster;
    let first = members.first().copied().unwrap_or_default();
    let (kept, rule) = survivor(matched, members, &shown.rules).unwrap_or((first, None));
    let mut flags = Vec::new();
    if let Some(bridge) = bridge {
        let edge = matched.pairs[*bridge].edge;
        let ends = [edge.a, edge.b].map(|end| key(matched.records.id(end)));
        flags.push(format!(
            "two groups hang together by one pair only ({} and {}, {:.2})",
            ends[0],
            ends[1],
            probability(edge.weight)
        ));
    }
    if *is_cut {
        flags.push("part of something that grew too large".to_owned());
    }
    // The weakest last in the order of pairs.
    let most = if shown.detailed { OF_CLUSTER } else { 1 };
    ClusterOut {
        records: members.iter().take(OF_CLUSTER).map(|one| record(matched, *one)).collect(),
        size: members.len() as u64,
        keep: record(matched, kept),
        kept_for: rule.map(|rule| rule.name().to_owned()),
        flags,
        pairs: edges.iter().rev().take(most).map(|at| pair(matched, &matched.pairs[*at])).collect(),
    }
}

/// The record of a cluster to keep.
pub(super) fn survivor(
    matched: &Matched,
    members: &[u32],
    rules: &Survival,
) -> Option<(u32, Option<survivor::Rule>)> {
    let records = &matched.records;
    let candidate = |record: &u32| Candidate {
        key: format!("{} {}", records.table_name(*record), records.id(*record)),
        updated: records.updated(*record),
        filled: records.filled(*record),
        trusted: rules.trusted.iter().position(|table| table == records.table_name(*record)),
    };
    let candidates: Vec<Candidate> = members.iter().map(candidate).collect();
    survivor::survivor(&candidates, &rules.rules).map(|(at, rule)| (members[at], rule))
}

fn quality_out(told: Told) -> QualityOut {
    let Told { pairs, at, best } = told;
    QualityOut { judged: pairs, at_threshold: at_out(at), at_best: best.map(at_out) }
}

fn at_out(quality: Quality) -> AtOut {
    let Quality { threshold, precision, recall, f1, f1_interval } = quality;
    let share = |value: f64, interval: Interval| ShareOut {
        value: rounded(value),
        low: rounded(interval.low),
        high: rounded(interval.high),
    };
    let of = |proportion: Proportion| Some(share(proportion.rate()?, proportion.wilson()?));
    AtOut {
        threshold: rounded(probability(threshold)),
        precision: of(precision),
        recall: of(recall),
        f1: f1.zip(f1_interval).map(|(f1, interval)| share(f1, interval)),
    }
}

fn links_out(contacts: &str, accounts: &str, linked: &Linked) -> LinksOut {
    use revarch_data::LinkBy;
    let counts = linked.counts();
    let by = |by: LinkBy| counts.get(&by).copied().unwrap_or(0);
    let Linked { contacts: contact_count, by_key, links: _, several, free_mail, likeness } = linked;
    LinksOut {
        contacts: contacts.to_owned(),
        accounts: accounts.to_owned(),
        contact_count: *contact_count,
        by_key: *by_key,
        by_domain: by(LinkBy::Domain),
        by_name: by(LinkBy::Name),
        by_likeness: likeness.then(|| by(LinkBy::Likeness)),
        several_fit: *several,
        free_mail: *free_mail,
    }
}

fn summary(output: &Output) -> String {
    let records: u64 = output.sources.iter().map(|source| source.records).sum();
    if output.blocking.rules.is_empty() {
        return format!("{records} records, and no two of them share anything they could be compared by");
    }
    format!(
        "{records} records: {} clusters hold {} records beyond the first of each, by {} pairs at or above {}; {} pairs want a look",
        output.cluster_count, output.extra_records, output.matches, output.threshold, output.review_count
    )
}

fn notes(matched: &Matched, found: &Clusters) -> Vec<String> {
    let mut notes = Vec::new();
    let empty: Vec<&str> = matched
        .records
        .comparisons()
        .iter()
        .enumerate()
        .filter(|(at, _)| matched.records.with_value(*at) == 0)
        .map(|(_, one)| one.name.as_str())
        .collect();
    if !empty.is_empty() {
        notes.push(format!("nothing is filled in that could be compared by {}", empty.join(", ")));
    }
    let untrained: Vec<&str> = matched
        .trained
        .model
        .weighed
        .iter()
        .filter(|one| !one.is_trained)
        .map(|one| one.comparison.name.as_str())
        .collect();
    if !untrained.is_empty() && !matched.records.is_empty() {
        notes.push(format!(
            "too few matches to learn what agreement is worth of {}: a first guess of revarch's stands in",
            untrained.join(", ")
        ));
    }
    if matched.trained.found.recall.is_none() && !matched.used.is_empty() {
        notes.push("the rules overlap too little to estimate how many matches they miss".to_owned());
    }
    if found.overgrown > 0 {
        notes.push("what grew too large often shares a placeholder: look at its pairs, then leave that column out by `compare`".to_owned());
    }
    notes.push("addresses of desks such as info@ and values of crowds identify nobody; the record to keep is a proposal, nothing was changed".to_owned());
    notes
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// A chance to three significant digits.
fn significant(chance: f64) -> f64 {
    format!("{chance:.2e}").parse().unwrap_or(chance)
}
