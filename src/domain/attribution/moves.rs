//! Which comparisons of channels hold whatever one assumes.

use super::enough;

/// A move of budget from one channel to another, or without spend the statement that one earns more than the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// The channel with less for its money.
    pub from: u16,
    /// The channel with more.
    pub to: u16,
    /// Whether every model, every scenario and nearly every resample agrees.
    pub robust: bool,
    /// Models that agree.
    pub models_agree: usize,
    /// How many times as much `to` earns, in the model and scenario that says least; below 1 where one says the
    /// opposite. Nothing where `from` earns nothing in one.
    pub least_ratio: Option<f64>,
    /// The share of resamples that agree, in the model where fewest do; nothing without resamples.
    pub resamples_agree: Option<f64>,
    /// Models and scenarios that say the opposite or see no difference.
    pub against: Vec<String>,
}

/// What each channel earns in one telling of the story.
pub(crate) struct Telling {
    /// What it is called where it disagrees.
    pub(crate) name: String,
    /// Whether it is a model as asked for, and no scenario.
    pub(crate) is_model: bool,
    /// Credit by channel.
    pub(crate) earned: Vec<f64>,
}

/// The comparisons of all channels that have a `size`: their spend, or 1 where credit itself is compared.
/// `resampled` holds credit by model, resample and channel.
pub(crate) fn moves(
    tellings: &[Telling],
    resampled: &[Vec<Vec<f64>>],
    sizes: &[Option<f64>],
    sufficient: bool,
) -> Vec<Move> {
    let compared: Vec<(u16, f64)> = (0_u16..)
        .zip(sizes)
        .filter_map(|(channel, size)| Some((channel, size.filter(|size| *size > 0.0)?)))
        .collect();
    let mut found = Vec::new();
    for (at, first) in compared.iter().enumerate() {
        for second in &compared[at + 1..] {
            found.extend(compare(tellings, resampled, *first, *second, sufficient));
        }
    }
    found.sort_by(|a, b| {
        let ratio = |one: &Move| one.least_ratio.unwrap_or(f64::INFINITY);
        b.robust
            .cmp(&a.robust)
            .then(b.models_agree.cmp(&a.models_agree))
            .then(ratio(b).total_cmp(&ratio(a)))
            .then((a.to, a.from).cmp(&(b.to, b.from)))
    });
    found
}

fn compare(
    tellings: &[Telling],
    resampled: &[Vec<Vec<f64>>],
    first: (u16, f64),
    second: (u16, f64),
    sufficient: bool,
) -> Option<Move> {
    let returns = |earned: &[f64], (channel, size): (u16, f64)| earned[usize::from(channel)] / size;
    let ahead =
        |earned: &[f64], (to, from): ((u16, f64), (u16, f64))| returns(earned, to) > returns(earned, from);
    let models = || tellings.iter().filter(|telling| telling.is_model);
    let count = |pair| models().filter(|model| ahead(&model.earned, pair)).count();
    let (for_first, for_second) = (count((first, second)), count((second, first)));
    if for_first.max(for_second) == 0 {
        return None;
    }
    let (to, from) = if for_first >= for_second { (first, second) } else { (second, first) };
    let against: Vec<String> = tellings
        .iter()
        .filter(|telling| !ahead(&telling.earned, (to, from)))
        .map(|telling| telling.name.clone())
        .collect();
    let agreeing = |draws: &Vec<Vec<f64>>| {
        let agree = draws.iter().filter(|earned| ahead(earned, (to, from))).count();
        (!draws.is_empty()).then(|| agree as f64 / draws.len() as f64)
    };
    let resamples_agree = resampled.iter().filter_map(agreeing).min_by(f64::total_cmp);
    let everywhere_resampled = resampled.iter().all(|draws| draws.len() >= enough::RESAMPLES as usize);
    let ratio = |telling: &Telling| {
        let less = returns(&telling.earned, from);
        (less > 0.0).then(|| returns(&telling.earned, to) / less)
    };
    let least_ratio = tellings.iter().map(ratio).collect::<Option<Vec<f64>>>();
    Some(Move {
        from: from.0,
        to: to.0,
        robust: sufficient
            && against.is_empty()
            && everywhere_resampled
            && resamples_agree.is_some_and(|share| share >= enough::AGREEMENT),
        models_agree: for_first.max(for_second),
        least_ratio: least_ratio.and_then(|ratios| ratios.into_iter().min_by(f64::total_cmp)),
        resamples_agree,
        against,
    })
}
