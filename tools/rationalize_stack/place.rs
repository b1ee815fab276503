//! Tools found in the catalog: which product a name means, and which category it stands in.

use super::given::GivenTool;
use crate::{Platforms, ToolError, wire::one_line};
use revarch_domain::{
    coverage::{catalog::Platform, resolve::Resolution, taxonomy::taxonomy},
    nearest::nearest,
    stack::StackTool,
};
use std::collections::{BTreeMap, BTreeSet};

/// Letters of a text from outside that are kept.
const LONGEST: usize = 80;

/// How a name was read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// Why it was taken for the product; nothing where the catalog does not know it.
    pub(super) ground: Option<&'static str>,
    /// Products that may be meant instead.
    pub(super) candidates: Vec<String>,
    /// What the catalog says of its MCP server, with source and day.
    pub(super) mcp: Option<String>,
}

/// The tools, and how the name of each was read, by the tool's key.
pub(super) struct Placed {
    pub(super) tools: Vec<StackTool>,
    pub(super) readings: BTreeMap<String, Reading>,
}

pub(super) fn place(given: &[GivenTool], platforms: &Platforms) -> Result<Placed, ToolError> {
    let mut placed = Placed { tools: Vec::new(), readings: BTreeMap::new() };
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for tool in given {
        if tool.name.trim().is_empty() {
            return Err(ToolError::input("a tool's name is empty").hint("name it or leave it out"));
        }
        let found = Found::of(&tool.name, platforms);
        let key = found.key(tool);
        if let Some(before) = names.insert(key.clone(), &tool.name) {
            let (one, other) = (one_line(before, LONGEST), one_line(&tool.name, LONGEST));
            return Err(ToolError::input(format!(
                "`{one}` and `{other}` in `tools` are both {}",
                found.name(tool)
            ))
            .hint("name each tool once, or tell two accounts of one product apart by `instance`"));
        }
        placed.tools.push(StackTool {
            name: found.name(tool),
            product: found.platform.map(|platform| platform.id.clone()),
            categories: categories(tool, found.platform)?,
            job: tool.job.as_ref().map(|job| one_line(job.trim(), LONGEST)).filter(|job| !job.is_empty()),
            annual_cost: tool.annual_cost,
            users: tool.users,
            seats: tool.seats,
            utilisation: tool.utilisation_percent,
            contract_end: tool.contract_end,
            links: None,
            outside_links: 0,
            owner: tool.owner.as_ref().map(|owner| one_line(owner, LONGEST)),
            is_kept: tool.keep,
            mcp: found.platform.map(|platform| platform.mcp.status),
            key: key.clone(),
        });
        placed.readings.insert(key, found.reading());
    }
    connect(given, platforms, &mut placed.tools);
    Ok(placed)
}

/// What the catalog knows of a name.
struct Found {
    platform: Option<&'static Platform>,
    ground: Option<&'static str>,
    candidates: Vec<String>,
}

impl Found {
    fn of(name: &str, platforms: &Platforms) -> Self {
        match platforms.resolve(name) {
            Resolution::Known { platform, ground } => {
                Self { platform: Some(platform), ground: Some(ground.words()), candidates: Vec::new() }
            }
            Resolution::Unsure { candidates } => {
                let candidates = candidates.into_iter().map(|platform| platform.name.clone()).collect();
                Self { platform: None, ground: None, candidates }
            }
            Resolution::Unknown => Self { platform: None, ground: None, candidates: Vec::new() },
        }
    }

    fn key(&self, tool: &GivenTool) -> String {
        let product = self.platform.map_or_else(|| written(&tool.name), |platform| platform.id.clone());
        match &tool.instance {
            Some(instance) => format!("{product}/{}", written(instance)),
            None => product,
        }
    }

    fn name(&self, tool: &GivenTool) -> String {
        let product = self.platform.map_or(tool.name.trim(), |platform| platform.name.as_str());
        match &tool.instance {
            Some(instance) => one_line(&format!("{product} ({})", instance.trim()), LONGEST),
            None => one_line(product, LONGEST),
        }
    }

    fn reading(self) -> Reading {
        let mcp = self.platform.map(|platform| platform.mcp.status_told());
        Reading { ground: self.ground, candidates: self.candidates, mcp }
    }
}

/// The categories of a tool: the caller's word before the catalog's.
fn categories(tool: &GivenTool, platform: Option<&Platform>) -> Result<Vec<String>, ToolError> {
    let mut slugs = Vec::new();
    match &tool.category {
        Some(category) => slugs.push(slug(&tool.name, category)?),
        None => slugs.extend(platform.map(|platform| platform.category_slug().to_owned())),
    }
    for category in &tool.also {
        let slug = slug(&tool.name, category)?;
        if !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    Ok(slugs)
}

fn slug(tool: &str, asked: &str) -> Result<String, ToolError> {
    let known = &taxonomy().categories;
    let wanted = asked.trim();
    let found = known.iter().find(|category| {
        category.slug.eq_ignore_ascii_case(wanted)
            || category.slug.replace('-', "_").eq_ignore_ascii_case(wanted)
            || category.name.eq_ignore_ascii_case(wanted)
    });
    if let Some(category) = found {
        return Ok(category.slug.clone());
    }
    let (tool, asked) = (one_line(tool, LONGEST), one_line(wanted, LONGEST));
    let error = ToolError::input(format!("`{asked}`, given for `{tool}`, is no category of the catalog"));
    let names = known.iter().flat_map(|category| [category.slug.as_str(), category.name.as_str()]);
    let near: Vec<&str> = nearest(&asked, names)
        .into_iter()
        .filter_map(|near| known.iter().find(|category| category.slug == near || category.name == near))
        .map(|category| category.slug.as_str())
        .collect();
    let Some(near) = near.first() else {
        let slugs: Vec<&str> = known.iter().map(|category| category.slug.as_str()).collect();
        return Err(error.hint(format!("categories are: {}", slugs.join(", "))));
    };
    Err(error.hint(format!("did you mean `{near}`?")))
}

/// Turns the names of integrations into tools of the stack, and counts those that are not in it. A name stands for
/// every instance of its product.
fn connect(given: &[GivenTool], platforms: &Platforms, tools: &mut [StackTool]) {
    let mut by_product: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut products: BTreeMap<String, String> = BTreeMap::new();
    for (tool, given) in tools.iter().zip(given) {
        let product = tool.product.clone().unwrap_or_else(|| written(&given.name));
        products.insert(written(&given.name), product.clone());
        by_product.entry(product).or_default().push(tool.key.clone());
    }
    for (tool, given) in tools.iter_mut().zip(given) {
        let Some(integrations) = &given.integrations else { continue };
        let mut links = BTreeSet::new();
        for name in integrations.iter().map(|name| written(name)).filter(|name| !name.is_empty()) {
            let product = products.entry(name).or_insert_with_key(|name| {
                Found::of(name, platforms)
                    .platform
                    .map_or_else(|| name.clone(), |platform| platform.id.clone())
            });
            match by_product.get(product) {
                Some(keys) => links.extend(keys.iter().filter(|key| **key != tool.key).cloned()),
                None => tool.outside_links += 1,
            }
        }
        tool.links = Some(links.into_iter().collect());
    }
}

/// A name without what makes no difference.
fn written(name: &str) -> String {
    name.trim().to_lowercase()
}
