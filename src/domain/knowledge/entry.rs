//! One thing that a source says, in revarch's own words.

use super::{
    contradiction::Contradiction,
    source::Source,
    table::{Table, bounds},
};
use crate::provenance::Provenance;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One statement of a source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The entry's id, such as `stack.size`.
    pub id: String,
    /// What sort of statement it is.
    pub kind: Kind,
    /// What it is about.
    pub topic: Topic,
    /// The part of the topic it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The name people read.
    pub title: String,
    /// What is said. Left out in the data file where a lens states it.
    #[serde(default)]
    pub statement: String,
    /// What it lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// Its numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
    /// Its table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
    /// What the source leaves out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaps: Option<String>,
    /// Entries that belong with it, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub see: Vec<String>,
    /// The source, by id.
    pub source: String,
}

impl Entry {
    /// The ground it stands on: whatever stands here was published by somebody, and is no more than that.
    pub fn provenance(&self) -> Provenance {
        Provenance::Published
    }
}

/// The sorts of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What a word means.
    Definition,
    /// A way of ordering the matter.
    Framework,
    /// An enumeration.
    List,
    /// What ought to be done.
    Rule,
    /// A value to hold one's own against.
    Benchmark,
    /// An effect that is said to follow.
    Claim,
    /// How a metric is computed.
    Formula,
    /// A term of the glossary.
    Term,
}

impl Kind {
    /// The kind as it stands in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Definition => "definition",
            Self::Framework => "framework",
            Self::List => "list",
            Self::Rule => "rule",
            Self::Benchmark => "benchmark",
            Self::Claim => "claim",
            Self::Formula => "formula",
            Self::Term => "term",
        }
    }
}

/// What entries are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// What an architecture is and consists of.
    Architecture,
    /// Stages, dimensions and capabilities.
    Maturity,
    /// Tools and their combinations.
    Stack,
    /// The data layer.
    Data,
    /// Money and people.
    Budget,
    /// Agents and what they need.
    Agents,
    /// What to do in which order.
    Roadmap,
    /// Metrics, targets and attribution.
    Measurement,
    /// Structure against operations.
    Structure,
    /// Terms.
    Glossary,
}

impl Topic {
    /// The topic as it stands in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Architecture => "architecture",
            Self::Maturity => "maturity",
            Self::Stack => "stack",
            Self::Data => "data",
            Self::Budget => "budget",
            Self::Agents => "agents",
            Self::Roadmap => "roadmap",
            Self::Measurement => "measurement",
            Self::Structure => "structure",
            Self::Glossary => "glossary",
        }
    }
}

/// A number of an entry: one value, or a range of which an end may be open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What the number is of.
    pub name: String,
    /// The value, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The lower end of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The upper end of a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// What it counts.
    pub unit: Unit,
    /// What a reader has to know beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl fmt::Display for Figure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, low, high, unit, note } = self;
        let number = value.map_or_else(|| bounds(*low, *high), |value| value.to_string());
        write!(out, "{name}: {number}{}", unit.suffix())?;
        match note {
            Some(note) => write!(out, " ({note})"),
            None => Ok(()),
        }
    }
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Parts of a hundred.
    Percent,
    /// Parts of one.
    Share,
    /// A multiple.
    Times,
    /// Things of any kind.
    Count,
    /// Tools.
    Tools,
    /// Points of a scale.
    Points,
    /// The number of a stage.
    Stage,
    /// Days.
    Days,
    /// Months.
    Months,
    /// Years.
    Years,
    /// A year of the calendar.
    Year,
    /// US dollars.
    Usd,
    /// Millions of US dollars.
    UsdMillion,
}

impl Unit {
    /// The unit as it follows a number.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Percent => "%",
            Self::Share | Self::Count | Self::Stage | Self::Year => "",
            Self::Times => " times",
            Self::Tools => " tools",
            Self::Points => " points",
            Self::Days => " days",
            Self::Months => " months",
            Self::Years => " years",
            Self::Usd => " USD",
            Self::UsdMillion => " million USD",
        }
    }
}

/// An entry as it is served: with its ground, its source and what contradicts it.
#[derive(Clone, Debug, Serialize)]
pub struct Served<'a> {
    /// The entry.
    #[serde(flatten)]
    pub entry: &'a Entry,
    /// The ground it stands on.
    pub provenance: Provenance,
    /// The source.
    pub from: Option<&'a Source>,
    /// The lenses that score by it.
    pub lenses: Vec<&'a str>,
    /// The contradictions that touch it.
    pub contradictions: Vec<&'a Contradiction>,
}
