//! Pages of every kind, filled as a real site would fill them: what the tests of this layer render.

mod change;
mod internal;
mod public;
mod quarter;
mod reference;
mod trust;

pub(crate) use change::{change, emergency};
pub(crate) use internal::{
    coverage, due, emergencies, internal_clause, internal_policy, internal_redline, overview, policies_page, register,
    site, waivers,
};
pub(crate) use public::{home, moved, page, policies, policy, public_clause, public_site, redline, search};
pub(crate) use quarter::{records, report};
pub(crate) use reference::{codes, reference, reference_page};
pub(crate) use trust::{certifications, contacts, controls, faq, subprocessors, updates};
