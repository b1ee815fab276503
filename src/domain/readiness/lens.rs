//! The lens of the readiness check: the thresholds, the fields an agent needs, and what each workflow rests on.
//!
//! It is data, so that a team may copy it and change it; [`Lens::parse`] refuses one that could not be applied.

use super::{
    QuestionId,
    lens_check::{self, LensError},
};
pub use crate::workflow::Workflow;
use crate::{entity::Entity, provenance::Provenance, recognition::Role, workflow};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The lens that ships with revarch.
const SHIPPED: &str = include_str!("lens.json");

/// What readiness is held against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lens {
    /// The lens's name, in `snake_case`.
    pub id: String,
    /// The name people read.
    pub title: String,
    /// The version, which changes whenever a verdict could.
    pub version: String,
    /// Which parts are published by a source and which are the lens author's own.
    pub origin: Origin,
    /// The numbers that evidence is held against.
    pub thresholds: Thresholds,
    /// The fields an agent needs of each entity. Keys of other records are the association question's.
    pub fields: Vec<EntityFields>,
    /// The agentic workflows and what of the data each rests on; those that ship with revarch unless given.
    #[serde(default = "shipped_workflows")]
    #[schemars(transform = without_default)]
    pub workflows: Vec<Workflow>,
}

/// Where a lens comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// What the guide states.
    pub published: Vec<String>,
    /// What the lens's author added.
    pub authored: Vec<String>,
    /// What a reader of a result should know of the two.
    pub cautions: Vec<String>,
}

/// A number that evidence is held against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The number.
    pub value: f64,
    /// Whose it is: `published`, `authored`, or `attested` where a caller set it.
    #[schemars(with = "String")]
    pub provenance: Provenance,
    /// The source, or the reason for the number.
    pub source: String,
}

impl Threshold {
    /// A number that the caller of a check set.
    pub fn attested(value: f64) -> Self {
        Self { value, provenance: Provenance::Attested, source: "set by the caller".to_owned() }
    }
}

/// The numbers that evidence is held against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Share of rows in which a needed field is filled.
    pub filled: Threshold,
    /// Share of columns named in their table's own style.
    pub named: Threshold,
    /// Share of contacts joined to an account.
    pub linked: Threshold,
    /// Share of events joined to a person.
    pub known_person: Threshold,
    /// Share of events that say of what type they are.
    pub typed: Threshold,
    /// Hours within which 95% of events arrive.
    pub lag_p95_hours: Threshold,
    /// Days since the newest event.
    pub age_days: Threshold,
    /// Area under the ROC curve of a score that predicts.
    pub auc: Threshold,
    /// Share of rows above which one e-mail address or telephone number is no longer one person's.
    pub shared_value: Threshold,
    /// Rows above which one e-mail address or telephone number is no longer one person's.
    pub shared_rows: Threshold,
    /// Points of fill, as a share, that a column may lose between two reads.
    pub fill_drop: Threshold,
    /// Share of rows that a table may lose between two reads.
    pub row_drop: Threshold,
}

/// The fields an agent needs of one entity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntityFields {
    /// The entity, such as `contact`.
    #[schemars(with = "String")]
    pub entity: Entity,
    /// Its fields, the most needed first.
    pub fields: Vec<Field>,
}

/// One field an agent needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What the field is for, as in `email` or `account_key`.
    #[schemars(with = "String")]
    pub role: RoleName,
    /// What an agent needs it to do, in words that follow "to".
    pub purpose: String,
    /// Whether work stops without it, so that a field mostly empty is a blocker.
    pub essential: bool,
    /// The field is not asked where the table has the key of this entity, whose record holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub unless_key: Option<Entity>,
}

/// One thing a workflow rests on: the checks of a question, or those of them that are about a field or aspect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The question whose checks answer.
    pub question: QuestionId,
    /// The entities the checks are about. Of several, those count that there is data of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub entities: Vec<Entity>,
    /// The field, where the question is `fields`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub role: Option<RoleName>,
    /// The aspect, where the question is `events`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aspect: Option<Aspect>,
    /// What the workflow does with it.
    pub because: String,
}

