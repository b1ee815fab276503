//! Frameworks and benchmarks as resources: `revarch://glossary` is a page as JSON, `revarch://glossary.md` the same
//! for people, and likewise each lens, table, contradiction and entry by its name.

mod pages;

#[cfg(test)]
mod tests;

use crate::{incident, resources::not_found};
use pages::{FOLDERS, Folder, PAGES};
use revarch_domain::{knowledge::knowledge, nearest::nearest};
use rmcp::{
    ErrorData,
    model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate},
};
use serde_json::Value;

const SCHEME: &str = "revarch://";
const REPORT: &str = ".md";
const JSON_TYPE: &str = "application/json";
const REPORT_TYPE: &str = "text/markdown";

/// The pages, and the lenses by name.
pub(crate) fn list() -> Vec<Resource> {
    let pages = PAGES.iter().map(|page| (page.name.to_owned(), page.title.to_owned()));
    let lenses = knowledge().lenses().iter().map(|lens| (format!("lenses/{}", lens.id), lens.title.clone()));
    let both = |(name, title): (String, String)| {
        [(name.clone(), format!("{title}: data"), JSON_TYPE), (format!("{name}{REPORT}"), title, REPORT_TYPE)]
    };
    let resources = pages.chain(lenses).flat_map(both).map(|(name, title, kind)| {
        Resource::new(format!("{SCHEME}{name}"), name).with_title(title).with_mime_type(kind)
    });
    resources.collect()
}

/// How the address of a lens, a table, a contradiction or an entry is made.
pub(crate) fn templates() -> Vec<ResourceTemplate> {
    let both = FOLDERS.iter().flat_map(|folder| {
        let template = folder.template();
        let report = format!("{template}{REPORT}");
        let data = ResourceTemplate::new(template, folder.name)
            .with_title(format!("{}: data", folder.title))
            .with_mime_type(JSON_TYPE);
        let text = ResourceTemplate::new(report, format!("{}_report", folder.name))
            .with_title(folder.title)
            .with_mime_type(REPORT_TYPE);
        [data, text]
    });
    both.collect()
}

/// Reads a page. Nothing where the address is none of a page, so that others may know it.
pub(crate) fn read(uri: &str) -> Option<Result<ReadResourceResult, ErrorData>> {
    let path = uri.strip_prefix(SCHEME)?;
    let (name, is_report) = path.strip_suffix(REPORT).map_or((path, false), |name| (name, true));
    let (data, text) = match name.split_once('/') {
        None => {
            let page = PAGES.iter().find(|page| page.name == name)?;
            ((page.data)(), (page.text)())
        }
        Some((folder, name)) => {
            let folder = FOLDERS.iter().find(|known| known.name == folder)?;
            match (folder.page)(name) {
                Some(page) => page,
                None => return Some(Err(unknown(uri, folder, name))),
            }
        }
    };
    Some(if is_report { Ok(answer(uri, text, REPORT_TYPE)) } else { as_json(uri, &data) })
}

/// What the argument of a template can be. Nothing where the template is none of these.
pub(crate) fn values(template: &str, argument: &str) -> Option<Result<Vec<String>, ErrorData>> {
    let template = template.strip_suffix(REPORT).unwrap_or(template);
    let folder = FOLDERS.iter().find(|folder| folder.template() == template)?;
    Some(if argument == folder.argument {
        Ok((folder.names)())
    } else {
        let known = folder.argument;
        Err(ErrorData::invalid_params(
            format!("`{template}` has no argument `{argument}`; its argument is `{known}`"),
            None,
        ))
    })
}

fn unknown(uri: &str, folder: &Folder, name: &str) -> ErrorData {
    let names = (folder.names)();
    let near = nearest(name, names.iter().map(String::as_str));
    let near = if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) };
    let place = folder.name;
    not_found(
        uri,
        format!("there is no `{name}` in `{SCHEME}{place}`{near} `{SCHEME}{place}` names them all"),
    )
}

fn as_json(uri: &str, data: &Value) -> Result<ReadResourceResult, ErrorData> {
    let text =
        serde_json::to_string_pretty(data).map_err(|error| incident::report("writing a page", error))?;
    Ok(answer(uri, text, JSON_TYPE))
}

fn answer(uri: &str, text: String, kind: &str) -> ReadResourceResult {
    ReadResourceResult::new(vec![ResourceContents::text(text, uri).with_mime_type(kind)])
}
