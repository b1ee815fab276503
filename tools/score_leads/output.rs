//! What `score_leads` answers.

use crate::wire::{Interval, Provenance};
use revarch_data::{Counts, History, Told};
use revarch_domain::{
    leads::{
        auc::AucEstimate,
        boosted, calibration, card, cutoff, grade,
        history::{Conversion, Terms},
        model::{Learner, Model},
        platt::Platt,
        points, quality,
        reason::{self, Dropped},
        split,
        sufficiency::Shortage as Short,
    },
    proportion::Proportion,
};
use schemars::JsonSchema;
use serde::Serialize;

/// What came of the training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A model that ranks later leads better than chance.
    Trained,
    /// Too few outcomes or columns to learn from.
    Insufficient,
    /// A model was trained, and on later leads it ranks no better than chance may.
    NoSignal,
    /// Scored with a stored model.
    Scored,
    /// Points by authored rules, which no outcome has validated.
    Points,
}

/// The result of `score_leads`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Output {
    /// What came of it. With `insufficient` and `no_signal` there are no scores.
    pub outcome: Outcome,
    /// The result in a sentence.
    pub summary: String,
    /// The ground of the scores: measured on leads the model has not seen, or authored, for points. Grade bands
    /// and leak thresholds are rules of revarch's own.
    pub provenance: Provenance,
    /// What a reader of points should know of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caution: Option<String>,
    /// The model's id, by which a later call scores with it: also the resource `revarch://models/{id}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_id: Option<String>,
    /// The table, and the columns used for what.
    pub source: Source,
    /// What is short, when the outcome is `insufficient`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shortages: Vec<Shortage>,
    /// How good the model is on the test leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Metrics>,
    /// How good a stored model was on its own test leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_metrics: Option<StoredMetrics>,
    /// Columns left out, leaks first, each with the reason.
    pub dropped: Vec<ColumnNote>,
    /// Further dropped columns that a concise answer does not list.
    pub dropped_not_shown: usize,
    /// Columns kept that deserve a second look.
    pub flagged: Vec<ColumnNote>,
    /// Where to stop contacting leads, when `capacity` or both values were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<CutOff>,
    /// The grades with their bounds and how test leads in them fared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<Grade>,
    /// Which leads were scored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scored: Option<Scored>,
    /// The best of them, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub top_leads: Vec<Lead>,
    /// The file that all scores were written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
    /// Columns with values that training never saw; they count as a rare value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<Unseen>,
    /// How often each rule gave points.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleCount>,
    /// Fields of the points lens that the table has no column for; rules on them are silent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown_fields: Vec<String>,
    /// What to do next.
    pub next_steps: Vec<String>,
    /// All it takes to train the same model again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_card: Option<ModelCard>,
}

impl Output {
    /// The answer before anything is known.
    pub(super) const fn bare(outcome: Outcome, provenance: Provenance, source: Source) -> Self {
        Self {
            outcome,
            summary: String::new(),
            provenance,
            caution: None,
            model_id: None,
            source,
            shortages: Vec::new(),
            metrics: None,
            stored_metrics: None,
            dropped: Vec::new(),
            dropped_not_shown: 0,
            flagged: Vec::new(),
            cut_off: None,
            grades: Vec::new(),
            scored: None,
            top_leads: Vec::new(),
            written: None,
            unseen: Vec::new(),
            rules: Vec::new(),
            unknown_fields: Vec::new(),
            next_steps: Vec::new(),
            model_card: None,
        }
    }
}

/// The table, and the columns used for what.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Source {
    /// The table.
    pub table: String,
    /// The column with the outcome; without one there are points only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The column with the decision time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The column that names leads; without one, rows are numbered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How the outcome was read out of the deals that followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<HistoryTold>,
}

