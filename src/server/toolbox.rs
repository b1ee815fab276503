//! The tools by name.

use revarch_domain::nearest::nearest;
use revarch_tools::Route;
use std::sync::Arc;

/// The tools that are offered, in their order.
#[derive(Clone)]
pub(crate) struct Toolbox {
    routes: Arc<[Route]>,
}

impl Toolbox {
    pub(crate) fn new(routes: Vec<Route>) -> Self {
        Self { routes: routes.into() }
    }

    /// All tools.
    pub(crate) fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// The tool named `name`, or a message that says which names come near it.
    pub(crate) fn find(&self, name: &str) -> Result<&Route, String> {
        self.routes.iter().find(|route| route.name() == name).ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> String {
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
