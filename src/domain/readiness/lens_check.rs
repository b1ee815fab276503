//! What a lens must be so that it can be applied.

use super::{
    QuestionId,
    lens::{Lens, Need, RoleName, Workflow},
};
use crate::{entity::Entity, provenance::Provenance};
use std::collections::BTreeSet;

/// Why a lens cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LensError {
    /// The text is not a lens in JSON.
    #[error("cannot read the lens at `{path}`")]
    Json {
        /// The field, as in `fields[2].fields[0].role`.
        path: String,
        /// What is wrong there.
        source: serde_json::Error,
    },
    /// No threshold of that name is in the lens.
    #[error("no threshold `{name}`; thresholds are {known}")]
    UnknownThreshold {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A number lies where it cannot be used.
    #[error("the threshold `{name}` is {value}, which is not {expected}")]
    Number {
        /// The threshold.
        name: &'static str,
        /// The number.
        value: f64,
        /// What it must be.
        expected: &'static str,
    },
    /// Something stands twice.
    #[error("{what} stands twice in the lens")]
    Repeated {
        /// What it is.
        what: String,
    },
    /// Something that must say something says nothing.
    #[error("{what} is empty")]
    Empty {
        /// What it is.
        what: String,
    },
    /// A number has a ground that a lens cannot give.
    #[error("the provenance of {what} must be published, authored or attested")]
    Ground {
        /// What it is.
        what: String,
    },
    /// A workflow's need cannot be judged.
    #[error("need {place} of the workflow `{workflow}` {reason}")]
    Need {
        /// The workflow.
        workflow: String,
        /// Which of its needs, from 1.
        place: usize,
        /// What is wrong with it.
        reason: String,
    },
}

pub(super) fn check(lens: &Lens) -> Result<(), LensError> {
    texts([("the id", lens.id.as_str()), ("the title", &lens.title), ("the version", &lens.version)])?;
    thresholds(lens)?;
    fields(lens)?;
    workflows(lens)
}

fn thresholds(lens: &Lens) -> Result<(), LensError> {
    for (name, threshold) in lens.thresholds.named() {
        let value = threshold.value;
        let (holds, expected) = match name {
            "lag_p95_hours" | "age_days" => (value > 0.0 && value.is_finite(), "above 0"),
            "shared_rows" => (value >= 1.0 && value.is_finite(), "1 or more"),
            "auc" => (value > 0.5 && value < 1.0, "above 0.5, which a coin reaches, and below 1"),
            _ => (
                value > 0.0 && value < 1.0,
                "above 0 and below 1: a sample never proves that every row holds",
            ),
        };
        if !holds {
            return Err(LensError::Number { name, value, expected });
        }
        texts([(format!("the source of the threshold `{name}`").as_str(), threshold.source.as_str())])?;
        grounded(&format!("the threshold `{name}`"), threshold.provenance)?;
    }
    Ok(())
}

fn fields(lens: &Lens) -> Result<(), LensError> {
    let mut entities = BTreeSet::new();
    if lens.fields.is_empty() {
        return Err(LensError::Empty { what: "the list of fields".to_owned() });
    }
    for listed in &lens.fields {
        let entity = listed.entity.name();
        if !entities.insert(entity) {
            return Err(LensError::Repeated { what: format!("the entity `{entity}`") });
        }
        if listed.fields.is_empty() {
            return Err(LensError::Empty { what: format!("the list of fields of `{entity}`") });
        }
        let mut roles = BTreeSet::new();
        for field in &listed.fields {
            let role = String::from(field.role);
            texts([(format!("the purpose of `{entity}.{role}`").as_str(), field.purpose.as_str())])?;
            if !roles.insert(role.clone()) {
                return Err(LensError::Repeated { what: format!("the field `{entity}.{role}`") });
            }
        }
    }
    Ok(())
}

fn workflows(lens: &Lens) -> Result<(), LensError> {
    let mut ids = BTreeSet::new();
    for workflow in &lens.workflows {
        let id = workflow.id.as_str();
        texts([
            ("the id of a workflow", id),
            (format!("the title of the workflow `{id}`").as_str(), workflow.title.as_str()),
        ])?;
        grounded(&format!("the workflow `{id}`"), workflow.provenance)?;
        if !ids.insert(id) {
            return Err(LensError::Repeated { what: format!("the workflow `{id}`") });
        }
        if workflow.needs.is_empty() {
            return Err(LensError::Empty { what: format!("the list of needs of the workflow `{id}`") });
        }
        for (place, need) in workflow.needs.iter().enumerate() {
            if let Some(reason) = unfit(lens, need) {
                return Err(refuse(workflow, place, reason));
            }
        }
    }
    Ok(())
}

fn refuse(workflow: &Workflow, place: usize, reason: String) -> LensError {
    LensError::Need { workflow: workflow.id.clone(), place: place + 1, reason }
}