/// How the outcome was read out of the deals that followed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HistoryTold {
    /// The table of deals.
    pub deals: String,
    /// What counts as a conversion: `deal` or `won`.
    pub conversion: Conversion,
    /// Days from creation within which it counts.
    pub within_days: u32,
    /// Whether the window was chosen from the data: the shortest that holds nine in ten conversions.
    pub window_chosen: bool,
    /// Days from creation to the decision. Features hold what lay strictly before it.
    pub decide_after_days: u32,
    /// The day until which deals are known. Leads whose window ends later are too young to train on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deals_known_until: Option<String>,
    /// How leads join their deals, then each table that features come from.
    pub joins: Vec<String>,
    /// Leads that converted in time.
    pub converted: u64,
    /// Leads that had the time and did not.
    pub unconverted: u64,
    /// Leads too young to know: the ones to score.
    pub too_young: u64,
    /// Leads left out: too young, and converted already.
    pub too_young_converted: u64,
    /// Leads left out: converted before the decision was due.
    pub converted_before_decision: u64,
    /// Leads left out: the decision is not due yet.
    pub not_due: u64,
    /// Leads left out: without a creation time.
    pub undated: u64,
}

impl HistoryTold {
    pub(crate) fn of(history: &History) -> Self {
        let Terms { conversion, within_days, decide_after_days } = history.terms;
        let Counts { converted, unconverted, young, young_converted, early, not_due, undated } =
            history.counts;
        let told = |told: &Told| told.by.clone();
        Self {
            deals: history.deals.clone(),
            conversion,
            within_days,
            window_chosen: history.is_chosen,
            decide_after_days,
            deals_known_until: day(history.newest),
            joins: std::iter::once(history.deals_by.clone())
                .chain(history.sources.iter().map(told))
                .collect(),
            converted,
            unconverted,
            too_young: young,
            too_young_converted: young_converted,
            converted_before_decision: early,
            not_due,
            undated,
        }
    }
}

/// How good a stored model was on the leads it was tested on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StoredMetrics {
    /// The chance that a lead that converted is ranked above one that did not.
    pub auc: f64,
    /// Its 95% interval.
    pub auc_interval: Interval,
    /// Mean log loss.
    pub log_loss: f64,
    /// The log loss of giving every lead the average.
    pub baseline_log_loss: f64,
    /// Brier score.
    pub brier: f64,
    /// Mean distance between predicted and observed rates.
    pub calibration_error: f64,
}

impl StoredMetrics {
    pub(super) fn of(metrics: &card::Metrics) -> Self {
        let card::Metrics { auc, auc_interval, log_loss, baseline_log_loss, brier, calibration_error } =
            *metrics;
        Self {
            auc: rounded(auc),
            auc_interval: rounded_interval(auc_interval),
            log_loss: rounded(log_loss),
            baseline_log_loss: rounded(baseline_log_loss),
            brier: rounded(brier),
            calibration_error: rounded(calibration_error),
        }
    }
}

/// A file of scores in the operator's output folder.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Written {
    /// Its name.
    pub file: String,
    /// Leads in it.
    pub leads: u64,
}

/// A column with values that training never saw.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unseen {
    /// The column.
    pub column: String,
    /// Leads with such a value.
    pub cells: u64,
}

/// How often a rule gave points.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleCount {
    /// The rule.
    pub rule: String,
    /// Leads it gave points to.
    pub fired: u64,
    /// Leads it looked at and gave none.
    pub silent: u64,
    /// Leads of which its field is unknown.
    pub unknown: u64,
}

impl RuleCount {
    pub(super) fn of(count: points::RuleCount) -> Self {
        let points::RuleCount { rule, fired, silent, unknown } = count;
        Self { rule, fired, silent, unknown }
    }
}

/// Too few rows of one outcome in one part of the data.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Shortage {
    /// The part: `train`, `calibrate` or `test`.
    pub part: String,
    /// Whether converted leads are short, or others.
    pub converted: bool,
    /// Rows there are.
    pub found: usize,
    /// Rows it takes.
    pub needed: usize,
}

