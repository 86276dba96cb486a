//! What git says of a site, on repositories that each test makes for itself.

mod changed;
mod commit;
mod kept;
mod line;
mod reconcile;
mod records;
mod redline;
mod repository;
mod revision;
mod states;
mod versions;
