//! The values of a configuration, found by walking its schema: a field that is added shows by itself.

use crate::failure::Failure;
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// What stands in place of a secret.
const HIDDEN: &str = "(hidden)";

/// Names whose values may be secret. Arguments of commands are among them, since many take a token there.
const SECRET: [&str; 6] = ["token", "secret", "password", "sha256", "args", "headers"];

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Origin {
    Default,
    File,
    Flag,
    /// Some of it from the one, some from the other.
    FileAndFlag,
}

/// A value with its name.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    #[serde(serialize_with = "joined")]
    name: Vec<String>,
    /// Null where it is not set.
    pub(super) value: Value,
    pub(super) from: Origin,
}

fn joined<S: serde::Serializer>(name: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&key(name))
}

/// A path of names as TOML writes it.
pub(super) fn key(path: &[String]) -> String {
    let is_bare = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let name =
        |name: &String| if is_bare(name) { name.clone() } else { Value::from(name.as_str()).to_string() };
    path.iter().map(name).collect::<Vec<_>>().join(".")
}

impl Shown {
    pub(super) fn is(&self, name: &str) -> bool {
        key(&self.name) == name
    }

    /// The table that the value stands in.
    pub(super) fn table(&self) -> &[String] {
        self.name.split_last().map_or(&[], |(_, table)| table)
    }

    /// Takes what the command line says. What it says of lists is added to them.
    pub(super) fn overrule(&mut self, value: Value) {
        match (&mut self.value, value) {
            (Value::Array(said), Value::Array(more))
                if self.from == Origin::File && self.name == ["data"] =>
            {
                said.extend(more);
                self.from = Origin::FileAndFlag;
            }
            (_, value) => (self.value, self.from) = (value, Origin::Flag),
        }
    }

    /// Takes out whatever may be secret.
    pub(super) fn hide_secrets(&mut self) {
        let name = self.name.last().cloned().unwrap_or_default();
        hide(&name, &mut self.value);
    }

    /// A line of a configuration file, with where the value comes from.
    pub(super) fn line(&self) -> Result<String, Failure> {
        let name = key(&self.name[self.table().len()..]);
        let from = match self.from {
            Origin::Default => "default",
            Origin::File => "file",
            Origin::Flag => "flag",
            Origin::FileAndFlag => "file and flag",
        };
        Ok(match &self.value {
            Value::Null => format!("# {name} is not set  # {from}"),
            value => format!("{name} = {}  # {from}", toml::Value::try_from(value)?),
        })
    }
}

fn hide(name: &str, value: &mut Value) {
    let is_secret = SECRET.iter().any(|secret| name == *secret || name.ends_with(&format!("_{secret}")));
    match value {
        Value::Null => {}
        Value::Array(items) if is_secret => items.iter_mut().for_each(|item| *item = HIDDEN.into()),
        _ if is_secret => *value = HIDDEN.into(),
        Value::String(text) => {
            if let Cow::Owned(hidden) = without_password(text) {
                *text = hidden;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| hide(name, item)),
        Value::Object(members) => members.iter_mut().for_each(|(name, value)| hide(name, value)),
        Value::Bool(_) | Value::Number(_) => {}
    }
}

/// An address without what stands before its host, and without its query: both may hold a secret.
fn without_password(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else { return text.into() };
    let (rest, query) = rest.split_once('?').map_or((rest, ""), |(rest, _)| (rest, "?(hidden)"));
    let end = rest.find('/').unwrap_or(rest.len());
    match rest[..end].rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{HIDDEN}@{host}{}{query}", &rest[end..]).into(),
        None if query.is_empty() => text.into(),
        None => format!("{scheme}://{rest}{query}").into(),
    }
}

/// Every value that the schema knows, as the file says it or by default.
pub(super) fn walk(schema: &Value, said: &Value) -> Vec<Shown> {
    let mut walk = Walk { root: schema, path: Vec::new(), found: Vec::new() };
    walk.at(schema, Some(said));
    walk.found
}

struct Walk<'a> {
    root: &'a Value,
    path: Vec<String>,
    found: Vec<Shown>,
}

impl<'a> Walk<'a> {
    fn at(&mut self, schema: &'a Value, said: Option<&Value>) {
        let (shape, is_optional) = self.resolved(schema);
        let members = said.and_then(Value::as_object);
        if let Some(properties) = shape["properties"].as_object().filter(|_| said.is_some() || !is_optional) {
            for (name, schema) in properties {
                self.below(name, schema, members.and_then(|members| members.get(name)));
            }
        } else if let (Some(members), true) = (members, shape["additionalProperties"].is_object()) {
            for (name, value) in members {
                self.below(name, &shape["additionalProperties"], Some(value));
            }
        } else {
            let default = || schema.get("default").cloned().unwrap_or_default();
            let (value, from) =
                said.map_or_else(|| (default(), Origin::Default), |said| (said.clone(), Origin::File));
            self.found.push(Shown { name: self.path.clone(), value, from });
        }
    }

    fn below(&mut self, name: &str, schema: &'a Value, said: Option<&Value>) {
        self.path.push(name.to_owned());
        self.at(schema, said);
        self.path.pop();
    }

    /// The schema that stands behind references, and whether the value may be left out altogether.
    fn resolved(&self, schema: &'a Value) -> (&'a Value, bool) {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
            return target.map_or((schema, false), |target| self.resolved(target));
        }
        let choices = schema["anyOf"].as_array().map(Vec::as_slice).unwrap_or_default();
        match choices {
            [choice, null] if null["type"] == "null" => (self.resolved(choice).0, true),
            _ => (schema, false),
        }
    }
}
