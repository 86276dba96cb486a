//! Tickmark: a static site generator for a compliance trust centre.
//!
//! Every sentence a company publishes about how it manages change is tied to a rule, every rule to the records that keep
//! or break it, and anybody can check. ARCHITECTURE.md shows the layers; a module imports only from those to its left.

pub mod build;
pub mod cli;
pub mod decode;
pub mod diag;
pub mod disclose;
pub mod error;
pub mod import;
pub mod judge;
pub mod language;
pub mod lint;
pub mod markdown;
pub mod model;
pub mod outside;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod pipeline;
pub mod redline;
pub mod render;
pub mod repo;
pub mod report;
pub mod scaffold;
pub mod schema;
pub mod serve;
pub mod site;
pub mod source;
pub mod write;
pub mod yaml;