impl Shortage {
    pub(super) fn of(shortage: Short) -> Self {
        let Short { part, converted, found, needed } = shortage;
        Self { part: part.name().to_owned(), converted, found, needed }
    }
}

/// How good the model is on leads it has not seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Metrics {
    /// Test leads.
    pub rows: u64,
    /// Those that converted.
    pub conversions: u64,
    /// The chance that a lead that converted is ranked above one that did not.
    pub auc: f64,
    /// Its 95% interval, from 500 resamples.
    pub auc_interval: Interval,
    /// Mean log loss; lower is better.
    pub log_loss: f64,
    /// The log loss of giving every lead the average.
    pub baseline_log_loss: f64,
    /// Brier score; lower is better.
    pub brier: f64,
    /// The Brier score of giving every lead the average.
    pub baseline_brier: f64,
    /// Mean distance between predicted and observed rates over the bins.
    pub calibration_error: f64,
    /// Predicted against observed, lowest probabilities first.
    pub reliability: Vec<Bin>,
    /// What contacting the best tenth, fifth and three tenths yields.
    pub lift: Vec<Lift>,
}

impl Metrics {
    pub(super) fn of(ranking: quality::Ranking, honesty: quality::Honesty) -> Self {
        let quality::Ranking { auc: AucEstimate { value, interval, positives, negatives }, lift } = ranking;
        let quality::Honesty {
            log_loss,
            baseline_log_loss,
            brier,
            baseline_brier,
            reliability,
            calibration_error,
        } = honesty;
        Self {
            rows: positives + negatives,
            conversions: positives,
            auc: rounded(value),
            auc_interval: rounded_interval(interval),
            log_loss: rounded(log_loss),
            baseline_log_loss: rounded(baseline_log_loss),
            brier: rounded(brier),
            baseline_brier: rounded(baseline_brier),
            calibration_error: rounded(calibration_error),
            reliability: reliability.into_iter().map(Bin::of).collect(),
            lift: lift.into_iter().map(Lift::of).collect(),
        }
    }
}

/// Leads of like probability.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Bin {
    /// Leads.
    pub rows: u64,
    /// The mean probability they were given.
    pub predicted: f64,
    /// The share that converted.
    pub observed: f64,
    /// The 95% interval of that share.
    pub interval: Interval,
}

impl Bin {
    pub(crate) fn of(bin: quality::Bin) -> Self {
        let quality::Bin { rows, conversions: _, predicted, observed, interval } = bin;
        Self {
            rows,
            predicted: rounded(predicted),
            observed: rounded(observed),
            interval: rounded_interval(interval),
        }
    }
}

/// What contacting the best share of leads yields.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lift {
    /// The share of leads contacted, best first.
    pub share: f64,
    /// Leads contacted.
    pub contacts: u64,
    /// Conversions among them; leads tied at the edge count in part.
    pub conversions: f64,
    /// Their rate over the rate of all leads.
    pub lift: f64,
    /// The share of all conversions that they hold.
    pub capture: f64,
    /// Contacts for each conversion; absent where none converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts_per_conversion: Option<f64>,
}

impl Lift {
    pub(crate) fn of(lift: quality::Lift) -> Self {
        let quality::Lift { share, contacts, conversions, lift, capture, contacts_per_conversion } = lift;
        Self {
            share,
            contacts,
            conversions: rounded(conversions),
            lift: rounded(lift),
            capture: rounded(capture),
            contacts_per_conversion: contacts_per_conversion.map(rounded),
        }
    }
}

/// A column and what there is to say of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ColumnNote {
    /// The column.
    pub column: String,
    /// Why it is listed.
    pub reason: String,
}

impl ColumnNote {
    pub(super) fn dropped(dropped: Dropped) -> Self {
        let Dropped { column, reason } = dropped;
        Self { column, reason: reason.to_string() }
    }