/// Why a need could not be judged: it would be unknown for ever, and with it the workflow.
fn unfit(lens: &Lens, need: &Need) -> Option<String> {
    if need.because.trim().is_empty() {
        return Some("does not say what it is needed for".to_owned());
    }
    let is_fields = need.question == QuestionId::Fields;
    if need.aspect.is_some() && need.question != QuestionId::Events {
        return Some("has an aspect, which only the question `events` has".to_owned());
    }
    match (is_fields, need.role) {
        (false, Some(_)) => Some("has a role, which only the question `fields` has".to_owned()),
        (true, None) => Some("asks for a field and names no role".to_owned()),
        (true, Some(_)) if need.entities.is_empty() => Some("asks for a field of no entity".to_owned()),
        (true, Some(role)) => {
            need.entities.iter().find(|entity| !is_listed(lens, **entity, role)).map(|entity| {
                format!("asks for `{}.{}`, which is not among the fields of the lens", entity.name(), role.0)
            })
        }
        (false, None) if need.question == QuestionId::Association && need.entities != [Entity::Contact] => {
            Some("asks for an association; only that of [\"contact\"] is judged".to_owned())
        }
        (false, None) => None,
    }
}

fn is_listed(lens: &Lens, entity: Entity, role: RoleName) -> bool {
    lens.fields_of(entity).iter().any(|field| field.role == role)
}

fn texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<(), LensError> {
    match texts.into_iter().find(|(_, text)| text.trim().is_empty()) {
        Some((what, _)) => Err(LensError::Empty { what: what.to_owned() }),
        None => Ok(()),
    }
}

fn grounded(what: &str, provenance: Provenance) -> Result<(), LensError> {
    if matches!(provenance, Provenance::Published | Provenance::Authored | Provenance::Attested) {
        Ok(())
    } else {
        Err(LensError::Ground { what: what.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::error::Error;

    fn changed(pointer: &str, value: Value) -> String {
        let mut lens = serde_json::to_value(Lens::shipped().unwrap()).unwrap();
        *lens.pointer_mut(pointer).unwrap() = value;
        let error = Lens::parse(&lens.to_string()).unwrap_err();
        format!("{error}: {}", error.source().map(ToString::to_string).unwrap_or_default())
    }

    #[test]
    fn the_shipped_lens_is_sound_and_survives_being_written() {
        let lens = Lens::shipped().unwrap();
        assert_eq!(Lens::parse(&serde_json::to_string(&lens).unwrap()).unwrap(), lens);
        let ids: Vec<&str> = lens.workflows.iter().map(|workflow| workflow.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "inbound_research",
                "stage_advancement",
                "risk_monitoring",
                "account_expansion",
                "competitive_triggers"
            ]
        );
    }

    #[test]
    fn a_lens_that_cannot_be_applied_is_refused_by_name_and_reason() {
        for (pointer, value, said) in [
            (
                "/thresholds/filled/value",
                json!(1.0),
                "the threshold `filled` is 1, which is not above 0 and below 1",
            ),
            ("/thresholds/filled/value", json!(80), "`filled` is 80"),
            ("/thresholds/auc/value", json!(0.5), "above 0.5"),
            ("/thresholds/age_days/value", json!(0), "`age_days` is 0"),
            ("/thresholds/named/source", json!(" "), "the source of the threshold `named` is empty"),
            ("/thresholds/named/provenance", json!("unknown"), "must be published, authored or attested"),
            (
                "/thresholds/named/provenance",
                json!("guessed"),
                "`thresholds.named.provenance`: unknown variant `guessed`",
            ),
            ("/fields/1/fields/1/role", json!("fone"), "`fields[1].fields[1].role`: no role `fone`"),
            ("/fields/1/entity", json!("customer"), "`fields[1].entity`: unknown variant `customer`"),
            ("/fields/1/entity", json!("account"), "the entity `account` stands twice"),
            ("/fields/1/fields/2/role", json!("email"), "the field `contact.email` stands twice"),
            ("/fields/0/fields", json!([]), "the list of fields of `account` is empty"),
            ("/fields", json!([]), "the list of fields is empty"),
            ("/workflows/1/id", json!("inbound_research"), "the workflow `inbound_research` stands twice"),
            (
                "/workflows/1/needs",
                json!([]),
                "the list of needs of the workflow `stage_advancement` is empty",
            ),
            (
                "/workflows/0/needs/1/role",
                json!("phone"),
                "need 2 of the workflow `inbound_research` asks for `account.phone`",
            ),
            ("/workflows/0/needs/5/entities", json!(["deal"]), "only that of [\"contact\"] is judged"),
            ("/workflows/0/needs/0/because", json!(""), "does not say"),
            ("/title", json!(1), "`title`: invalid type"),
        ] {
            let found = changed(pointer, value);
            assert!(found.contains(said), "{pointer}: {found}");
        }
        assert!(Lens::parse("{").is_err() && Lens::parse("").is_err());
    }

    #[test]
    fn one_threshold_is_set_by_a_caller_and_says_so() {
        let lens = Lens::shipped().unwrap().with("filled", 0.9).unwrap();
        assert_eq!(lens.thresholds.filled.provenance, Provenance::Attested);
        assert!(Lens::shipped().unwrap().with("filled", 1.0).is_err());
        let error = Lens::shipped().unwrap().with("fill", 0.9).unwrap_err().to_string();
        assert!(error.contains("no threshold `fill`; thresholds are filled, named"), "{error}");
    }
}
