//! What git says of a site, on repositories that each test makes for itself.

mod adopted;
mod audit;
mod changed;
mod close;
mod commit;
mod kept;
mod line;
mod merged;
mod reconcile;
mod records;
mod redline;
mod repository;
mod revision;
mod states;
mod verify;
mod versions;
mod what_if;
mod whole;
