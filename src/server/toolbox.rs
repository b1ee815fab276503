//! The tools by name.

use crate::caller::Caller;
use revarch_domain::nearest::nearest;
use revarch_tools::{Route, Toolset};
use std::sync::Arc;

/// The tools that are offered, in their order, and those that are held back.
#[derive(Clone)]
pub(crate) struct Toolbox {
    routes: Arc<[Route]>,
    withheld: Arc<[Route]>,
}

impl Toolbox {
    pub(crate) fn new(routes: Vec<Route>) -> Self {
        Self { routes: routes.into(), withheld: Arc::new([]) }
    }

    /// The same, with nothing offered but the tools of these toolsets.
    pub(crate) fn offering(&self, toolsets: &[Toolset]) -> Self {
        let is_offered = |route: &Route| toolsets.contains(&route.toolset());
        let (routes, withheld): (Vec<_>, Vec<_>) = self.routes.iter().cloned().partition(is_offered);
        Self { routes: routes.into(), withheld: withheld.into() }
    }

    /// The same, as far as a caller may use it.
    pub(crate) fn open_to(&self, caller: &Caller) -> Self {
        if caller.toolsets.is_none() && !caller.read_only {
            return self.clone();
        }
        let is_open = |route: &Route| {
            caller.toolsets.as_ref().is_none_or(|open| open.contains(&route.toolset()))
                && (!caller.read_only || route.is_read_only())
        };
        let routes = self.routes.iter().filter(|route| is_open(route)).cloned().collect();
        Self { routes, withheld: Arc::clone(&self.withheld) }
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
        if let Some(route) = self.withheld.iter().find(|route| route.name() == name) {
            return format!(
                "the tool `{name}` is of the toolset `{}`, which is not offered; name it under `toolsets` in the \
                 configuration or after --toolsets",
                route.toolset().name()
            );
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
