//! The models, and how exact each of them is.

use revarch_domain::attribution::{
    answer::{MarkovTold, ModelCredit},
    model::Model,
};
use schemars::JsonSchema;
use serde::Serialize;

/// A model.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ModelOut {
    /// The model.
    pub model: String,
    /// Why it is left out, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
    /// Resamples behind its intervals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resamples: Option<u32>,
    /// Touches that its chain remembers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<u8>,
    /// States of its chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub states: Option<usize>,
    /// By how much a removal effect may be off at most, beyond rounding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_bound: Option<f64>,
    /// Greatest standard error of a share, where orders of channels were drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampling_error: Option<f64>,
}

pub(super) fn models_out(models: Vec<ModelCredit>, left_out: Vec<(Model, String)>) -> Vec<ModelOut> {
    let nothing = |model: Model| ModelOut {
        model: model.name().to_owned(),
        left_out: None,
        resamples: None,
        order: None,
        states: None,
        error_bound: None,
        sampling_error: None,
    };
    let told = models.into_iter().map(|credit| {
        let ModelCredit { model, resamples, markov, sampling_error, .. } = credit;
        let (order, states, error_bound) = match markov {
            Some(MarkovTold { order, states, removal: _, bound }) => (Some(order), Some(states), Some(bound)),
            None => (None, None, None),
        };
        ModelOut { resamples: Some(resamples), order, states, error_bound, sampling_error, ..nothing(model) }
    });
    let left_out =
        left_out.into_iter().map(|(model, why)| ModelOut { left_out: Some(why), ..nothing(model) });
    told.chain(left_out).collect()
}
