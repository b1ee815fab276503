//! A text that is JSON, read as a lens; every place where it does not have the shape of one is told.
//!
//! Reading stops at the first misfit. So that an author sees all of them, something that fits is put in the
//! place of each, and the text is read on. What fits is taken from the schema that is published of lenses. What
//! a lens read in this way would mean is of no interest: it is thrown away as soon as there was one misfit.

use super::{
    flaw::{Flaw, LensError},
    lens::Lens,
    lens_text::LensText,
};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use serde_path_to_error::Segment;

/// Misfits that are told of one text; whoever has more has handed in something else than a lens.
const MOST_TOLD: usize = 100;

/// The lens that `value` holds, or every place where it does not fit.
pub(super) fn read(mut value: Value, text: &LensText) -> Result<Lens, LensError> {
    let mut flaws: Vec<Flaw> = Vec::new();
    let mut schema = None;
    let lens = loop {
        let error = match serde_path_to_error::deserialize::<_, Lens>(&value) {
            Ok(lens) => break Some(lens),
            Err(error) => error,
        };
        let misfit = Misfit::of(&error);
        let path = misfit.path();
        let is_new = flaws.iter().all(|flaw| flaw.path != path || flaw.problem != misfit.problem);
        let is_mended = if is_new {
            flaws.push(Flaw { line: text.line(&path), path, problem: misfit.problem.clone() });
            misfit.mend(&mut value, schema.get_or_insert_with(published)) || misfit.remove(&mut value)
        } else {
            misfit.remove(&mut value)
        };
        if !is_mended || flaws.len() == MOST_TOLD {
            break None;
        }
    };
    match lens {
        Some(lens) if flaws.is_empty() => Ok(lens),
        _ => {
            flaws.sort_by_key(|flaw| flaw.line);
            Err(LensError::Flawed { flaws })
        }
    }
}

/// A place where a text does not fit.
struct Misfit {
    /// The fields and places in lists that lead there.
    way: Vec<Step>,
    problem: String,
    /// The field that is missing there.
    missing: Option<String>,
    /// Whether the last field on the way is one that no lens has.
    is_unknown: bool,
}

enum Step {
    Field(String),
    Place(usize),
}

impl Misfit {
    fn of(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let problem = error.inner().to_string();
        let step = |segment: &Segment| match segment {
            Segment::Map { key } => Some(Step::Field(key.clone())),
            Segment::Seq { index } => Some(Step::Place(*index)),
            Segment::Enum { .. } | Segment::Unknown => None,
        };
        let mut way: Vec<Step> = error.path().iter().filter_map(step).collect();
        let named = |kind: &str| {
            let rest = problem.strip_prefix(kind)?.strip_prefix(" `")?;
            rest.split('`').next().map(str::to_owned)
        };
        let (missing, unknown) = (named("missing field"), named("unknown field"));
        if let Some(unknown) = &unknown
            && !matches!(way.last(), Some(Step::Field(last)) if last == unknown)
        {
            way.push(Step::Field(unknown.clone()));
        }
        let is_unknown = unknown.is_some();
        Self { way, problem, missing, is_unknown }
    }

    /// The place as flaws name it.
    fn path(&self) -> String {
        self.way.iter().fold(String::new(), |path, step| match step {
            Step::Field(field) if path.is_empty() => field.clone(),
            Step::Field(field) => format!("{path}.{field}"),
            Step::Place(place) => format!("{path}[{place}]"),
        })
    }

    /// Puts something that fits in its place; tells whether it could.
    fn mend(&self, value: &mut Value, schema: &Value) -> bool {
        if self.is_unknown {
            return self.remove(value);
        }
        let (mut here, mut wanted) = (value, Some(schema));
        for step in &self.way {
            let (inner, schema) = match step {
                Step::Field(field) => {
                    (here.get_mut(field), wanted.and_then(|wanted| property(wanted, field)))
                }
                Step::Place(place) => (here.get_mut(place), wanted.and_then(|wanted| wanted.get("items"))),
            };
            let Some(inner) = inner else { return false };
            (here, wanted) = (inner, schema);
        }
        let Some(wanted) = wanted else { return false };
        match (&self.missing, here) {
            (Some(field), Value::Object(object)) => {
                let Some(wanted) = property(wanted, field) else { return false };
                object.insert(field.clone(), fitting(wanted));
            }
            (_, here) => *here = fitting(wanted),
        }
        true
    }

    /// Takes the field away where nothing fits in its place; tells whether there was one.
    fn remove(&self, value: &mut Value) -> bool {
        let Some((Step::Field(last), way)) = self.way.split_last() else { return false };
        let mut here = value;
        for step in way {
            let inner = match step {
                Step::Field(field) => here.get_mut(field),
                Step::Place(place) => here.get_mut(place),
            };
            let Some(inner) = inner else { return false };
            here = inner;
        }
        here.as_object_mut().is_some_and(|object| object.remove(last).is_some())
    }
}

fn published() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<Lens>().to_value()
}

/// What the schema says of a field; an optional one is a choice between itself and nothing.
fn property<'a>(schema: &'a Value, field: &str) -> Option<&'a Value> {
    let within = |schema: &'a Value| {
        let named = schema.get("properties").and_then(|properties| properties.get(field));
        named.or_else(|| schema.get("additionalProperties").filter(|any| any.is_object()))
    };
    let choices = || schema.get("anyOf")?.as_array()?.iter().find_map(within);
    within(schema).or_else(choices)
}

/// The least that fits a schema.
fn fitting(schema: &Value) -> Value {
    let kind = schema.get("type").and_then(|kind| match kind {
        Value::Array(kinds) => kinds.first()?.as_str(),
        kind => kind.as_str(),
    });
    let listed = || schema.get("enum")?.get(0);
    let told = || schema.get("oneOf")?.get(0)?.get("const");
    if let Some(first) = listed().or_else(told) {
        return first.clone();
    }
    match kind {
        // A text wherever one is wanted, and a ground wherever one is.
        Some("string") => json!("authored"),
        Some("number" | "integer") => json!(1),
        Some("boolean") => json!(false),
        Some("array") => {
            let count = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
            let item = schema.get("items").map_or(Value::Null, fitting);
            (0..count).map(|_| item.clone()).collect()
        }
        Some("object") => {
            let required = schema.get("required").and_then(Value::as_array);
            let fields = required.into_iter().flatten().filter_map(Value::as_str);
            let filled =
                fields.filter_map(|field| Some((field.to_owned(), fitting(property(schema, field)?))));
            Value::Object(filled.collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}
