//! Everything that is tried on whole sites, in one binary.

mod checks;
mod disclosure;
mod faults;
mod history;
mod init;
mod judge;
mod support;