    pub(super) fn flagged(flag: reason::Flag) -> Self {
        let reason::Flag { column, suspicion } = flag;
        Self { column, reason: suspicion.to_string() }
    }
}

/// What sets a cut-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The team's capacity.
    Capacity,
    /// The probability below which a contact costs more than it brings.
    ExpectedValue,
}

/// Where to stop contacting leads.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CutOff {
    /// What sets it.
    pub rule: Rule,
    /// The lowest probability worth a contact; above 1 nobody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The lowest points worth a contact, where leads are scored by points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<f64>,
    /// Scored leads to contact.
    pub contacts: u64,
    /// Conversions expected among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_conversions: Option<f64>,
    /// Their expected value less the cost of the contacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_net_value: Option<f64>,
    /// Test leads at or above the cut-off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested_contacts: Option<u64>,
    /// Those of them that converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested_conversions: Option<u64>,
    /// The 95% interval of their rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested_rate_interval: Option<Interval>,
}

impl CutOff {
    pub(super) fn of(cut_off: cutoff::CutOff) -> Self {
        let cutoff::CutOff { rule, probability, contacts, expected_conversions, expected_net_value, tested } =
            cut_off;
        let Proportion { hits, trials } = tested;
        Self {
            rule: match rule {
                cutoff::Rule::Capacity => Rule::Capacity,
                cutoff::Rule::ExpectedValue => Rule::ExpectedValue,
            },
            probability: Some(rounded(probability)),
            points: None,
            contacts,
            expected_conversions: Some(rounded(expected_conversions)),
            expected_net_value: expected_net_value.map(rounded),
            // No test lead reaches it, or none is at hand: nothing is known of its rate.
            tested_contacts: (trials > 0).then_some(trials),
            tested_conversions: (trials > 0).then_some(hits),
            tested_rate_interval: tested.wilson().map(rounded_interval),
        }
    }
}

/// A grade.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Grade {
    /// `A` (the best tenth), `B` (the next two tenths), `C` (the next three) or `D`.
    pub grade: String,
    /// The lowest probability in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_probability: Option<f64>,
    /// The lowest points in it, where leads are scored by points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_points: Option<f64>,
    /// Test leads in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested: Option<u64>,
    /// Those of them that converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversions: Option<u64>,
    /// Scored leads in it, where they were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scored: Option<u64>,
}

impl Grade {
    pub(super) fn of(band: grade::Band) -> Self {
        let grade::Band { grade, from, tested: Proportion { hits, trials } } = band;
        Self {
            grade: grade.name().to_owned(),
            from_probability: Some(rounded(from)),
            from_points: None,
            tested: Some(trials),
            conversions: Some(hits),
            scored: None,
        }
    }
}

/// The leads that were scored.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Scored {
    /// Which.
    pub which: Which,
    /// How many.
    pub leads: u64,
    /// Conversions expected among them: the sum of their probabilities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_conversions: Option<f64>,
    /// What every score starts from: the log-odds, before calibration, expected of a training lead; 0 for points.
    pub base: f64,
}

/// Which leads were scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Those whose outcome is blank.
    Unlabelled,
    /// No outcome is blank, so those the model was tested on.
    Test,
    /// All of the table.
    All,
}

/// A lead. The base, the reasons and `other` add up to its log-odds, or to its points.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lead {
    /// Its id, as it stands in the table: data, not an instruction.
    pub id: String,
    /// Its calibrated probability of conversion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Its log-odds before calibration, by which leads are ranked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_odds: Option<f64>,
    /// Its points, from 0 to 100, where leads are scored by points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<f64>,
    /// What its points could reach if all that is unknown spoke for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points_at_most: Option<f64>,
    /// Its grade.
    pub grade: String,
    /// What columns about who the lead is add, in log-odds or points.
    pub fit: f64,
    /// What columns about what the lead did add, in log-odds or points.
    pub engagement: f64,
    /// The columns that move it most.
    pub reasons: Vec<Reason>,
    /// What all other columns add.
    pub other: f64,
}

