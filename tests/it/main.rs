//! Everything that is tried on whole sites, in one binary.

mod checks;
mod commands;
mod disclosure;
mod faults;
mod formats;
mod history;
mod import;
mod init;
mod judge;
mod lint;
mod new;
#[cfg(feature = "pdf")]
mod paper;
mod report;
mod requirements;
mod schema;
mod support;
