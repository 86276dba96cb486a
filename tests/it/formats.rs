//! What `check` says in each of its formats, through the real program: the same in all of them, whatever texts hold; only
//! what is new beside a baseline; only what a change can have to do with.

mod baseline;
mod changed;
mod hostile;
mod reader;
mod same;
mod schema;
mod site;