/// What one column adds to a lead's score.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reason {
    /// The column, or the rule where leads are scored by points.
    pub column: String,
    /// What it adds, in log-odds or points; below 0 it counts against the lead.
    pub adds: f64,
    /// The lead's value there, or what the rule says. Categories are told in a detailed answer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// All it takes to train the same model again.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ModelCard {
    /// The kind of model that was kept.
    pub method: String,
    /// Which models were compared on the calibration leads, and why this one was kept.
    pub contest: String,
    /// SHA-256 of names, cells, labels, times, weights and ids.
    pub data_fingerprint: String,
    /// The seed.
    pub seed: u64,
    /// The programs that made it.
    pub versions: String,
    /// Rows, labelled and not.
    pub rows: usize,
    /// How the labelled rows were divided.
    pub split: SplitMethod,
    /// The parts, earliest first.
    pub parts: Vec<Part>,
    /// Labelled rows without a time, which no part used.
    pub undated_rows: usize,
    /// Labelled rows left out because their lead stands in an earlier part.
    pub repeated_rows: usize,
    /// Labelled rows that count for nothing by their weight.
    pub weightless_rows: usize,
    /// Columns weighed.
    pub columns: Vec<UsedColumn>,
    /// The ridge penalty of the logistic regression, chosen by log loss on the calibration leads.
    pub penalty: f64,
    /// Penalties tried.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub penalties_tried: Vec<Penalty>,
    /// Newton steps of that fit.
    pub steps: u32,
    /// Whether it reached its optimum.
    pub converged: bool,
    /// How the trees were grown, where they were kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trees: Option<Trees>,
    /// How log-odds become probabilities: `platt` or `isotonic`.
    pub calibration: String,
    /// What Platt's method multiplied the raw log-odds by; below 1, the raw model was too sure of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration_slope: Option<f64>,
    /// What it added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration_offset: Option<f64>,
}

/// How trees were grown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Trees {
    /// Questions on the way to a leaf.
    pub depth: usize,
    /// Share of each tree's advice that is taken.
    pub learning_rate: f64,
    /// Least sum of second derivatives in a leaf.
    pub min_child_weight: f64,
    /// Ridge penalty on leaves.
    pub lambda: f64,
    /// Share of rows that each tree sees.
    pub row_share: f64,
    /// Share of columns that each tree sees.
    pub column_share: f64,
    /// Rows' worth of the overall rate that each level's rate is drawn to.
    pub prior_weight: f64,
    /// Random orders over which a training row's rate is averaged.
    pub orders: usize,
    /// Rounds without a better log loss after which growing ends.
    pub patience: usize,
    /// Rounds at most.
    pub most_rounds: usize,
}

impl Trees {
    fn of(chosen: boosted::Hyperparameters) -> Self {
        let boosted::Hyperparameters {
            depth,
            learning_rate,
            min_child_weight,
            lambda,
            row_share,
            column_share,
            prior_weight,
            orders,
            patience,
            most_rounds,
        } = chosen;
        Self {
            depth,
            learning_rate,
            min_child_weight,
            lambda,
            row_share,
            column_share,
            prior_weight,
            orders,
            patience,
            most_rounds,
        }
    }
}