impl Need {
    /// The need's key, as in `contact.email`, `association` or `events.lag`.
    pub fn key(&self) -> String {
        let entities: Vec<&str> = self.entities.iter().map(|entity| entity.name()).collect();
        match (self.question, self.role, self.aspect) {
            (QuestionId::Fields, Some(role), _) => format!("{}.{}", entities.join("_or_"), role.0),
            (question, _, Some(aspect)) => format!("{}.{}", question.name(), aspect.name()),
            (question, ..) => question.name().to_owned(),
        }
    }
}

/// What about a flow of events is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Whether events join to a known person.
    Person,
    /// How late they arrive.
    Lag,
    /// How old the newest is.
    Age,
}

impl Aspect {
    /// The aspect's name, as it stands in the ids of checks.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Lag => "lag",
            Self::Age => "age",
        }
    }
}

/// A role as lenses write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleName(pub Role);

impl TryFrom<String> for RoleName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self)
    }
}

impl From<RoleName> for String {
    fn from(RoleName(role): RoleName) -> Self {
        role.to_string()
    }
}

/// The shipped workflows are a file of their own, and need not be repeated in the schema of lenses.
fn without_default(schema: &mut schemars::Schema) {
    schema.remove("default");
}

fn shipped_workflows() -> Vec<Workflow> {
    workflow::shipped().to_vec()
}

impl Lens {
    /// The lens written in `text`, or which part of it cannot be used and why.
    pub fn parse(text: &str) -> Result<Self, LensError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let lens: Self = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            LensError::Json { path, source: error.into_inner() }
        })?;
        reader.end().map_err(|source| LensError::Json { path: "the end".to_owned(), source })?;
        lens_check::check(&lens)?;
        Ok(lens)
    }

    /// The lens that ships with revarch.
    pub fn shipped() -> Result<Self, LensError> {
        Self::parse(SHIPPED)
    }

    /// The lens with one threshold set by a caller, or why that number cannot be used.
    pub fn with(mut self, name: &str, value: f64) -> Result<Self, LensError> {
        let known: Vec<&'static str> = self.thresholds.named().map(|(name, _)| name).into();
        let Some(threshold) = self.thresholds.of(name) else {
            return Err(LensError::UnknownThreshold { name: name.to_owned(), known: known.join(", ") });
        };
        *threshold = Threshold::attested(value);
        lens_check::check(&self)?;
        Ok(self)
    }

    /// The lens with these workflows in place of its own, or why one of them cannot be judged by it.
    pub fn with_workflows(mut self, workflows: Vec<Workflow>) -> Result<Self, LensError> {
        self.workflows = workflows;
        lens_check::check(&self)?;
        Ok(self)
    }

    /// The fields an agent needs of an entity.
    pub(super) fn fields_of(&self, entity: Entity) -> &[Field] {
        self.fields
            .iter()
            .find(|listed| listed.entity == entity)
            .map(|listed| listed.fields.as_slice())
            .unwrap_or_default()
    }
}

impl Thresholds {
    /// Every threshold with its name.
    pub fn named(&self) -> [(&'static str, &Threshold); 12] {
        [
            ("filled", &self.filled),
            ("named", &self.named),
            ("linked", &self.linked),
            ("known_person", &self.known_person),
            ("typed", &self.typed),
            ("lag_p95_hours", &self.lag_p95_hours),
            ("age_days", &self.age_days),
            ("auc", &self.auc),
            ("shared_value", &self.shared_value),
            ("shared_rows", &self.shared_rows),
            ("fill_drop", &self.fill_drop),
            ("row_drop", &self.row_drop),
        ]
    }

    fn of(&mut self, name: &str) -> Option<&mut Threshold> {
        Some(match name {
            "filled" => &mut self.filled,
            "named" => &mut self.named,
            "linked" => &mut self.linked,
            "known_person" => &mut self.known_person,
            "typed" => &mut self.typed,
            "lag_p95_hours" => &mut self.lag_p95_hours,
            "age_days" => &mut self.age_days,
            "auc" => &mut self.auc,
            "shared_value" => &mut self.shared_value,
            "shared_rows" => &mut self.shared_rows,
            "fill_drop" => &mut self.fill_drop,
            "row_drop" => &mut self.row_drop,
            _ => return None,
        })
    }
}
