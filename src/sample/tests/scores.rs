//! What the scores of leads are worth, by a fit of our own.

use super::*;

const NUMBERS: [&str; 5] =
    ["web_visits", "pricing_views", "form_fills", "demo_requests", "days_to_first_reply"];

/// The features of a lead, categories as one column each, numbers scaled to lie near one.
fn features(row: &Row) -> Vec<f64> {
    let mut features = vec![1.0];
    features.extend(NUMBERS.map(|column| row[column].parse().unwrap_or(3.0) / 5.0));
    for (column, values) in [
        ("seniority", ["individual", "manager", "director", "vp", "c_level", ""].as_slice()),
        (
            "lead_source",
            &["organic_search", "paid_search", "webinar", "content_download", "referral", "partner"],
        ),
    ] {
        features.extend(values.iter().map(|value| f64::from(u8::from(row[column] == *value))));
    }
    features
}

fn dot(weights: &[f64], features: &[f64]) -> f64 {
    weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum()
}

/// Logistic regression by plain gradient descent.
fn fit(rows: &[Vec<f64>], outcomes: &[bool]) -> Vec<f64> {
    let mut weights = vec![0.0; rows[0].len()];
    for _ in 0..600 {
        let mut gradient = vec![0.0; weights.len()];
        for (row, outcome) in rows.iter().zip(outcomes) {
            let error = f64::from(u8::from(*outcome)) - 1.0 / (1.0 + (-dot(&weights, row)).exp());
            gradient.iter_mut().zip(row).for_each(|(slope, feature)| *slope += error * feature);
        }
        let step = 1.0 / rows.len() as f64;
        weights.iter_mut().zip(&gradient).for_each(|(weight, slope)| *weight += step * slope);
    }
    weights
}

#[test]
fn leads_can_be_predicted_but_not_by_the_legacy_score() {
    let sample = Sample::of(20_000);
    let leads = labelled(&sample);
    let outcomes = outcomes(&leads);
    let rate = outcomes.iter().filter(|outcome| **outcome).count() as f64 / leads.len() as f64;
    assert!((0.13..0.17).contains(&rate), "conversion rate {rate}");
    let legacy = sample.truth.legacy_score.auc.unwrap();
    assert!((0.47..0.53).contains(&legacy), "legacy score {legacy}");

    for column in NUMBERS.into_iter().chain(["email_opens", "employees"]) {
        let values: Vec<f64> = leads.iter().map(|row| row[column].parse().unwrap_or(-1.0)).collect();
        let auc = auc(&values, &outcomes);
        assert!((0.2..0.8).contains(&auc), "{column} alone {auc}");
    }

    let rows: Vec<Vec<f64>> = leads.iter().map(|row| features(row)).collect();
    let cut = rows.len() * 7 / 10;
    let weights = fit(&rows[..cut], &outcomes[..cut]);
    let scores: Vec<f64> = rows[cut..].iter().map(|row| dot(&weights, row)).collect();
    let auc = auc(&scores, &outcomes[cut..]);
    assert!((0.74..0.81).contains(&auc), "logistic regression on later leads {auc}");
}
