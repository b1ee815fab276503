//! The catalog of platforms as the operator has it.

use revarch_domain::coverage::{
    catalog::{Catalog, catalog},
    resolve::{Names, Resolution},
};

/// The catalog that calls work with, and its names ready to be looked up.
#[derive(Debug)]
pub struct Platforms {
    catalog: &'static Catalog,
    names: Names<'static>,
}

impl Platforms {
    /// The catalog that ships with revarch.
    pub fn shipped() -> Self {
        Self::of(catalog())
    }

    /// A catalog of the operator's own. It stays in memory to the end of the process, as the shipped one does,
    /// so it is made once and not for each call.
    pub fn own(catalog: Catalog) -> Self {
        Self::of(Box::leak(Box::new(catalog)))
    }

    fn of(catalog: &'static Catalog) -> Self {
        Self { catalog, names: Names::of(catalog) }
    }

    /// The catalog.
    pub fn catalog(&self) -> &'static Catalog {
        self.catalog
    }

    /// The platform that a person means by a name.
    pub(crate) fn resolve(&self, asked: &str) -> Resolution<'static> {
        self.names.resolve(asked)
    }
}
