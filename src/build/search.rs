//! The search of the public site: pages leave what can be found on them as they are made, and the index is made of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::site::{PublicRoute, SearchIndex, Searched};

/// What can be found on the pages made so far, by their files.
#[derive(Default)]
pub(super) struct Gathered {
    pages: Mutex<BTreeMap<String, Searched>>,
}

impl Gathered {
    /// Keeps what can be found on a page.
    pub(super) fn add(&self, route: &PublicRoute<'_>, page: Searched) {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).insert(route.file(), page);
    }

    /// The index, its pages in the order of the plan.
    pub(super) fn index(self, plan: &[PublicRoute<'_>], language: &str) -> SearchIndex {
        let mut pages = self.pages.into_inner().unwrap_or_else(PoisonError::into_inner);
        let pages = plan.iter().filter_map(|route| pages.remove(&route.file())).collect();
        SearchIndex::new(pages, language)
    }
}
