//! The tools by name.

use crate::caller::Caller;
use revarch_domain::nearest::nearest;
use revarch_tools::{Route, Toolset};
use std::sync::Arc;

/// The tools that are offered, in their order, and those that are held back.
#[derive(Clone)]
pub(crate) struct Toolbox {
    routes: Arc<[Route]>,
    withheld: Arc<[Withheld]>,
}

/// A tool that is not offered, and why: `the tool NAME` is the beginning of the sentence.
#[derive(Clone)]
struct Withheld {
    route: Route,
    why: String,
}

impl Toolbox {
    pub(crate) fn new(routes: Vec<Route>) -> Self {
        Self { routes: routes.into(), withheld: Arc::new([]) }
    }

    /// The same, with nothing offered but the tools of these toolsets.
    pub(crate) fn offering(&self, toolsets: &[Toolset]) -> Self {
        self.without(|route| {
            (!toolsets.contains(&route.toolset())).then(|| {
                format!(
                    "is of the toolset `{}`, which is not offered; name it under `toolsets` in the configuration or \
                     after --toolsets",
                    route.toolset().name()
                )
            })
        })
    }

    /// The same, with nothing offered but the tools that leave everything as it was, where that is wanted.
    pub(crate) fn held_to_reading(&self, read_only: bool) -> Self {
        self.without(|route| {
            (read_only && !route.is_read_only()).then(|| {
                "keeps what it finds, and this server only reads; leave out `read_only` in the configuration and \
                 --read-only to offer it"
                    .to_owned()
            })
        })
    }

    /// The same, as far as a caller may use it.
    pub(crate) fn open_to(&self, caller: &Caller) -> Self {
        if caller.is_free() { self.clone() } else { self.without(|route| caller.closes(route)) }
    }

    /// The same without the tools that there is a reason to withhold.
    fn without(&self, reason: impl Fn(&Route) -> Option<String>) -> Self {
        let mut withheld = self.withheld.to_vec();
        let mut routes = Vec::with_capacity(self.routes.len());
        for route in self.routes.iter().cloned() {
            match reason(&route) {
                Some(why) => withheld.push(Withheld { route, why }),
                None => routes.push(route),
            }
        }
        Self { routes: routes.into(), withheld: withheld.into() }
    }

    /// Whether a tool of that name is offered.
    pub(crate) fn offers(&self, name: &str) -> bool {
        self.routes.iter().any(|route| route.name() == name)
    }

    /// The tools that are offered.
    pub(crate) fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// The tool named `name`, or a message that says which names come near it.
    pub(crate) fn find(&self, name: &str) -> Result<&Route, String> {
        self.routes.iter().find(|route| route.name() == name).ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> String {
        if let Some(Withheld { why, .. }) = self.withheld.iter().find(|tool| tool.route.name() == name) {
            return format!("the tool `{name}` {why}");
        }
        let names = || self.routes.iter().map(Route::name);
        let near = nearest(name, names());
        if near.is_empty() {
            format!("there is no tool `{name}`; the tools are {}", quoted(names()))
        } else {
            format!("there is no tool `{name}`; did you mean {}?", quoted(near))
        }
    }
}

fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