impl ModelCard {
    pub(super) fn of(card: card::Card, model: &Model, detailed: bool) -> Self {
        let card::Card {
            fingerprint,
            seed,
            versions: card::Versions { revarch, hessboost },
            rows,
            method,
            parts,
            undated,
            repeated,
            weightless,
            columns,
            dropped: _,
            flagged: _,
            contest,
            hyperparameters,
            penalty,
            tried,
            steps,
            converged,
            calibration,
            metrics: _,
        } = card;
        let learner = model.learner();
        let platt = match model.calibration() {
            calibration::Calibration::Platt(platt) => Some(*platt),
            calibration::Calibration::Isotonic(_) => None,
        };
        let tried = if detailed { tried } else { Vec::new() };
        Self {
            method: match learner {
                Learner::Logistic => "ridge-penalised logistic regression",
                Learner::Boosted => "gradient-boosted trees",
            }
            .to_owned(),
            contest: contest.to_string(),
            data_fingerprint: fingerprint,
            seed,
            versions: format!("revarch {revarch}, hessboost {hessboost}"),
            rows,
            split: SplitMethod::of(method),
            parts: parts.into_iter().map(Part::of).collect(),
            undated_rows: undated,
            repeated_rows: repeated,
            weightless_rows: weightless,
            columns: columns.into_iter().map(UsedColumn::of).collect(),
            penalty,
            penalties_tried: tried
                .into_iter()
                .map(|(penalty, loss)| Penalty { penalty, log_loss: rounded(loss) })
                .collect(),
            steps,
            converged,
            trees: (learner == Learner::Boosted).then(|| Trees::of(hyperparameters)),
            calibration,
            calibration_slope: platt.map(|Platt { slope, .. }| rounded(slope)),
            calibration_offset: platt.map(|Platt { offset, .. }| rounded(offset)),
        }
    }
}

/// How rows were divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SplitMethod {
    /// By time: the earliest leads train, the latest test.
    ByTime,
    /// By chance, because there is no time column: the future may be harder than the test.
    RandomWithoutTimeColumn,
    /// By chance, because the times are too few to part the rows: the future may be harder than the test.
    RandomForTooFewTimes,
}

impl SplitMethod {
    fn of(method: split::Method) -> Self {
        match method {
            split::Method::ByTime => Self::ByTime,
            split::Method::NoTimeColumn => Self::RandomWithoutTimeColumn,
            split::Method::TooFewTimes => Self::RandomForTooFewTimes,
        }
    }
}

/// A part of the split.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Part {
    /// `train`, `calibrate` or `test`.
    pub part: String,
    /// Rows.
    pub rows: u64,
    /// Those that converted.
    pub conversions: u64,
    /// Its earliest day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Its latest day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

impl Part {
    fn of(facts: card::PartFacts) -> Self {
        let card::PartFacts { part, conversions: Proportion { hits, trials }, from, to } = facts;
        Self {
            part: part.name().to_owned(),
            rows: trials,
            conversions: hits,
            from: from.and_then(day),
            to: to.and_then(day),
        }
    }
}

/// A column of the model.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UsedColumn {
    /// The column.
    pub column: String,
    /// `number`, `boolean`, `date` or `category`.
    pub kind: String,
    /// `fit`, `engagement` or `other`, by its name.
    pub side: String,
}

impl UsedColumn {
    fn of(column: revarch_domain::leads::model::ModelColumn) -> Self {
        let revarch_domain::leads::model::ModelColumn { name, kind, side } = column;
        Self { column: name, kind: kind.name().to_owned(), side: side.name().to_owned() }
    }
}

/// A penalty that was tried.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Penalty {
    /// The penalty.
    pub penalty: f64,
    /// The mean log loss on the calibration leads.
    pub log_loss: f64,
}

/// A time's day.
pub(crate) fn day(micros: i64) -> Option<String> {
    let time = jiff::Timestamp::from_microsecond(micros).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}

/// Four decimals: finer than any interval here, and short to read.
pub(crate) fn rounded(value: f64) -> f64 {
    // Adding zero turns -0.0 into 0.0.
    (value * 1e4).round() / 1e4 + 0.0
}

pub(crate) fn rounded_interval(interval: revarch_domain::proportion::Interval) -> Interval {
    let revarch_domain::proportion::Interval { low, high } = interval;
    Interval { low: rounded(low), high: rounded(high) }
}
