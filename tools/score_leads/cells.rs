//! A lead's score told with its reasons, and its cells as they may be shown.

use super::output::{Lead, Reason, rounded};
use revarch_domain::leads::{
    grade::{Band, grade},
    model::{Model, Score},
    table::Kind,
    words::Side,
};

/// Letters of a cell that are shown.
const LETTERS_SHOWN: usize = 60;

/// A lead with the columns that move it most. `value` tells what it has in a column of the model.
pub(super) fn lead(
    model: &Model,
    bands: &[Band],
    id: &str,
    score: &Score,
    detailed: bool,
    value: impl Fn(usize) -> Option<String>,
) -> Lead {
    let mut order: Vec<usize> = (0..score.contributions.len()).collect();
    order.sort_by(|a, b| {
        score.contributions[*b].abs().total_cmp(&score.contributions[*a].abs()).then(a.cmp(b))
    });
    order.truncate(if detailed { 5 } else { 3 });
    let reasons: Vec<Reason> = order
        .into_iter()
        .map(|column| Reason {
            column: model.columns()[column].name.clone(),
            adds: rounded(score.contributions[column]),
            value: value(column),
        })
        .collect();
    // What rounding takes from the reasons goes here, so that the shown numbers add up.
    let shown: f64 = reasons.iter().map(|reason| reason.adds).sum();
    Lead {
        id: shortened(id),
        probability: Some(rounded(score.probability)),
        log_odds: Some(rounded(score.log_odds)),
        points: None,
        points_at_most: None,
        grade: grade(score.probability, bands).name().to_owned(),
        fit: rounded(model.subtotal(score, Side::Fit)),
        engagement: rounded(model.subtotal(score, Side::Engagement)),
        other: rounded(rounded(score.log_odds) - rounded(score.base) - shown),
        reasons,
    }
}

/// A number as it is shown.
pub(super) fn number(kind: Kind, value: Option<f64>) -> String {
    match (kind, value) {
        (_, None) => "empty".to_owned(),
        (Kind::Boolean, Some(value)) => if value > 0.5 { "yes" } else { "no" }.to_owned(),
        (Kind::Date, Some(days)) => format!("{days:.0} days before"),
        (Kind::Number | Kind::Category, Some(value)) => rounded(value).to_string(),
    }
}

/// A cell as it may be shown: without control characters, and not endless.
pub(super) fn shortened(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(LETTERS_SHOWN).collect()
}
