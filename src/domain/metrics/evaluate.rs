//! The value of a metric from the quantities of a period and segment.

use super::{
    definition::{Definition, Definitions, Expression},
    fact::{Facts, Known, Missing},
    quantity::Quantity,
};
use crate::{
    proportion::{Interval, Proportion},
    provenance::Provenance,
};

/// A metric that could be worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Its value.
    pub value: f64,
    /// Its 95% interval (Wilson), where it is a share of counted things.
    pub interval: Option<Interval>,
    /// What stands above the line.
    pub numerator: f64,
    /// What stands below it.
    pub denominator: Option<f64>,
    /// The weakest ground that any part of it stands on.
    pub provenance: Provenance,
    /// The quantities it was made from.
    pub inputs: Vec<(Quantity, Known)>,
}

/// A metric, or everything that it lacks.
pub type Reading = Result<Measured, Vec<Missing>>;

/// Works out a metric.
pub fn evaluate(definitions: &Definitions, metric: &Definition, facts: &Facts) -> Reading {
    let mut inputs = Vec::new();
    let mut missing = Vec::new();
    for quantity in definitions.needs(metric) {
        match facts.get(quantity) {
            Ok(known) => inputs.push((quantity, known)),
            Err(lacks) => missing.push(lacks),
        }
    }
    if !missing.is_empty() {
        return Err(missing);
    }
    let within = Work { definitions, facts };
    let parts = within.parts(metric).map_err(|undefined| vec![undefined])?;
    let is_count = |number: f64| number >= 0.0 && number.fract() == 0.0;
    let interval = match parts.denominator {
        Some(below)
            if metric.counts && is_count(parts.numerator) && is_count(below) && parts.numerator <= below =>
        {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "counts, checked above"
            )]
            let proportion = Proportion::new(parts.numerator as u64, below as u64);
            proportion.wilson()
        }
        _ => None,
    };
    let provenance = inputs.iter().map(|(_, known)| known.provenance).max().unwrap_or(Provenance::Unknown);
    Ok(Measured {
        value: parts.value,
        interval,
        numerator: parts.numerator,
        denominator: parts.denominator,
        provenance,
        inputs,
    })
}

struct Parts {
    value: f64,
    numerator: f64,
    denominator: Option<f64>,
}

struct Work<'a> {
    definitions: &'a Definitions,
    facts: &'a Facts,
}

impl Work<'_> {
    fn parts(&self, metric: &Definition) -> Result<Parts, Missing> {
        let numerator = self.number(&metric.numerator)?;
        let Some(below) = &metric.denominator else {
            return Ok(Parts { value: numerator, numerator, denominator: None });
        };
        let denominator = self.number(below)?;
        if denominator <= 0.0 {
            let why = format!("undefined: {} is {denominator}", below.names().join(", "));
            return Err(Missing { what: metric.id.clone(), why });
        }
        Ok(Parts { value: numerator / denominator, numerator, denominator: Some(denominator) })
    }

    fn number(&self, expression: &Expression) -> Result<f64, Missing> {
        match expression {
            Expression::Of(name) => self.named(name),
            Expression::Sum { sum } => sum.iter().map(|part| self.number(part)).sum(),
            Expression::Product { product } => product.iter().map(|part| self.number(part)).product(),
            Expression::Difference { difference } => {
                let parts =
                    difference.iter().map(|part| self.number(part)).collect::<Result<Vec<f64>, _>>()?;
                Ok(parts.split_first().map_or(0.0, |(first, others)| first - others.iter().sum::<f64>()))
            }
        }
    }

    fn named(&self, name: &str) -> Result<f64, Missing> {
        if let Some(quantity) = Quantity::ALL.into_iter().find(|quantity| quantity.name() == name) {
            return Ok(self.facts.get(quantity)?.value);
        }
        let metric = self.definitions.metric(name).ok_or_else(|| Missing {
            what: name.to_owned(),
            why: "neither a quantity nor a metric".to_owned(),
        })?;
        Ok(self.parts(metric)?.value)
    }
}
